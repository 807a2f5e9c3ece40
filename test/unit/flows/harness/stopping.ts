/** A stop with a scripted connection, and what it may meet. */

import { stopAndConfirm, type StopRun } from '../../../../nodes/elasticsearch/flows/stop';
import type { Guards } from '../../../../nodes/elasticsearch/deployment/selection';
import type { Failure } from '../../../../nodes/elasticsearch/transport/failure';
import { deployment, NOW } from '../../builders';
import {
	absent,
	brokenCircuit,
	lostWith,
	masterless,
	proxySaid,
	refusedWith,
	timedOut,
} from '../../failures';
import { ScriptedConnection, type Exchange } from './scriptedConnection';
import { act, lookAt, shows, type Shown } from './wire';

export const BEFORE = deployment({ id: 'a', modelId: 'a', startTime: 1_000 });
export const RUN: StopRun = {
	force: false,
	finishPendingWork: false,
	timeoutMs: 60_000,
	retries: 3,
};

export const stop = { ...act('a', '_stop'), timeoutMs: 60_000 };
export const look = lookAt('a');
export const showsA = (shown: Shown): Exchange => [look, shows({ a: shown })];
export const running = showsA({});
export const stopping = showsA({ state: 'stopping' });
export const gone: Exchange = [look, absent()];

export const CONFLICT = refusedWith(409, 'Cannot stop deployment [a] as it is referenced by [p]');
export const NO_RIGHT = refusedWith(403, 'is unauthorized', 'security_exception');

export interface Way {
	run?: Partial<StopRun>;
	guards?: Guards;
	cancelAt?: number;
	before?: typeof BEFORE;
}

/** Stops the deployment `a`, and checks that each `_stop` is announced right before it is sent. */
export async function stopA(
	exchanges: Exchange[],
	{ run, guards = {}, cancelAt, before = BEFORE }: Way = {},
) {
	const connection = new ScriptedConnection(exchanges);
	if (cancelAt !== undefined) connection.cancelAt(cancelAt);
	/** When each look was taken that a `_stop` was sent by. */
	const told: number[] = [];
	const announced: boolean[] = [];
	const outcome = await stopAndConfirm(
		connection,
		{ deployment: before, takenAt: NOW },
		{ ...RUN, ...run },
		guards,
		({ takenAt }, completes) => {
			told.push(takenAt - NOW);
			announced.push(completes);
		},
	);
	const stops = connection.sent.filter(({ request }) => request.method === 'POST');
	// A `_stop` that is sent again asks for the very same.
	for (const { request } of stops) {
		expect({ ...request, completes: undefined }).toEqual(stops[0].request);
	}
	expect(announced).toEqual(stops.map(({ request }) => request.completes === true));
	return { outcome, connection, told };
}

/** Failures after which a `_stop` may have run. */
export const UNKNOWN: Array<[string, Failure]> = [
	['a reset connection', lostWith('ECONNRESET')],
	['a time-out', timedOut()],
	["a proxy's 504", proxySaid(504)],
	['an error of the cluster', refusedWith(500, 'failed to delete', 'exception')],
];

/** Failures after which a `_stop` surely never ran, which may pass. */
export const NEVER_RAN: Array<[string, Failure]> = [
	['a refused connection', lostWith('ECONNREFUSED')],
	['a name that is not known at the moment', lostWith('EAI_AGAIN')],
	['no elected master', masterless()],
	['a circuit breaker', brokenCircuit()],
];

/** Bodies that come with a 200, and say nothing about the stop. */
export const NO_ANSWERS: Array<[string, unknown]> = [
	['a login page', '<html>'],
	['no body', null],
	['an empty object', {}],
	['a stop that was not done', { stopped: false }],
];

/** The deployment as somebody else started it. */
export const INSTANCES: Array<[string, Shown]> = [
	['a newer start time', { startTime: 2_000 }],
	['an earlier start time', { startTime: 500 }],
	['another model', { modelId: 'b' }],
];
