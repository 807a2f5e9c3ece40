import { applyPlan, planFor } from './allocation';
import { DEFAULT_MODEL_BYTES, newDeployment } from './newDeployment';
import { place, setCounters, setRoutes, setState } from './seedRoutes';
import { ownsDeployments, type ClusterState, type Deployment, type Endpoint } from './state';
import type { DeploymentSeed, EndpointSeed, ModelSeed, NlpTask } from '../types';

/** Puts a model on the shelf. */
export function seedModel(state: ClusterState, seed: ModelSeed): void {
	state.models.set(seed.model_id, {
		...seed,
		model_type: seed.model_type ?? 'pytorch',
		size_bytes: seed.size_bytes ?? DEFAULT_MODEL_BYTES,
		tags: seed.tags ?? [],
		create_time: seed.create_time ?? state.clock.now(),
		definition: seed.definition ?? 'complete',
		task: seed.task ?? 'text_expansion',
		input_field: seed.input_field ?? 'text_field',
	});
}

/** Puts a deployment into the state it would have after it ran for a while. */
export function seedDeployment(state: ClusterState, seed: DeploymentSeed): void {
	const modelId =
		seed.model_id ?? (seed.created_by_endpoint ? '.elser_model_2' : seed.deployment_id);
	if (!state.models.has(modelId)) {
		seedModel(state, { model_id: modelId, size_bytes: seed.model_bytes, task: seed.task });
	}
	const deployment = newDeployment(state, { ...seed, model_id: modelId });
	state.deployments.set(seed.deployment_id, deployment);
	if (seed.routes) setRoutes(deployment, seed.routes, state);
	else place(state, deployment, seed);
	setState(deployment, seed);
	setCounters(deployment, seed);
	if (seed.created_by_endpoint && !state.endpoints.has(seed.deployment_id)) {
		state.endpoints.set(seed.deployment_id, {
			inference_id: seed.deployment_id,
			task_type: 'sparse_embedding',
			service: 'elasticsearch',
			model_id: modelId,
		});
	}
}

/** Adds an inference endpoint, and the deployment that it owns. */
export function seedEndpoint(state: ClusterState, seed: EndpointSeed): void {
	const modelId =
		seed.model_id ??
		state.deployments.get(seed.deployment_id ?? seed.inference_id)?.model_id ??
		MODELS[seed.task_type ?? ''] ??
		'.elser_model_2';
	const endpoint: Endpoint = {
		...seed,
		task_type: seed.task_type ?? 'sparse_embedding',
		service: seed.service ?? 'elasticsearch',
		model_id: modelId,
	};
	state.endpoints.set(seed.inference_id, endpoint);
	const owned = ownsDeployments(endpoint) && seed.deployed !== false;
	if (owned && !state.deployments.has(seed.inference_id)) {
		seedDeployment(state, endpointDeployment(endpoint, modelId));
	}
}

/** What endpoints run where nobody names a model (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
const MODELS: Record<string, string | undefined> = {
	text_embedding: '.multilingual-e5-small',
	rerank: '.rerank-v1',
};

/** Which models the tasks of endpoints need. */
const TASKS: Record<string, NlpTask | undefined> = {
	sparse_embedding: 'text_expansion',
	text_embedding: 'text_embedding',
	rerank: 'text_similarity',
};

/** What an endpoint starts for itself: its own name as deployment id (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export function endpointDeployment(
	endpoint: Endpoint,
	modelId: string,
): DeploymentSeed & { model_id: string } {
	const adaptive = endpoint.default
		? { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 32 }
		: null;
	return {
		deployment_id: endpoint.inference_id,
		model_id: modelId,
		task: TASKS[endpoint.task_type],
		number_of_allocations: endpoint.num_allocations,
		threads_per_allocation: endpoint.num_threads,
		adaptive_allocations: endpoint.adaptive_allocations ?? adaptive,
	};
}

/** What somebody else changed, without any of the API's checks. */
export function changeDeployment(
	state: ClusterState,
	deployment: Deployment,
	changes: Partial<DeploymentSeed>,
): void {
	if (changes.number_of_allocations !== undefined) {
		deployment.number_of_allocations = changes.number_of_allocations;
		applyPlan(state, planFor(state), deployment);
	}
	if (changes.adaptive_allocations !== undefined)
		deployment.adaptive = changes.adaptive_allocations;
	if ('load' in changes) deployment.load = changes.load;
	if (changes.drain_ms !== undefined) deployment.drain_ms = changes.drain_ms;
	if (changes.never_starts !== undefined) deployment.never_starts = changes.never_starts;
	if (changes.start_time !== undefined) {
		deployment.start_time = new Date(changes.start_time).getTime();
		deployment.start_time_text = undefined;
	}
	if ('reason' in changes) deployment.reason = changes.reason;
	if (changes.routes) setRoutes(deployment, changes.routes, state);
	if (changes.state) setState(deployment, changes);
	setCounters(deployment, changes);
}
