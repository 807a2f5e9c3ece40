/** Each stands for a late patch of its line: settings/versions.ts. */
export type ClusterVersion =
	'8.6' | '8.12' | '8.16' | '8.19' | '9.0' | '9.2' | '9.5' | 'serverless';

export type AssignmentState = 'starting' | 'started' | 'stopping' | 'failed';
export type RoutingState = 'starting' | 'started' | 'stopping' | 'stopped' | 'failed';
export type Priority = 'normal' | 'low';

/** What a model does with a text (docs/elasticsearch-behaviour.md, "Inference"). */
export type NlpTask =
	| 'text_classification'
	| 'zero_shot_classification'
	| 'ner'
	| 'fill_mask'
	| 'text_embedding'
	| 'text_expansion'
	| 'text_similarity'
	| 'question_answering'
	| 'pass_through';

export interface MlNode {
	id: string;
	name: string;
	/** Allocated processors. */
	processors: number;
	/** Memory that machine learning may use on this node. */
	memoryBytes: number;
}

/** What a test may change while the cluster runs. */
export interface ClusterKnobs {
	nodes: MlNode[];
	/** The platform can grow nodes: a shortage gives 200 with a partial result instead of 429. */
	scalingPossible: boolean;
	/** How long after a shortage the platform adds a node. */
	growthDelayMs: number;
	/** How long after a change an allocation starts; 0 = at the next look. */
	allocationDelayMs: number;
	/** What a second `_stop` meets while the first one runs: it waits for it, or its removal fails with 500. */
	overlappingStops: 'wait' | 'fail';
	/** Without a master, requests wait so long before the 503 (a real cluster: 30 s); `master_timeout` in the request wins. */
	masterTimeoutMs: number;
	/** Idle time before the scaler goes to zero; default by version: 15 minutes, from 9.1 on 24 hours. */
	scaleToZeroMs?: number;
	/** No scale-down for so long after a scale-up. */
	scaleCooldownMs: number;
	maxDeployments: number;
	/** What a request to a deployment at zero meets: it waits for it, or gets 409 while the deployment wakes up. */
	wakeUp: 'wait' | 'refuse';
	/** How long an inference takes, by the cluster's clock; 0 = no time. */
	inferenceMs: number;
	/** What a timeout of the inference API answers; default by version. */
	inferenceTimeout?: 408 | 504 | 429;
	/** Whether deployments at zero get lost when another one starts or a node shuts down; default by version. */
	losesSleeping?: boolean;
	/** The index of the inference endpoints cannot be searched: what looks at them fails with 503. */
	inferenceIndexDown: boolean;
	/** `_stats` leaves out `state` and `allocation_status`; default on Serverless. */
	serverlessHidesState: boolean;
	/** The elected master is another node than the one that is asked: some errors lose their type. */
	remoteMaster: boolean;
	/** A feature reset runs: `_start` answers 409. */
	featureReset: boolean;
	licensed: boolean;
	masterPresent: boolean;
	upgradeInProgress: boolean;
	mlEnabled: boolean;
}

export interface ClusterOptions extends Partial<ClusterKnobs> {
	version?: ClusterVersion;
	tls?: boolean;
	/** 0 = any free port of 127.0.0.1. */
	port?: number;
	/** A path in front of all routes, as behind a reverse proxy, e.g. `/elastic`. */
	basePath?: string;
	security?: boolean;
	/** A clock that the test drives; without it real time plus what `advance` added. */
	now?: () => number;
}

export interface AdaptiveAllocations {
	enabled: boolean;
	min_number_of_allocations?: number;
	max_number_of_allocations?: number;
}
