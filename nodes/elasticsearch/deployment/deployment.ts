/** What a deployment's stats mean. Pure: no request, no n8n value. */

import type { IDataObject } from 'n8n-workflow';

import { restoreOf, restoreWarnings } from './restore';
import type { Deployment } from './state';

const MINUTE_MS = 60_000;

export interface Readiness {
	ready: boolean;
	/** Why it is not ready, in the cluster's words if it gives any; null if it is ready. */
	reason: string | null;
}

/**
 * A deployment is ready if every allocation asked for runs. Just after a decrease, more may run.
 * Zero allocations are never ready: the first request has to wake the deployment
 * (docs/elasticsearch-behaviour.md, "Adaptive allocations: zero and waking up").
 */
export function readiness(deployment: Deployment): Readiness {
	const { state, numberOfAllocations: wanted, runningAllocations: running } = deployment;
	const said = failureReason(deployment);
	// Its own reason only says who stops it, so the state comes first.
	if (state === 'stopping') return { ready: false, reason: withDetail(state, said) };
	if (state === 'unknown') return { ready: false, reason: said ?? UNKNOWN };
	if (state !== 'started') return { ready: false, reason: said ?? state };
	if (wanted === 0) return { ready: false, reason: 'scaled_to_zero' };
	if (running >= wanted) return { ready: true, reason: null };
	const isLeaving = deployment.routes.some((route) => route.state === 'stopping');
	const detail = deployment.reason ?? (isLeaving ? 'one of its nodes is stopping' : null);
	return { ready: false, reason: withDetail(`${running} of ${wanted} allocations run`, detail) };
}

function withDetail(words: string, detail: string | null): string {
	return detail === null ? words : `${words}: ${detail}`;
}

const UNKNOWN = 'unknown: the cluster shows neither its state nor where it runs';

/** The deployment's reason, and that of its first failed route, which says what really happened. */
export function failureReason(deployment: Deployment): string | null {
	const route = deployment.routes.find(
		(each) => each.state === 'failed' && each.reason !== undefined,
	);
	const parts = [deployment.reason, deployment.state === 'failed' ? route?.reason : undefined];
	return parts.filter(Boolean).join('; ') || null;
}

/**
 * Minutes without a request: since the last access, or since the deployment or a route started if
 * that is later. A model that just moved to a new node was not idle.
 *
 * Only nodes count requests. If the deployment should run but no route is started, for example
 * because its only node left, nobody counts the requests that fail: that is no idleness. A
 * deployment at zero sleeps because nobody asks, so its times still count. A node counts the
 * requests of the last minute itself, so that count outweighs any comparison of clocks.
 * @param now epoch milliseconds
 * @returns null if unknown: its state is, requests are pending, it should run but no route is
 * started, or a started route shows neither time
 */
export function idleMinutes(deployment: Deployment, now: number): number | null {
	const { routes } = deployment;
	if (deployment.state === 'unknown') return null;
	if (routes.some((route) => route.pendingRequests > 0)) return null;
	if (routes.some((route) => route.throughputLastMinute > 0)) return 0;
	const started = routes.filter((route) => route.state === 'started');
	const sleeps = deployment.state === 'started' && deployment.numberOfAllocations === 0;
	if (started.length === 0 && !sleeps) return null;
	if (started.some((route) => route.lastAccess === null && route.startTime === null)) return null;
	const times = [
		deployment.startTime,
		...routes.flatMap((route) => [route.lastAccess, route.startTime]),
	].filter((time) => time !== null);
	if (times.length === 0) return null;
	return minutesSince(Math.max(...times), now);
}

/**
 * Whether it costs although nobody asks: only an adaptive deployment whose minimum is 0 goes to zero
 * by itself (docs/elasticsearch-behaviour.md, "Adaptive allocations: costs").
 */
export function costsWhileIdle({ adaptive }: Deployment): boolean {
	return adaptive?.enabled !== true || (adaptive.min_number_of_allocations ?? 0) > 0;
}

/** Minutes since the deployment was started; null if the cluster does not say. */
export function ageMinutes(deployment: Deployment, now: number): number | null {
	return deployment.startTime === null ? null : minutesSince(deployment.startTime, now);
}

/** With one decimal; 0 if the cluster's clock runs ahead. */
function minutesSince(time: number, now: number): number {
	return Math.max(0, Math.round(((now - time) / MINUTE_MS) * 10) / 10);
}

/** The part of a deployment that operations change; outputs show it as it is afterwards. */
export interface Settings extends IDataObject {
	state: string;
	number_of_allocations: number;
	/** Null if it is not deployed. */
	threads_per_allocation: number | null;
	adaptive_allocations: IDataObject | null;
}

export const ABSENT: Settings = {
	state: 'not_deployed',
	number_of_allocations: 0,
	threads_per_allocation: null,
	adaptive_allocations: null,
};

/** The settings of a deployment as it stands. */
export function settingsOf(deployment: Deployment): Settings {
	return {
		state: deployment.state,
		number_of_allocations: deployment.numberOfAllocations,
		threads_per_allocation: deployment.threadsPerAllocation,
		adaptive_allocations: deployment.adaptive === null ? null : { ...deployment.adaptive },
	};
}

/** Processors that these settings ask for: allocations times threads. */
export function vcpusOf({
	number_of_allocations: number,
	threads_per_allocation,
}: Settings): number {
	return number * (threads_per_allocation ?? 0);
}

function iso(time: number | null): string | null {
	return time === null ? null : new Date(time).toISOString();
}

function sum(numbers: number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}

/**
 * Elasticsearch goes no further without a maximum
 * (docs/elasticsearch-behaviour.md, "Adaptive allocations: the scaler").
 */
const MOST_ADAPTIVE = 32;

/** The bounds of adaptive allocations, such as "1 to 4"; null if they are off. */
export function adaptiveBounds({ adaptive }: Deployment): string | null {
	if (adaptive?.enabled !== true) return null;
	const { min_number_of_allocations: min = 0, max_number_of_allocations: max = MOST_ADAPTIVE } =
		adaptive;
	return `${min} to ${max}`;
}

/** What `simplify` needs besides the deployment. */
export interface SimplifyContext {
	/** The connection's hash of the endpoint. */
	cluster: string;
	/** Epoch milliseconds of the look. */
	now: number;
	/** Id of the inference endpoint that owns it, as `ownerOf` returns it. */
	endpoint: string | null;
}

/** The deployment as one flat object for outputs. Its keys are public names. */
export function simplify(deployment: Deployment, around: SimplifyContext): IDataObject {
	return {
		deployment_id: deployment.id,
		model_id: deployment.modelId,
		state: deployment.state,
		ready: readiness(deployment).ready,
		number_of_allocations: deployment.numberOfAllocations,
		adaptive: adaptiveBounds(deployment),
		vcpus: vcpusOf(settingsOf(deployment)),
		endpoint: around.endpoint,
		idle_minutes: idleMinutes(deployment, around.now),
		// A text fits a column of a table or a mail. It is the longest, so it comes last.
		restore: JSON.stringify(restoreOf(deployment, around.cluster, around.now)),
	};
}

/** The same, and all else that a workflow may ask for. */
export function simplifyInFull(deployment: Deployment, around: SimplifyContext): IDataObject {
	const { adaptive, routes } = deployment;
	const lastAccess = Math.max(0, ...routes.map((route) => route.lastAccess ?? 0));
	return {
		...simplify(deployment, around),
		reason: readiness(deployment).reason,
		running_allocations: deployment.runningAllocations,
		allocation_state: deployment.allocationState,
		min_number_of_allocations: adaptive?.min_number_of_allocations ?? null,
		max_number_of_allocations: adaptive?.max_number_of_allocations ?? null,
		threads_per_allocation: deployment.threadsPerAllocation,
		priority: deployment.priority,
		queue_capacity: deployment.queueCapacity,
		cache_size: deployment.cacheSize,
		pending_requests: sum(routes.map((route) => route.pendingRequests)),
		rejected_requests: deployment.rejectedCount,
		errors: deployment.errorCount,
		inference_count: deployment.inferenceCount,
		throughput_last_minute: sum(routes.map((route) => route.throughputLastMinute)),
		last_access: lastAccess === 0 ? null : iso(lastAccess),
		start_time: iso(deployment.startTime),
		node_count: routes.length,
		model_size_bytes: deployment.modelSizeBytes,
		restore_warnings: restoreWarnings(deployment),
	};
}

/** The same keys for a model without a deployment, for a Get by the model's id. */
export function simplifyNotDeployed(modelId: string | null): IDataObject {
	return {
		deployment_id: null,
		model_id: modelId,
		state: 'not_deployed',
		ready: false,
		number_of_allocations: 0,
		adaptive: null,
		vcpus: 0,
		endpoint: null,
		idle_minutes: null,
		restore: null,
	};
}

/** The same keys as those of `simplifyInFull`. */
export function simplifyNotDeployedInFull(
	modelId: string | null,
	modelSizeBytes: number | null,
): IDataObject {
	return {
		...simplifyNotDeployed(modelId),
		reason: 'not_deployed',
		running_allocations: 0,
		allocation_state: null,
		min_number_of_allocations: null,
		max_number_of_allocations: null,
		threads_per_allocation: null,
		priority: null,
		queue_capacity: null,
		cache_size: null,
		pending_requests: 0,
		rejected_requests: 0,
		errors: 0,
		inference_count: 0,
		throughput_last_minute: 0,
		last_access: null,
		start_time: null,
		node_count: 0,
		model_size_bytes: modelSizeBytes,
		restore_warnings: [],
	};
}

/** The same keys for a deployment that an inference endpoint needs and that is not there. */
export function missing<T extends IDataObject>(notDeployed: T, id: string, endpoint: string): T {
	const reason = 'reason' in notDeployed && { reason: 'missing' };
	return { ...notDeployed, deployment_id: id, state: 'missing', endpoint, ...reason };
}
