import { isObject, textOr } from '../transport/json';
import { readRequest, type ApiRequest, type Connection } from '../transport/connection';
import { notElasticsearch, success, type Result } from '../transport/failure';
import { segmentOf } from './deployments';
import { isUnprivileged, refusalOf } from './refusals';

/** An inference endpoint, of whatever service. */
export interface InferenceEndpoint {
	id: string;
	taskType: string;
	modelId: string | null;
	/**
	 * The deployment that it uses: its own, which has the endpoint's id, or another one that it is
	 * attached to. An endpoint of a remote service has none; then this is its id all the same.
	 */
	deploymentId: string;
	/** Whether it runs on a deployment of this cluster, and not at a remote service. */
	isLocal: boolean;
	/** Whether a deployment of that id is its own: only the inference API may resize that one. */
	owner: boolean;
	/**
	 * Whether it is one of Elasticsearch's own, whose first use starts the deployment again
	 * (docs/elasticsearch-behaviour.md, "Inference endpoints").
	 */
	isDefault: boolean;
}

/**
 * Services that attach to a deployment
 * (docs/elasticsearch-behaviour.md, "Update: order of checks").
 * For other services `deployment_id` means something else, such as a deployment in Azure.
 */
const ATTACHING_SERVICES: readonly unknown[] = ['elasticsearch', 'elser'];

/**
 * The inference endpoints; null if the key may not read them (that needs monitor_inference, or
 * manage before 8.14), and empty if the cluster has no inference API. One entry that cannot be
 * read fails the whole list, else a pattern would stop what the missing endpoint owns.
 */
export async function listInferenceEndpoints(
	connection: Connection,
): Promise<Result<InferenceEndpoint[] | null>> {
	const answer = await connection.send(readRequest('/_inference/_all'));
	if (!answer.ok) {
		if (isUnprivileged(answer.failure)) return success(null);
		return refusalOf(answer.failure) === 'no_api' ? success([]) : answer;
	}
	const body = isObject(answer.value) ? answer.value : {};
	// Before 8.15 the list is called `models`, and each entry has a `model_id`
	// (docs/elasticsearch-behaviour.md, "Inference endpoints").
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
	const attaches = ATTACHING_SERVICES.includes(value.service);
	const deploymentId = attaches ? textOr(settings.deployment_id, id) : id;
	return {
		id,
		taskType: textOr(value.task_type, ''),
		modelId: textOr(settings.model_id, null),
		deploymentId,
		isLocal: attaches,
		owner: deploymentId === id,
		isDefault: id.startsWith('.'),
	};
}

/**
 * Id of the endpoint that owns a deployment; null if none does.
 * @param endpoints null if the key may not read them, which gives "unknown"
 */
export function ownerOf(
	deploymentId: string,
	endpoints: readonly InferenceEndpoint[] | null,
): string | null {
	if (endpoints === null) return 'unknown';
	return endpoints.find((each) => each.owner && each.deploymentId === deploymentId)?.id ?? null;
}

/**
 * The endpoints whose deployment is gone, so that their requests fail. The first use of a default
 * endpoint makes its deployment, so that it has none says nothing
 * (docs/elasticsearch-behaviour.md, "Inference endpoints: orphans").
 * @param there ids of the deployments that exist
 */
export function orphansAmong(
	endpoints: readonly InferenceEndpoint[],
	there: ReadonlySet<string>,
): InferenceEndpoint[] {
	return endpoints.filter(
		({ isLocal, isDefault, deploymentId }) => isLocal && !isDefault && !there.has(deploymentId),
	);
}

/**
 * Elasticsearch's own endpoints have ids such as `.elser-2-elasticsearch`
 * (docs/elasticsearch-behaviour.md, "Inference endpoints").
 */
const DEFAULT_ENDPOINT = /^\..+-elasticsearch$/;

/** Whether a pattern skips it because an endpoint owns it; without endpoints, its id decides. */
export function isLeftToEndpoint(
	deploymentId: string,
	endpoints: readonly InferenceEndpoint[] | null,
): boolean {
	if (endpoints === null) return DEFAULT_ENDPOINT.test(deploymentId);
	return ownerOf(deploymentId, endpoints) !== null;
}

/**
 * Resizes an endpoint's own deployment; that needs manage_inference, and 8.17 or later
 * (docs/elasticsearch-behaviour.md, "Inference endpoints").
 */
export function resizeRequest(
	id: string,
	taskType: string | undefined,
	number: number,
): ApiRequest {
	// An endpoint that tells no task is found by its id alone.
	const segments = taskType ? [taskType, id] : [id];
	const body = { service_settings: { num_allocations: number } };
	return {
		method: 'PUT',
		purpose: 'update',
		changes: true,
		path: `/_inference/${segments.map(segmentOf).join('/')}/_update`,
		body,
		repeat: 'safe',
	};
}

/** Resizes an endpoint's own deployment. @returns null: the answer holds no assignment */
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
