/**
 * Reads `_stats` and assignments into the shapes of deployment/
 * (docs/elasticsearch-behaviour.md, "Update: the answer" and "Stats: shape of an entry").
 */

import type { IDataObject } from 'n8n-workflow';

import {
	isObject,
	numberOr,
	objectOr,
	textOr,
	timeOrNull,
	type JsonObject,
} from '../transport/json';
import { progressOf } from './hiddenState';
import { readPage, type Page } from './pages';
import { readAdaptive } from '../deployment/allocations';
import type { Deployment, DeploymentState, Route, StatsEntry } from '../deployment/state';
import { compareVersions } from '../deployment/version';

/** Reads a page of `_stats`; undefined if the body is anything else (a login page, `{}`). */
export function readStatsPage(body: unknown): Page<StatsEntry> | undefined {
	return readPage(body, 'trained_model_stats', readStatsEntry);
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

const STATES: readonly DeploymentState[] = ['starting', 'started', 'stopping', 'failed'];

/** Undefined where the cluster shows none. One that this page does not know is nothing to guess at. */
function readState(value: unknown): DeploymentState | undefined {
	if (value === undefined || value === null) return undefined;
	return STATES.find((state) => state === value) ?? 'unknown';
}

function readDeployment(modelId: string, entry: JsonObject, stats: JsonObject): Deployment {
	const nodes = Array.isArray(stats.nodes) ? stats.nodes.filter(isObject) : [];
	const status = objectOr(stats.allocation_status, {} as JsonObject);
	const size = objectOr(entry.model_size_stats, {} as JsonObject);
	const target = numberOr(status.target_allocation_count, undefined);
	const wanted = numberOr(stats.number_of_allocations, target);
	const routes = nodes.map(readRoute);
	const progress = progressOf({
		state: readState(stats.state),
		reason: textOr(stats.reason, undefined),
		running: numberOr(status.allocation_count, undefined),
		target,
		allocationState: textOr(status.state, undefined),
		wanted,
		routes,
	});
	return {
		// Before 8.8 a deployment has the id of its model.
		id: textOr(stats.deployment_id, modelId),
		modelId: textOr(stats.model_id, modelId),
		state: progress.state,
		reason: textOr(stats.reason, null),
		numberOfAllocations: wanted ?? progress.running,
		runningAllocations: progress.running,
		allocationState: progress.allocationState,
		threadsPerAllocation: numberOr(stats.threads_per_allocation, 1),
		priority: textOr(stats.priority, 'normal'),
		queueCapacity: numberOr(stats.queue_capacity, null),
		cacheSize: textOr(stats.cache_size, null),
		adaptive: readAdaptive(stats.adaptive_allocations),
		startTime: timeOrNull(stats.start_time),
		routes,
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
		allocations: numberOr(node.number_of_allocations, null),
		lastAccess: timeOrNull(node.last_access),
		startTime: timeOrNull(node.start_time),
		pendingRequests: numberOr(node.number_of_pending_requests, 0),
		throughputLastMinute: numberOr(node.throughput_last_minute, 0),
	};
}

function readVersion(nodes: JsonObject[]): string | null {
	const named = nodes.flatMap(({ node }) => Object.values(objectOr(node, {})));
	const versions = named.flatMap((node) =>
		isObject(node) && typeof node.version === 'string' && /^\d+\.\d+\.\d/.test(node.version)
			? node.version
			: [],
	);
	return versions.sort(compareVersions)[0] ?? null;
}

function readPipelines(entry: JsonObject): string[] | null {
	if (entry.pipeline_count === 0) return [];
	const ingest = objectOr(entry.ingest, undefined);
	const pipelines = objectOr(ingest?.pipelines, undefined);
	return pipelines === undefined ? null : Object.keys(pipelines);
}

/**
 * Reads the assignment in an answer to `_update` or `_start`; undefined if the body has none. One
 * without the number that was asked for shows nothing of the change.
 */
export function readAssignment(body: unknown): IDataObject | undefined {
	if (!isObject(body) || !isObject(body.assignment)) return undefined;
	const { task_parameters: parameters } = body.assignment;
	const number = isObject(parameters) ? parameters.number_of_allocations : undefined;
	return typeof number === 'number' ? (body.assignment as IDataObject) : undefined;
}
