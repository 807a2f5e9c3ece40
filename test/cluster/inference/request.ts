import type { Call } from '../rest/call';
import { illegalArgument, invalid, refusal } from '../rest/errors';
import type { JsonNode } from '../rest/json';
import { readObject, stringValue } from '../rest/strict';
import { parseDuration } from '../settings/durations';
import { readTaskConfig, type TaskConfig } from './tasks';

const PARSER = 'cluster:internal/xpack/ml/inference/infer';

export interface InferRequest {
	/** As given: the id of a deployment or a model, or an alias. */
	id: string;
	documents: JsonNode[];
	config?: TaskConfig;
	/** Undefined: the client named none. */
	timeoutMs?: number;
}

/** Reads `POST …/_infer`; the timeout of the query wins (docs/elasticsearch-behaviour.md, "Inference"). */
export function readInfer(call: Call): InferRequest {
	const body = call.json();
	if (!body) throw refusal(400, 'requires body');
	const id = call.pathParam('id');
	let documents: JsonNode[] | undefined;
	let config: TaskConfig | undefined;
	let timeoutMs: number | undefined;
	readObject(body, PARSER, {
		id: (node) => void stringValue(node),
		docs: (node) => void (documents = node.kind === 'array' ? node.items : [node]),
		timeout: (node) => void (timeoutMs = parseDuration(stringValue(node), 'timeout')),
		inference_config: (node) => void (config = readTaskConfig(node)),
	});
	if (!documents) throw illegalArgument('[docs] must not be null.');
	return { id, documents, config, timeoutMs: call.duration('timeout') ?? timeoutMs };
}

/** The older route takes one document (docs/elasticsearch-behaviour.md, "Inference"). */
export function readInferOne(call: Call): InferRequest {
	const request = readInfer(call);
	if (request.documents.length > 1) {
		throw invalid(['multiple documents are not supported'], 'validation_exception');
	}
	return request;
}
