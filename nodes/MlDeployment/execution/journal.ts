import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isFailed, type Success, type Outcome, type WriteScope } from './operation';
import type { ItemJournal, StopEntry } from './stopEntry';

interface Kept {
	/** A run by hand of 'Retry execution' brings the old data along, but has an id of its own. */
	executionId: string;
	runIndex: number;
	stops: StopEntry[];
	items: Array<{
		scope: WriteScope;
		/** What it changed and was done with; all of it where it has ended. */
		done: Success[];
		/** Whether all of it was done, so that a further try need not do it again. */
		hasEnded: boolean;
	}>;
}

/**
 * What this run changed, over all tries. Retry On Fail runs the whole node again and forgets what
 * the last try handed on: the restore object of a deployment that was stopped then would be lost,
 * since by now it is absent. n8n's node context outlives a try and ends with the execution.
 */
export class Journal {
	private readonly stops: StopEntry[] = [];
	private readonly items: Kept['items'] = [];
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

	/** @param forAgent an agent may call its tool several times within one run, and each time counts */
	static open(host: IExecuteFunctions, forAgent: boolean): Journal {
		return new Journal(forAgent ? undefined : host.getContext('node'), {
			executionId: host.getExecutionId(),
			runIndex: Number(host.evaluateExpression('{{ $runIndex }}', 0)),
		});
	}

	/** What earlier tries changed for an item; empty in the first. */
	doneBefore(item: number): Success[] {
		return this.items[item]?.done ?? [];
	}

	/**
	 * The items that earlier tries were done with, so that they are not done again. One that comes
	 * behind another which is done again, for the same deployment, is done again too: their order counts.
	 */
	doneItems(scopes: readonly WriteScope[]): ReadonlySet<number> {
		const done = new Set<number>();
		const again = new Set<string>();
		let isAnyAgain = false;
		scopes.forEach((scope, item) => {
			const before = this.items[item];
			const isSame = JSON.stringify(before?.scope) === JSON.stringify(scope);
			const id = typeof scope === 'object' ? scope.id : undefined;
			const isBehind = isAnyAgain || (id !== undefined && again.has(id));
			if (before?.hasEnded === true && isSame && !isBehind) done.add(item);
			else if (scope === 'any') isAnyAgain = true;
			else if (id !== undefined) again.add(id);
		});
		return done;
	}

	forItem(item: number): ItemJournal {
		const { stops, last } = this;
		return {
			lastStop: (id) => (last.get(id)?.isOver === false ? last.get(id) : undefined),
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
	 * Sees to it that each stop is told of exactly once: by the outcome that says most of it (the
	 * last one), else as part of its item's failure.
	 * @param results of each item, in input order; changed in place
	 */
	report(results: Outcome[][], told: (entry: StopEntry) => Outcome): void {
		const teller = new Map<number, Outcome>();
		for (const outcome of results.flat()) {
			const at = stopIn(outcome);
			if (at === undefined) continue;
			const earlier = teller.get(at);
			if (earlier !== undefined) untell(earlier);
			teller.set(at, outcome);
			// Another item found out that it never ran.
			if (this.stops[at].state === 'not_stopped') untell(outcome);
		}
		for (const entry of this.stops) {
			const isTold = teller.has(entry.at);
			if (isTold || entry.state === 'not_stopped' || entry.state === 'gone') continue;
			const outcome = told(entry);
			const own = results[entry.item];
			const failed = own.find((each) => isFailed(each) && each.done === undefined);
			if (failed !== undefined && isFailed(failed)) {
				failed.done = isFailed(outcome) ? outcome.done : outcome;
			} else own.push(outcome);
		}
	}

	/** Keeps what was changed for the next try, where there may be one. */
	keep(tracks: ReadonlyArray<{ scope: WriteScope; results: readonly Outcome[] }>): void {
		if (this.context === undefined) return;
		const kept: Kept = {
			...this.key,
			stops: this.stops,
			items: tracks.map(({ scope, results }) => ({ scope, ...endedIn(scope, results) })),
		};
		this.context.journal = kept as unknown as IDataObject;
	}

	/** No try follows a success. */
	forget(): void {
		if (this.context !== undefined) delete this.context.journal;
	}

	private add(entry: StopEntry): void {
		this.stops.push(entry);
		this.last.set(entry.id, entry);
	}
}

/** The stop whose restore an outcome holds. */
function stopIn(outcome: Outcome): number | undefined {
	return isFailed(outcome) ? outcome.done?.stop : outcome.stop;
}

/** Takes the restore out of an outcome that another one tells more of. */
function untell(outcome: Outcome): void {
	if (isFailed(outcome)) {
		outcome.done = undefined;
		return;
	}
	outcome.json = { ...outcome.json };
	delete outcome.json.restore;
	delete outcome.json.warnings;
}

/** What a further try keeps of an item. A pattern always runs again: it may match something else by then. */
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
 * What an item changed and was done with; all else simply runs again. What was not waited for,
 * because the run ended before, is found by the next try, which waits for it.
 */
function changesIn(results: readonly Outcome[]): Success[] {
	return results.filter(
		(result): result is Success =>
			!isFailed(result) && result.did !== undefined && result.wait === undefined,
	);
}

/**
 * The results of an item with one more: one that tells of nothing but what an earlier try did is
 * dropped, and one that did something anew takes the older one's place.
 * @param before how many of the results are of earlier tries
 */
export function withResult(results: Outcome[], result: Outcome, before: number): Outcome[] {
	const { deployment_id: id, reason } = isFailed(result)
		? { deployment_id: undefined, reason: undefined }
		: result.json;
	const older = results.findIndex(
		(each, index) => index < before && !isFailed(each) && each.json.deployment_id === id,
	);
	const isNew = isFailed(result) || result.did !== undefined;
	if (!isNew && before > 0 && (older >= 0 || reason === 'no_match')) return results;
	return [...results.filter((_each, index) => !isNew || index !== older), result];
}
