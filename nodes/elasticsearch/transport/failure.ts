import type { CredentialProblem } from './credential';

/** What a request is for. Its failure is worded by it. */
export type Purpose = 'read' | 'start' | 'update' | 'stop';

/** Why a request brought no usable answer. */
export type Breakdown =
	/** Elasticsearch answered with an error. */
	| {
			kind: 'response';
			status: number;
			/** `error.type`; unstable across the transport layer (docs/elasticsearch-behaviour.md, "Update: unstable types"): decide by status and reason. */
			type?: string;
			/** What the cluster said, cleaned and cut; absent where it said nothing (master_not_discovered_exception). */
			reason?: string;
			retryAfterMs?: number;
	  }
	/** Something answered, but not in Elasticsearch's way: a proxy's page, a login page, `{}`. */
	| { kind: 'not_elasticsearch'; status?: number; reason?: string; retryAfterMs?: number }
	/** A 3xx; never followed, because older n8n re-sends the key to the new origin. */
	| { kind: 'redirect'; status: number; location?: string }
	/** No answer; `code` is Node's or axios' error code. */
	| { kind: 'network' | 'timeout'; code?: string; reason?: string }
	/** The execution was stopped. */
	| { kind: 'canceled' }
	/** The credential itself stopped the request, and nothing was sent. */
	| { kind: 'credential'; problem: CredentialProblem }
	/** The same, said by n8n or by whatever it asked. @param cause what was thrown */
	| { kind: 'host'; message: string; next?: string; cause?: unknown };

export type Failure = Breakdown & { purpose: Purpose };

export type Result<T, F = Failure> = { ok: true; value: T } | { ok: false; failure: F };

export function success<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function failed<F = Failure>(failure: F): { ok: false; failure: F } {
	return { ok: false, failure };
}

/** A 2xx whose body is anything but what was asked for. */
export function notElasticsearch(purpose: Purpose): { ok: false; failure: Failure } {
	return failed({ kind: 'not_elasticsearch', status: 200, purpose });
}

/** The HTTP status, where there was one. */
export function statusOf(failure: Breakdown): number | undefined {
	return 'status' in failure ? failure.status : undefined;
}

/** What it is, in a word or two: "status 502", "ECONNRESET". */
export function briefly(failure: Breakdown): string {
	const status = statusOf(failure);
	if (status !== undefined) return `status ${status}`;
	return failure.kind === 'network' ? (failure.code ?? failure.kind) : failure.kind;
}

/** What the cluster, a proxy or the network said. */
export function reasonOf(failure: Breakdown): string | undefined {
	return 'reason' in failure ? failure.reason : undefined;
}
