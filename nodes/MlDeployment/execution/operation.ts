import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { InferenceEndpoint } from '../../elasticsearch/api/inference';
import type { WaitFor } from '../../elasticsearch/deployment/judge';
import type { Connection, ConnectionSettings } from '../../elasticsearch/transport/connection';
import type { FlowFailure } from '../../elasticsearch/flows/failure';
import type { Result } from '../../elasticsearch/transport/failure';
import type { Subject, Unexpected } from '../errors/rule';
import type { Targets } from '../../elasticsearch/flows/target';
import type { Watch } from '../../elasticsearch/flows/watch';
import type { ItemInput } from '../parameters/itemParameters';
import type { ItemJournal, StopEntry } from './stopEntry';

/** What a job needs while it runs; the items of an execution share most of it. */
export interface RunContext {
	connection: Connection;
	watch: Watch;
	/** The deployments that texts are for, and the fields of their models, each looked up once. */
	targets: Targets;
	/** Whether a request may wake a deployment at zero; an agent needs permission for that. */
	mayWake: boolean;
	/** The cluster's inference endpoints, looked up once; null if they cannot be read. */
	endpoints(): Promise<InferenceEndpoint[] | null>;
	/** The same, but with the failure to read them; null only if the key may not read them. */
	endpointsOnce(): Promise<Result<InferenceEndpoint[] | null>>;
	/** The same, but read again, with retries, because they decide what is changed. */
	endpointsForSure(): Promise<Result<InferenceEndpoint[] | null>>;
	/**
	 * Runs work one at a time, in the order of the calls: starts go out in input order, so that the
	 * first items get the capacity.
	 */
	inTurn<T>(work: () => Promise<T>): Promise<T>;
	/** Notes how long a wait took, for the hint below the node's output. */
	waited(wait: Wait): void;
	/** Whether the run has ended with a failure, so that nothing new may begin. */
	isHalted(): boolean;
	/** What this run stopped, in this try and in earlier ones. */
	journal: ItemJournal;
	/** What earlier runs of this workflow and this one stopped on the same cluster. */
	memory: ClusterMemory;
}

/** What the workflow remembers for one cluster. */
export interface ClusterMemory {
	/** The JSON text of the restore object; undefined if nothing is remembered for the id. */
	recall(id: string): string | undefined;
	/** Oldest first. */
	stopped(): Array<{ id: string; restore: string }>;
	/** Ids that had to make room. */
	dropped(): string[];
	/** Ids whose restore object this version cannot read. */
	unread(): string[];
	/** Whether the workflow ever stopped something on this cluster. */
	isUsed(): boolean;
	/** Whether such an id is remembered for another cluster, or another address of this one. */
	isKnownElsewhere(isMeant: (id: string) => boolean): boolean;
	/** Whether a newer version of this package wrote it, so that it cannot be read. */
	readonly isNewer: boolean;
	/** Notes that the workflow stops on this cluster, even if there is nothing to stop. */
	visit(): void;
	/** Notes that it runs; it is forgotten when the run has ended well for it. */
	forget(id: string): void;
	/** Notes that nobody wants it back; it is forgotten when the run has ended without a failure. */
	giveUp(id: string): void;
}

export interface Wait {
	id: string;
	reached: WaitFor;
	seconds: number;
	/** The deployment's state at the end, in a few words. */
	last: string;
}

/** One output item. */
export interface Success {
	json: IDataObject;
	/** What was changed, e.g. "stopped 'x'"; absent if nothing was. */
	did?: string;
	/** A sentence for the hint below the output. */
	hint?: string;
	/** What only the option Add Details shows. */
	details?: IDataObject;
	/** The part of a pattern that it is about, because it matches nothing. */
	unmatched?: string;
	/** Place in the journal of the stop whose restore object it holds. */
	stop?: number;
	/**
	 * Waits for the change, and returns the outcome that replaces this one. It is called when the
	 * item has made all its changes, so that a pattern waits for its matches together.
	 * @param done this outcome as it is by then
	 */
	wait?: (done: Success) => Promise<Outcome>;
}

export interface Failed {
	failure: FlowFailure | Unexpected;
	subject?: Subject;
	/** What was done before the failure, such as an update whose wait ran out of time. */
	done?: Success;
	/** The JSON text of the restore object that could not be started. */
	restore?: string;
}

export type Outcome = Success | Failed;

/**
 * Thrown in place of a request that would change anything, once the run has ended with a failure.
 * The job did nothing new, so it has nothing to report.
 */
export class RunEnded extends Error {}

/** Whether an outcome is a failure. */
export function isFailed(outcome: Outcome): outcome is Failed {
	return 'failure' in outcome;
}

/**
 * Which deployments a job may change. Jobs for one id keep the order of their items. A pattern may
 * match any id, so it keeps its order with all jobs.
 */
export type WriteScope = { id: string } | 'any' | 'none';

/**
 * The work of one item, whose fields are read and checked. `run` yields one outcome for each
 * deployment, and begins the next one only when the caller asks for its outcome.
 */
export interface Job {
	scope: WriteScope;
	settings: ConnectionSettings;
	run(context: RunContext): AsyncGenerator<Outcome, void, undefined>;
}

/** What the file of an operation exports. */
export interface Operation {
	option: INodePropertyOptions;
	/** Its fields and options, shown for this operation only. */
	fields: INodeProperties[];
	/** Whether an agent needs permission for it. */
	changes: boolean;
	/** What it has done to a deployment, e.g. "stopped"; of operations that change something. */
	past?: string;
	prepare(input: ItemInput): Job;
	/** Makes the output for a stop that no job reported; operations that stop need it. */
	recall?(entry: StopEntry): Success;
}
