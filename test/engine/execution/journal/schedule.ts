import type { AdaptiveAllocations, ClusterVersion } from '../../../cluster';

/** The deployments of the cluster; `own-1` belongs to an inference endpoint. */
export const IDS = ['ap-1', 'ap-2', 'bq-1', 'own-1'] as const;
export type Id = (typeof IDS)[number];

/** Minutes of the guards; what is young or was used just now lies far below. */
export const GUARD_MINUTES = 30;
/** Minutes, far beyond the guards. */
export const LONG_AGO = 600;

/** How a deployment stands when the run begins. */
export interface Standing {
	/** Under its model's id, or under one of its own: once it is gone, `_stats` answers otherwise. */
	model: 'own' | 'other';
	threads: number;
	number: number;
	adaptive: AdaptiveAllocations | null;
	startedMinutesAgo: number;
	used: 'never' | 'longAgo' | 'justNow' | 'waiting';
	inPipeline: boolean;
}

export type Item = { id: string } | { pattern: string; max: number };

export interface Options {
	force?: boolean;
	exclude?: string;
	minAgeMinutes?: number;
	onlyIfIdleMinutes?: number;
	allowNoMatch?: boolean;
	includeEndpointOwned?: boolean;
	ignoreMissing?: boolean;
	maxConcurrency?: number;
	retries: number;
	requestTimeout: number;
}

export type TroubleKind =
	| 'reset'
	| 'hang'
	| 'proxy502'
	| 'proxy503'
	| 'proxy504'
	| 'proxy404'
	| 'proxy429'
	| 'redirect'
	| 'unauthorized'
	| 'noMaster'
	| 'breaker';

/** A request that goes wrong. */
export interface Trouble {
	on: 'stop' | 'look' | 'list' | 'endpoints';
	/** Of `stop` and `look`. */
	id: Id;
	kind: TroubleKind;
	/** Whether the cluster carried it out all the same; a stop may take so many milliseconds then. */
	ran: boolean | number;
	skip: number;
	times: number;
}

/** What other people do to a deployment. */
export type Deed =
	| { do: 'restart' }
	/** Stopped where it runs, and started with other settings; `earlier` than the one before by the cluster's clock. */
	| { do: 'startOther'; threads: number; number: number; earlier: boolean }
	| { do: 'remove' }
	| { do: 'scale'; number: number }
	| { do: 'use'; waiting: boolean };

/**
 * A deed, done while a `_stats` request is there that shows the deployment, before it is handled: no
 * node can know of what happens between its look and its `_stop`. Where it makes no sense yet (the
 * deployment is absent, or stops just now) it waits for a later look.
 */
export interface Intervention {
	id: Id;
	deed: Deed;
	/** Looks count from the beginning, once the node has asked for its stop, or once that had its effect. */
	from: 'begin' | 'asked' | 'stopped';
	skip: number;
}

/** One run of the node, and all that happens to it. */
export interface Schedule {
	operation: 'stop' | 'scale';
	version: ClusterVersion;
	overlappingStops: 'wait' | 'fail';
	deployments: Record<Id, Standing | null>;
	/** All by id, or all by pattern: the target is one for all items. */
	items: Item[];
	options: Options;
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	tries: number;
	troubles: Trouble[];
	interventions: Intervention[];
	/** The user stops the execution so long after so many requests. */
	cancel: { requests: number; delayMs: number } | null;
}
