import type {
	AdaptiveAllocations,
	AssignmentState,
	NlpTask,
	Priority,
	RoutingState,
} from './options';

export interface ModelSeed {
	model_id: string;
	/** Default `pytorch`. */
	model_type?: string;
	size_bytes?: number;
	description?: string;
	tags?: string[];
	create_time?: number;
	per_deployment_memory_bytes?: number;
	per_allocation_memory_bytes?: number;
	/** How complete the stored definition is; all but `complete` make `_start` fail. */
	definition?: 'complete' | 'missing' | 'truncated' | 'downloading' | 'no_location';
	/** The native process fails on every node with this reason. */
	start_failure?: string;
	/** Its nodes never get the resources, for this reason. */
	start_exhausted?: string;
	/** Default `text_expansion`. */
	task?: NlpTask;
	/** The field of a document that it reads; default `text_field`. */
	input_field?: string;
	/** How many words it takes in; default 510. Longer texts are cut. */
	max_words?: number;
	/** What it tells apart, for classification; default NEGATIVE and POSITIVE. */
	labels?: string[];
	/** Length of its vectors, default 384. */
	embedding_size?: number;
	/** Each inference fails in the native process, for this reason. */
	infer_failure?: string;
	/** Each inference answers with this warning in place of a value. */
	infer_warning?: string;
}

export interface RouteSeed {
	node_id?: string;
	allocations?: number;
	target_allocations?: number;
	state?: RoutingState;
	reason?: string;
	start_time?: number;
	last_access?: number;
	inference_count?: number;
	pending_requests?: number;
	error_count?: number;
	rejected?: number;
	timeout_count?: number;
	throughput_last_minute?: number;
	average_inference_time_ms?: number;
	/** The native process was killed: the node tells no settings any more. */
	process_killed?: boolean;
}

export interface DeploymentSeed {
	deployment_id: string;
	/** Default: the deployment id. An unknown model is created. */
	model_id?: string;
	/** Of a model that is created with it. */
	task?: NlpTask;
	model_bytes?: number;
	number_of_allocations?: number;
	threads_per_allocation?: number;
	queue_capacity?: number;
	priority?: Priority;
	/** Bytes, or a size such as `10kb`; default the model's size. */
	cache_size?: number | string;
	adaptive_allocations?: AdaptiveAllocations | null;
	state?: AssignmentState;
	reason?: string;
	/** Epoch ms, or an ISO string that the assignment then shows to the letter. */
	start_time?: number | string;
	max_assigned_allocations?: number;
	/** Counters, put on the first route. */
	last_access?: number;
	pending_requests?: number;
	inference_count?: number;
	error_count?: number;
	rejected?: number;
	timeout_count?: number;
	throughput_last_minute?: number;
	average_inference_time_ms?: number;
	/** An inference endpoint of the same name created it (the endpoint is created too). */
	created_by_endpoint?: boolean;
	/** Routes to the letter; default: placed by the planner. */
	routes?: RouteSeed[];
	/** How many allocations' worth of requests arrive; what the adaptive scaler sees. Absent: enough to hold the number. */
	load?: number;
	/** How long `finish_pending_work` takes while requests are pending; default 60 s. */
	drain_ms?: number;
	/** Keeps starting for ever, e.g. for timeouts. */
	never_starts?: boolean;
}

export interface EndpointSeed {
	inference_id: string;
	/** Default `sparse_embedding`. */
	task_type?: string;
	/** An existing deployment that the endpoint is attached to; absent: its own, named like the endpoint. */
	deployment_id?: string;
	/** Default: that of the built-in endpoint of its task. */
	model_id?: string;
	/** A preconfigured endpoint: its deployment starts again on first use. */
	default?: boolean;
	/** Default `elasticsearch`. Other services own no deployment. */
	service?: string;
	num_allocations?: number;
	num_threads?: number;
	adaptive_allocations?: AdaptiveAllocations | null;
	/** false: leave out the deployment that the endpoint owns (not started yet). */
	deployed?: boolean;
	/** Shown where given. */
	task_settings?: Record<string, unknown>;
	/** Default: those of embedding tasks. null: an endpoint older than such settings. */
	chunking_settings?: Record<string, unknown> | null;
}
