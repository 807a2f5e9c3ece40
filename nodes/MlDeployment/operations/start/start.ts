import type { IDataObject } from 'n8n-workflow';

import { settingsOf } from '../../../elasticsearch/deployment/deployment';
import type { RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import { settingsAfter, readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { lookUp, updateRequest } from '../../../elasticsearch/api/deployments';
import type { ApiRequest } from '../../../elasticsearch/transport/connection';
import type { Success, Operation, Outcome, RunContext } from '../../execution/operation';
import { dryRun } from '../../parameters/fields';
import { clusterWarnings, ensureStarted, decideOnExisting, type StartGoal } from './ensureStarted';
import { BREAKS_NOTHING, plan } from '../shared/dryRun';
import { showStart } from './dryRun';
import { readStart, startFields, whenExists } from './parameters';
import { readWaiting, thenWait, type Waiting } from '../shared/awaitState';

export const start: Operation = {
	option: {
		name: 'Start',
		value: 'start',
		action: 'Start a deployment',
		description: 'Deploy a trained model, from fields or from what a stop recorded',
	},
	changes: true,
	fields: startFields,
	prepare(input) {
		const from = readStart(input);
		const waiting = readWaiting(input, 'started');
		const settings = input.requestSettings();
		const goal: StartGoal = {
			spec: from.spec,
			whenExists: input.optionalChoice(whenExists, 'error'),
			deadline: waiting.deadline,
			retries: settings.retries,
		};
		const onlyShow = input.flag(dryRun);
		return {
			scope: { id: from.spec.deploymentId },
			settings,
			run: (context) =>
				onlyShow ? show(context, goal, from) : begin(context, goal, from, waiting),
		};
	},
};

const KEPT_ADAPTIVE =
	"This cluster keeps adaptive allocations on (Serverless does), so the number will follow the load: use 'Allocation Mode' Adaptive, with equal bounds to hold a number";

async function* begin(
	context: RunContext,
	goal: StartGoal,
	from: RestoredStart,
	waiting: Waiting,
): AsyncGenerator<Outcome> {
	const { deploymentId: id, modelId } = goal.spec;
	const subject = { deploymentId: id, modelId };
	// This asks for a turn before anything is awaited, so that turns have the order of the items.
	const up = await ensureStarted(context, goal);
	if (!up.ok) return yield { failure: up.failure, subject };
	const { changed, assignment, expected } = up.value;
	const json: IDataObject = { deployment_id: id, changed, assignment };
	const warnings = clusterWarnings(context, from.cluster);
	const adaptive = readAdaptive(assignment?.adaptive_allocations);
	if (goal.spec.adaptive === undefined && adaptive?.enabled === true) warnings.push(KEPT_ADAPTIVE);
	if (warnings.length > 0) json.warnings = warnings;
	const done: Success = changed ? { json, did: `started '${id}'` } : { json };
	yield thenWait(context, done, subject, waiting, expected);
}

async function* show(
	context: RunContext,
	goal: StartGoal,
	from: RestoredStart,
): AsyncGenerator<Outcome> {
	const { spec } = goal;
	const { deploymentId: id, modelId } = spec;
	const subject = { deploymentId: id, modelId };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return yield { failure: look.failure, subject };
	const base: IDataObject = { deployment_id: id, changed: false, assignment: null };
	const warnings = clusterWarnings(context, from.cluster);
	const deployment = look.value.found === 'deployment' ? look.value.deployment : undefined;
	if (deployment === undefined || deployment.state === 'stopping') {
		const shown = await showStart(context, spec, deployment);
		if (!shown.ok) return yield { failure: shown.failure, subject };
		const { warnings: further, ...planned } = shown.value;
		const all = [...warnings, ...((further as string[] | undefined) ?? [])];
		return yield { json: { ...base, ...planned, ...(all.length > 0 && { warnings: all }) } };
	}
	const decision = decideOnExisting(goal, deployment);
	if (decision.is === 'failed_before') return yield { failure: decision.failure, subject };
	const before = settingsOf(deployment);
	const showPlan = (action: 'none' | 'update', request?: ApiRequest, after = before): IDataObject =>
		plan(action, request, before, after, deployment.threadsPerAllocation, BREAKS_NOTHING);
	if (decision.is === 'as_asked') return yield { json: { ...base, ...showPlan('none') } };
	for (const each of decision.is === 'refused' ? decision.differences : []) {
		warnings.push(
			`It runs already, and ${each.setting} is ${each.is}, not ${each.wanted}: the start would be refused`,
		);
	}
	const planned =
		decision.is === 'refused'
			? showPlan('none')
			: showPlan(
					'update',
					updateRequest(id, decision.body),
					settingsAfter(deployment, decision.body),
				);
	yield { json: { ...base, ...planned, ...(warnings.length > 0 && { warnings }) } };
}
