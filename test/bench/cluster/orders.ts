import type { EmbeddedCluster } from '../../cluster';

/** How to get into a cluster. */
export type Access = Pick<EmbeddedCluster, 'endpoint' | 'apiKey' | 'caPem' | 'user'>;

/** What a cluster counted since the last look. */
export interface Counts {
	requests: number;
	/** Of the answers' bodies. */
	bytes: number;
	/** Connections that clients opened. */
	connections: number;
	/** Most requests in flight at the same moment. */
	atOnce: number;
}

export interface ClusterSettings {
	tls: boolean;
	/** Milliseconds that each answer takes longer. */
	latencyMs: number;
}

/** What the bench asks of the process in which the embedded cluster lives. */
export interface Orders {
	/** Ends the cluster that is there, and starts an empty one. */
	open(settings: ClusterSettings): Promise<Access>;
	/** Adds running deployments of one allocation, `bench-0` and so on, each of a model of its own. */
	fill(count: number): Promise<void>;
	/** Adds `bench-0` anew, starting, and lets it be ready at its look with this number. */
	startAtLook(look: number): Promise<void>;
	/** Counts, and begins anew. */
	take(): Promise<Counts>;
	close(): Promise<void>;
}

/** An order on its way to the other process. */
export interface Sent {
	number: number;
	name: keyof Orders;
	given: unknown[];
}

export interface Answered {
	number: number;
	value?: unknown;
	error?: string;
}

export function idOf(place: number): string {
	return `bench-${place}`;
}
