import type { Deployment } from '../state/state';
import type { AdaptiveAllocations } from '../types';
import type { Features } from '../settings/versions';

/** `{"assignment": …}` as `_update` and `_start` answer it, field by field as in docs/elasticsearch-behaviour.md, "Update: the answer". */
export function assignmentAnswer(deployment: Deployment, features: Features): object {
	return {
		assignment: {
			task_parameters: taskParameters(deployment, features),
			routing_table: Object.fromEntries(
				[...deployment.routes].map(([nodeId, route]) => [
					nodeId,
					{
						current_allocations: route.current,
						target_allocations: route.target,
						routing_state: route.state,
						reason: route.reason,
					},
				]),
			),
			assignment_state: deployment.assignment_state,
			...(deployment.reason !== undefined && { reason: deployment.reason }),
			start_time: deployment.start_time_text ?? new Date(deployment.start_time).toISOString(),
			max_assigned_allocations: deployment.max_assigned_allocations,
			...(features.adaptive && { adaptive_allocations: printAdaptive(deployment.adaptive) }),
		},
	};
}

function taskParameters(deployment: Deployment, features: Features): object {
	return {
		model_id: deployment.model_id,
		...(features.deploymentIds && { deployment_id: deployment.deployment_id }),
		model_bytes: deployment.model_bytes,
		threads_per_allocation: deployment.threads_per_allocation,
		number_of_allocations: deployment.number_of_allocations,
		queue_capacity: deployment.queue_capacity,
		...(deployment.cache_size_text !== undefined && { cache_size: deployment.cache_size_text }),
		priority: deployment.priority,
		...(features.memoryFields && {
			per_deployment_memory_bytes: deployment.per_deployment_memory_bytes,
			per_allocation_memory_bytes: deployment.per_allocation_memory_bytes,
		}),
	};
}

/** Bounds only where they are set. */
export function printAdaptive(adaptive: AdaptiveAllocations | null): object | null {
	if (!adaptive) return null;
	const { enabled, min_number_of_allocations: min, max_number_of_allocations: max } = adaptive;
	return {
		enabled,
		...(min !== undefined && { min_number_of_allocations: min }),
		...(max !== undefined && { max_number_of_allocations: max }),
	};
}
