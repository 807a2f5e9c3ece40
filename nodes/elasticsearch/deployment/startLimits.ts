/** What `_start` surely refuses of settings whose shape is right. Pure. */

import type { AdaptiveAllocations } from './state';
import { isAtLeast } from './version';

/** What is to be started, or runs and would be started again. */
export interface StartSettings {
	priority?: string;
	numberOfAllocations?: number;
	threadsPerAllocation?: number;
	queueCapacity?: number | null;
	adaptive?: AdaptiveAllocations | null;
}

/** A setting that is above what the cluster starts. */
export interface Excess {
	setting:
		| 'queue_capacity'
		| 'number_of_allocations'
		| 'threads_per_allocation'
		| 'max_number_of_allocations';
	is: number;
	most: number;
	/** Whether only the low priority makes it too much. */
	forLowPriority: boolean;
}

/** The cluster's words are "must be less than 100000", but it compares with `>`, so 100,000 is taken. */
export const MOST_QUEUED = 100_000;

export const THREADS: readonly number[] = [1, 2, 4, 8, 16, 32];

export const PRIORITIES = ['normal', 'low'] as const;

/**
 * The settings that a start is refused for, whatever else is sent.
 * @param version the cluster's, such as "8.19.11"; null where it is not known, and then only what
 * every version refuses counts
 */
export function excesses(settings: StartSettings, version: string | null): Excess[] {
	const found: Excess[] = [];
	const check = (
		setting: Excess['setting'],
		is: number | null | undefined,
		most: number,
		forLowPriority: boolean,
	): void => {
		if (typeof is === 'number' && is > most) found.push({ setting, is, most, forLowPriority });
	};
	check('queue_capacity', settings.queueCapacity, MOST_QUEUED, false);
	if (settings.priority !== 'low') return found;
	check('threads_per_allocation', settings.threadsPerAllocation, 1, true);
	if (settings.adaptive?.enabled !== true) {
		check('number_of_allocations', settings.numberOfAllocations, 1, true);
	} else if (refusesLowRange(version)) {
		const { max_number_of_allocations: max } = settings.adaptive;
		check('max_number_of_allocations', max, 1, true);
	}
	return found;
}

/**
 * Whether a low-priority deployment may not have a maximum above 1 (docs/elasticsearch-behaviour.md, "Versions: timeline": 8.19.11
 * and 9.3.0). Which 9.2 began with it is not established, so 9.2 counts as one that takes it.
 */
function refusesLowRange(version: string | null): boolean {
	if (version === null) return false;
	return (
		isAtLeast(version, '9.3.0') || (isAtLeast(version, '8.19.11') && !isAtLeast(version, '9.0.0'))
	);
}
