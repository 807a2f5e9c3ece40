import { lastAccess, runningAllocations, shownState, sumOf, targetAllocations } from './counts';
import type { ClusterState, Deployment } from './state';
import type { DeploymentView } from '../types';

/** A copy for assertions. */
export function viewOf(state: ClusterState, deployment: Deployment): DeploymentView {
	return {
		deployment_id: deployment.deployment_id,
		model_id: deployment.model_id,
		state: shownState(deployment),
		reason: deployment.reason,
		number_of_allocations: deployment.number_of_allocations,
		running_allocations: runningAllocations(deployment),
		target_allocations: targetAllocations(deployment),
		threads_per_allocation: deployment.threads_per_allocation,
		queue_capacity: deployment.queue_capacity,
		priority: deployment.priority,
		cache_size_bytes: deployment.cache_size,
		adaptive_allocations: deployment.adaptive && { ...deployment.adaptive },
		start_time: deployment.start_time,
		last_access: lastAccess(deployment),
		pending_requests: sumOf(deployment, 'pending_requests'),
		inference_count: sumOf(deployment, 'inference_count'),
		created_by_endpoint: state.ownerOf(deployment.deployment_id) !== undefined,
		routes: [...deployment.routes].map(([nodeId, route]) => ({
			node_id: nodeId,
			current_allocations: route.current,
			target_allocations: route.target,
			state: route.state,
			reason: route.reason || undefined,
			start_time: route.start_time,
			last_access: route.last_access,
			pending_requests: route.pending_requests,
			inference_count: route.inference_count,
		})),
	};
}
