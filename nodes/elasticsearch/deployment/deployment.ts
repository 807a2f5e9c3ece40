/** What a deployment's stats mean. Pure: no request, no n8n value. */

import type { IDataObject } from 'n8n-workflow';

import { restoreOf, restoreWarnings } from './restore';
import type { Deployment } from './state';

const MINUTE_MS = 60_000;

export interface Readiness {
	ready: boolean;
	/** Why it is not ready, in the cluster's words where it gave any. */
	reason: string | null;
}

/**
 * Ready means that every allocation asked for runs. More may run than asked for, for a moment
 * after a decrease. Zero is never ready: the first request has to wake it (docs/elasticsearch-behaviour.md, "Adaptive allocations: zero and waking up").
 */
export function readiness(deployment: Deployment): Readiness {
	const { state, numberOfAllocations: wanted, runningAllocations: running } = deployment;
	if (state !== 'started') return { ready: false, reason: failureReason(deployment) ?? state };
	if (wanted === 0) return { ready: false, reason: 'scaled_to_zero' };
	if (running >= wanted) return { ready: true, reason: null };
	const detail = deployment.reason === null ? '' : `: ${deployment.reason}`;
	return { ready: false, reason: `${running} of ${wanted} allocations run${detail}` };
}

/** The deployment's own reason, with that of the first failed route, which says what really happened. */
export function failureReason(deployment: Deployment): string | null {
	const route = deployment.routes.find(
		(each) => each.state === 'failed' && each.reason !== undefined,
	);
	const parts = [deployment.reason, deployment.state === 'failed' ? route?.reason : undefined];
	return parts.filter(Boolean).join('; ') || null;
}

/**
 * Whole and part minutes without a request: since the last access, but not longer than its routes
 * and the deployment itself run, since a model that just moved to a new node was not idle.
 *
 * Only nodes count requests. While allocations are asked for and none of its routes is started,
 * for example because its only node left, requests fail uncounted: that is no idleness. A
 * deployment at zero is asleep because nobody asks, so its times go on counting. Requests of the
 * last minute are a count of the node itself, so they stand above its clock.
 * @param now epoch milliseconds
 * @returns null where it is not known: while requests are pending, while it should run but no route
 * is started, or where a started route tells neither time
 */
export function idleMinutes(deployment: Deployment, now: number): number | null {
	const { routes } = deployment;
	if (routes.some((route) => route.pendingRequests > 0)) return null;
	if (routes.some((route) => route.throughputLastMinute > 0)) return 0;
	const started = routes.filter((route) => route.state === 'started');
	if (started.length === 0 && deployment.numberOfAllocations > 0) return null;
	if (started.some((route) => route.lastAccess === null && route.startTime === null)) return null;
	const times = [
		deployment.startTime,
		...routes.flatMap((route) => [route.lastAccess, route.startTime]),
	].filter((time) => time !== null);
	if (times.length === 0) return null;
	return minutesSince(Math.max(...times), now);
}

/** Minutes since the deployment was started; null where the cluster doesn't tell. */
export function ageMinutes(deployment: Deployment, now: number): number | null {
	return deployment.startTime === null ? null : minutesSince(deployment.startTime, now);
}

/** One decimal; a cluster clock that runs ahead gives 0. */
function minutesSince(time: number, now: number): number {
	return Math.max(0, Math.round(((now - time) / MINUTE_MS) * 10) / 10);
}

/** Processors that the deployment asks for: allocations x threads. */
export function vcpus(deployment: Deployment): number {
	return deployment.numberOfAllocations * deployment.threadsPerAllocation;
}

/** What of a deployment an operation can change: stands as `before` and `after`. */
export interface Settings extends IDataObject {
	state: string;
	number_of_allocations: number;
	adaptive_allocations: IDataObject | null;
}

export const ABSENT: Settings = {
	state: 'not_deployed',
	number_of_allocations: 0,
	adaptive_allocations: null,
};

export function settingsOf(deployment: Deployment): Settings {
	return {
		state: deployment.state,
		number_of_allocations: deployment.numberOfAllocations,
		adaptive_allocations: deployment.adaptive === null ? null : { ...deployment.adaptive },
	};
}

function iso(time: number | null): string | null {
	return time === null ? null : new Date(time).toISOString();
}

function sum(numbers: number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}

/** What the simplified deployment needs to know from elsewhere. */
export interface SimplifyContext {
	/** The connection's hash of the endpoint. */
	cluster: string;
	/** Epoch milliseconds of the look. */
	now: number;
	/** Id of the inference endpoint that owns the deployment, null for none, "unknown" where it may not be read. */
	endpoint: string | null;
}

/** The deployment as outputs show it (one flat object; public names). */
export function simplify(deployment: Deployment, around: SimplifyContext): IDataObject {
	const { ready, reason } = readiness(deployment);
	const accesses = deployment.routes.map((route) => route.lastAccess ?? 0);
	const lastAccess = Math.max(0, ...accesses);
	return {
		deployment_id: deployment.id,
		model_id: deployment.modelId,
		state: deployment.state,
		ready,
		reason,
		number_of_allocations: deployment.numberOfAllocations,
		running_allocations: deployment.runningAllocations,
		allocation_state: deployment.allocationState,
		threads_per_allocation: deployment.threadsPerAllocation,
		vcpus: vcpus(deployment),
		priority: deployment.priority,
		queue_capacity: deployment.queueCapacity,
		cache_size: deployment.cacheSize,
		adaptive_allocations: deployment.adaptive === null ? null : { ...deployment.adaptive },
		endpoint: around.endpoint,
		pending_requests: sum(deployment.routes.map((route) => route.pendingRequests)),
		rejected_requests: deployment.rejectedCount,
		errors: deployment.errorCount,
		inference_count: deployment.inferenceCount,
		throughput_last_minute: sum(deployment.routes.map((route) => route.throughputLastMinute)),
		last_access: lastAccess === 0 ? null : iso(lastAccess),
		idle_minutes: idleMinutes(deployment, around.now),
		start_time: iso(deployment.startTime),
		node_count: deployment.routes.length,
		model_size_bytes: deployment.modelSizeBytes,
		restore: { ...restoreOf(deployment, around.cluster, around.now) },
		restore_warnings: restoreWarnings(deployment),
	};
}

/** A model that has no deployment, in the same shape, for those who ask for it by its id. */
export function simplifyNotDeployed(modelId: string, modelSizeBytes: number | null): IDataObject {
	return {
		deployment_id: null,
		model_id: modelId,
		state: 'not_deployed',
		ready: false,
		reason: 'not_deployed',
		number_of_allocations: 0,
		running_allocations: 0,
		allocation_state: null,
		threads_per_allocation: null,
		vcpus: 0,
		priority: null,
		queue_capacity: null,
		cache_size: null,
		adaptive_allocations: null,
		endpoint: null,
		pending_requests: 0,
		rejected_requests: 0,
		errors: 0,
		inference_count: 0,
		throughput_last_minute: 0,
		last_access: null,
		idle_minutes: null,
		start_time: null,
		node_count: 0,
		model_size_bytes: modelSizeBytes,
		restore: null,
		restore_warnings: [],
	};
}
