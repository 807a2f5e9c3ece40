import { booleanValue, intOrNull, readObject } from '../rest/strict';
import type { JsonNode } from '../rest/json';
import type { AdaptiveAllocations } from '../types';

/** Changes to adaptive settings: what is absent stays, null unsets. */
export interface AdaptivePatch {
	enabled?: boolean;
	min?: number | null;
	max?: number | null;
}

export const CANNOT_BE_SET =
	'[number_of_allocations] cannot be set if adaptive allocations is enabled';

/** Reads `adaptive_allocations`; null as a whole removes the settings. */
export function readAdaptive(node: JsonNode): AdaptivePatch | null {
	if (node.kind === 'null') return null;
	const patch: AdaptivePatch = {};
	// -1 is the internal placeholder for "unset" and passes (docs/elasticsearch-behaviour.md, "Update: errors").
	const bound = (value: JsonNode): number | null => {
		const number = intOrNull(value);
		return number === undefined || number === -1 ? null : number;
	};
	readObject(node, 'autoscaling_settings', {
		enabled: (value) => (patch.enabled = booleanValue(value)),
		min_number_of_allocations: (value) => (patch.min = bound(value)),
		max_number_of_allocations: (value) => (patch.max = bound(value)),
	});
	return patch;
}

/** Stored settings and a patch, merged (docs/elasticsearch-behaviour.md, "Update: parameters"). */
export function mergeAdaptive(
	stored: AdaptiveAllocations | null,
	patch: AdaptivePatch | null | undefined,
): AdaptiveAllocations | null {
	if (patch === undefined) return stored;
	if (patch === null) return null;
	const merged: AdaptiveAllocations = {
		enabled: patch.enabled ?? stored?.enabled ?? false,
	};
	const min = patch.min === undefined ? stored?.min_number_of_allocations : patch.min;
	const max = patch.max === undefined ? stored?.max_number_of_allocations : patch.max;
	if (min !== null && min !== undefined) merged.min_number_of_allocations = min;
	if (max !== null && max !== undefined) merged.max_number_of_allocations = max;
	return merged;
}

/** The problems of a pair of bounds. */
export function problemsOf(settings: AdaptiveAllocations | null): string[] {
	const { min_number_of_allocations: min, max_number_of_allocations: max } = settings ?? {};
	const problems: string[] = [];
	if (min !== undefined && min < 0) {
		problems.push('[min_number_of_allocations] must be a non-negative integer or null');
	}
	if (max !== undefined && max < 1) {
		problems.push('[max_number_of_allocations] must be a positive integer or null');
	}
	if (min !== undefined && max !== undefined && min > max) {
		problems.push(
			'[min_number_of_allocations] must not be larger than [max_number_of_allocations]',
		);
	}
	return problems;
}

export function sameAdaptive(
	a: AdaptiveAllocations | null,
	b: AdaptiveAllocations | null,
): boolean {
	if (!a || !b) return a === b;
	return (
		a.enabled === b.enabled &&
		a.min_number_of_allocations === b.min_number_of_allocations &&
		a.max_number_of_allocations === b.max_number_of_allocations
	);
}
