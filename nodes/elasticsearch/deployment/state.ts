/** A deployment as the code knows it, read from `_stats` by api/stats.ts. */

import type { IDataObject } from 'n8n-workflow';

export interface AdaptiveAllocations {
	enabled: boolean;
	min_number_of_allocations?: number;
	max_number_of_allocations?: number;
}

/** `unknown` if the cluster shows neither the state nor routes that tell it. */
export type DeploymentState = 'starting' | 'started' | 'stopping' | 'failed' | 'unknown';

/** The deployment on one node, running there or still to come. */
export interface Route {
	state: string;
	reason?: string;
	/** How many allocations run there; null if the cluster does not say. */
	allocations: number | null;
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
	/** How many are asked for; 0 if it is scaled to zero. */
	numberOfAllocations: number;
	/** How many run; 0 while it is stopping, failed or unknown. */
	runningAllocations: number;
	allocationState: string | null;
	threadsPerAllocation: number;
	priority: string;
	queueCapacity: number | null;
	/** As `_stats` prints it, cut to one decimal: "253.3mb". */
	cacheSize: string | null;
	adaptive: AdaptiveAllocations | null;
	startTime: number | null;
	routes: Route[];
	/** The lowest version of its nodes; null at zero allocations and on Serverless. */
	nodeVersion: string | null;
	inferenceCount: number;
	errorCount: number;
	rejectedCount: number;
	modelSizeBytes: number | null;
	/** Ingest pipelines of the model; null if the entry does not name them. */
	pipelines: string[] | null;
	/** The `_stats` entry as it came. */
	raw: IDataObject;
}

/** One entry of `trained_model_stats`: a model, with at most one of its deployments. */
export interface StatsEntry {
	modelId: string;
	deployment?: Deployment;
	raw: IDataObject;
}

/** What the cluster knows under one id. */
export type Lookup =
	| { found: 'deployment'; deployment: Deployment }
	/** A model without a deployment. */
	| { found: 'not_deployed'; modelId: string; entry: StatsEntry }
	/** A model or alias whose deployments have other ids. */
	| { found: 'other_ids'; modelId: string; deploymentIds: string[] }
	| { found: 'nothing' };

/** An id that names no deployment. */
export type Absent = Exclude<Lookup, { found: 'deployment' }>;
