import type { IDataObject } from 'n8n-workflow';

import type { Settings } from '../../elasticsearch/deployment/deployment';

/**
 * One stop that this run sent. It is entered before `_stop` goes out, with all that a restore
 * needs, so that it survives whatever ends the try.
 */
export interface StopEntry {
	/** Its place in the journal. */
	readonly at: number;
	id: string;
	modelId: string;
	/** Index of the input item that sent it, or of the item that found out its end. */
	item: number;
	/**
	 * - `open`: it was sent, and its end is not known
	 * - `stopped`: it worked
	 * - `gone`: somebody else had stopped the deployment just before
	 * - `not_stopped`: it surely did not work
	 * - `restarted`: it may have worked, and somebody started the deployment again
	 */
	state: 'open' | 'stopped' | 'gone' | 'not_stopped' | 'restarted';
	/** Epoch milliseconds; like the keys below, from the snapshot of the `_stop` that counts. */
	startTime: number | null;
	before: Settings;
	restore: IDataObject;
	warnings: string[];
	/** Whether this run itself started the deployment again, so that the stop is history. */
	isOver: boolean;
}

/** Whether the deployment may be stopped because of it, so that its restore object brings it back. */
export function isToRestore({ state, isOver }: StopEntry): boolean {
	return !isOver && state !== 'not_stopped' && state !== 'restarted';
}

/** What a job enters about a stop. */
export type Stop = Pick<
	StopEntry,
	'id' | 'modelId' | 'startTime' | 'before' | 'restore' | 'warnings'
>;

/** The journal as the job of one item sees it: it reads all stops, and enters those of its item. */
export interface ItemJournal {
	/** The last stop that this run sent to a deployment, in this try or an earlier one. */
	lastStop(id: string): StopEntry | undefined;
	/** The item behind this one that stopped the deployment in an earlier try, or may have. */
	stoppedByLater(id: string): number | undefined;
	/** The stops of all items whose end is not known. */
	openStops(): StopEntry[];
	/** The last stop of each deployment that this run stopped or may have stopped. */
	knownStops(): StopEntry[];
	enter(stop: Stop): StopEntry;
	/** Takes a later snapshot: a restore brings back what ran right before the stop. */
	renew(entry: StopEntry, stop: Stop): void;
	/** Makes this item the one that reports the stop. */
	adopt(entry: StopEntry): void;
	/** Notes that this run started the deployment, so that a later stop of it is no repetition. */
	started(id: string): void;
	isOwn(entry: StopEntry): boolean;
}
