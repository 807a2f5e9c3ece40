/** Turns what Elasticsearch says when it refuses into a code. Only this file knows its prose. */

import type { Failure, Purpose } from '../transport/failure';

type Rule<Code = string> = readonly [
	code: Code,
	status: number | readonly number[],
	/** It must match within the cluster's reason; a rule without it takes every reason. */
	reason?: RegExp,
	/** The rule is only for requests of this purpose. */
	purpose?: Purpose,
];

/**
 * How Elasticsearch says that there is no such model: the first text if it expands ids (since 8.13
 * it ends in a list), the second if it looks one up
 * (docs/elasticsearch-behaviour.md, "Versions: timeline").
 */
const UNKNOWN_MODEL = /^(No known trained model with model_id|Could not find trained model)\b/;

/**
 * That a deployment of low priority takes 1 allocation only. The words of `_update` were not seen,
 * so both words count, outside of ids (docs/elasticsearch-behaviour.md, "Update: errors").
 */
const LOW_PRIORITY = /\bpriority\]? is \[?low|(?<![[,/\w.-])low[- ]priority/i;

/**
 * That the nodes lack processors or memory. The words of the 409 of newer versions were not seen,
 * so those of the explanations count (docs/elasticsearch-behaviour.md, "Start: errors").
 */
const EXHAUSTED =
	/no ML nodes|no suitable nodes|not enough (?:resources|memory)|insufficient (?:available|allocated)|Could not assign/i;

/**
 * The first rule that fits counts, so narrow rules come first. Rules read status and reason, never
 * the type: a ValidationException changes its type on the way from the master to another node
 * (docs/elasticsearch-behaviour.md, "Update: unstable types").
 * Sources: docs/elasticsearch-behaviour.md, "Start: errors" and "Update: errors";
 * docs/elasticsearch-behaviour.md, "Stop: conflicts" and "Stop: answer and repetition";
 * docs/elasticsearch-behaviour.md, "Security" and "REST" and "Inference: failures".
 */
const RULES = [
	// Only a start
	['definition_missing', 404, /Could not find trained model definition/, 'start'],
	['not_pytorch', 400, /Only PyTorch models can be deployed/, 'start'],
	['id_of_model', 400, /same as an another model/, 'start'],
	['id_of_endpoint', 400, /Inference endpoint IDs must be unique/, 'start'],
	['no_deployment_ids', 400, /unrecognized parameters?: .*\[deployment_id\]/, 'start'],
	['no_priorities', 400, /unrecognized parameters?: .*\[priority\]/, 'start'],
	// A start names all bad values at once.
	['low_priority', 400, LOW_PRIORITY, 'start'],
	['definition_cut_off', 400, /definition truncated/i, 'start'],
	['no_adaptive', 400, /does not support having a body|request body/, 'start'],
	['removed_while_starting', 400, /was removed while waiting/, 'start'],
	['downloading', 408, /download task is currently running/, 'start'],
	['resetting', 409, /feature reset is in progress/, 'start'],
	['too_many_deployments', 429, /reached the limit of/, 'start'],
	['no_room', [409, 429, 500], EXHAUSTED, 'start'],
	['nodes_failed', 500, /following nodes failed/, 'start'],
	['no_location', 500, /does not have location/, 'start'],
	// The key is no base64; which status that gives is not established
	// (docs/elasticsearch-behaviour.md, "Security").
	['malformed_key', [400, 401], /Illegal base64/],
	// 400: the request
	['adaptive_is_on', 400, /cannot be set if adaptive allocations is enabled/],
	['wrong_field', 400, /^Input field \[/, 'infer'],
	['minimum_above_maximum', 400, /must not be larger than \[max_number_of_allocations\]/],
	['no_adaptive', 400, /unknown field \[adaptive_allocations\]/],
	['no_finishing', 400, /unrecognized parameters?: .*\[finish_pending_work\]/],
	['unknown_parameter', 400, /unrecognized parameter/],
	['unknown_field', 400, /unknown field/],
	['low_priority', [400, 403, 409, 422, 429], LOW_PRIORITY],
	['queue_too_long', 400, /\[queue_capacity\] must be less than/, 'start'],
	['no_update_api', 400, /no handler found for uri .*deployment\/_update/],
	['no_api', 400, /no handler found/],
	['not_deployed', [400, 409], /must be deployed to use/],
	['invalid_values', 400, /Validation Failed/],
	['bad_request', 400],
	// An index or the whole cluster is read-only, a disk is full, or the cluster still starts
	// (docs/elasticsearch-behaviour.md, "REST: situations").
	['blocked', [403, 429, 503], /\bblocked by: \[/],
	// 401, 403: the key
	['key_expired', 401, /api key is expired/i],
	['key_missing', 401, /missing authentication credentials/],
	['key_refused', 401],
	['no_license', 403, /license is non-compliant/],
	['upgrading', 403, /cluster upgrade is in progress/],
	['other_task', 403, /is configured for task/],
	['no_inference_privilege', 403, /cluster:admin\/xpack\/inference/],
	['forbidden', 403],
	// 404
	['unknown_model', 404, UNKNOWN_MODEL],
	['unknown_deployment', 404, /^No known model deployment with id\b/],
	['task_lost', 404, /^Unable to find model deployment task\b/],
	['not_found', 404],
	['rewritten', [405, 406]],
	['still_starting', 408, /waiting for trained model deployment/],
	// The inference API gives 408, 504 or 429, by version
	// (docs/elasticsearch-behaviour.md, "Inference: failures").
	['timed_out', [408, 504]],
	['timed_out', 429, /\btime(?:d |-)?out\b/i],
	// 409: the state of the deployment
	['nodes_failed', [409, 500], /Error waiting for a model allocation, all nodes have failed/],
	['waking', [409, 500], /is not allocated to any nodes|Error waiting for a model allocation/],
	['waking', 409, /^Trained model \[.*\] is not initialized/],
	['not_started', 409, /not in \[started\] state/],
	['endpoint_owned', 409, /created by inference endpoint/],
	['endpoint_uses_it', 409, /used by inference endpoint/],
	['alias_in_pipeline', 409, /model_alias \[.*still referenced by ingest processors/],
	['in_pipeline', 409, /referenced by ingest processors/],
	['no_room', 409, EXHAUSTED],
	['conflict', 409],
	['not_on_serverless', 410],
	// 429: its meanings
	['no_room', 429, EXHAUSTED],
	['queue_full', 429, /Too many pending requests|queue is full/i],
	['memory_short', 429, /Data too large/],
	['throttled', 429],
	// 5xx: the cluster
	['unavailable', 503, /./],
	['no_master', 503],
	['assignment_left', 500, /failed to delete model assignment/],
	['node_left', 500, /^Failed node \[/],
] as const satisfies readonly Rule[];

/** Why Elasticsearch refuses a request. */
export type RefusalCode = (typeof RULES)[number][0];

/** The code of a refusal; undefined if no rule knows the answer, or the failure is no answer. */
export function refusalOf(failure: Failure): RefusalCode | undefined {
	if (failure.kind !== 'response') return undefined;
	const { status, reason = '', purpose } = failure;
	const rules: ReadonlyArray<Rule<RefusalCode>> = RULES;
	return rules.find(
		([, statuses, pattern, only]) =>
			(typeof statuses === 'number' ? statuses === status : statuses.includes(status)) &&
			(pattern === undefined || pattern.test(reason)) &&
			(only === undefined || only === purpose),
	)?.[0];
}

/** Whether the key lacks a privilege. A 403 of the licence, an upgrade or a proxy is another thing. */
export function isUnprivileged(failure: Failure): boolean {
	const refusal = refusalOf(failure);
	return refusal === 'forbidden' || refusal === 'no_inference_privilege';
}

/** Whether the cluster does not know the id. Other 404s come from a wrong address. */
export function isAbsent(failure: Failure): boolean {
	return (
		failure.kind === 'response' &&
		failure.status === 404 &&
		failure.type === 'resource_not_found_exception'
	);
}

/** Whether a start found its id taken, by an earlier request of its own or by somebody else. */
export function isIdTaken(failure: Failure): boolean {
	const reason = failure.kind === 'response' ? failure.reason : undefined;
	return /existing deployment with the same id|has already been started/.test(reason ?? '');
}

/**
 * Whether Elasticsearch refused a stop before it changed the deployment: with 409 because something
 * uses the deployment, or with 400 because of the request
 * (docs/elasticsearch-behaviour.md, "Stop: parameters" and "Stop: conflicts").
 * Any other answer may come from the second half of a stop.
 */
export function isStopRefused(failure: Failure): boolean {
	if (failure.kind !== 'response') return false;
	const { status, reason = '' } = failure;
	return status === 400 || (status === 409 && reason.startsWith('Cannot stop deployment'));
}
