import type { CredentialProblem } from './credential';

/** What a request is for. Error messages depend on it. */
export type Purpose = 'read' | 'start' | 'update' | 'stop' | 'infer' | 'clearCache';

/** Why a request brought no usable answer. */
export type Breakdown =
	/** Elasticsearch answered with an error. */
	| {
			kind: 'response';
			status: number;
			/**
			 * `error.type`. Decide by status and reason instead, because it is not stable
			 * (docs/elasticsearch-behaviour.md, "Update: unstable types").
			 */
			type?: string;
			/** The cluster's words, cleaned and cut; master_not_discovered_exception has none. */
			reason?: string;
			retryAfterMs?: number;
	  }
	/** The answer does not look like Elasticsearch's: a proxy's page, a login page, `{}`. */
	| { kind: 'not_elasticsearch'; status?: number; reason?: string; retryAfterMs?: number }
	/** A 3xx. It is never followed, because older n8n sends the key to the new origin too. */
	| { kind: 'redirect'; status: number; location?: string }
	/** There was no answer; `code` is Node's or axios' error code. */
	| { kind: 'network' | 'timeout'; code?: string; reason?: string }
	/** The execution was stopped. */
	| { kind: 'canceled' }
	/** The credential itself stopped the request, and nothing was sent. */
	| { kind: 'credential'; problem: CredentialProblem }
	/** n8n or the credential threw before anything was sent. @param cause what was thrown */
	| { kind: 'host'; message: string; next?: string; cause?: unknown };

export type Failure = Breakdown & { purpose: Purpose };

export type Result<T, F = Failure> = { ok: true; value: T } | { ok: false; failure: F };

/** Wraps a value that a request or a flow brought. */
export function success<T>(value: T): Result<T> {
	return { ok: true, value };
}

/** Wraps a failure. */
export function failed<F = Failure>(failure: F): { ok: false; failure: F } {
	return { ok: false, failure };
}

/** The failure of a 2xx whose body is not what the request asks for. */
export function notElasticsearch(purpose: Purpose): { ok: false; failure: Failure } {
	return failed({ kind: 'not_elasticsearch', status: 200, purpose });
}

/** The HTTP status; undefined if there was no answer. */
export function statusOf(failure: Breakdown): number | undefined {
	return 'status' in failure ? failure.status : undefined;
}

/** The failure in a word or two, for the log: "status 502", "ECONNRESET". */
export function briefly(failure: Breakdown): string {
	const status = statusOf(failure);
	if (status !== undefined) return `status ${status}`;
	return failure.kind === 'network' ? (failure.code ?? failure.kind) : failure.kind;
}

/** The words of the cluster, a proxy or the network, if there are any. */
export function reasonOf(failure: Breakdown): string | undefined {
	return 'reason' in failure ? failure.reason : undefined;
}
