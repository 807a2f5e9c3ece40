import { lookUp, stopRequest, type StopSettings } from './deployments';
import { isObject } from './json';
import { effectOf } from './lost';
import { pause } from './pause';
import type { ApiRequest, Connection } from './request';
import { failed, success, type Failure, type Result } from './result';
import { delayBeforeRepeat, neverRan } from './retry';
import type { Deployment } from './types';

/** The look that a stop goes by: nothing is stopped without one taken immediately before. */
export interface Snapshot {
	deployment: Deployment;
	/** Epoch milliseconds of the look. */
	takenAt: number;
}

/** What became of a stop, with the last look before it was sent. */
export type StopOutcome = { snapshot: Snapshot } & (
	| { is: 'stopped'; /** The answer was lost, and it was seen to be gone. */ confirmedBy?: 'stats' }
	/** Somebody else had stopped it between the look and our `_stop`. */
	| { is: 'already' }
	/** It surely was not stopped by us. */
	| { is: 'refused'; failure: Failure }
	/** It may have been: the answer is lost, or the execution was stopped meanwhile. */
	| { is: 'unknown'; failure: Failure }
);

export interface StopRun extends StopSettings {
	/** Milliseconds for one `_stop`, and for finding out after a lost answer. */
	timeoutMs: number;
	/** How often a `_stop` that surely never ran is sent again. */
	retries: number;
}

const FIRST_LOOK_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Stops one deployment and gives back what really happened. A `_stop` that surely never ran is
 * sent again, but only after a new look: the pause is long enough for somebody to restart it.
 */
export async function stopAndConfirm(
	connection: Connection,
	first: Snapshot,
	run: StopRun,
): Promise<StopOutcome> {
	const { id } = first.deployment;
	const request: ApiRequest = { ...stopRequest(id, run), timeoutMs: run.timeoutMs };
	let snapshot = first;
	for (let repeats = 0; ; repeats++) {
		const sent = readStop(await connection.send(request));
		if (sent.ok) return { is: 'stopped', snapshot };
		const { failure } = sent;
		if (isAbsent(failure)) return { is: 'already', snapshot };
		if (failure.kind === 'canceled') return { is: 'unknown', failure, snapshot };
		if (effectOf(failure) === 'unknown') return await findOut(connection, snapshot, request, run, failure);
		if (!neverRan(failure) || repeats >= run.retries) return { is: 'refused', failure, snapshot };
		await pause(delayBeforeRepeat(repeats, failure.retryAfterMs), connection.cancel);
		const look = await lookUp(connection, id);
		if (!look.ok) return { is: 'refused', failure: look.failure, snapshot };
		if (look.value.found !== 'deployment') return { is: 'already', snapshot };
		const { deployment } = look.value;
		if (isRestarted(snapshot.deployment, deployment)) {
			return { is: 'refused', failure: restarted(deployment), snapshot };
		}
		snapshot = { deployment, takenAt: Date.now() };
	}
}

/**
 * After a lost answer (connection dropped, 504 of a proxy, time-out): the stop goes on in the
 * cluster without its client (facts 2.5), so `_stats` is asked until it is known. Absent is stopped;
 * `stopping` is waited for; started with the snapshot's start time means that it never ran and it is
 * sent once more; a newer start time means that somebody restarted it.
 */
async function findOut(
	connection: Connection,
	snapshot: Snapshot,
	request: ApiRequest,
	{ timeoutMs }: StopRun,
	lostAnswer: Failure,
): Promise<StopOutcome> {
	const { deployment: before } = snapshot;
	const deadline = Date.now() + timeoutMs;
	let lost = lostAnswer;
	let sentAgain = false;
	for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
		await pause(Math.min(wait, Math.max(0, deadline - Date.now())), connection.cancel);
		const look = await lookUp(connection, before.id);
		if (look.ok && look.value.found !== 'deployment') {
			return { is: 'stopped', confirmedBy: 'stats', snapshot };
		}
		if (!look.ok && look.failure.kind === 'canceled') {
			return { is: 'unknown', failure: look.failure, snapshot };
		}
		if (look.ok && look.value.found === 'deployment') {
			const { deployment: now } = look.value;
			if (isRestarted(before, now)) return { is: 'unknown', failure: restarted(now), snapshot };
			if (now.state !== 'stopping' && !sentAgain) {
				sentAgain = true;
				const again = readStop(await connection.send({ ...request, begun: true }));
				if (again.ok) return { is: 'stopped', snapshot };
				// A 404 after our own lost `_stop` means that it worked.
				if (isAbsent(again.failure)) return { is: 'stopped', confirmedBy: 'stats', snapshot };
				lost = again.failure;
				if (effectOf(lost) !== 'unknown' && !neverRan(lost))
					return { is: 'refused', failure: lost, snapshot };
			}
		}
		if (Date.now() >= deadline) {
			return { is: 'unknown', failure: { ...lost, ...unknown(before, lost) }, snapshot };
		}
	}
}

function isAbsent({ status, type }: Failure): boolean {
	return status === 404 && type === 'resource_not_found_exception';
}

/**
 * Stops without a snapshot, for a key that may stop but not read: a lost answer stays lost.
 */
export async function stopBlind(
	connection: Connection,
	id: string,
	run: StopRun,
): Promise<Result<true>> {
	const { timeoutMs } = run;
	return readStop(await connection.send({ ...stopRequest(id, run), timeoutMs, repeat: 'unsent' }));
}

/** `{"stopped": true}` is the only answer that Elasticsearch gives (facts 2.4). */
function readStop(answer: Result<unknown>): Result<true> {
	if (!answer.ok) return answer;
	const stopped = isObject(answer.value) && answer.value.stopped === true;
	return stopped ? success(true) : failed({ kind: 'not_elasticsearch', status: 200 });
}

function isRestarted(before: Deployment, now: Deployment): boolean {
	return before.startTime !== null && now.startTime !== null && now.startTime > before.startTime;
}

function restarted(now: Deployment): Failure {
	const when = now.startTime === null ? '' : ` at ${new Date(now.startTime).toISOString()}`;
	return {
		kind: 'outcome',
		message: `The deployment '${now.id}' runs again: somebody started it${when}, while its stop was under way`,
		next: 'It was not stopped a second time. Find out who starts it (another workflow, an inference endpoint), then stop it again if it should not run',
	};
}

function unknown(snapshot: Deployment, lost: Failure): Failure {
	const what = lost.kind === 'timeout' ? 'gave no answer in time' : 'lost the answer';
	return {
		kind: 'outcome',
		message: `Whether the deployment '${snapshot.id}' is stopped is not known: the cluster ${what}, and still shows it`,
		next: "Look with the operation Get in some minutes. Where queued work takes long, raise 'Request Timeout (Seconds)'",
	};
}
