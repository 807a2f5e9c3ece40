import type { CredentialProblem } from './credential';

/**
 * Why a request brought no usable answer.
 *
 * - `response`: Elasticsearch answered with an error (`status`, `type`, `reason`)
 * - `not_elasticsearch`: something answered, but not in Elasticsearch's way (proxy page, login page, `{}`)
 * - `redirect`: a 3xx; never followed, because older n8n re-sends the key to the new origin
 * - `network`, `timeout`, `canceled`: no answer; `code` is Node's or axios' error code
 * - `credential`: the credential itself stopped the request, nothing was sent
 * - `halted`: the run had ended with a failure, so nothing further was begun
 * - `outcome`: the cluster answered, but the state that it shows is not the one asked for
 */
export interface Failure {
	kind:
		| 'response'
		| 'not_elasticsearch'
		| 'redirect'
		| 'network'
		| 'timeout'
		| 'canceled'
		| 'credential'
		| 'halted'
		| 'outcome';
	status?: number;
	/** Of the request: a GET that fails is about reading, whatever was being done. */
	method?: string;
	/** `error.type`; unstable across the transport layer (docs/elasticsearch-behaviour.md, "Update: unstable types"): decide by status and reason. */
	type?: string;
	/** What the cluster said, cleaned and cut; null where it said nothing (master_not_discovered_exception). */
	reason?: string;
	code?: string;
	/** Where a redirect pointed. */
	location?: string;
	retryAfterMs?: number;
	/** For `credential`: what stopped the request, where it was one of the credential's fields. */
	problem?: CredentialProblem;
	/** For `credential` and `outcome`: the finished message and next step. */
	message?: string;
	next?: string;
	/** What was thrown, where that was not expected. */
	cause?: unknown;
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export function success<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function failed(failure: Failure): { ok: false; failure: Failure } {
	return { ok: false, failure };
}
