import type { Features } from '../settings/versions';

/** What an endpoint hands to the HTTP layer. */
export interface Answer {
	status: number;
	body: unknown;
	headers?: Record<string, string | string[]>;
}

/** A failure that knows how it looks on the wire. */
export abstract class Failure extends Error {
	abstract answer(withTrace: boolean): Answer;
}

export interface Cause {
	type: string;
	reason: string | null;
	caused_by?: Cause;
}

interface More {
	causedBy?: Cause;
	/** Fields beside `type` and `reason`, in root_cause too. */
	metadata?: Record<string, unknown>;
	/** Fields beside `type` and `reason` of the outer error only. */
	outside?: Record<string, unknown>;
	/** Where Elasticsearch shows an inner exception as the root. */
	rootCause?: Cause;
	headers?: Record<string, string | string[]>;
}

/** The usual envelope (docs/elasticsearch-behaviour.md, "REST: the envelope"). */
export class ElasticError extends Failure {
	constructor(
		readonly status: number,
		readonly type: string,
		readonly reason: string | null,
		readonly more: More = {},
	) {
		super(reason ?? type);
	}

	answer(withTrace: boolean): Answer {
		const { causedBy, metadata, outside, rootCause, headers } = this.more;
		const own = { type: this.type, reason: this.reason };
		const error = {
			root_cause: [{ ...(rootCause ?? own), ...metadata }],
			...own,
			...outside,
			...(causedBy && { caused_by: causedBy }),
			...metadata,
			...(withTrace && {
				stack_trace: `${this.type}: ${this.reason ?? ''}\n\tat org.elasticsearch`,
			}),
		};
		return { status: this.status, body: { error, status: this.status }, headers };
	}
}

/** Errors that are a mere string, some without `status` (docs/elasticsearch-behaviour.md, "REST: the envelope"). */
export class StringError extends Failure {
	constructor(
		readonly status: number,
		readonly reason: string,
		private readonly withStatus = true,
		private readonly headers?: Record<string, string>,
	) {
		super(reason);
	}

	answer(): Answer {
		const body = { error: this.reason, ...(this.withStatus && { status: this.status }) };
		return { status: this.status, body, headers: this.headers };
	}
}

/** 400 illegal_argument_exception. */
export function illegalArgument(reason: string, causedBy?: Cause): ElasticError {
	return new ElasticError(400, 'illegal_argument_exception', reason, { causedBy });
}

/** status_exception, the type behind most refusals of the deployment APIs. */
export function refusal(status: number, reason: string, causedBy?: Cause): ElasticError {
	return new ElasticError(status, 'status_exception', reason, { causedBy });
}

/** 404 resource_not_found_exception, the only 404 that means "absent". */
export function notFound(reason: string): ElasticError {
	return new ElasticError(404, 'resource_not_found_exception', reason);
}

/**
 * 404 of ids that expand to no model (docs/elasticsearch-behaviour.md, "Versions: timeline"). Since 8.13 the text has a tail whose
 * words are not established: these are not Elasticsearch's, so that nobody can rely on them.
 */
export function unknownModels(ids: readonly string[], features: Features): ElasticError {
	const tail = features.unknownModelTail ? '. You may need to create it' : '';
	return notFound(`No known trained model with model_id [${ids.join(',')}]${tail}`);
}

/** 400 with the numbered list of a request's problems. */
export function invalid(
	problems: string[],
	type:
		| 'action_request_validation_exception'
		| 'validation_exception' = 'action_request_validation_exception',
): ElasticError {
	const list = problems.map((problem, i) => `${i + 1}: ${problem};`).join('');
	return new ElasticError(400, type, `Validation Failed: ${list}`);
}

/** 410 of what Serverless keeps to itself (docs/elasticsearch-behaviour.md, "REST: situations"). */
export function notOnServerless(uri: string, method: string): ElasticError {
	return new ElasticError(
		410,
		'api_not_available_exception',
		`uri [${uri}] with method [${method}] exists but is not available when running in serverless mode`,
	);
}

/** 503 without a reason: no elected master. */
export function masterNotDiscovered(): ElasticError {
	return new ElasticError(503, 'master_not_discovered_exception', null);
}

/** Unknown path, switched-off feature or older version: 400, and no `status` in the body. */
export function noHandler(uri: string, method: string): StringError {
	return new StringError(400, `no handler found for uri [${uri}] and method [${method}]`, false);
}
