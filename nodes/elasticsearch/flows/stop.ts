import { lookUp, stopRequest, type StopSettings } from '../api/deployments';
import { isAbsent, isStopRefused } from '../api/refusals';
import { reasonToSkip, type Guards, type SkipReason } from '../deployment/selection';
import type { Deployment, DeploymentState } from '../deployment/state';
import { Deadline } from '../transport/clock';
import type { ApiRequest, Connection } from '../transport/connection';
import {
	briefly,
	notElasticsearch,
	statusOf,
	success,
	type Failure,
	type Result,
} from '../transport/failure';
import { isObject } from '../transport/json';
import { pollUntil } from '../transport/poll';
import {
	delayBeforeRepeat,
	effectOf,
	isFinal,
	isTurnedAway,
	neverRan,
	retryAfterOf,
} from '../transport/retry';
import { problem, type FlowFailure } from './failure';

/** The look right before a stop; nothing is stopped without it. */
export interface Snapshot {
	deployment: Deployment;
	/** Epoch milliseconds of the look. */
	takenAt: number;
}

/** What became of a stop, with the snapshot of the `_stop` that counts. */
export type StopOutcome = { snapshot: Snapshot } & (
	| { is: 'stopped'; /** The answer was lost; a look showed it gone. */ confirmedBy?: 'stats' }
	/** Somebody else had stopped it between the look and our `_stop`. */
	| { is: 'already' }
	/** A guard skips it by now, so `_stop` was not sent again. */
	| {
			is: 'skipped';
			reason: SkipReason;
			/** Whether the answer to an earlier `_stop` is lost. */
			lost: boolean;
	  }
	/** We surely did not stop it. */
	| { is: 'refused'; failure: FlowFailure }
	/** We may have stopped it, and somebody started it again. */
	| { is: 'restarted'; failure: FlowFailure }
	/** We may have stopped it: the answer is lost, or the execution was cancelled meanwhile. */
	| { is: 'unknown'; failure: FlowFailure }
);

export interface StopRun extends StopSettings {
	/** Milliseconds for one `_stop`, and for the looks after a lost answer. */
	timeoutMs: number;
	/** How often a `_stop` that surely never ran is sent again. */
	retries: number;
}

const PAUSES = { first: 500, factor: 2, longest: 5_000 };

/**
 * Stops one deployment and tells what really happened. A `_stop` that surely never ran is sent
 * again, but only after a new look, because somebody may restart or use the deployment in the
 * pause.
 * @param guards checked before each further `_stop`; the caller checked them before the first
 * @param sending gets the snapshot before each `_stop`, and whether an earlier one may have run
 */
export async function stopAndConfirm(
	connection: Connection,
	first: Snapshot,
	run: StopRun,
	guards: Guards,
	sending: (snapshot: Snapshot, completes: boolean) => void,
): Promise<StopOutcome> {
	const { id } = first.deployment;
	let snapshot = first;
	for (let repeats = 0; ; repeats++) {
		sending(snapshot, false);
		const sent = readStopAnswer(await connection.send(request(id, run)));
		if (sent.ok) return { is: 'stopped', snapshot };
		const { failure } = sent;
		if (isAbsent(failure)) return { is: 'already', snapshot };
		if (failure.kind === 'canceled') return { is: 'unknown', failure, snapshot };
		if (mayHaveRun(failure, repeats >= run.retries)) {
			return await findOut(connection, snapshot, run, guards, failure, sending);
		}
		if (!neverRan(failure) || repeats >= run.retries) return { is: 'refused', failure, snapshot };
		const delay = delayBeforeRepeat(repeats, retryAfterOf(failure));
		connection.log(`The stop of '${id}' did not run (${briefly(failure)}), and is tried again`);
		await connection.clock.pause(delay, connection.cancel);
		const look = await lookUp(connection, id);
		if (!look.ok) return { is: 'refused', failure: look.failure, snapshot };
		if (look.value.found !== 'deployment') return { is: 'already', snapshot };
		const { deployment } = look.value;
		if (isRestarted(snapshot.deployment, deployment)) {
			return { is: 'refused', failure: restarted(deployment), snapshot };
		}
		snapshot = { deployment, takenAt: connection.clock.now() };
		const reason = reasonToSkip(deployment, guards, snapshot.takenAt);
		if (reason !== undefined) return { is: 'skipped', reason, lost: false, snapshot };
	}
}

function request(id: string, run: StopRun): ApiRequest {
	return { ...stopRequest(id, run), timeoutMs: run.timeoutMs };
}

/**
 * Looks until the end of the stop is known after a lost answer (dropped connection, 504 of a
 * proxy, time-out), because a stop goes on in the cluster without its client
 * (docs/elasticsearch-behaviour.md, "Stop: duration and work in flight").
 * An absent deployment is stopped, and one that is `stopping` will be. If it runs with the
 * snapshot's start time, the stop never ran, and it is sent once more. If it runs with another
 * start time, somebody restarted it.
 */
async function findOut(
	connection: Connection,
	first: Snapshot,
	run: StopRun,
	guards: Guards,
	lostAnswer: Failure,
	sending: (snapshot: Snapshot, completes: boolean) => void,
): Promise<StopOutcome> {
	const { id } = first.deployment;
	connection.log(`The stop of '${id}' ended with ${briefly(lostAnswer)}; its end is looked for`);
	let snapshot = first;
	let lost = lostAnswer;
	let sentAgain = false;
	let shown: DeploymentState | null = null;
	for await (const left of pollUntil(new Deadline(run.timeoutMs), PAUSES, connection)) {
		const look = await lookWithin(connection, id, left);
		if (!look.ok) {
			if (isFinal(look.failure)) return { is: 'unknown', failure: look.failure, snapshot };
			continue;
		}
		const deployment = look.value;
		if (deployment === undefined) return { is: 'stopped', confirmedBy: 'stats', snapshot };
		shown = deployment.state;
		if (isRestarted(snapshot.deployment, deployment)) {
			return { is: 'restarted', failure: restarted(deployment), snapshot };
		}
		if (mayBeStopping(deployment) || sentAgain) continue;
		// The stop may have reached the cluster after this look, so its restore object is kept.
		if (!isWorthRepeating(lost)) return { is: 'unknown', failure: lost, snapshot };
		snapshot = { deployment, takenAt: connection.clock.now() };
		const reason = reasonToSkip(deployment, guards, snapshot.takenAt);
		if (reason !== undefined) return { is: 'skipped', reason, lost: true, snapshot };
		sentAgain = true;
		connection.log(`'${id}' runs as before, so its stop is sent once more`);
		sending(snapshot, true);
		const again = readStopAnswer(await connection.send({ ...request(id, run), completes: true }));
		if (again.ok) return { is: 'stopped', snapshot };
		// A 404 after our own lost `_stop` means that it worked.
		if (isAbsent(again.failure)) return { is: 'stopped', confirmedBy: 'stats', snapshot };
		// Only Elasticsearch's own refusal shows that the first stop did not run either.
		if (isStopRefused(again.failure)) {
			return { is: 'refused', failure: again.failure, snapshot };
		}
		// After a cancel, the look of the next turn ends as cancelled.
		lost = again.failure;
	}
	return { is: 'unknown', failure: unknown(id, lost, shown), snapshot };
}

/** What the next try, or another item, finds out about a stop whose end was unknown. */
export type LateOutcome =
	| { is: 'stopped' }
	/** It runs as it did before the stop, so the stop never ran. */
	| { is: 'not_stopped' }
	| { is: 'restarted'; failure: FlowFailure }
	| { is: 'unknown'; failure: FlowFailure };

/**
 * Finds out what became of a `_stop` that was sent earlier. It sends nothing.
 * @param before the deployment as it was right before that `_stop`
 */
export async function settleStop(
	connection: Connection,
	before: Pick<Deployment, 'id' | 'modelId' | 'startTime'>,
	timeoutMs: number,
): Promise<LateOutcome> {
	let lost: Failure = { kind: 'timeout', purpose: 'read' };
	let shown: DeploymentState | null = null;
	for await (const left of pollUntil(new Deadline(timeoutMs), PAUSES, connection, true)) {
		const look = await lookWithin(connection, before.id, left);
		if (!look.ok) {
			if (isFinal(look.failure)) return { is: 'unknown', failure: look.failure };
			lost = look.failure;
			continue;
		}
		const deployment = look.value;
		if (deployment === undefined) return { is: 'stopped' };
		shown = deployment.state;
		if (isRestarted(before, deployment)) {
			return { is: 'restarted', failure: restarted(deployment) };
		}
		if (!mayBeStopping(deployment)) return { is: 'not_stopped' };
	}
	return { is: 'unknown', failure: unknown(before.id, lost, shown) };
}

/**
 * One look of a poll. It is not repeated, because the poll's next look follows anyway.
 * @returns undefined if the deployment is absent
 */
async function lookWithin(
	connection: Connection,
	id: string,
	left: number,
): Promise<Result<Deployment | undefined>> {
	const timeoutMs = Math.max(1_000, Math.min(left, 30_000));
	const look = await lookUp(connection, id, { timeoutMs, retries: 0 });
	if (!look.ok) return look;
	return success(look.value.found === 'deployment' ? look.value.deployment : undefined);
}

/** @param isLastTry then a circuit breaker's 429, which may hit a stop's second half, counts too */
function mayHaveRun(failure: Failure, isLastTry: boolean): boolean {
	if (neverRan(failure)) return isLastTry && statusOf(failure) === 429;
	return effectOf(failure) !== 'none' && !isStopRefused(failure);
}

/** Only a stop whose answer was lost is worth it, not one that something turned away. */
function isWorthRepeating(failure: Failure): boolean {
	return effectOf(failure) === 'unknown' && !isTurnedAway(failure);
}

/** Stops without a snapshot, for a key that may stop but not read. A lost answer stays lost. */
export async function stopBlind(
	connection: Connection,
	id: string,
	run: StopRun,
): Promise<Result<true>> {
	const { timeoutMs } = run;
	return readStopAnswer(
		await connection.send({ ...stopRequest(id, run), timeoutMs, repeat: 'unsent' }),
	);
}

/**
 * `{"stopped": true}` is the only answer that Elasticsearch gives
 * (docs/elasticsearch-behaviour.md, "Stop: answer and repetition").
 */
function readStopAnswer(answer: Result<unknown>): Result<true> {
	if (!answer.ok) return answer;
	const stopped = isObject(answer.value) && answer.value.stopped === true;
	return stopped ? success(true) : notElasticsearch('stop');
}

/** Of an unknown state nobody can say that the stop never ran. */
function mayBeStopping({ state }: Deployment): boolean {
	return state === 'stopping' || state === 'unknown';
}

type Instance = Pick<Deployment, 'modelId' | 'startTime'>;

/** An earlier start time is a restart too, because another master's clock may be behind. */
function isRestarted(before: Instance, now: Instance): boolean {
	if (before.modelId !== now.modelId) return true;
	return before.startTime !== null && now.startTime !== null && now.startTime !== before.startTime;
}

/** The failure if somebody started the deployment again. @param since what this run had done */
export function restarted(
	{ id, startTime }: Pick<Deployment, 'id' | 'startTime'>,
	since: 'stop_sent' | 'stopped' = 'stop_sent',
): FlowFailure {
	return problem({ code: 'restarted', id, startTime, since });
}

function unknown(id: string, lost: Failure, shown: DeploymentState | null): FlowFailure {
	const isLate = lost.kind === 'timeout';
	return problem({ code: 'stop_unknown', id, isLate, shown }, lost);
}
