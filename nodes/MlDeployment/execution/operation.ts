import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { InferenceEndpoint } from '../../elasticsearch/api/inference';
import type { WaitFor } from '../../elasticsearch/deployment/judge';
import type { Connection, ConnectionSettings } from '../../elasticsearch/transport/connection';
import type { FlowFailure } from '../../elasticsearch/flows/failure';
import type { Result } from '../../elasticsearch/transport/failure';
import type { Subject, Unexpected } from '../errors/rule';
import type { Watch } from '../../elasticsearch/flows/watch';
import type { ItemInput } from '../parameters/itemParameters';
import type { ItemJournal, StopEntry } from './stopEntry';

/** What a job has at hand while it runs; shared by all items of an execution. */
export interface RunContext {
	connection: Connection;
	watch: Watch;
	/** The cluster's inference endpoints, looked up once; null where they cannot be read. */
	endpoints(): Promise<InferenceEndpoint[] | null>;
	/** The same, with the failure where they could not be read; null where the key may not read them. */
	endpointsOnce(): Promise<Result<InferenceEndpoint[] | null>>;
	/** The same, read anew, where they decide what is touched: that is worth repetitions. */
	endpointsForSure(): Promise<Result<InferenceEndpoint[] | null>>;
	/**
	 * Runs work one at a time, in the order in which it was asked for: starts are sent in input
	 * order, so that capacity goes to the first.
	 */
	inTurn<T>(work: () => Promise<T>): Promise<T>;
	/** Notes how long a wait took, for the line under the node's output. */
	waited(wait: Wait): void;
	/** Whether the run has ended with a failure, so that nothing further may be begun. */
	isHalted(): boolean;
	/** What this run stopped, in this try and in earlier ones. */
	journal: ItemJournal;
}

export interface Wait {
	id: string;
	reached: WaitFor;
	seconds: number;
	/** The deployment at the end, in a few words. */
	last: string;
}

/** One output item. */
export interface Success {
	json: IDataObject;
	/** What was changed, e.g. "stopped 'x'"; absent where nothing was. */
	did?: string;
	/** The stop in the journal whose restore it holds. */
	stop?: number;
	/**
	 * Waits for what was changed, and gives what stands in its place then. Called once all that the
	 * item changes is changed, so that a pattern waits for its matches together.
	 * @param done this, as it stands by then
	 */
	wait?: (done: Success) => Promise<Outcome>;
}

export interface Failed {
	failure: FlowFailure | Unexpected;
	subject?: Subject;
	/** What was done before it failed: an update whose waiting ran out of time. */
	done?: Success;
}

export type Outcome = Success | Failed;

/**
 * Thrown in place of a request that would change anything once the run has ended with a failure:
 * nothing further is begun, so there is nothing to tell.
 */
export class RunEnded extends Error {}

export function isFailed(outcome: Outcome): outcome is Failed {
	return 'failure' in outcome;
}

/**
 * Which deployments a job may change: jobs for one id keep the order of their items, and a
 * pattern keeps it with everything, since it may match any id.
 */
export type WriteScope = { id: string } | 'any' | 'none';

/**
 * One item's work, its fields read and checked. `run` yields what it did deployment by deployment;
 * whoever pulls decides whether the next one is begun.
 */
export interface Job {
	scope: WriteScope;
	settings: ConnectionSettings;
	run(context: RunContext): AsyncGenerator<Outcome, void, undefined>;
}

/** One operation is one file that exports one of these. */
export interface Operation {
	option: INodePropertyOptions;
	/** Fields and options, shown for this operation only. */
	fields: INodeProperties[];
	/** Whether an agent needs permission for it. */
	changes: boolean;
	prepare(input: ItemInput): Job;
	/** An output item for a stop of the journal that no job told of; for operations that stop. */
	recall?(entry: StopEntry): Success;
}
