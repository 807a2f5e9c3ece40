import { printAdaptive } from './assignment';
import { printBytes } from '../settings/bytes';
import { memoryNeeded } from '../state/capacity';
import { runningAllocations, shownState, sumOf, type Count } from '../state/counts';
import type { ClusterState, Deployment, Model, Route } from '../state/state';
import type { MlNode } from '../types';
import type { Features } from '../settings/versions';

const MINUTE = 60_000;
const PROCESS_OVERHEAD = 64 * 1024 ** 2;

/** One entry of `trained_model_stats`: a model, with one of its deployments or without (docs/elasticsearch-behaviour.md, "Stats: shape of an entry"). */
export function statsEntry(state: ClusterState, model: Model, deployment?: Deployment): object {
	const pipelines = pipelinesOf(state, model);
	return {
		model_id: model.model_id,
		model_size_stats: {
			model_size_bytes: model.size_bytes,
			required_native_memory_bytes: deployment ? memoryNeeded(deployment, 1) : 0,
		},
		pipeline_count: pipelines.length,
		...(pipelines.length > 0 && { ingest: ingestStats(pipelines, state.features) }),
		...(deployment && {
			inference_stats: {
				failure_count: sumOf(deployment, 'error_count'),
				inference_count: sumOf(deployment, 'inference_count'),
				cache_miss_count: 0,
				missing_all_fields_count: 0,
				timestamp: state.clock.now(),
			},
		}),
		...(deployment && { deployment_stats: deploymentStats(state, deployment) }),
	};
}

/** Pipelines that name the model, one of its aliases or one of its deployments. */
function pipelinesOf(state: ClusterState, model: Model): string[] {
	const ids = [
		model.model_id,
		...state.aliasesOf(model.model_id),
		...state.deploymentsOf(model.model_id).map((deployment) => deployment.deployment_id),
	];
	return [...new Set(ids.flatMap((id) => state.pipelinesNaming(id)))];
}

function ingestStats(pipelines: string[], { pipelineBytes }: Features): object {
	const zero = { count: 0, time_in_millis: 0, current: 0, failed: 0 };
	return {
		total: zero,
		pipelines: Object.fromEntries(
			pipelines.map((id) => [
				id,
				{
					...zero,
					...(pipelineBytes && {
						ingested_as_first_pipeline_in_bytes: 0,
						produced_as_first_pipeline_in_bytes: 0,
					}),
					processors: [{ inference: { type: 'inference', stats: zero } }],
				},
			]),
		),
	};
}

function deploymentStats(state: ClusterState, deployment: Deployment): object {
	const { features } = state;
	const shown = shownState(deployment);
	// docs/elasticsearch-behaviour.md, "Serverless"
	const hidden = state.knobs.serverlessHidesState;
	const reason =
		shown === 'failed'
			? 'All node routes are failed; see node route reason for details'
			: deployment.reason;
	return {
		...(features.deploymentIds && { deployment_id: deployment.deployment_id }),
		model_id: deployment.model_id,
		threads_per_allocation: deployment.threads_per_allocation,
		number_of_allocations: deployment.number_of_allocations,
		...(features.adaptive &&
			deployment.adaptive && { adaptive_allocations: printAdaptive(deployment.adaptive) }),
		queue_capacity: deployment.queue_capacity,
		...(!hidden && { state: shown }),
		...(reason !== undefined && { reason }),
		...(!hidden &&
			(shown === 'starting' || shown === 'started') && {
				allocation_status: allocationStatus(deployment),
			}),
		...(deployment.cache_size !== undefined && { cache_size: printBytes(deployment.cache_size) }),
		priority: deployment.priority,
		start_time: deployment.start_time,
		...whereCounted(deployment, 'error_count', 'error_count'),
		...whereCounted(deployment, 'rejected', 'rejected_execution_count'),
		...whereCounted(deployment, 'timeout_count', 'timeout_count'),
		...whereCounted(deployment, 'inference_count', 'inference_count'),
		peak_throughput_per_minute: sumOf(deployment, 'peak_throughput'),
		nodes: [...deployment.routes].map(([nodeId, route]) => ({
			...(!features.serverless && { node: nodeInfo(nodeId, state.knobs.nodes, features) }),
			...routeStats(route, deployment, state),
		})),
	};
}

/** Counts over all nodes appear only above zero. */
function whereCounted(deployment: Deployment, count: Count, name: string): object {
	const sum = sumOf(deployment, count);
	return sum > 0 ? { [name]: sum } : {};
}

/** How many allocations run, of how many (docs/elasticsearch-behaviour.md, "Stats: shape of an entry"). */
export function allocationStatus(deployment: Deployment): {
	allocation_count: number;
	target_allocation_count: number;
	state: 'starting' | 'started' | 'fully_allocated';
} {
	const running = runningAllocations(deployment);
	const target = deployment.number_of_allocations;
	const state = running >= target ? 'fully_allocated' : running === 0 ? 'starting' : 'started';
	return { allocation_count: running, target_allocation_count: target, state };
}

function nodeInfo(nodeId: string, nodes: MlNode[], features: Features): object {
	const position = Math.max(
		0,
		nodes.findIndex((node) => node.id === nodeId),
	);
	return {
		[nodeId]: {
			name: nodes[position]?.name ?? nodeId,
			ephemeral_id: `${nodeId.slice(0, 20)}-e`,
			transport_address: `10.0.0.${10 + position}:9300`,
			external_id: nodes[position]?.name ?? nodeId,
			attributes: attributesOf(nodes[position], features),
			roles: ['ml'],
			version: features.number,
			min_index_version: 7_000_099,
			max_index_version: 8_512_000,
		},
	};
}

/** A node's attributes (docs/elasticsearch-behaviour.md, "Recorded answers"). */
function attributesOf(node: MlNode | undefined, features: Features): Record<string, string> {
	const { memoryBytes = 0, processors = 0 } = node ?? {};
	return {
		'xpack.installed': 'true',
		'ml.allocated_processors': String(processors),
		'ml.machine_memory': String(memoryBytes),
		'ml.max_jvm_size': String(Math.floor(memoryBytes / 4)),
		...(features.memoryFields && {
			'ml.config_version': '12.0.0',
			'transform.config_version': '10.0.0',
			'ml.allocated_processors_double': processors.toFixed(1),
		}),
	};
}

function routeStats(
	route: Route,
	deployment: Deployment,
	{ clock, features }: ClusterState,
): object {
	const routing = {
		routing_state: route.state,
		...(route.reason !== '' && { reason: route.reason }),
	};
	if (route.state !== 'started') {
		return { routing_state: routing, peak_throughput_per_minute: 0, throughput_last_minute: 0 };
	}
	const lately = (at: number): boolean => at > clock.now() - MINUTE;
	const recent = route.recent.filter(lately).length;
	const average = route.average_inference_time_ms;
	return {
		routing_state: routing,
		inference_count: route.inference_count,
		...(average !== undefined && {
			average_inference_time_ms: average,
			average_inference_time_ms_excluding_cache_hits: average,
		}),
		inference_cache_hit_count: route.cache_hits,
		...(route.last_access !== undefined && { last_access: route.last_access }),
		number_of_pending_requests: route.pending_requests,
		...(route.error_count > 0 && { error_count: route.error_count }),
		...(route.rejected > 0 && { rejected_execution_count: route.rejected }),
		...(route.timeout_count > 0 && { timeout_count: route.timeout_count }),
		...(route.start_time !== undefined && { start_time: route.start_time }),
		...(!route.process_killed && {
			threads_per_allocation: deployment.threads_per_allocation,
			number_of_allocations: route.current,
		}),
		peak_throughput_per_minute: route.peak_throughput,
		throughput_last_minute: route.throughput_last_minute + recent,
		...(average !== undefined && recent > 0 && { average_inference_time_ms_last_minute: average }),
		inference_cache_hit_count_last_minute: route.recent_hits.filter(lately).length,
		...(features.processMemory &&
			average !== undefined && {
				average_inference_process_memory_rss_bytes: PROCESS_OVERHEAD + deployment.model_bytes,
			}),
	};
}
