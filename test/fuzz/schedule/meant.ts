/** What a step asks for, read apart from the node's own code. */

import type { Step } from './draw';
import { boundsOf, type Change, type Size } from './world';

type Item = Step['items'][number];

/** Whether an item means a deployment. Its patterns have a star only at the end of a part. */
function means({ fields }: Step, item: Item, id: string): boolean {
	if (fields.pattern === undefined) return item.id === id;
	const isMeant = (part: string): boolean =>
		part.endsWith('*') ? id.startsWith(part.slice(0, -1)) : id === part;
	return item.pattern.split(',').some(isMeant);
}

/** Whether an item asks for a change. @param had the sizes that the deployment has had */
function asks({ operation, fields }: Step, { number }: Item, change: Change, had: Set<Size>) {
	const { is, to } = change;
	const isAdaptive = fields.allocationMode === 'adaptive';
	if (is === 'stop') return operation === 'stop' || (operation === 'scale' && number === 0);
	switch (operation) {
		case 'update':
			if (is !== 'update') return false;
			return isAdaptive ? to === boundsOf(0, number + 1) : isNumber(number, to);
		case 'scale':
			if (isAdaptive) return to === boundsOf(0, number + 1);
			// At Least and At Most move only one of two bounds, and a restore may be within them.
			if (fields.sizeRule !== 'exactly')
				return isNumber(number, to) || typeof to === 'string' || had.has(to);
			return isNumber(number, to);
		case 'start':
			return fields.startFrom === 'fields' ? isNumber(number, to) : had.has(to);
		default:
			return false;
	}
}

/** Adaptive allocations hold a number with equal bounds. */
function isNumber(number: number, to: Size): boolean {
	return to === number || to === boundsOf(number, number);
}

/**
 * What a run did and no item of it asked for.
 * @param had the sizes that each deployment has had before
 */
export function unmeant(
	step: Step,
	changes: readonly Change[],
	had: ReadonlyMap<string, Set<Size>>,
): string[] {
	const isAsked = (change: Change): boolean =>
		step.items.some((item) => {
			const sizes = had.get(change.id) ?? new Set();
			return means(step, item, change.id) && asks(step, item, change, sizes);
		});
	return changes
		.filter((change) => !isAsked(change))
		.map((change) => `nobody asked for this: ${JSON.stringify(change)}`);
}
