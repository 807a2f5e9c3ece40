import type { IDataObject } from 'n8n-workflow';

import { settingsAfter } from '../../elasticsearch/allocations';
import { settingsOf } from '../../elasticsearch/deployment';
import { lookUp } from '../../elasticsearch/deployments';
import { plannedResize, resize, type Resize } from '../../elasticsearch/resize';
import {
	allocationMode,
	deploymentId,
	dryRun,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	numberOfAllocations,
	shownFor,
} from '../fields';
import {
	allowAgentUse,
	noMaximum,
	optionsOf,
	waitFor as waitForField,
	waitTimeout,
	whenAdaptive,
	whenEndpointOwned,
} from '../options';
import type { Done, Operation, Outcome, Session } from '../operation';
import { readAllocations, readResize } from './allocationFields';
import { BREAKS_NOTHING, plan } from './dryRun';
import { deploymentOf } from './lookedUp';
import { readWaiting, waitFor, type Waiting } from './waiting';

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update a deployment',
		description: 'Set the number of allocations, or the bounds of adaptive allocations',
	},
	changes: true,
	fields: [
		shownFor('update', deploymentId),
		shownFor('update', allocationMode),
		shownFor('update', numberOfAllocations, { allocationMode: ['fixed'] }),
		shownFor('update', minNumberOfAllocations, { allocationMode: ['adaptive'] }),
		shownFor('update', maxNumberOfAllocations, { allocationMode: ['adaptive'] }),
		shownFor('update', dryRun),
		optionsOf('update', [
			whenAdaptive,
			whenEndpointOwned,
			noMaximum,
			waitForField,
			waitTimeout,
			allowAgentUse,
		]),
	],
	prepare(input) {
		const id = input.deploymentId();
		const wanted = readResize(input, readAllocations(input));
		const waiting = readWaiting(input);
		const onlyShow = input.flag('dryRun', 'Dry Run');
		return {
			touches: { id },
			settings: input.requestSettings(),
			run: (session) =>
				onlyShow ? show(session, id, wanted) : change(session, id, wanted, waiting),
		};
	},
};

async function* change(
	session: Session,
	id: string,
	wanted: Resize,
	waiting: Waiting,
): AsyncGenerator<Outcome> {
	const subject = { doing: 'update', deploymentId: id } as const;
	const updated = await resize(session.connection, id, wanted, session.endpoints);
	if (!updated.ok) return yield { failure: updated.failure, subject };
	const json: IDataObject = { deployment_id: id, assignment: updated.value };
	const done: Done = { json, did: `updated '${id}'` };
	if (waiting.waitFor === undefined) return yield done;
	const waited = await waitFor(session, id, waiting.waitFor, waiting.timeoutMs);
	if (!waited.ok) return yield { failure: waited.failure, subject, done };
	yield { ...done, json: { ...json, deployment: waited.value } };
}

async function* show(session: Session, id: string, wanted: Resize): AsyncGenerator<Outcome> {
	const found = deploymentOf(id, await lookUp(session.connection, id));
	if (!found.ok)
		return yield { failure: found.failure, subject: { doing: 'read', deploymentId: id } };
	const deployment = found.value;
	const owner = (await session.endpoints())?.find((each) => each.owner && each.id === id);
	const planned = plannedResize(deployment, wanted, owner);
	if (!planned.ok) {
		return yield { failure: planned.failure, subject: { doing: 'update', deploymentId: id } };
	}
	const before = settingsOf(deployment);
	const after = settingsAfter(deployment, planned.body);
	const action = JSON.stringify(before) === JSON.stringify(after) ? 'none' : 'update';
	const threads = deployment.threadsPerAllocation;
	const json: IDataObject = {
		deployment_id: id,
		assignment: null,
		...plan(action, planned.request, before, after, threads, BREAKS_NOTHING),
	};
	if (action === 'update' && deployment.state !== 'started') {
		json.warnings = [
			`The cluster would refuse it now: the deployment is ${deployment.state}, not started`,
		];
	}
	yield { json };
}
