import { remove } from '../actions/stop';
import { rebalance } from '../state/allocation';
import { loseSleeping } from '../state/losing';
import type { ClusterState, Deployment } from '../state/state';

/** Its creation failed half-way (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export function orphanEndpoint(state: ClusterState, inferenceId: string): void {
	const endpoint = state.endpoints.get(inferenceId);
	if (!endpoint) throw new Error(`the cluster has no endpoint ${inferenceId}`);
	endpoint.orphan = true;
	const deployment = state.deployments.get(inferenceId);
	if (deployment) remove(state, deployment);
}

/** The endpoint was deleted with `force`, the stop of its deployment failed (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export function orphanDeployment(state: ClusterState, inferenceId: string): void {
	if (!state.endpoints.delete(inferenceId)) {
		throw new Error(`the cluster has no endpoint ${inferenceId}`);
	}
	state.changed();
}

/** Routes that stay `stopping` without a process (docs/elasticsearch-behaviour.md, "Stop: duration and work in flight"). */
export function leaveStopping(state: ClusterState, deployment: Deployment): void {
	for (const route of deployment.routes.values()) {
		Object.assign(route, { state: 'stopping', stuck: true, start_time: undefined });
	}
	state.changed();
}

/**
 * A node shuts down: what it held moves where there is room, after the usual delay. Versions before
 * 9.3.5 lose the deployments at zero (docs/elasticsearch-behaviour.md, "Versions: timeline").
 */
export function shutDownNode(state: ClusterState, nodeId: string): void {
	const { nodes } = state.knobs;
	if (!nodes.some(({ id }) => id === nodeId)) throw new Error(`the cluster has no node ${nodeId}`);
	state.knobs.nodes = nodes.filter(({ id }) => id !== nodeId);
	loseSleeping(state, state.features.keepsZeroAtShutdown);
	rebalance(state);
	state.changed();
}
