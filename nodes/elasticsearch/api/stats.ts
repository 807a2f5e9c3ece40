/** The shapes on the wire (docs/elasticsearch-behaviour.md, "Update: the answer" and "Stats: shape of an entry"), read once at the border into our own. */

import type { IDataObject } from 'n8n-workflow';

import { isObject, numberOr, objectOr, textOr, type JsonObject } from '../transport/json';
import { compareVersions } from '../deployment/version';

export interface AdaptiveAllocations {
	enabled: boolean;
	min_number_of_allocations?: number;
	max_number_of_allocations?: number;
}

export type DeploymentState = 'starting' | 'started' | 'stopping' | 'failed';

/** One node that the deployment is, or is to be, allocated to. */
export interface Route {
	state: string;
	reason?: string;
	/** Epoch milliseconds; null before the first use. */
	lastAccess: number | null;
	/** Epoch milliseconds; null while it is not started. */
	startTime: number | null;
	pendingRequests: number;
	throughputLastMinute: number;
}

/** One deployment as `_stats` tells it. Times are epoch milliseconds, sizes bytes. */
export interface Deployment {
	id: string;
	modelId: string;
	state: DeploymentState;
	reason: string | null;
	/** How many are asked for; 0 when scaled to zero. */
	numberOfAllocations: number;
	/** How many run; absent while stopping or failed. */
	runningAllocations: number;
	allocationState: string | null;
	threadsPerAllocation: number;
	priority: string;
	queueCapacity: number | null;
	/** As printed: rounded to one decimal, e.g. "253.3mb". */
	cacheSize: string | null;
	adaptive: AdaptiveAllocations | null;
	startTime: number | null;
	routes: Route[];
	/** The lowest version of the nodes that it is allocated to; null at zero allocations and on Serverless. */
	nodeVersion: string | null;
	inferenceCount: number;
	errorCount: number;
	rejectedCount: number;
	modelSizeBytes: number | null;
	/** Ingest pipelines of the model; null where the entry doesn't name them. */
	pipelines: string[] | null;
	/** The `_stats` entry as it came. */
	raw: IDataObject;
}

/** One entry of `trained_model_stats`: a model, and one deployment of it or none. */
export interface StatsEntry {
	modelId: string;
	deployment?: Deployment;
	raw: IDataObject;
}

export interface StatsPage {
	/** How many models match: not how many entries (docs/elasticsearch-behaviour.md, "Stats: addressing and paging"). */
	models: number;
	entries: StatsEntry[];
}

/** The page, or undefined where the body is anything else (a login page, `{}`). */
export function readStatsPage(body: unknown): StatsPage | undefined {
	if (
		!isObject(body) ||
		typeof body.count !== 'number' ||
		!Array.isArray(body.trained_model_stats)
	) {
		return undefined;
	}
	const entries: StatsEntry[] = [];
	for (const each of body.trained_model_stats) {
		const entry = readStatsEntry(each);
		if (entry === undefined) return undefined;
		entries.push(entry);
	}
	return { models: body.count, entries };
}

function readStatsEntry(value: unknown): StatsEntry | undefined {
	if (!isObject(value) || typeof value.model_id !== 'string') return undefined;
	const raw = value as IDataObject;
	if (value.deployment_stats === undefined) return { modelId: value.model_id, raw };
	if (!isObject(value.deployment_stats)) return undefined;
	return {
		modelId: value.model_id,
		deployment: readDeployment(value.model_id, value, value.deployment_stats),
		raw,
	};
}

const STATES: readonly string[] = ['starting', 'started', 'stopping', 'failed'];

function isState(value: unknown): value is DeploymentState {
	return typeof value === 'string' && STATES.includes(value);
}

function readDeployment(modelId: string, entry: JsonObject, stats: JsonObject): Deployment {
	const nodes = (Array.isArray(stats.nodes) ? stats.nodes : []).filter(isObject);
	const status = objectOr(stats.allocation_status, {} as JsonObject);
	const size = objectOr(entry.model_size_stats, {} as JsonObject);
	const allocations = numberOr(stats.number_of_allocations, undefined);
	return {
		// Before 8.8 a deployment's id is its model's.
		id: textOr(stats.deployment_id, modelId),
		modelId: textOr(stats.model_id, modelId),
		// `state` is left out while the assignment has none yet: it is starting.
		state: isState(stats.state) ? stats.state : 'starting',
		reason: textOr(stats.reason, null),
		numberOfAllocations: allocations ?? numberOr(status.target_allocation_count, 0),
		runningAllocations: numberOr(status.allocation_count, 0),
		allocationState: textOr(status.state, null),
		threadsPerAllocation: numberOr(stats.threads_per_allocation, 1),
		priority: textOr(stats.priority, 'normal'),
		queueCapacity: numberOr(stats.queue_capacity, null),
		cacheSize: textOr(stats.cache_size, null),
		adaptive: readAdaptive(stats.adaptive_allocations),
		startTime: numberOr(stats.start_time, null),
		routes: nodes.map(readRoute),
		nodeVersion: readVersion(nodes),
		inferenceCount: numberOr(stats.inference_count, 0),
		errorCount: numberOr(stats.error_count, 0),
		rejectedCount: numberOr(stats.rejected_execution_count, 0),
		modelSizeBytes: numberOr(size.model_size_bytes, null),
		pipelines: readPipelines(entry),
		raw: entry as IDataObject,
	};
}

function readRoute(node: JsonObject): Route {
	const routing = objectOr(node.routing_state, {} as JsonObject);
	return {
		state: textOr(routing.routing_state, 'unknown'),
		reason: textOr(routing.reason, '') || undefined,
		lastAccess: numberOr(node.last_access, null),
		startTime: numberOr(node.start_time, null),
		pendingRequests: numberOr(node.number_of_pending_requests, 0),
		throughputLastMinute: numberOr(node.throughput_last_minute, 0),
	};
}

function readVersion(nodes: JsonObject[]): string | null {
	const named = nodes.flatMap(({ node }) => (isObject(node) ? Object.values(node) : []));
	const versions = named.flatMap((node) =>
		isObject(node) && typeof node.version === 'string' && /^\d+\.\d+\.\d+/.test(node.version)
			? node.version
			: [],
	);
	return versions.sort(compareVersions)[0] ?? null;
}

export function readAdaptive(value: unknown): AdaptiveAllocations | null {
	if (!isObject(value)) return null;
	const adaptive: AdaptiveAllocations = { enabled: value.enabled === true };
	const min = numberOr(value.min_number_of_allocations, undefined);
	const max = numberOr(value.max_number_of_allocations, undefined);
	if (min !== undefined) adaptive.min_number_of_allocations = min;
	if (max !== undefined) adaptive.max_number_of_allocations = max;
	return adaptive;
}

function readPipelines(entry: JsonObject): string[] | null {
	if (entry.pipeline_count === 0) return [];
	const ingest = objectOr(entry.ingest, undefined);
	const pipelines = objectOr(ingest?.pipelines, undefined);
	return pipelines === undefined ? null : Object.keys(pipelines);
}

/** The assignment of an `_update` or `_start` answer, or undefined where the body holds none. */
export function readAssignment(body: unknown): IDataObject | undefined {
	if (!isObject(body) || !isObject(body.assignment)) return undefined;
	return isObject(body.assignment.task_parameters) ? (body.assignment as IDataObject) : undefined;
}
