import type { IDataObject } from 'n8n-workflow';

import { ABSENT, type Settings } from '../../../elasticsearch/deployment/deployment';
import { settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { isAsDesired, readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { resize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { Connection } from '../../../elasticsearch/transport/connection';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { success } from '../../../elasticsearch/transport/failure';
import type { Absent, Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, Outcome, RunContext } from '../../execution/operation';
import { clusterWarnings, ensureStarted, settingsOnceStarted } from '../start/ensureStarted';
import type { SizedGoal } from './parameters';
import { waitIfAsked } from './output';
import { showStart } from '../start/dryRun';

/**
 * Scales a deployment that is absent: starts it if the goal says how.
 * @param stopping only for a dry run: the deployment, which is still there but stopping
 * @returns the deployment if somebody else started it meanwhile, so that the caller decides anew
 */
export async function scaleAbsent(
	context: RunContext,
	id: string,
	look: Absent,
	goal: SizedGoal,
	stopping?: Deployment,
): Promise<Outcome | { taken: Deployment }> {
	const from = goal.startFrom;
	// The id may be a model's whose deployments have other ids: nobody wants a second one then.
	if (from === undefined || (from.modelGuessed && look.found === 'other_ids')) {
		return {
			failure: problem({ code: 'nothing_to_scale', id, look, byPattern: goal.byPattern }),
			subject: { deploymentId: id },
		};
	}
	const { spec } = from;
	const subject = { deploymentId: id, modelId: spec.modelId };
	if (goal.dryRun) {
		const shown = await showStart(context, spec, stopping);
		if (!shown.ok) return { failure: shown.failure, subject };
		return { json: { deployment_id: id, changed: false, ...shown.value } };
	}
	const { deadline } = goal.waiting;
	const up = await ensureStarted(context, {
		spec,
		whenExists: 'tell',
		deadline,
		retries: goal.retries,
	});
	if (!up.ok) return { failure: up.failure, subject };
	const { changed, assignment, taken } = up.value;
	if (taken !== undefined) return { taken };
	if (changed) context.journal.started(id);
	const after = assignment === null ? settingsOnceStarted(spec) : settingsOfAssignment(assignment);
	const json: IDataObject = { deployment_id: id, action: changed ? 'start' : 'none', changed };
	const did = changed ? { did: `started '${id}'` } : {};
	const warnings = clusterWarnings(context, from.cluster);
	const more = warnings.length > 0 && { warnings };
	const done: Success = { json: { ...json, before: ABSENT, after, ...more }, ...did };
	const held = await pinToNumber(context, id, goal.resize, after);
	if (!held.ok) return { failure: held.failure, subject, done };
	done.json.after = held.value;
	const isAdaptive = readAdaptive(held.value.adaptive_allocations)?.enabled === true;
	const numberOfAllocations = isAdaptive ? undefined : held.value.number_of_allocations;
	return waitIfAsked(context, done, id, goal, { ...up.value.expected, numberOfAllocations });
}

/** Serverless starts every deployment as adaptive, so its bounds have to hold a fixed number. */
async function pinToNumber(
	context: RunContext,
	id: string,
	goal: ResizeGoal,
	now: Settings,
): Promise<FlowResult<Settings>> {
	const adaptive = readAdaptive(now.adaptive_allocations);
	const current = { adaptive, numberOfAllocations: now.number_of_allocations };
	if (isAsDesired(current, goal.allocations, goal.whenAdaptive)) return success(now);
	// It completes what the start began, so it is sent even if another item has ended the run.
	const { connection } = context;
	const completing: Connection = {
		...connection,
		send: async (request, own) => await connection.send({ ...request, completes: true }, own),
	};
	const resized = await resize(completing, id, goal, context.endpoints);
	if (!resized.ok) return resized;
	return success(resized.value === null ? now : settingsOfAssignment(resized.value));
}
