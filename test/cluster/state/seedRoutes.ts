import { planFor } from './allocation';
import { newRoute, type ClusterState, type Deployment, type Route } from './state';
import type { DeploymentSeed, RouteSeed } from '../types';

/** Where the planner puts it, all running. */
export function place(state: ClusterState, deployment: Deployment, seed: DeploymentSeed): void {
	const start = deployment.start_time;
	const places =
		planFor(state).allocations.get(deployment.deployment_id) ?? new Map<string, number>();
	const placed = [...places.values()].reduce((sum, count) => sum + count, 0);
	const rest = deployment.number_of_allocations - placed;
	const first = state.knobs.nodes[0];
	// A seed is taken at its word, even where the nodes are too small for it.
	if (rest > 0 && first && !state.knobs.scalingPossible && seed.state !== 'starting') {
		places.set(first.id, (places.get(first.id) ?? 0) + rest);
	}
	for (const [nodeId, count] of places) {
		if (count > 0) {
			deployment.routes.set(nodeId, { ...newRoute(count, 'started'), start_time: start });
		}
	}
	deployment.max_assigned_allocations ||= deployment.number_of_allocations;
}

/** Routes to the letter. */
export function setRoutes(deployment: Deployment, seeds: RouteSeed[], state: ClusterState): void {
	deployment.routes.clear();
	seeds.forEach((seed, i) => {
		const nodeId = seed.node_id ?? state.knobs.nodes[i]?.id ?? `node-${i}`;
		const { allocations = 1, target_allocations: target = allocations } = seed;
		const routing = seed.state ?? 'started';
		const route: Route = {
			...newRoute(allocations, routing),
			target,
			reason: seed.reason ?? '',
			process_killed: seed.process_killed ?? false,
			start_time: seed.start_time ?? (routing === 'started' ? deployment.start_time : undefined),
		};
		deployment.routes.set(nodeId, route);
		setRouteCounters(route, seed);
	});
	deployment.max_assigned_allocations ||= deployment.number_of_allocations;
}

/** The state that a seed asks for, on every route. */
export function setState(deployment: Deployment, seed: Partial<DeploymentSeed>): void {
	const routing = {
		starting: 'starting',
		started: 'started',
		stopping: 'stopping',
		failed: 'failed',
	};
	if (!seed.state) return;
	// A seed that starts goes on starting until somebody changes it.
	deployment.never_starts = seed.never_starts ?? seed.state === 'starting';
	deployment.assignment_state = seed.state === 'failed' ? 'starting' : seed.state;
	if (seed.state === 'stopping') deployment.reason ??= 'client API call';
	if (seed.routes) return;
	for (const route of deployment.routes.values()) {
		route.state = routing[seed.state] as Route['state'];
		if (seed.state === 'failed')
			route.reason = seed.reason ?? 'the native process stopped unexpectedly';
		if (seed.state !== 'started') route.start_time = undefined;
		else route.start_time ??= deployment.start_time;
	}
}

/** Counters, on the first route. */
export function setCounters(deployment: Deployment, seed: Partial<DeploymentSeed>): void {
	const first = deployment.routes.values().next().value;
	if (first) setRouteCounters(first, seed);
}

function setRouteCounters(route: Route, seed: RouteSeed | Partial<DeploymentSeed>): void {
	if ('last_access' in seed) route.last_access = seed.last_access;
	route.inference_count = seed.inference_count ?? route.inference_count;
	route.pending_requests = seed.pending_requests ?? route.pending_requests;
	route.error_count = seed.error_count ?? route.error_count;
	route.rejected = seed.rejected ?? route.rejected;
	route.timeout_count = seed.timeout_count ?? route.timeout_count;
	route.average_inference_time_ms =
		seed.average_inference_time_ms ?? route.average_inference_time_ms;
	if (seed.throughput_last_minute !== undefined) {
		route.throughput_last_minute = seed.throughput_last_minute;
		route.peak_throughput = Math.max(route.peak_throughput, seed.throughput_last_minute);
	}
}
