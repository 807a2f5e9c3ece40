import type { Clock } from './clock';
import { ElasticError, noHandler } from '../rest/errors';
import type {
	AdaptiveAllocations,
	ClusterKnobs,
	EndpointSeed,
	MlNode,
	ModelSeed,
	Priority,
	RoutingState,
	StoppedDeployment,
} from '../types';
import type { Features } from '../settings/versions';

const GIB = 1024 ** 3;

export type Model = ModelSeed &
	Required<
		Pick<
			ModelSeed,
			'model_type' | 'size_bytes' | 'tags' | 'create_time' | 'definition' | 'task' | 'input_field'
		>
	>;

/** A deployment's share on one node, with what that node counted. */
export interface Route {
	current: number;
	target: number;
	state: RoutingState;
	reason: string;
	start_time?: number;
	last_access?: number;
	inference_count: number;
	pending_requests: number;
	error_count: number;
	rejected: number;
	timeout_count: number;
	throughput_last_minute: number;
	peak_throughput: number;
	average_inference_time_ms?: number;
	/** When inferences of the last minute came. */
	recent: number[];
	/** What was asked and answered before. */
	cache: Set<string>;
	cache_hits: number;
	/** When answers of the last minute came from the cache. */
	recent_hits: number[];
	process_killed: boolean;
	/** It stays `stopping`, although no process is left. */
	stuck: boolean;
}

export interface Deployment {
	deployment_id: string;
	model_id: string;
	model_bytes: number;
	threads_per_allocation: number;
	number_of_allocations: number;
	queue_capacity: number;
	/** Exact bytes; `_stats` shows them cut to one decimal. */
	cache_size?: number;
	/** As the assignment shows it: exact, in the unit in which it was given. */
	cache_size_text?: string;
	priority: Priority;
	per_deployment_memory_bytes: number;
	per_allocation_memory_bytes: number;
	routes: Map<string, Route>;
	/** As in the cluster state: `failed` exists only in `_stats` (docs/elasticsearch-behaviour.md, "Stats: shape of an entry"). */
	assignment_state: 'starting' | 'started' | 'stopping';
	reason?: string;
	start_time: number;
	/** Shown in place of `start_time` where a seed gave microseconds. */
	start_time_text?: string;
	max_assigned_allocations: number;
	adaptive: AdaptiveAllocations | null;
	/** What arrives, in allocations' worth of work; undefined holds the number. */
	load?: number;
	last_scale_up?: number;
	drain_ms: number;
	never_starts: boolean;
	/** Set while a stop runs; resolves when the deployment is gone. */
	stopping?: Promise<void>;
}

export type Endpoint = EndpointSeed &
	Required<Pick<EndpointSeed, 'task_type' | 'service'>> & {
		/** Its creation failed half-way: there is no deployment, and none starts by itself. */
		orphan?: boolean;
	};

/** Two nodes with 8 processors and 16 GiB each. */
export const DEFAULT_NODES: MlNode[] = [
	{ id: 'uckeG3R8TLe2MMNBQ6AGrw', name: 'ml-0', processors: 8, memoryBytes: 16 * GIB },
	{ id: 'mEqHjMSIRNSGUbyq8UYjSg', name: 'ml-1', processors: 8, memoryBytes: 16 * GIB },
];

/** All that the cluster knows; the modules beside this one say how it changes. */
export class ClusterState {
	readonly models = new Map<string, Model>();
	readonly deployments = new Map<string, Deployment>();
	/** Pipeline id to the id that its inference processor names. */
	readonly pipelines = new Map<string, string>();
	/** Alias to model id. */
	readonly aliases = new Map<string, string>();
	readonly endpoints = new Map<string, Endpoint>();
	/** Ids of deployments that got lost at zero (docs/elasticsearch-behaviour.md, "Versions: timeline"). */
	readonly lost = new Set<string>();
	/** Requests that wait for a deployment to wake up. */
	waiting = 0;
	/** What `_stop` requests took out of service, for tests. */
	readonly stopped: StoppedDeployment[] = [];

	private readonly watchers = new Set<() => void>();

	constructor(
		readonly clock: Clock,
		readonly features: Features,
		readonly knobs: ClusterKnobs,
	) {}

	deploymentsOf(modelId: string): Deployment[] {
		return [...this.deployments.values()]
			.filter((deployment) => deployment.model_id === modelId)
			.sort((a, b) => (a.deployment_id < b.deployment_id ? -1 : 1));
	}

	aliasesOf(modelId: string): string[] {
		return [...this.aliases].filter(([, model]) => model === modelId).map(([alias]) => alias);
	}

	pipelinesNaming(id: string): string[] {
		return [...this.pipelines].filter(([, named]) => named === id).map(([pipeline]) => pipeline);
	}

	/** The endpoint that created this deployment: one of Elasticsearch's own services with its very id (docs/elasticsearch-behaviour.md, "Update: order of checks"). */
	ownerOf(deploymentId: string): Endpoint | undefined {
		const endpoint = this.endpoints.get(deploymentId);
		return endpoint && ownsDeployments(endpoint) ? endpoint : undefined;
	}

	/** Throws where the index of the endpoints cannot be searched (docs/elasticsearch-behaviour.md, "Update: order of checks"). */
	requireEndpoints(): void {
		if (!this.knobs.inferenceIndexDown) return;
		throw new ElasticError(503, 'search_phase_execution_exception', 'all shards failed');
	}

	/** Resolves at the next change of an assignment. */
	async nextChange(): Promise<void> {
		await new Promise<void>((resolve) => this.watchers.add(resolve));
	}

	changed(): void {
		const watchers = [...this.watchers];
		this.watchers.clear();
		for (const watcher of watchers) watcher();
	}

	/** Throws "no handler found" where machine learning is switched off. */
	requireMl(uri: string, method: string): void {
		if (!this.knobs.mlEnabled) throw noHandler(uri, method);
	}
}

/** Whether an endpoint runs on a deployment of its own. */
export function ownsDeployments(endpoint: Endpoint): boolean {
	const own = endpoint.service === 'elasticsearch' || endpoint.service === 'elser';
	return own && (endpoint.deployment_id ?? endpoint.inference_id) === endpoint.inference_id;
}

/** A fresh route without counts. */
export function newRoute(allocations: number, state: RoutingState = 'starting'): Route {
	return {
		current: allocations,
		target: allocations,
		state,
		reason: '',
		inference_count: 0,
		pending_requests: 0,
		error_count: 0,
		rejected: 0,
		timeout_count: 0,
		throughput_last_minute: 0,
		peak_throughput: 0,
		recent: [],
		cache: new Set(),
		cache_hits: 0,
		recent_hits: [],
		process_killed: false,
		stuck: false,
	};
}
