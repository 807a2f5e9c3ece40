/** Asks a deployment, and empties what it remembers of its answers. */

import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../transport/json';
import type { ApiRequest, Connection } from '../transport/connection';
import { notElasticsearch, success, type Result } from '../transport/failure';
import { modelPath } from './deployments';

/** One text for a model. */
export interface Question {
	text: string;
	/** The field of a document that the model reads. */
	inputField: string;
	/** What differs from the model's own settings: `{"<task>": {…}}`. */
	config?: IDataObject;
	/** Seconds that the cluster may take. */
	timeoutS: number;
}

/**
 * An inference changes no setting, so it may be repeated, and a credential that only reads may send
 * it. It takes one document. The timeout is always sent, because some versions wait without an end
 * for a deployment at zero (docs/elasticsearch-behaviour.md, "Inference: requests and answers").
 * @param id of a deployment, which then surely is the one that answers
 */
export function inferRequest(id: string, question: Question): ApiRequest {
	const { text, inputField, config, timeoutS } = question;
	return {
		method: 'POST',
		purpose: 'infer',
		changes: false,
		path: modelPath(id, '/_infer'),
		query: { timeout: `${timeoutS}s` },
		body: { docs: [{ [inputField]: text }], inference_config: config },
		repeat: 'safe',
	};
}

/** The one result in an answer to `_infer`; undefined if the body is anything else. */
export function readResult(body: unknown): IDataObject | undefined {
	const results = isObject(body) ? body.inference_results : undefined;
	if (!Array.isArray(results) || results.length !== 1) return undefined;
	const result: unknown = results[0];
	return isObject(result) ? (result as IDataObject) : undefined;
}

/**
 * Empties the cache of a deployment, from 8.5 on. An empty cache may be emptied again, so a lost
 * answer is no matter (docs/elasticsearch-behaviour.md, "Inference: clearing the cache").
 */
export async function clearCache(connection: Connection, id: string): Promise<Result<true>> {
	const answer = await connection.send({
		method: 'POST',
		purpose: 'clearCache',
		changes: true,
		path: modelPath(id, '/deployment/cache/_clear'),
		repeat: 'safe',
	});
	if (!answer.ok) return answer;
	const isCleared = isObject(answer.value) && answer.value.cleared === true;
	return isCleared ? success(true) : notElasticsearch('clearCache');
}
