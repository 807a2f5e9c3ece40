/** Starts a deployment, and finds out what happened if the answer is lost. */

import type { IDataObject } from 'n8n-workflow';

import { lookUp, startRequest } from '../api/deployments';
import { isIdTaken, refusalOf, type RefusalCode } from '../api/refusals';
import { readAssignment } from '../api/stats';
import { expectedOf, expectedOfAssignment, type Expected } from '../deployment/judge';
import { differences, type StartSpec } from '../deployment/startSpec';
import type { Deployment } from '../deployment/state';
import type { Connection } from '../transport/connection';
import { briefly, failed, success, type Failure } from '../transport/failure';
import { effectOf, isTurnedAway } from '../transport/retry';
import { problem, type FlowResult } from './failure';

/** The pause before the look after a lost answer, so that a request on its way can arrive. */
const PAUSE_MS = 500;

/** What became of a start. */
export type Started =
	/** The assignment is null if the answer was lost and a look then showed that it runs. */
	| { is: 'started'; assignment: IDataObject | null; expected: Expected }
	/** Somebody else's deployment has the id. */
	| { is: 'taken'; deployment: Deployment };

/** A start that ends so leaves no deployment behind. */
const GONE: readonly RefusalCode[] = ['downloading', 'nodes_failed', 'no_location', 'no_room'];

/**
 * Whether the deployment may exist although its start failed. After a 408 it goes on starting;
 * after a 500 that says why the model cannot run, Elasticsearch deletes it again
 * (docs/elasticsearch-behaviour.md, "Start").
 */
function mayHaveRun(failure: Failure): boolean {
	const refusal = refusalOf(failure);
	if (failure.kind === 'canceled' || GONE.some((code) => code === refusal)) return false;
	return effectOf(failure) === 'unknown';
}

/**
 * Sends `_start`. After a lost answer it looks before it sends again; a deployment that runs then
 * with the settings asked for is ours. If something in front of the cluster turned the request
 * away, it looks once, and does not send again.
 * @param retries how often `_start` is sent again after a lost answer
 */
export async function startDeployment(
	connection: Connection,
	spec: StartSpec,
	retries: number,
): Promise<FlowResult<Started>> {
	for (let repeats = 0; ; repeats++) {
		const answer = await connection.send({ ...startRequest(spec), completes: repeats > 0 });
		const assignment = answer.ok ? readAssignment(answer.value) : undefined;
		if (assignment !== undefined) {
			return success({ is: 'started', assignment, expected: expectedOfAssignment(assignment) });
		}
		const failure: Failure = answer.ok
			? { kind: 'not_elasticsearch', status: 200, purpose: 'start' }
			: answer.failure;
		const isTaken = isIdTaken(failure);
		if (!isTaken && !mayHaveRun(failure)) return failed(failure);
		const { deploymentId: id } = spec;
		connection.log(`The start of '${id}' ended with ${briefly(failure)}; it is looked for`);
		await connection.clock.pause(PAUSE_MS, connection.cancel);
		const look = await lookUp(connection, id);
		if (!look.ok) return failed(look.failure.kind === 'canceled' ? look.failure : failure);
		if (look.value.found === 'deployment') {
			const { deployment } = look.value;
			// If the id is taken after a lost answer, our own request may have taken it.
			const isOurs = (!isTaken || repeats > 0) && runsAs(spec, deployment);
			if (!isOurs) return success({ is: 'taken', deployment });
			return success({ is: 'started', assignment: null, expected: expectedOf(deployment) });
		}
		if (isTurnedAway(failure)) return failed(failure);
		if (repeats >= retries) {
			const isStarting = refusalOf(failure) === 'still_starting';
			// The cluster says that it goes on starting, but the looks after that do not show it.
			return failed(isStarting ? problem({ code: 'start_not_shown', id }, failure) : failure);
		}
	}
}

function runsAs(spec: StartSpec, deployment: Deployment): boolean {
	return deployment.state !== 'stopping' && differences(spec, deployment).length === 0;
}
