import type { Deployment } from './state';

/** Allocations that run: those of started routes. */
export function runningAllocations(deployment: Deployment): number {
	let sum = 0;
	for (const route of deployment.routes.values()) {
		if (route.state === 'started') sum += route.current;
	}
	return sum;
}

/** Allocations that found a place. */
export function targetAllocations(deployment: Deployment): number {
	let sum = 0;
	for (const route of deployment.routes.values()) {
		if (route.state !== 'failed' && route.state !== 'stopped') sum += route.target;
	}
	return sum;
}

/** The state that `_stats` shows: failed where every route failed (docs/elasticsearch-behaviour.md, "Stats: shape of an entry"). */
export function shownState(deployment: Deployment): 'starting' | 'started' | 'stopping' | 'failed' {
	if (deployment.assignment_state === 'stopping') return 'stopping';
	const routes = [...deployment.routes.values()];
	if (routes.length > 0 && routes.every((route) => route.state === 'failed')) return 'failed';
	return deployment.assignment_state;
}

export function pendingRequests(deployment: Deployment): number {
	return sumOf(deployment, 'pending_requests');
}

export type Count =
	| 'inference_count'
	| 'pending_requests'
	| 'error_count'
	| 'rejected'
	| 'timeout_count'
	| 'peak_throughput';

/** A count over all nodes. */
export function sumOf(deployment: Deployment, count: Count): number {
	return [...deployment.routes.values()].reduce((sum, route) => sum + route[count], 0);
}

/** The last request on any node. */
export function lastAccess(deployment: Deployment): number | undefined {
	const times = [...deployment.routes.values()].flatMap((route) => route.last_access ?? []);
	return times.length > 0 ? Math.max(...times) : undefined;
}
