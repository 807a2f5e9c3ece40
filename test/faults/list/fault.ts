import type { Purpose } from '../../../nodes/elasticsearch/transport/failure';

/** What a node gets of an error that n8n's helper throws: a NodeApiError around that of axios. */
export interface Thrown {
	message: string;
	httpCode: string;
	cause: { name: string; code: string; message: string };
}

/** In a body, the place of the key that came with the request. */
export const KEY = '{key}';

/** A body with the key of the request in its place. */
export function echoed(body: unknown, key: string): unknown {
	return typeof body === 'string' ? body.replaceAll(KEY, key) : body;
}

/** What n8n's request helper gives a node for a fault; the recorder compares it with the helper. */
export type Given =
	| { is: 'answer'; status: number; headers: Record<string, string>; body: unknown }
	| { is: 'thrown'; thrown: Thrown }
	/** Nothing, until somebody gives up. */
	| { is: 'nothing' };

/**
 * What a fault tells about the request that met it:
 * - `unsent`: it surely never ran, and the fault passes
 * - `lost`: it may have run, and the fault passes
 * - `late`: it may have run, and another try would take as long
 * - `unreadable`: it may have run, and another try would most likely meet the same
 * - `turned away`: most likely it never reached the cluster
 * - `throttled`: the same, and the fault passes
 * - `kept out`: it surely never ran, and the fault does not pass
 * - `refused`: Elasticsearch looked at it and refused
 */
export type Kind =
	'unsent' | 'lost' | 'late' | 'unreadable' | 'turned away' | 'throttled' | 'kept out' | 'refused';

/** The beginning of the message, and a part of the description that says what to do. */
export type Words = readonly [message: string, next: string];

export interface Fault {
	name: string;
	kind: Kind;
	given: Given;
	/** What a person reads where the request fails for good; `{It}` stands for the deployment. */
	words: Words;
	/** Other words for requests of a certain purpose. */
	wordsFor?: Partial<Record<Purpose, Words>>;
	/** Only requests of these purposes can meet it; all if absent. */
	only?: readonly Purpose[];
	/** The node takes it for the same as another one, so that the matrix leaves it out. */
	onlyOnWire?: true;
}

/**
 * Whether the cluster may have carried out a request although it met a fault of this kind. What was
 * turned away most likely was not: only a look behind it could show that.
 */
export function mayHaveRun(kind: Kind, isLookedFor: boolean): boolean {
	if (kind === 'turned away' || kind === 'throttled') return isLookedFor;
	return ['lost', 'late', 'unreadable'].includes(kind);
}

/** Whether a read that met a fault of this kind is sent again. */
export function isRepeated(kind: Kind): boolean {
	return ['unsent', 'lost', 'throttled'].includes(kind);
}
