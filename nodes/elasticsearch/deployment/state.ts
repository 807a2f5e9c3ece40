/** A deployment as the rest of the code knows it: what was read at the border from `_stats`. */

import type { IDataObject } from 'n8n-workflow';

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

/** What the cluster knows under one id. */
export type Lookup =
	| { found: 'deployment'; deployment: Deployment }
	/** A model, none of whose deployments runs. */
	| { found: 'not_deployed'; modelId: string; entry: StatsEntry }
	/** A model or alias whose deployments have other ids. */
	| { found: 'other_ids'; modelId: string; deploymentIds: string[] }
	| { found: 'nothing' };

/** An id that names no deployment. */
export type Absent = Exclude<Lookup, { found: 'deployment' }>;
