import { listStats } from './deployments';
import { failureReason, readiness } from './deployment';
import { pause } from './pause';
import type { Connection } from './request';
import { failed, success, type Failure, type Result } from './result';
import type { Deployment } from './types';

/** `started`: at least one allocation runs. `fully_allocated`: all that are asked for run. */
export const WAIT_FOR = ['started', 'fully_allocated'] as const;
export type WaitFor = (typeof WAIT_FOR)[number];

export type Verdict =
	| { is: 'reached' }
	| { is: 'pending'; last: string }
	| { is: 'hopeless'; message: string; next: string };

/** Where a deployment stands on its way to the state waited for. */
export function judge(id: string, deployment: Deployment | undefined, waitFor: WaitFor): Verdict {
	if (deployment === undefined) {
		return {
			is: 'hopeless',
			message: `The deployment '${id}' was stopped while it was waited for`,
			next: 'Find out who stopped it (another workflow, Kibana), then start it again',
		};
	}
	if (deployment.state === 'failed') {
		return {
			is: 'hopeless',
			message: `The deployment '${id}' did not start: ${failureReason(deployment) ?? 'the cluster gives no reason'}`,
			next: 'Stop it first, remove the cause, then start it again',
		};
	}
	const { minimum, maximum } = boundsOf(deployment);
	const { state, numberOfAllocations: wanted } = deployment;
	const runs = state === 'started' && deployment.runningAllocations > 0;
	if (waitFor === 'started' && runs) return { is: 'reached' };
	if (state === 'started' && wanted < minimum) {
		return { is: 'pending', last: `the scaler has not raised it to its minimum of ${minimum} yet` };
	}
	if (state === 'started' && wanted > maximum) {
		return {
			is: 'pending',
			last: `the scaler has not lowered it to its maximum of ${maximum} yet`,
		};
	}
	if (state === 'started' && wanted === 0) {
		return {
			is: 'hopeless',
			message: `The deployment '${id}' is scaled to zero: its minimum of allocations is 0`,
			next: "The first request wakes it. To have it ready, set 'Minimum Number of Allocations' to 1 or more with the operation Update",
		};
	}
	const { ready, reason } = readiness(deployment);
	return ready ? { is: 'reached' } : { is: 'pending', last: reason ?? state };
}

/** Where the scaler keeps the number of allocations; new bounds move it only at its next look (facts 7). */
function boundsOf({ adaptive }: Deployment): { minimum: number; maximum: number } {
	if (adaptive?.enabled !== true) return { minimum: 0, maximum: Infinity };
	const { min_number_of_allocations: minimum = 0, max_number_of_allocations: maximum = Infinity } =
		adaptive;
	return { minimum, maximum };
}

/** A deployment that reached the state, and how long that took. */
export interface Waited {
	deployment: Deployment;
	seconds: number;
}

interface Waiter {
	id: string;
	waitFor: WaitFor;
	since: number;
	deadline: number;
	last: string;
	settle(result: Result<Waited>): void;
}

/** One `_stats` poll for all deployments that are waited for in an execution. */
export interface Watch {
	until(id: string, waitFor: WaitFor, timeoutMs: number): Promise<Result<Waited>>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Waits by asking `_stats`, because the cluster's own `wait_for` can say 200 while nothing runs
 * (facts 3, surprise), and a proxy cuts long requests. Pauses grow from 1 s to 10 s and start over
 * when somebody new waits.
 */
export function watchDeployments(connection: Connection): Watch {
	const waiters = new Set<Waiter>();
	let polling = false;
	let wait = FIRST_PAUSE_MS;
	let nextLook = 0;

	function settle(waiter: Waiter, result: Result<Waited>): void {
		waiters.delete(waiter);
		waiter.settle(result);
	}

	function nearestDeadline(): number {
		return Math.min(...[...waiters].map((waiter) => waiter.deadline));
	}

	/** The poll is its own repetition, and no page of it may outlast the nearest deadline. */
	const hurried: Connection = {
		...connection,
		send: async (request) => {
			const remaining = Math.max(500, nearestDeadline() - Date.now());
			return await connection.send(request, { retries: 0, timeoutMs: Math.min(30_000, remaining) });
		},
	};

	async function look(): Promise<void> {
		// Who begins to wait while the answer is under way is judged by the next one: this one is too old.
		const asked = [...waiters];
		const stats = await listStats(hurried);
		if (!stats.ok) {
			for (const waiter of asked) {
				if (isFinal(stats.failure)) settle(waiter, stats);
				else waiter.last = `unknown, because the last look failed (${briefly(stats.failure)})`;
			}
			return;
		}
		for (const waiter of asked) {
			const entry = stats.value.find((each) => each.deployment?.id === waiter.id);
			const deployment = entry?.deployment;
			const verdict = judge(waiter.id, deployment, waiter.waitFor);
			if (verdict.is === 'reached' && deployment !== undefined) {
				settle(waiter, success({ deployment, seconds: (Date.now() - waiter.since) / 1000 }));
			} else if (verdict.is === 'hopeless') {
				settle(waiter, failed({ kind: 'outcome', message: verdict.message, next: verdict.next }));
			} else if (verdict.is === 'pending') {
				waiter.last = verdict.last;
			}
		}
	}

	async function poll(): Promise<void> {
		polling = true;
		while (waiters.size > 0) {
			await look();
			const now = Date.now();
			for (const waiter of waiters) {
				if (connection.cancel?.aborted === true) settle(waiter, failed({ kind: 'canceled' }));
				else if (now >= waiter.deadline) settle(waiter, failed(tooLong(waiter)));
			}
			if (waiters.size === 0) break;
			nextLook = now + wait;
			wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS);
			await untilNextLook();
		}
		polling = false;
	}

	/** In short steps, because somebody new may bring the next look forward. */
	async function untilNextLook(): Promise<void> {
		const left = (): number => Math.min(nextLook, nearestDeadline()) - Date.now();
		while (left() > 0 && connection.cancel?.aborted !== true) {
			await pause(Math.min(left(), 250), connection.cancel);
		}
	}

	async function until(id: string, waitFor: WaitFor, timeoutMs: number): Promise<Result<Waited>> {
		const since = Date.now();
		wait = FIRST_PAUSE_MS;
		nextLook = Math.min(nextLook, since + wait);
		return await new Promise((resolve) => {
			const last = 'not looked at yet';
			waiters.add({ id, waitFor, since, deadline: since + timeoutMs, last, settle: resolve });
			if (!polling) void poll();
		});
	}

	return { until };
}

/** What no further look would change; everything else passes, or time runs out. */
function isFinal({ kind, status }: Failure): boolean {
	return (
		kind === 'credential' ||
		kind === 'redirect' ||
		kind === 'canceled' ||
		status === 401 ||
		status === 403
	);
}

function briefly({ status, code, kind }: Failure): string {
	return status === undefined ? (code ?? kind) : `status ${status}`;
}

function tooLong(waiter: Waiter): Failure {
	const seconds = Math.round((waiter.deadline - waiter.since) / 1000);
	return {
		kind: 'outcome',
		message: `The deployment '${waiter.id}' was not ready after ${seconds} s`,
		next: `It goes on by itself; its last state was: ${waiter.last}. Raise 'Wait Timeout (Seconds)', or look with the operation Get. If the machine learning nodes have no room, it will not get further`,
	};
}
