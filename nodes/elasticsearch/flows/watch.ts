import type { Deadline } from '../transport/clock';
import { statsOf } from '../api/deployments';
import {
	judge,
	judgeStopping,
	type Expected,
	type Verdict,
	type WaitFor,
} from '../deployment/judge';
import { isFinal } from '../transport/retry';
import { growingPause } from '../transport/poll';
import type { Connection } from '../transport/connection';
import { briefly, failed, success, type Failure } from '../transport/failure';
import { problem, type FlowFailure, type FlowResult } from './failure';
import type { Deployment } from '../deployment/state';

/** A deployment that reached its state, and how long that took. */
export interface Waited {
	deployment: Deployment;
	seconds: number;
}

/** One poll of `_stats` for all waits of an execution. */
export interface Watch {
	until(
		id: string,
		waitFor: WaitFor,
		deadline: Deadline,
		expected?: Expected,
	): Promise<FlowResult<Waited>>;
	/** Waits until a stopping deployment is gone, or was started again. */
	untilGone(stopping: Deployment, deadline: Deadline): Promise<FlowResult<true>>;
}

interface Waiter {
	readonly id: string;
	readonly deadline: Deadline;
	/** Takes what a look showed; undefined if it did not show the deployment. */
	see(deployment: Deployment | undefined): void;
	/** Takes the failure of a look. */
	miss(failure: Failure): void;
	expire(): void;
}

const PAUSES = { first: 1_000, factor: 1.5, longest: 10_000 };
const LONGEST_REQUEST_MS = 30_000;
/** Time for the look at the deadline, and for a wait that begins after its deadline. */
const LAST_LOOK_MS = 500;

/**
 * Waits by asking `_stats`, because proxies cut long requests, and the cluster's own `wait_for` can
 * say 200 while nothing runs
 * (docs/elasticsearch-behaviour.md, "Start: the answer and waiting").
 * Pauses grow from 1 s to 10 s, and start over with each new wait. It asks for the waiting ids
 * only, because `_stats` is heavy for the cluster.
 */
export function watchDeployments(connection: Connection): Watch {
	const { clock, cancel } = connection;
	const waiters = new Set<Waiter>();
	let polling = false;
	let pauseCount = 0;
	let nextLook = 0;

	function nearestDeadline(): number {
		return Math.min(...[...waiters].map((waiter) => waiter.deadline.left(clock)));
	}

	/** It repeats nothing, since the next look follows, and keeps to the nearest deadline. */
	const hurried: Connection = {
		...connection,
		send: async (request) => {
			if (waiters.size === 0) return failed({ kind: 'canceled', purpose: 'read' });
			const left = Math.max(LAST_LOOK_MS, nearestDeadline());
			const timeoutMs = Math.min(LONGEST_REQUEST_MS, left);
			return await connection.send(request, { retries: 0, timeoutMs });
		},
	};

	/** @returns the waiters of this look; its answer is too old for those that join during it */
	async function look(): Promise<Waiter[]> {
		const asked = [...waiters];
		const stats = await statsOf(hurried, [...new Set(asked.map(({ id }) => id))]);
		for (const waiter of asked) {
			if (!waiters.has(waiter)) continue;
			if (stats.ok) waiter.see(stats.value.find(({ id }) => id === waiter.id));
			else waiter.miss(stats.failure);
		}
		return asked;
	}

	async function poll(): Promise<void> {
		polling = true;
		// Waits that begin in the same moment share the first look.
		await Promise.resolve();
		while (waiters.size > 0) {
			for (const waiter of await look()) {
				if (waiters.has(waiter) && waiter.deadline.left(clock) <= 0) waiter.expire();
			}
			nextLook = clock.monotonicMs() + growingPause(pauseCount++, PAUSES);
			await untilNextLook();
		}
		polling = false;
	}

	/**
	 * Pauses in short steps, because a new wait may bring the next look forward. After a cancel, the
	 * next look ends as cancelled.
	 */
	async function untilNextLook(): Promise<void> {
		const left = (): number => Math.min(nextLook - clock.monotonicMs(), nearestDeadline());
		while (waiters.size > 0 && left() > 0 && cancel?.aborted !== true) {
			await clock.pause(Math.min(left(), 250), cancel);
		}
	}

	/** @param verdict gets how many looks in a row, this one included, did not show it */
	async function begin<T>(
		id: string,
		deadline: Deadline,
		verdict: (deployment: Deployment | undefined, looksWithout: number) => Verdict<T>,
		tooLong: (last: string, isStopping: boolean) => FlowFailure,
	): Promise<FlowResult<T>> {
		const left = Math.max(0, deadline.left(clock));
		const begun = clock.monotonicMs();
		connection.log(`Waiting for the deployment '${id}', ${Math.round(left / 1000)} s at most`);
		pauseCount = 0;
		nextLook = Math.min(nextLook, clock.monotonicMs() + PAUSES.first);
		return await new Promise((resolve) => {
			const over = new AbortController();
			let last = 'not looked at yet';
			let looksWithout = 0;
			let isStopping = false;
			const end = (result: FlowResult<T>): void => {
				waiters.delete(waiter);
				over.abort();
				const seconds = Math.round((clock.monotonicMs() - begun) / 1000);
				const how = result.ok ? 'it is there' : `by ${result.failure.kind}`;
				connection.log(`Waiting for the deployment '${id}' ended after ${seconds} s: ${how}`);
				resolve(result);
			};
			const waiter: Waiter = {
				id,
				deadline,
				see: (deployment) => {
					looksWithout = deployment === undefined ? looksWithout + 1 : 0;
					const now = verdict(deployment, looksWithout);
					if (now.is === 'reached') return end(success(now.value));
					if (now.is === 'hopeless') return end(failed(problem(now.problem)));
					last = now.last;
					isStopping = now.isStopping === true;
				},
				miss: (failure) => {
					if (isFinal(failure)) end(failed(failure));
					else last = `unknown, because the last look failed (${briefly(failure)})`;
				},
				expire: () => end(failed(tooLong(last, isStopping))),
			};
			waiters.add(waiter);
			// The wait ends in time even if a look for a longer wait is still under way.
			void clock.pause(left + LAST_LOOK_MS, over.signal).then(() => {
				if (waiters.has(waiter)) waiter.expire();
			});
			if (!polling) void poll();
		});
	}

	return {
		until: async (id, waitFor, deadline, expected = {}) => {
			const since = clock.monotonicMs();
			const ended = await begin(
				id,
				deadline,
				(deployment, looksWithout) => judge({ id, waitFor, expected }, deployment, looksWithout),
				(last, isStopping) => {
					const seconds = secondsOf(deadline);
					if (isStopping) return problem({ code: 'stops_instead', id, seconds });
					return problem({ code: 'not_ready', id, seconds, last });
				},
			);
			if (!ended.ok) return ended;
			return success({ deployment: ended.value, seconds: (clock.monotonicMs() - since) / 1000 });
		},
		untilGone: async (stopping, deadline) =>
			await begin(
				stopping.id,
				deadline,
				(deployment) => judgeStopping(stopping, deployment),
				() => stillStopping(stopping.id, deadline),
			),
	};
}

function secondsOf({ ms }: Deadline): number {
	return Math.round(ms / 1000);
}

/** The failure if a stopping deployment is not gone in time, so it cannot be started. */
export function stillStopping(id: string, deadline: Deadline): FlowFailure {
	return problem({ code: 'still_stopping', id, seconds: secondsOf(deadline) });
}
