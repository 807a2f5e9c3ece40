import { exactBytes, parseBytes } from '../settings/bytes';
import type { ClusterState, Deployment } from './state';
import type { AdaptiveAllocations, DeploymentSeed } from '../types';

export const DEFAULT_MODEL_BYTES = 100 * 1024 ** 2;
const DEFAULT_DRAIN_MS = 60_000;

/** The deployment that a request or a seed describes, without routes. */
export function newDeployment(
	state: ClusterState,
	seed: DeploymentSeed & { model_id: string },
): Deployment {
	const model = state.models.get(seed.model_id);
	const bytes = seed.model_bytes ?? model?.size_bytes ?? DEFAULT_MODEL_BYTES;
	const adaptive = seed.adaptive_allocations ?? null;
	const startTime = seed.start_time ?? state.clock.now();
	const cache = String(seed.cache_size ?? bytes);
	const cacheText = /^\d+$/.test(cache) && cache !== '0' ? `${cache}b` : cache;
	return {
		deployment_id: seed.deployment_id,
		model_id: seed.model_id,
		model_bytes: bytes,
		threads_per_allocation: seed.threads_per_allocation ?? 1,
		number_of_allocations:
			seed.number_of_allocations ?? Math.max(1, adaptive?.min_number_of_allocations ?? 1),
		queue_capacity: seed.queue_capacity ?? state.features.queueCapacity,
		cache_size: parseBytes(cacheText, 'cache_size'),
		cache_size_text: exactBytes(cacheText, 'cache_size'),
		priority: seed.priority ?? 'normal',
		per_deployment_memory_bytes: model?.per_deployment_memory_bytes ?? 0,
		per_allocation_memory_bytes: model?.per_allocation_memory_bytes ?? 0,
		routes: new Map(),
		assignment_state: 'started',
		reason: seed.reason,
		start_time: typeof startTime === 'string' ? Date.parse(startTime) : startTime,
		...(typeof startTime === 'string' && { start_time_text: startTime }),
		max_assigned_allocations: seed.max_assigned_allocations ?? 0,
		adaptive: supported(state, adaptive),
		load: seed.load,
		drain_ms: seed.drain_ms ?? DEFAULT_DRAIN_MS,
		never_starts: seed.never_starts ?? false,
	};
}

/** Versions before 8.16 know no adaptive allocations, Serverless no deployment without (docs/elasticsearch-behaviour.md, "Serverless"). */
function supported(
	state: ClusterState,
	adaptive: AdaptiveAllocations | null,
): AdaptiveAllocations | null {
	if (!state.features.adaptive) return null;
	return state.features.serverless ? { ...adaptive, enabled: true } : adaptive;
}
