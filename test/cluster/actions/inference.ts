import { CANNOT_BE_SET, mergeAdaptive, readAdaptive, type AdaptivePatch } from './adaptive';
import { printAdaptive } from './assignment';
import type { Call } from '../rest/call';
import { ElasticError, invalid, notFound, refusal } from '../rest/errors';
import { infer, runningOrTimeout } from './infer';
import { newDeployment } from '../state/newDeployment';
import { endpointDeployment } from '../state/seeding';
import { allocate } from './start';
import { ownsDeployments, type ClusterState, type Deployment, type Endpoint } from '../state/state';
import { intValue, readObject } from '../rest/strict';
import { update } from './update';

/** An endpoint as the inference API shows it, with the numbers of its deployment as they are now. */
export function printEndpoint(state: ClusterState, endpoint: Endpoint): object {
	const deployment = deploymentOf(state, endpoint);
	const adaptive = deployment ? deployment.adaptive : (endpoint.adaptive_allocations ?? null);
	const number = deployment?.number_of_allocations ?? endpoint.num_allocations;
	const settings =
		endpoint.service === 'elasticsearch' || endpoint.service === 'elser'
			? {
					...(number !== undefined && { num_allocations: number }),
					num_threads: deployment?.threads_per_allocation ?? endpoint.num_threads ?? 1,
					model_id: endpoint.model_id,
					...(endpoint.deployment_id !== undefined && { deployment_id: endpoint.deployment_id }),
					...(adaptive && { adaptive_allocations: printAdaptive(adaptive) }),
				}
			: { model_id: endpoint.model_id };
	const { inference_id, task_type, service } = endpoint;
	// Before 8.15 an endpoint is called a model (docs/elasticsearch-behaviour.md, "Inference endpoints").
	if (!state.features.inferenceEndpoints) {
		const model_id = inference_id;
		return { model_id, task_type, service, service_settings: settings, task_settings: {} };
	}
	return {
		inference_id,
		task_type,
		service,
		service_settings: settings,
		chunking_settings: { strategy: 'sentence', max_chunk_size: 250, sentence_overlap: 1 },
	};
}

function deploymentOf(state: ClusterState, endpoint: Endpoint): Deployment | undefined {
	return state.deployments.get(endpoint.deployment_id ?? endpoint.inference_id);
}

/** Finds an endpoint; a task type that isn't its own is refused. */
export function findEndpoint(state: ClusterState, id: string, task: string): Endpoint {
	const endpoint = state.endpoints.get(id);
	if (!endpoint) throw notFound(`Inference endpoint not found [${id}]`);
	if (task !== '' && task !== endpoint.task_type) {
		throw refusal(
			400,
			`Requested task type [${task}] does not match the inference endpoint's task type [${endpoint.task_type}]`,
		);
	}
	return endpoint;
}

/** Reads `PUT …/_update`: only what a deployment has. */
export function readEndpointUpdate(call: Call): {
	number?: number;
	adaptive?: AdaptivePatch | null;
} {
	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	const request: { number?: number; adaptive?: AdaptivePatch | null } = {};
	readObject(body, 'inference_update', {
		task_settings: () => undefined,
		service_settings: (settings) =>
			readObject(settings, 'service_settings', {
				num_allocations: (node) => void (request.number = intValue(node)),
				adaptive_allocations: (node) => void (request.adaptive = readAdaptive(node)),
			}),
	});
	return request;
}

/** Changes an endpoint's own deployment; what it is only attached to belongs to the trained models API (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export async function updateEndpoint(
	state: ClusterState,
	endpoint: Endpoint,
	request: { number?: number; adaptive?: AdaptivePatch | null },
): Promise<object> {
	const { inference_id: id, deployment_id: attached } = endpoint;
	if (!ownsDeployments(endpoint)) {
		throw refusal(
			409,
			`Cannot update inference endpoint [${id}] using model deployment [${attached ?? id}]. The model deployment must be updated through the trained models API.`,
		);
	}
	if (request.number !== undefined && request.number < 1) {
		throw invalid(
			[
				`[service_settings] Invalid value [${request.number}]. [num_allocations] must be a positive integer`,
			],
			'validation_exception',
		);
	}
	const stored = deploymentOf(state, endpoint)?.adaptive ?? endpoint.adaptive_allocations ?? null;
	const adaptive = mergeAdaptive(stored, request.adaptive);
	if (request.number !== undefined && adaptive?.enabled) {
		throw invalid([CANNOT_BE_SET], 'validation_exception');
	}
	await update(state, id, { ...request, internal: true });
	if (request.number !== undefined) endpoint.num_allocations = request.number;
	endpoint.adaptive_allocations = adaptive;
	return printEndpoint(state, endpoint);
}

/** Inference through an endpoint. A default endpoint's deployment starts by itself on first use (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export async function useEndpoint(
	state: ClusterState,
	endpoint: Endpoint,
	count: number,
	timeoutMs: number,
): Promise<void> {
	const existing = deploymentOf(state, endpoint);
	if (existing) return await infer(state, existing, count, timeoutMs);
	const id = endpoint.deployment_id ?? endpoint.inference_id;
	if (!endpoint.default) {
		throw state.features.updateGuardsEndpoints
			? refusal(409, `Trained model deployment [${id}] is stopped`)
			: notFound(`No known model deployment with id [${id}]`);
	}
	const seed = endpointDeployment(endpoint, endpoint.model_id ?? id);
	const deployment = newDeployment(state, seed);
	deployment.assignment_state = 'starting';
	allocate(state, deployment);
	await runningOrTimeout(state, deployment, timeoutMs);
	await infer(state, deployment, count, timeoutMs);
}
