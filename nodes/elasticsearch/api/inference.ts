import { isObject, textOr } from '../transport/json';
import { pathSegment } from '../deployment/ids';
import { readRequest, type ApiRequest, type Connection } from '../transport/connection';
import { notElasticsearch, statusOf, success, type Result } from '../transport/failure';
import { refusalOf } from './refusals';

/** An inference endpoint, of whatever service. */
export interface InferenceEndpoint {
	id: string;
	taskType: string;
	modelId: string | null;
	/**
	 * The deployment it uses: its own (named like the endpoint), or one it was attached to. One that
	 * runs elsewhere has none, and its own name then is no deployment's.
	 */
	deploymentId: string;
	/**
	 * Whether the endpoint made the deployment, if there is one, so that only the inference API may
	 * resize it.
	 */
	owner: boolean;
	/** Elasticsearch's own endpoints deploy themselves again on first use (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
	isDefault: boolean;
}

/**
 * Services that attach to a deployment (docs/elasticsearch-behaviour.md, "Update: order of checks"). Others have settings of that name that
 * mean something else: Azure's deployment_id is one of Azure.
 */
const ATTACHING_SERVICES = ['elasticsearch', 'elser'];

/**
 * The inference endpoints, or null where the key may not read them (needs monitor_inference, before
 * 8.14 manage). A cluster without the inference API has none. An entry that cannot be read fails the
 * whole list: a shorter one would have a pattern stop what the missing endpoint owns.
 */
export async function listInferenceEndpoints(
	connection: Connection,
): Promise<Result<InferenceEndpoint[] | null>> {
	const answer = await connection.send(readRequest('/_inference/_all'));
	if (!answer.ok) {
		if (statusOf(answer.failure) === 403) return success(null);
		return refusalOf(answer.failure) === 'no_api' ? success([]) : answer;
	}
	const body = isObject(answer.value) ? answer.value : {};
	// Called `models`, each with a `model_id`, before 8.15 (docs/elasticsearch-behaviour.md, "Inference endpoints").
	const list = body.endpoints ?? body.models;
	const read = Array.isArray(list) ? list.map(readEndpoint) : [undefined];
	const endpoints = read.filter((each) => each !== undefined);
	if (endpoints.length < read.length) return notElasticsearch('read');
	return success(endpoints);
}

function readEndpoint(value: unknown): InferenceEndpoint | undefined {
	if (!isObject(value)) return undefined;
	const id = textOr(value.inference_id, textOr(value.model_id, undefined));
	if (id === undefined) return undefined;
	const settings = isObject(value.service_settings) ? value.service_settings : {};
	const attaches = ATTACHING_SERVICES.includes(textOr(value.service, ''));
	const deploymentId = attaches ? textOr(settings.deployment_id, id) : id;
	return {
		id,
		taskType: textOr(value.task_type, ''),
		modelId: textOr(settings.model_id, null),
		deploymentId,
		owner: deploymentId === id,
		isDefault: id.startsWith('.'),
	};
}

/** Id of the endpoint that owns a deployment; "unknown" where endpoints may not be read. */
export function ownerOf(
	deploymentId: string,
	endpoints: readonly InferenceEndpoint[] | null,
): string | null {
	if (endpoints === null) return 'unknown';
	return endpoints.find((each) => each.owner && each.deploymentId === deploymentId)?.id ?? null;
}

/** Elasticsearch's own endpoints are named alike, e.g. `.elser-2-elasticsearch` (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
const DEFAULT_ENDPOINT = /^\..+-elasticsearch$/;

/** Whether a pattern leaves it alone; where endpoints may not be read, the name decides. */
export function isLeftToEndpoint(
	deploymentId: string,
	endpoints: readonly InferenceEndpoint[] | null,
): boolean {
	if (endpoints === null) return DEFAULT_ENDPOINT.test(deploymentId);
	return ownerOf(deploymentId, endpoints) !== null;
}

/** Resizes an endpoint's own deployment (docs/elasticsearch-behaviour.md, "Inference endpoints"; needs manage_inference, 8.17 or later). */
export function resizeRequest(
	id: string,
	taskType: string | undefined,
	number: number,
): ApiRequest {
	const parts = [taskType, id].flatMap((part) => (part ? pathSegment(part) : []));
	const path = parts.map((part) => (part.ok ? `/${part.value}` : '')).join('');
	const body = { service_settings: { num_allocations: number } };
	return {
		method: 'PUT',
		purpose: 'update',
		changes: true,
		path: `/_inference${path}/_update`,
		body,
		repeat: 'safe',
	};
}

/** @returns null: the answer is the endpoint, not an assignment */
export async function resizeEndpoint(
	connection: Connection,
	id: string,
	taskType: string | undefined,
	number: number,
): Promise<Result<null>> {
	const answer = await connection.send(resizeRequest(id, taskType, number));
	if (!answer.ok) return answer;
	const isEndpoint = isObject(answer.value) && answer.value.inference_id === id;
	return isEndpoint ? success(null) : notElasticsearch('update');
}
