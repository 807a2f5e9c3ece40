/** Settings that have the right shape, but that `_start` surely refuses. Pure. */

import type { AdaptiveAllocations } from './state';
import { isAtLeast } from './version';

/** The settings of a start, or of a running deployment that would be started again. */
export interface StartSettings {
	priority?: string;
	numberOfAllocations?: number;
	threadsPerAllocation?: number;
	queueCapacity?: number | null;
	adaptive?: AdaptiveAllocations | null;
}

/** A setting that is higher than the cluster starts. */
export interface Excess {
	setting:
		| 'queue_capacity'
		| 'number_of_allocations'
		| 'threads_per_allocation'
		| 'max_number_of_allocations';
	is: number;
	most: number;
	/** Whether it is too high only because of the low priority. */
	forLowPriority: boolean;
}

/** The cluster says "must be less than 100000", but compares with `>`, so it accepts 100,000. */
export const MOST_QUEUED = 100_000;

export const THREADS: readonly number[] = [1, 2, 4, 8, 16, 32];

export const PRIORITIES = ['normal', 'low'] as const;

/**
 * The settings that make a start fail, whatever else is sent.
 * @param version the cluster's, such as "8.19.11"; if it is null, only what every version refuses
 * counts
 */
export function excesses(settings: StartSettings, version: string | null): Excess[] {
	const found: Excess[] = [];
	const check = (
		setting: Excess['setting'],
		given: number | null | undefined,
		most: number,
		forLowPriority: boolean,
	): void => {
		const is = given ?? 0;
		if (is > most) found.push({ setting, is, most, forLowPriority });
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
 * Whether the cluster refuses a maximum above 1 for a low-priority deployment: from 8.19.11, 9.2.5
 * and 9.3.0 on (docs/elasticsearch-behaviour.md, "Versions: timeline").
 */
function refusesLowRange(version: string | null): boolean {
	if (version === null) return false;
	return (
		isAtLeast(version, '9.2.5') || (isAtLeast(version, '8.19.11') && !isAtLeast(version, '9.0.0'))
	);
}
