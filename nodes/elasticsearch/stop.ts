import { lookUp, stopRequest, type StopSettings } from './deployments';
import { isObject } from './json';
import { isLostAnswer } from './lost';
import { pause } from './pause';
import type { Connection } from './request';
import { failed, success, type Failure, type Result } from './result';
import type { Deployment } from './types';

export interface Stopped {
	/** `stats` where the answer to `_stop` was lost and the deployment was seen to be gone. */
	confirmedBy?: 'stats';
	/** Somebody else had stopped it between the snapshot and our `_stop`. */
	already?: boolean;
}

const FIRST_LOOK_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Stops one deployment and gives back what really happened. A lost answer (connection dropped,
 * 504 of a proxy, time-out) says nothing, because the stop goes on in the cluster without its
 * client (facts 2.5); then `_stats` is asked until it is known:
 * absent is stopped; `stopping` is waited for; started with the snapshot's start time means the
 * stop never ran and it is sent once more; a newer start time means somebody restarted it.
 * @param snapshot the deployment as it was immediately before
 * @param settings `timeoutMs` is also how long to look, after a lost answer, before giving up
 */
export async function stopAndConfirm(
	connection: Connection,
	snapshot: Deployment,
	settings: StopSettings & { timeoutMs: number },
): Promise<Result<Stopped>> {
	const request = { ...stopRequest(snapshot.id, settings), timeoutMs: settings.timeoutMs };
	const first = readStop(await connection.send(request));
	if (first.ok || !isLostAnswer(first.failure)) return absentIsStopped(first);
	let lost: Failure = first.failure;
	let sentAgain = false;
	const deadline = Date.now() + settings.timeoutMs;
	for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
		await pause(Math.min(wait, Math.max(0, deadline - Date.now())), connection.cancel);
		if (connection.cancel?.aborted === true) return failed({ kind: 'canceled' });
		const look = await lookUp(connection, snapshot.id);
		if (!look.ok && look.failure.kind === 'canceled') return look;
		if (look.ok && look.value.found !== 'deployment') return success({ confirmedBy: 'stats' });
		if (look.ok && look.value.found === 'deployment') {
			const now = look.value.deployment;
			if (isRestarted(snapshot, now)) return failed(restarted(now));
			if (now.state !== 'stopping' && !sentAgain) {
				sentAgain = true;
				const again = readStop(await connection.send(request));
				if (again.ok || !isLostAnswer(again.failure)) return absentIsStopped(again, true);
				lost = again.failure;
			}
		}
		if (Date.now() >= deadline) return failed({ ...lost, ...unknown(snapshot, lost) });
	}
}

/**
 * Stops without a snapshot, for a key that may stop but not read: a lost answer stays lost.
 */
export async function stopBlind(
	connection: Connection,
	id: string,
	settings: StopSettings & { timeoutMs: number },
): Promise<Result<Stopped>> {
	const { timeoutMs } = settings;
	return readStop(await connection.send({ ...stopRequest(id, settings), timeoutMs }));
}

/** `{"stopped": true}` is the only answer that Elasticsearch gives (facts 2.4). */
function readStop(answer: Result<unknown>): Result<Stopped> {
	if (!answer.ok) return answer;
	const stopped = isObject(answer.value) && answer.value.stopped === true;
	return stopped ? success({}) : failed({ kind: 'not_elasticsearch', status: 200 });
}

/** A 404 after our own lost `_stop` means that it worked; before it, somebody else was quicker. */
function absentIsStopped(result: Result<Stopped>, ours = false): Result<Stopped> {
	if (result.ok) return result;
	const { status, type } = result.failure;
	if (status !== 404 || type !== 'resource_not_found_exception') return result;
	return success(ours ? { confirmedBy: 'stats' } : { already: true });
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
		next: "Look with the operation Get in some minutes. Where queued work takes long, raise 'Request Timeout'",
	};
}
