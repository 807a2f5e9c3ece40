/** The faces of the embedded cluster that tests see. */
import type { FaultRule } from './faults/faultRule';
import type {
	AdaptiveAllocations,
	AssignmentState,
	ClusterKnobs,
	Priority,
	RoutingState,
} from './settings/options';
import type { DeploymentSeed, EndpointSeed, ModelSeed } from './settings/seeds';

export type * from './faults/faultRule';
export type * from './settings/options';
export type * from './settings/seeds';

export interface RouteView {
	node_id: string;
	current_allocations: number;
	target_allocations: number;
	state: RoutingState;
	reason?: string;
	start_time?: number;
	last_access?: number;
	pending_requests: number;
	inference_count: number;
}

/** A look at a deployment for assertions; a copy, taken after all that was due has run. */
export interface DeploymentView {
	deployment_id: string;
	model_id: string;
	/** As `_stats` says it. */
	state: AssignmentState;
	reason?: string;
	number_of_allocations: number;
	running_allocations: number;
	target_allocations: number;
	threads_per_allocation: number;
	queue_capacity: number;
	priority: Priority;
	cache_size_bytes?: number;
	adaptive_allocations: AdaptiveAllocations | null;
	start_time: number;
	last_access?: number;
	pending_requests: number;
	inference_count: number;
	created_by_endpoint: boolean;
	routes: RouteView[];
}

/** What a `_stop` request took out of service, as it stood right before. */
export interface StoppedDeployment extends DeploymentView {
	/** By the cluster's clock. */
	at: number;
}

export interface LoggedRequest {
	method: string;
	/** As it came over the wire: base path included, nothing decoded, no query. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string | string[] | undefined>;
	/** Parsed where it is JSON, else the text; undefined without a body. */
	body: unknown;
	/** 0 while unanswered, and where the answer was lost. */
	status: number;
	/** By the cluster's clock. */
	at: number;
	/** Of the answer's body; 0 where no answer of the cluster itself came. */
	bytes: number;
}

/** A request that comes over no wire. */
export interface InjectedRequest {
	method: string;
	/** Encoded as it would come over the wire, without the query. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** JSON, or empty. */
	text: string;
}

export interface InjectedAnswer {
	status: number;
	body: unknown;
}

export interface EmbeddedCluster {
	/** Without a trailing slash. */
	readonly endpoint: string;
	/** The encoded key (base64 of id:secret) that may do everything. */
	readonly apiKey: string;
	/** PEM of the CA that signed the server's certificate, with `tls`. */
	readonly caPem?: string;
	/** The built-in superuser, for Basic authentication. */
	readonly user: { username: string; password: string };
	/** Returns the encoded key. */
	createApiKey(options: { privileges: string[]; expired?: boolean; name?: string }): string;
	addModel(model: ModelSeed): void;
	/** An id that exists is replaced. */
	addDeployment(deployment: DeploymentSeed): void;
	/** An ingest pipeline whose inference processor names this id (model, deployment or alias). */
	addPipeline(pipeline: { id: string; model_id: string }): void;
	addAlias(alias: { model_alias: string; model_id: string }): void;
	addInferenceEndpoint(endpoint: EndpointSeed): void;
	/** Something happens to a deployment behind the client's back: counters, state, number, settings. */
	changeDeployment(deploymentId: string, changes: Partial<DeploymentSeed>): void;
	/** Somebody stops a deployment and starts it again: same settings, new start time. */
	restartDeployment(deploymentId: string): void;
	/** Somebody stops a deployment. */
	removeDeployment(deploymentId: string): void;
	/** An endpoint loses its deployment, and none starts by itself: its creation had failed half-way. */
	orphanEndpoint(inferenceId: string): void;
	/** An endpoint is deleted by force, and its deployment stays. */
	orphanDeployment(inferenceId: string): void;
	/** The processes of a deployment are gone, but its routes stay `stopping`. */
	leaveStopping(deploymentId: string): void;
	/** An ML node shuts down: its allocations move where there is room, and older versions lose what sleeps. */
	shutDownNode(nodeId: string): void;
	deployment(deploymentId: string): DeploymentView | undefined;
	deployments(): DeploymentView[];
	readonly requests: LoggedRequest[];
	/**
	 * Each deployment that a `_stop` request really stops, from the moment on at which it is marked as
	 * stopping, whatever becomes of the answer. `removeDeployment` is no request.
	 */
	readonly stopped: readonly StoppedDeployment[];
	/** Most requests in flight at the same moment since the last `resetLog()`. */
	maxInFlight(): number;
	/** Empties `requests` and `stopped`. */
	resetLog(): void;
	fault(fault: FaultRule): void;
	clearFaults(): void;
	/** Answers a request that comes over no wire; it meets no fault, and is in no log. */
	inject(request: InjectedRequest): Promise<InjectedAnswer>;
	/** Moves the clock and runs what is due on the way. */
	advance(ms: number): Promise<void>;
	now(): number;
	set(knobs: Partial<ClusterKnobs>): void;
	/** Ends hanging connections too. */
	close(): Promise<void>;
}
