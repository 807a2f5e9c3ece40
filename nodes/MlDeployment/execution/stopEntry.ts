import type { IDataObject } from 'n8n-workflow';

import type { Settings } from '../../elasticsearch/deployment/deployment';

/**
 * One stop that this run sent. It is entered before `_stop` goes out, with all that it takes to bring
 * the deployment back, so that nothing that ends a try can lose it.
 */
export interface StopEntry {
	/** Its place in the journal. */
	readonly at: number;
	id: string;
	modelId: string;
	/** Index of the input item that it was sent for, or of the item that found out its end. */
	item: number;
	/**
	 * - `open`: sent, and its end is not known
	 * - `stopped`: it worked
	 * - `gone`: somebody else had stopped the deployment just before
	 * - `not_stopped`: it surely did not
	 * - `restarted`: it may have worked, and somebody started the deployment again
	 */
	state: 'open' | 'stopped' | 'gone' | 'not_stopped' | 'restarted';
	/** Of the look right before the `_stop` that counts, like all below. Epoch milliseconds. */
	startTime: number | null;
	before: Settings;
	restore: IDataObject;
	warnings: string[];
	/** This run itself started the deployment again, so this stop is history. */
	isOver: boolean;
}

/** What the journal holds of a stop as it is entered. */
export type Stop = Pick<
	StopEntry,
	'id' | 'modelId' | 'startTime' | 'before' | 'restore' | 'warnings'
>;

/** What one job sees of the journal: all that was entered, and its own item for what it enters. */
export interface ItemJournal {
	/** The last stop of a deployment that this run sent, in this try or an earlier one. */
	lastStop(id: string): StopEntry | undefined;
	/** Stops of any item whose end is not known. */
	openStops(): StopEntry[];
	/** The last stop of each deployment that this run stopped, or may have stopped. */
	knownStops(): StopEntry[];
	enter(stop: Stop): StopEntry;
	/** A look made later than the one entered: what is restored is how it was right before the stop. */
	renew(entry: StopEntry, stop: Stop): void;
	/** Makes this item the one that tells of the stop. */
	adopt(entry: StopEntry): void;
	/** Notes that this run started the deployment, so that a further stop of it is no second one. */
	started(id: string): void;
	isOwn(entry: StopEntry): boolean;
}
