import type { Failure } from './failure';
import { growingPause } from './poll';

/**
 * When a request is sent again:
 * - `safe`: reading, and `_update` (absolute values; equal ones are no-ops, docs/elasticsearch-behaviour.md, "Update: order of checks")
 * - `unsent`: `_stop`, only where it surely never ran
 * - `never`
 */
export type RepeatPolicy = 'safe' | 'unsent' | 'never';

// axios says ERR_BAD_RESPONSE where the connection is cut within the body.
const CONNECTION_LOST = new Set([
	'ECONNRESET',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ECONNREFUSED',
	'EAI_AGAIN',
]);
const PASSING = new Set([502, 503, 504]);

function isCircuitBreaker(failure: Failure): boolean {
	return failure.status === 429 && failure.type === 'circuit_breaking_exception';
}

/** A proxy's or the cloud's throttling; the cluster's own 429 for capacity has a type. */
function isThrottling(failure: Failure): boolean {
	return failure.status === 429 && failure.kind === 'not_elasticsearch';
}

/** Whether the request surely never ran in the cluster. */
export function neverRan(failure: Failure): boolean {
	return (
		failure.code === 'ECONNREFUSED' ||
		failure.code === 'EAI_AGAIN' ||
		failure.type === 'master_not_discovered_exception' ||
		isCircuitBreaker(failure)
	);
}

export function mayRepeat(policy: RepeatPolicy, failure: Failure): boolean {
	if (policy === 'never') return false;
	if (neverRan(failure)) return true;
	if (policy === 'unsent') return false;
	return (
		(failure.code !== undefined && CONNECTION_LOST.has(failure.code)) ||
		(failure.status !== undefined && PASSING.has(failure.status)) ||
		isThrottling(failure)
	);
}

const DELAYS = { first: 500, factor: 2, longest: 8_000 };
/** A longer Retry-After would hold the execution for nothing: the schedule's next run is nearer. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds before the next try: exponential with equal jitter (half fixed, half random), so
 * that many executions that failed together don't come back together.
 * @param repeats how often it was sent again already
 */
export function delayBeforeRepeat(
	repeats: number,
	retryAfterMs?: number,
	random: () => number = Math.random,
): number {
	if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
	const full = growingPause(repeats, DELAYS);
	return full / 2 + (full / 2) * random();
}
