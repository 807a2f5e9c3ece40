import { statusOf, type Breakdown, type Failure } from './failure';
import { growingPause } from './poll';

/**
 * When a request is sent again:
 * - `safe`: after any passing failure. For reads, and for `_update`: its values are absolute, and
 *   equal ones change nothing (docs/elasticsearch-behaviour.md, "Update: order of checks")
 * - `unsent`: only if it surely never ran
 * - `never`: the flow itself decides, after a look
 */
export type RepeatPolicy = 'safe' | 'unsent' | 'never';

/**
 * Codes of a connection that was there, and was cut. axios says ERR_BAD_RESPONSE if that happens
 * within the body.
 */
export const CONNECTION_LOST: ReadonlySet<string | undefined> = new Set([
	'ECONNRESET',
	'EPIPE',
	'ERR_BAD_RESPONSE',
]);
const UNREACHED = new Set<string | undefined>(['ECONNREFUSED', 'EAI_AGAIN']);
// 408 and 504 are the same time-out in two versions
// (docs/elasticsearch-behaviour.md, "Inference: failures").
const PASSING = new Set([408, 502, 503, 504]);

/** Whether a proxy or the cloud throttles; the cluster's own 429 for capacity has a type. */
function isThrottling(failure: Failure): boolean {
	return failure.kind === 'not_elasticsearch' && failure.status === 429;
}

function codeOf(failure: Failure): string | undefined {
	return 'code' in failure ? failure.code : undefined;
}

/** Whether the request surely never ran in the cluster. */
export function neverRan(failure: Failure): boolean {
	if (failure.kind !== 'response') return UNREACHED.has(codeOf(failure));
	const { status, type } = failure;
	return (
		type === 'master_not_discovered_exception' ||
		(status === 429 && type === 'circuit_breaking_exception')
	);
}

/** Whether the policy of a request allows to send it again after this failure. */
export function mayRepeat(policy: RepeatPolicy, failure: Failure): boolean {
	if (policy === 'never') return false;
	if (neverRan(failure)) return true;
	if (policy === 'unsent') return false;
	return (
		CONNECTION_LOST.has(codeOf(failure)) ||
		PASSING.has(statusOf(failure) ?? 0) ||
		isThrottling(failure)
	);
}

/** Milliseconds that the answer asks to wait before the next try, if it does. */
export function retryAfterOf(failure: Breakdown): number | undefined {
	return 'retryAfterMs' in failure ? failure.retryAfterMs : undefined;
}

const DELAYS = { first: 500, factor: 2, longest: 8_000 };
/** A longer Retry-After would only hold the execution up: the schedule's next run comes sooner. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds before the next try: exponential with equal jitter (half fixed, half random), so
 * that executions that failed together do not come back together.
 * @param repeats how often the request was already repeated
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

/** Node's codes for a certificate of an authority that it does not know. */
export const UNTRUSTED: ReadonlySet<string> = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_UNTRUSTED',
]);

/** Failures of name look-up, connection and certificate: they come before anything is sent. */
const NOT_SENT = new Set<string | undefined>([
	...UNTRUSTED,
	'ENOTFOUND',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	// Node's code for a handshake that fails.
	'EPROTO',
]);

/**
 * What a failed request did in the cluster, as far as its failure tells:
 * - `none`: nothing. It did not reach the deployment, so it says nothing about it either.
 * - `refused`: nothing. Elasticsearch looked at the deployment and refused.
 * - `unknown`: it may have run. The connection dropped, time or a proxy ran out, the answer cannot
 *   be read, or nobody knows this failure.
 */
export type Effect = 'none' | 'refused' | 'unknown';

/** What a failed request did in the cluster. A failure that nobody knows counts as `unknown`. */
export function effectOf(failure: Failure): Effect {
	if (neverRan(failure)) return 'none';
	switch (failure.kind) {
		case 'credential':
		case 'host':
			return 'none';
		case 'network':
			return NOT_SENT.has(codeOf(failure)) ? 'none' : 'unknown';
		case 'response':
			// Elasticsearch checks the key, and what blocks it, before it looks at the deployment.
			if (failure.status === 401 || failure.status === 403) return 'none';
			// The second of two parallel stops gets a 500 too: "failed to delete model assignment
			// after nodes unallocated the deployment".
			// Where Elasticsearch gave up waiting, it may go on all the same.
			return failure.status >= 500 || failure.status === 408 ? 'unknown' : 'refused';
		case 'redirect':
		case 'not_elasticsearch':
		case 'timeout':
		case 'canceled':
			return 'unknown';
	}
}

/**
 * Whether something in front of the cluster turned the request away (a redirect, a proxy's 404 or
 * 429; its 408 is a time-out). The request most likely never reached the cluster, so one look
 * decides; it is not sent again.
 */
export function isTurnedAway(failure: Failure): boolean {
	const status = statusOf(failure) ?? 0;
	const isProxy = failure.kind === 'not_elasticsearch' && status >= 400 && status < 500;
	return (isProxy && !PASSING.has(status)) || failure.kind === 'redirect';
}

/** Whether another try would fail alike: the credential, a redirect, the end of the execution. */
export function isFinal(failure: Failure): boolean {
	return (
		['credential', 'host', 'redirect', 'canceled'].includes(failure.kind) ||
		[401, 403].includes(statusOf(failure) ?? 0)
	);
}
