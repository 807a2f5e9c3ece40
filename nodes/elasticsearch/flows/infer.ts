/** Asks a deployment, and again while what is in the way passes. */

import type { IDataObject } from 'n8n-workflow';

import { inferRequest, readResult, type Question } from '../api/infer';
import { refusalOf, type RefusalCode } from '../api/refusals';
import type { Deadline } from '../transport/clock';
import type { Connection } from '../transport/connection';
import { briefly, failed, notElasticsearch, success, type Failure } from '../transport/failure';
import { growingPause } from '../transport/poll';
import { delayBeforeRepeat, isFinal, mayRepeat, retryAfterOf } from '../transport/retry';
import { problem, type FlowResult } from './failure';
import type { Target } from './target';

/** The answer of a deployment. */
export interface Inference {
	/** The cluster's result as it came. */
	result: IDataObject;
	/** Milliseconds from the request that was answered to its answer. */
	tookMs: number;
	/** Whether this request was the first that a deployment at zero answered. */
	woke: boolean;
}

/** How long to go on asking. */
export interface Patience {
	/** For all that passes by itself. */
	deadline: Deadline;
	/** How often a request is sent again after another failure that may pass, or a lost answer. */
	retries: number;
	/** What passes; `passing` if absent. */
	judge?: (failure: Failure) => Passing;
	/** Whether nobody needs the answer any more. */
	isOver(): boolean;
}

/**
 * What passes by itself when a deployment wakes up, or works off its queue. The words for a full
 * queue were not seen, so each 429 that nothing else explains counts as one
 * (docs/elasticsearch-behaviour.md, "Inference: failures").
 */
const WAITS: readonly RefusalCode[] = ['waking', 'still_starting', 'queue_full', 'throttled'];
/** What may pass, and may stay as well. */
const MAY_PASS: readonly RefusalCode[] = ['timed_out', 'task_lost', 'node_left'];

const PAUSES = { first: 1_000, factor: 2, longest: 10_000 };

/** Whether a failure passes by itself, may pass, or stays. */
export type Passing = 'surely' | 'perhaps' | 'no';

/** Judges a failure of an inference. Pure. */
export function passing(failure: Failure): Passing {
	const refusal = refusalOf(failure);
	if (WAITS.some((code) => code === refusal)) return 'surely';
	const mayPass = MAY_PASS.some((code) => code === refusal);
	return mayPass || mayRepeat('safe', failure) ? 'perhaps' : 'no';
}

/** Judges it as a wait does, which goes on without an answer unless another try would fail alike. */
export function passingInAWait(failure: Failure): Passing {
	if (failure.kind === 'response') return passing(failure);
	return isFinal(failure) ? 'no' : 'perhaps';
}

/**
 * Asks a deployment for one inference. If it wakes up or its queue is full, this asks again until
 * the deadline. One that never wakes costs all items of an execution one wait together: what is
 * silent for as long as an item would wait is asked once by each further item.
 * @returns the last failure if it did not pass in time
 */
export async function infer(
	connection: Connection,
	target: Target,
	question: Question,
	{ deadline, retries, judge = passing, isOver }: Patience,
): Promise<FlowResult<Inference>> {
	const { clock, cancel } = connection;
	const { id } = target.deployment;
	const request = inferRequest(id, question);
	let repeats = 0;
	for (let waits = 0; ;) {
		const begun = clock.monotonicMs();
		const answer = await connection.send(request, { retries: 0 });
		const now = clock.monotonicMs();
		if (answer.ok) {
			const result = readResult(answer.value);
			if (result === undefined) return notElasticsearch('infer');
			target.silentSince = undefined;
			if (typeof result.warning === 'string') {
				return failed(problem({ code: 'no_value', id, warning: result.warning }));
			}
			return success({ result, tookMs: Math.round(now - begun), woke: noteWoken(target) });
		}
		const { failure } = answer;
		const passes = judge(failure);
		const mayGoOn = passes === 'surely' || (passes === 'perhaps' && repeats < retries);
		if (!mayGoOn || isOver()) return failed(failure);
		target.silentSince ??= now;
		const left = Math.min(deadline.left(clock), deadline.ms - (now - target.silentSince));
		if (left <= 0) return failed(failure);
		const pause =
			passes === 'surely'
				? (retryAfterOf(failure) ?? growingPause(waits++, PAUSES))
				: delayBeforeRepeat(repeats++, retryAfterOf(failure));
		connection.log(`'${id}' gave no answer (${briefly(failure)}), and is asked again`);
		await clock.pause(Math.min(pause, left), cancel);
		if (isOver()) return failed(failure);
	}
}

/** Whether it was at zero when it was looked for, and this is its first answer. */
function noteWoken(target: Target): boolean {
	const { deployment } = target;
	if (deployment.numberOfAllocations > 0 || deployment.state !== 'started') return false;
	target.deployment = { ...deployment, numberOfAllocations: 1 };
	return true;
}
