import type { AdaptiveAllocations } from './state';

/** What is to run. What is undefined is left to the cluster, and not compared. */
export interface StartSpec {
	modelId: string;
	deploymentId: string;
	numberOfAllocations?: number;
	adaptive?: AdaptiveAllocations;
	threadsPerAllocation?: number;
	queueCapacity?: number;
	priority?: string;
	/** A byte-size text, e.g. "10kb". */
	cacheSize?: string;
	/** From a restore object: adaptive bounds that are absent are meant to be absent. */
	exact?: boolean;
}
