import type { IExecuteFunctions } from 'n8n-workflow';

import { isUndone, type Done, type Outcome, type Touches } from './operation';

/** What one try of the node did, item by item, for the next try of the same run. */
interface Kept {
	/** A run by hand of 'Retry execution' brings the old data along, but has an id of its own. */
	executionId: string;
	runIndex: number;
	items: Array<{ touches: Touches; done: Done[] }>;
	unsettled: Done[];
}

/**
 * What earlier tries did. Retry On Fail runs the whole node again and forgets what the last try
 * handed on: the restore object of a deployment that was stopped then would be lost, since by now
 * it is absent. n8n's node context outlives a try and ends with the execution.
 */
export interface CarryOver {
	isRetry: boolean;
	/** What was changed for an item by earlier tries; empty in the first. */
	doneBefore(index: number, touches: Touches): Done[];
	/** Stops of earlier tries whose end was not known, by deployment id. */
	unsettled: ReadonlyMap<string, Done>;
	/** Keeps what this try changed, where some of it failed. */
	keep(tracks: ReadonlyArray<{ touches: Touches; results: readonly Outcome[] }>): void;
}

const NONE: CarryOver = {
	isRetry: false,
	doneBefore: () => [],
	unsettled: new Map(),
	keep: () => {},
};

/** @param forAgent an agent may call its tool several times within one run, and each time counts */
export function openCarryOver(host: IExecuteFunctions, forAgent: boolean): CarryOver {
	if (forAgent) return NONE;
	const context = host.getContext('node');
	const executionId = host.getExecutionId();
	const runIndex = Number(host.evaluateExpression('{{ $runIndex }}', 0));
	const stored = context.carryOver as Kept | undefined;
	const isRetry = stored?.executionId === executionId && stored.runIndex === runIndex;
	const kept = isRetry ? stored : undefined;
	return {
		isRetry,
		doneBefore: (index, touches) => {
			const item = kept?.items[index];
			const same = item !== undefined && JSON.stringify(item.touches) === JSON.stringify(touches);
			return same ? item.done : [];
		},
		unsettled: new Map(kept?.unsettled.map((done) => [String(done.json.deployment_id), done])),
		keep: (tracks) => {
			const failed = tracks.some((track) => track.results.some(isUndone));
			const items = tracks.map((track) => ({
				touches: track.touches,
				done: changesIn(track.results),
			}));
			const results = tracks.flatMap((track) => track.results);
			const settled = new Set(changesIn(results).map(({ json }) => json.deployment_id));
			const all = [...(kept?.unsettled ?? []), ...results.flatMap(unsettledIn)];
			const unsettled = all.filter(({ json }) => !settled.has(json.deployment_id));
			context.carryOver = failed ? { executionId, runIndex, items, unsettled } : undefined;
		},
	};
}

/** What an item changed and was done with; all else simply runs again. */
function changesIn(results: readonly Outcome[]): Done[] {
	return results.filter((result): result is Done => !isUndone(result) && result.did !== undefined);
}

function unsettledIn(result: Outcome): Done[] {
	const done = isUndone(result) ? result.done : undefined;
	return done?.unsettled === true ? [done] : [];
}

/**
 * The results of an item with one more: one that tells of nothing but what an earlier try did is
 * dropped, and one that did something anew takes the older one's place.
 * @param before how many of the results are of earlier tries
 */
export function withResult(results: Outcome[], result: Outcome, before: number): Outcome[] {
	const { deployment_id: id, reason } = isUndone(result)
		? { deployment_id: undefined, reason: undefined }
		: result.json;
	const older = results.findIndex(
		(each, index) => index < before && !isUndone(each) && each.json.deployment_id === id,
	);
	const isNew = isUndone(result) || result.did !== undefined;
	if (!isNew && before > 0 && (older >= 0 || reason === 'no_match')) return results;
	return [...results.filter((_each, index) => !isNew || index !== older), result];
}
