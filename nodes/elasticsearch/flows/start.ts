/** Starting a deployment: what is sent, and what is compared where one exists already. */

import type { IDataObject } from 'n8n-workflow';

import { lookUp, modelPath } from '../api/deployments';
import { expectedOf, expectedOfAssignment, type Expected } from '../deployment/judge';
import { effectOf, isTurnedAway } from '../transport/lost';
import type { ApiRequest, Connection } from '../transport/connection';
import { bytesOf, printedSize } from '../deployment/restore';
import { failed, success, type Failure, type Result } from '../transport/failure';
import { readAssignment } from '../api/stats';
import type { StartSpec } from '../deployment/startSpec';
import type { Deployment } from '../deployment/state';

/**
 * `wait_for=starting`: the node waits itself, because a longer request is cut by proxies and its
 * repetition then meets "existing deployment with the same id" (elastic/elasticsearch issue 109407).
 * Adaptive settings can travel in the body only (docs/elasticsearch-behaviour.md, "Start").
 */
export function startRequest(spec: StartSpec): ApiRequest {
	const query: Record<string, string> = { wait_for: 'starting' };
	// Known from 8.8 on; before, a deployment is called like its model.
	if (spec.deploymentId !== spec.modelId) query.deployment_id = spec.deploymentId;
	const numbers = {
		number_of_allocations: spec.numberOfAllocations,
		threads_per_allocation: spec.threadsPerAllocation,
		queue_capacity: spec.queueCapacity,
		priority: spec.priority,
		cache_size: spec.cacheSize,
	};
	for (const [key, value] of Object.entries(numbers)) {
		if (value !== undefined) query[key] = String(value);
	}
	const path = modelPath(spec.modelId, '/deployment/_start');
	const body = spec.adaptive && { adaptive_allocations: { ...spec.adaptive } as IDataObject };
	return { method: 'POST', path, query, body, repeat: 'unsent' };
}

export interface Difference {
	setting: string;
	is: string;
	wanted: string;
	/** Whether `_update` can change it; the rest needs a stop and a start. */
	updatable: boolean;
}

/** In what an existing deployment differs from what is to run. */
export function differences(spec: StartSpec, deployment: Deployment): Difference[] {
	const found: Difference[] = [];
	const compare = (setting: string, is: unknown, wanted: unknown, updatable = false): void => {
		if (wanted === undefined || JSON.stringify(is) === JSON.stringify(wanted)) return;
		found.push({ setting, is: shown(is), wanted: shown(wanted), updatable });
	};
	compare('model_id', deployment.modelId, spec.modelId);
	compare('threads_per_allocation', deployment.threadsPerAllocation, spec.threadsPerAllocation);
	compare('priority', deployment.priority, spec.priority);
	compare('queue_capacity', deployment.queueCapacity, spec.queueCapacity);
	compare('cache_size', printed(deployment.cacheSize ?? undefined), printed(spec.cacheSize));
	const adaptiveNow = deployment.adaptive?.enabled === true;
	if (spec.adaptive?.enabled === true) {
		const { min_number_of_allocations: min, max_number_of_allocations: max } = spec.adaptive;
		compare('adaptive_allocations', adaptiveNow, true, true);
		const absent = spec.exact === true ? null : undefined;
		const { min_number_of_allocations: minNow, max_number_of_allocations: maxNow } =
			deployment.adaptive ?? {};
		compare('min_number_of_allocations', minNow ?? null, min ?? absent, true);
		compare('max_number_of_allocations', maxNow ?? null, max ?? absent, true);
	} else if (spec.numberOfAllocations !== undefined) {
		if (adaptiveNow) compare('adaptive_allocations', true, false, true);
		else
			compare(
				'number_of_allocations',
				deployment.numberOfAllocations,
				spec.numberOfAllocations,
				true,
			);
	}
	return found;
}

function shown(value: unknown): string {
	return value === undefined || value === null ? 'not set' : String(value);
}

/** Sizes are compared as `_stats` prints them, rounded. */
function printed(size: string | undefined): string | undefined {
	const bytes = size === undefined ? undefined : bytesOf(size);
	return bytes === undefined ? size : printedSize(Math.ceil(bytes));
}

/** Before the look after a lost answer, so that what is on its way has arrived. */
const PAUSE_MS = 500;

/** What became of a start. */
export type Started =
	/** Without an assignment where the answer was lost, and it was seen to run. */
	| { is: 'started'; assignment: IDataObject | null; expected: Expected }
	/** Somebody else was quicker. */
	| { is: 'taken'; deployment: Deployment };

/** A 408 of `_start`: the deployment stays and goes on starting (docs/elasticsearch-behaviour.md, "Start"). A running download is a 408 too. */
function isStillStarting(failure: Failure): boolean {
	return (
		failure.status === 408 && /waiting for trained model deployment/.test(failure.reason ?? '')
	);
}

/** A 500 that says why the model cannot run; its deployment is deleted again (docs/elasticsearch-behaviour.md, "Start"). */
function isFinal(failure: Failure): boolean {
	return /following nodes failed|does not have location/.test(failure.reason ?? '');
}

function mayHaveRun(failure: Failure): boolean {
	if (failure.kind === 'canceled' || isFinal(failure)) return false;
	return isStillStarting(failure) || effectOf(failure) === 'unknown';
}

const ID_TAKEN = /existing deployment with the same id|has already been started/;

/**
 * Sends `_start` where the id is free. After a lost answer `_stats` is asked before it is sent
 * again; what runs then with the settings asked for is ours. What something in front of the cluster
 * turned away is looked for once, and not sent again.
 */
export async function startDeployment(
	connection: Connection,
	spec: StartSpec,
	retries: number,
): Promise<Result<Started>> {
	for (let repeats = 0; ; repeats++) {
		const answer = await connection.send({ ...startRequest(spec), begun: repeats > 0 });
		const assignment = answer.ok ? readAssignment(answer.value) : undefined;
		if (assignment !== undefined) {
			return success({ is: 'started', assignment, expected: expectedOfAssignment(assignment) });
		}
		const failure: Failure = answer.ok
			? { kind: 'not_elasticsearch', status: 200 }
			: answer.failure;
		const isTaken = ID_TAKEN.test(failure.reason ?? '');
		if (!isTaken && !mayHaveRun(failure)) return failed(failure);
		await connection.clock.pause(PAUSE_MS, connection.cancel);
		const look = await lookUp(connection, spec.deploymentId);
		if (!look.ok) return failed(look.failure.kind === 'canceled' ? look.failure : failure);
		if (look.value.found === 'deployment') {
			const { deployment } = look.value;
			// An id that is taken after a lost answer may be taken by what we sent ourselves.
			const isOurs = (!isTaken || repeats > 0) && runsAs(spec, deployment);
			if (!isOurs) return success({ is: 'taken', deployment });
			return success({ is: 'started', assignment: null, expected: expectedOf(deployment) });
		}
		if (isTurnedAway(failure)) return failed(failure);
		if (repeats >= retries) {
			return failed(isStillStarting(failure) ? notShown(spec.deploymentId, failure) : failure);
		}
	}
}

function runsAs(spec: StartSpec, deployment: Deployment): boolean {
	return deployment.state !== 'stopping' && differences(spec, deployment).length === 0;
}

/** The cluster says that it goes on starting, which the looks after it contradict. */
function notShown(id: string, failure: Failure): Failure {
	return {
		...failure,
		kind: 'outcome',
		message: `The deployment '${id}' was not started: the cluster gave up waiting and does not show it`,
		next: `Look for its end under Machine Learning > Notifications in Kibana (somebody may have stopped it, or its model failed), then start it again. Elasticsearch said: ${failure.reason ?? '408'}`,
	};
}
