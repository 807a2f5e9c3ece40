import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isFailed, type Failed, type Success, type Outcome, type WriteScope } from './operation';
import { isToRestore, type ItemJournal, type StopEntry } from './stopEntry';

interface Kept {
	/** It tells old data apart: 'Retry execution' keeps the data, but gets an id of its own. */
	executionId: string;
	runIndex: number;
	stops: StopEntry[];
	items: Array<{
		scope: WriteScope;
		/** What it has finished: all its outputs if it has ended, else only its changes. */
		done: Success[];
		/** Whether the whole item was finished, so that the next try skips it. */
		hasEnded: boolean;
	}>;
}

/**
 * What this run changed, over all tries. Retry On Fail runs the whole node again and drops the
 * outputs of the last try. If that try stopped a deployment, the deployment is absent now, and its
 * restore object would be lost. n8n's node context outlives a try and ends with the execution.
 */
export class Journal {
	private readonly stops: StopEntry[] = [];
	/** What the tries before left; undefined in the first one. */
	private readonly items?: Kept['items'];
	private readonly last = new Map<string, StopEntry>();

	private constructor(
		private readonly context: IDataObject | undefined,
		private readonly key: Pick<Kept, 'executionId' | 'runIndex'>,
	) {
		const kept = context?.journal as Kept | undefined;
		if (kept?.executionId !== key.executionId || kept.runIndex !== key.runIndex) return;
		for (const entry of kept.stops) this.add(entry);
		this.items = kept.items;
	}

	/** @param forAgent nothing is kept then: an agent may call its tool several times in one run */
	static open(host: IExecuteFunctions, forAgent: boolean): Journal {
		return new Journal(forAgent ? undefined : host.getContext('node'), {
			executionId: host.getExecutionId(),
			runIndex: Number(host.evaluateExpression('{{ $runIndex }}', 0)),
		});
	}

	/** The outputs that earlier tries left for an item; empty in the first try. */
	doneBefore(item: number): Success[] {
		return this.items?.[item]?.done ?? [];
	}

	/**
	 * The items that earlier tries finished, so that this try skips them. If an item runs again, so
	 * does each later item for the same deployment, because their order counts.
	 */
	doneItems(scopes: readonly WriteScope[]): ReadonlySet<number> {
		const done = new Set<number>();
		const again = new Set<string>();
		let isAnyAgain = false;
		scopes.forEach((scope, item) => {
			const before = this.items?.[item];
			const key = JSON.stringify(scope);
			const isSame = JSON.stringify(before?.scope) === key;
			const isBehind = isAnyAgain || again.has(key);
			if (before?.hasEnded === true && isSame && !isBehind) done.add(item);
			else if (scope === 'any') isAnyAgain = true;
			else if (scope !== 'none') again.add(key);
		});
		return done;
	}

	/** The journal as the job of one item sees it. */
	forItem(item: number): ItemJournal {
		const { stops, last } = this;
		return {
			lastStop: (id) => (last.get(id)?.isOver === false ? last.get(id) : undefined),
			stoppedByLater: (id) => {
				const entry = last.get(id);
				const isLater = entry !== undefined && isToRestore(entry) && entry.item > item;
				return isLater ? entry.item : undefined;
			},
			openStops: () => stops.filter((each) => each.state === 'open' && !each.isOver),
			knownStops: () =>
				[...last.values()].filter(({ state, isOver }) => state !== 'not_stopped' && !isOver),
			enter: (stop) => {
				const entry: StopEntry = {
					...stop,
					at: stops.length,
					item,
					state: 'open',
					isOver: false,
				};
				this.add(entry);
				return entry;
			},
			renew: (entry, stop) => Object.assign(entry, stop),
			adopt: (entry) => (entry.item = item),
			started: (id) => {
				const entry = last.get(id);
				if (entry !== undefined) entry.isOver = true;
			},
			isOwn: (entry) => entry.item === item,
		};
	}

	/**
	 * Makes sure that the outputs report each stop exactly once: in its last outcome, which knows
	 * most, else in the failure of its item, else in an outcome of its own.
	 * @param results of each item, in input order; changed in place
	 * @param told makes the outcome of a stop that no job reported
	 */
	report(results: Outcome[][], told: (entry: StopEntry) => Outcome): void {
		const teller = new Map<number, Outcome>();
		for (const outcome of results.flat()) {
			const at = stopIn(outcome);
			if (at === undefined) continue;
			const earlier = teller.get(at);
			if (earlier !== undefined) untell(earlier);
			teller.set(at, outcome);
			// Another item may have found out that the stop never ran.
			if (this.stops[at].state === 'not_stopped') untell(outcome);
		}
		for (const entry of this.stops) {
			const isTold = teller.has(entry.at);
			if (isTold || entry.state === 'not_stopped' || entry.state === 'gone') continue;
			const outcome = told(entry);
			const own = results[entry.item];
			const failed = own.find((each): each is Failed => mayHold(each, entry));
			if (failed !== undefined) {
				failed.done = isFailed(outcome) ? outcome.done : outcome;
			} else own.push(outcome);
		}
	}

	/** Keeps for the next try what this one changed; there may be a next try after any failure. */
	keep(tracks: ReadonlyArray<{ scope: WriteScope; results: readonly Outcome[] }>): void {
		if (this.context === undefined) return;
		const kept: Kept = {
			...this.key,
			stops: this.stops,
			items: tracks.map(({ scope, results }) => ({ scope, ...endedIn(scope, results) })),
		};
		this.context.journal = kept as unknown as IDataObject;
	}

	/**
	 * The restore objects of all that this run stopped or may have stopped, oldest first.
	 * @param unsure ids that this try started, but of which no output says that they run
	 */
	restores(unsure: ReadonlySet<string> = new Set()): IDataObject[] {
		return [...this.last.values()]
			.map((entry) => (unsure.has(entry.id) ? { ...entry, isOver: false } : entry))
			.filter(isToRestore)
			.map(({ restore }) => restore);
	}

	/** Drops what was kept, because no try follows a success. */
	forget(): void {
		if (this.context !== undefined) delete this.context.journal;
	}

	private add(entry: StopEntry): void {
		this.stops.push(entry);
		this.last.set(entry.id, entry);
	}
}

/** Place in the journal of the stop whose restore object an outcome holds. */
function stopIn(outcome: Outcome): number | undefined {
	return isFailed(outcome) ? outcome.done?.stop : outcome.stop;
}

/** Whether an outcome is a failure that may tell of a stop: it is about no other deployment. */
function mayHold(outcome: Outcome, { id }: StopEntry): boolean {
	if (!isFailed(outcome) || outcome.done !== undefined) return false;
	return (outcome.subject?.deploymentId ?? id) === id;
}

/** Takes the restore object out of an outcome, because another outcome reports that stop. */
function untell(outcome: Outcome): void {
	if (isFailed(outcome)) {
		outcome.done = undefined;
		return;
	}
	outcome.json = { ...outcome.json, restore: null };
	delete outcome.json.warnings;
}

/** What the next try keeps of an item. A pattern always runs again: it may match others by then. */
function endedIn(
	scope: WriteScope,
	results: readonly Outcome[],
): { done: Success[]; hasEnded: boolean } {
	const done = results.filter(
		(each): each is Success => !isFailed(each) && each.wait === undefined,
	);
	const hasEnded = scope !== 'any' && done.length > 0 && done.length === results.length;
	return { done: hasEnded ? done : changesIn(results), hasEnded };
}

/**
 * The finished changes of an item; everything else runs again. If the run ended before a wait, the
 * next try finds the deployment changed, and waits for it.
 */
function changesIn(results: readonly Outcome[]): Success[] {
	return results.filter(
		(result): result is Success =>
			!isFailed(result) && result.did !== undefined && result.wait === undefined,
	);
}

/**
 * The results of an item with one more. A result that only repeats what an earlier try did is
 * dropped; one that did something new replaces the older result for its deployment.
 * @param before how many of the results come from earlier tries
 */
export function withResult(results: Outcome[], result: Outcome, before: number): Outcome[] {
	const { deployment_id: id, reason } = isFailed(result) ? {} : result.json;
	const older = results.findIndex(
		(each, index) => index < before && !isFailed(each) && each.json.deployment_id === id,
	);
	const isNew = isFailed(result) || result.did !== undefined;
	// A pattern remembers nothing any more where an earlier try started all of it.
	const isUsedUp = id === null && reason === 'nothing_to_restore' && before > 0;
	if (!isNew && (older >= 0 || isUsedUp)) return results;
	return [...results.filter((_each, index) => index !== older), result];
}
