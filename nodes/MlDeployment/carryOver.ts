import type { IExecuteFunctions } from 'n8n-workflow';

import { isUndone, type Done, type Outcome, type Touches } from './operation';

/** What one try of the node did, item by item, for the next try of the same run. */
interface Kept {
	runIndex: number;
	items: Array<{ touches: Touches; done: Done[] }>;
}

/**
 * What earlier tries did. Retry On Fail runs the whole node again and forgets what the last try
 * handed on: the restore object of a deployment that was stopped then would be lost, since by now
 * it is absent. n8n's node context outlives a try and ends with the execution.
 */
export interface CarryOver {
	/** What was changed for an item by earlier tries; empty in the first. */
	doneBefore(index: number, touches: Touches): Done[];
	/** Keeps what this try changed, where some of it failed. */
	keep(tracks: ReadonlyArray<{ touches: Touches; results: readonly Outcome[] }>): void;
}

const NONE: CarryOver = { doneBefore: () => [], keep: () => {} };

/** @param forAgent an agent may call its tool several times within one run, and each time counts */
export function openCarryOver(host: IExecuteFunctions, forAgent: boolean): CarryOver {
	if (forAgent) return NONE;
	const context = host.getContext('node');
	const runIndex = Number(host.evaluateExpression('{{ $runIndex }}', 0));
	const stored = context.carryOver as Kept | undefined;
	const kept = stored?.runIndex === runIndex ? stored : undefined;
	return {
		doneBefore: (index, touches) => {
			const item = kept?.items[index];
			const same = item !== undefined && JSON.stringify(item.touches) === JSON.stringify(touches);
			return same ? item.done : [];
		},
		keep: (tracks) => {
			const failed = tracks.some(({ results }) => results.some(isUndone));
			const items = tracks.map(({ touches, results }) => ({ touches, done: changesIn(results) }));
			context.carryOver = failed ? { runIndex, items } : undefined;
		},
	};
}

/** What an item changed and was done with; all else simply runs again. */
function changesIn(results: readonly Outcome[]): Done[] {
	return results.filter((result): result is Done => !isUndone(result) && result.did !== undefined);
}

/** Whether a result tells of nothing but what an earlier try did. */
export function isRepeated(result: Outcome, before: readonly Done[]): boolean {
	if (before.length === 0 || isUndone(result)) return false;
	const { deployment_id: id, reason } = result.json;
	return reason === 'no_match' || before.some(({ json }) => json.deployment_id === id);
}
