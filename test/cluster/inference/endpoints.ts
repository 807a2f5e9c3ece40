import { printAdaptive } from '../actions/assignment';
import { notFound, refusal } from '../rest/errors';
import type { ClusterState, Deployment, Endpoint } from '../state/state';

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
	const chunking = chunkingOf(endpoint);
	return {
		inference_id,
		task_type,
		service,
		service_settings: settings,
		...(endpoint.task_settings && { task_settings: endpoint.task_settings }),
		...(chunking && { chunking_settings: chunking }),
	};
}

/** Only embeddings are made in chunks; endpoints of before such settings have none. */
function chunkingOf({ task_type: task, chunking_settings: own }: Endpoint): object | undefined {
	if (own !== undefined) return own ?? undefined;
	if (!task.endsWith('embedding')) return undefined;
	return { strategy: 'sentence', max_chunk_size: 250, sentence_overlap: 1 };
}

export function deploymentOf(state: ClusterState, endpoint: Endpoint): Deployment | undefined {
	return state.deployments.get(endpoint.deployment_id ?? endpoint.inference_id);
}

/** Finds an endpoint; a task type that isn't its own is refused. */
export function findEndpoint(state: ClusterState, id: string, task: string): Endpoint {
	state.requireEndpoints();
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
