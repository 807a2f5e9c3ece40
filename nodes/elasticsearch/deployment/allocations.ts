/** What an update of allocations sends, and how it changes a deployment. Pure. */

import type { IDataObject } from 'n8n-workflow';

import { settingsOf, type Settings } from './deployment';
import { isObject, numberOr } from '../transport/json';
import type { AdaptiveAllocations, Deployment } from './state';

/** The allocations asked for. An undefined bound stays as stored; a null maximum is removed. */
export type Allocations =
	{ mode: 'fixed'; number: number } | { mode: 'adaptive'; min?: number; max?: number | null };

/** What a fixed number does to a deployment whose adaptive allocations are on. */
export type WhenAdaptive = 'error' | 'setBounds' | 'turnOff';

/** Whether a number is the size itself, or the least or the most that it may be. */
export type SizeRule = 'exactly' | 'atLeast' | 'atMost';

/** What a size consists of; an undefined number is the cluster's choice. */
interface Size {
	adaptive?: AdaptiveAllocations | null;
	numberOfAllocations?: number;
}

/**
 * The smallest change that brings a size within a limit. In an adaptive deployment the limit is for
 * the bounds: at least N raises the minimum, and a maximum below it; at most N lowers the maximum,
 * and a minimum above it.
 * @returns undefined if the size is within the limit
 */
export function limited(
	{ adaptive, numberOfAllocations }: Size,
	rule: Exclude<SizeRule, 'exactly'>,
	limit: number,
): Allocations | undefined {
	const isBeyond = (bound: number | undefined, unset: number): boolean =>
		rule === 'atLeast' ? (bound ?? unset) < limit : (bound ?? unset) > limit;
	if (adaptive?.enabled !== true) {
		const isOff = numberOfAllocations === undefined || isBeyond(numberOfAllocations, 0);
		return isOff ? { mode: 'fixed', number: limit } : undefined;
	}
	const { min_number_of_allocations: min, max_number_of_allocations: max } = adaptive;
	const newMin = isBeyond(min, 0) ? limit : undefined;
	// Without a maximum, nothing is too small and everything is too large.
	const newMax = isBeyond(max, Infinity) ? limit : undefined;
	if (newMin === undefined && newMax === undefined) return undefined;
	return { mode: 'adaptive', min: newMin, max: newMax };
}

/** The number asked for; undefined if bounds are asked for. */
export function fixedNumber(allocations: Allocations): number | undefined {
	return allocations.mode === 'fixed' ? allocations.number : undefined;
}

/** The body of `_update` (docs/elasticsearch-behaviour.md, "Update: parameters"). */
export function updateBody(allocations: Allocations): IDataObject {
	if (allocations.mode === 'fixed') return { number_of_allocations: allocations.number };
	const adaptive: IDataObject = { enabled: true };
	if (allocations.min !== undefined) adaptive.min_number_of_allocations = allocations.min;
	if (allocations.max !== undefined) adaptive.max_number_of_allocations = allocations.max;
	return { adaptive_allocations: adaptive };
}

/** What a fixed number becomes for a deployment whose adaptive allocations are on. */
export function overAdaptive(number: number, how: Exclude<WhenAdaptive, 'error'>): Allocations {
	if (how === 'setBounds') return { mode: 'adaptive', min: number, max: number };
	return { mode: 'fixed', number };
}

/** The body for a fixed number on a deployment whose adaptive allocations are on. */
export function bodyOverAdaptive(number: number, how: Exclude<WhenAdaptive, 'error'>): IDataObject {
	const body = updateBody(overAdaptive(number, how));
	return how === 'setBounds' ? body : { ...body, adaptive_allocations: { enabled: false } };
}

/** The settings after `_update` with this body; the cluster keeps the bounds that are not sent. */
export function settingsAfter(deployment: Deployment, body: IDataObject): Settings {
	const before = settingsOf(deployment);
	const sent = body.adaptive_allocations as IDataObject | undefined;
	const adaptive = sent === undefined ? deployment.adaptive : merged(deployment.adaptive, sent);
	const number = (body.number_of_allocations as number | undefined) ?? before.number_of_allocations;
	return {
		...before,
		number_of_allocations: adaptive?.enabled === true ? withinBounds(number, adaptive) : number,
		adaptive_allocations: adaptive === null ? null : { ...adaptive },
	};
}

function merged(stored: AdaptiveAllocations | null, sent: IDataObject): AdaptiveAllocations {
	const result: IDataObject = { ...stored, ...sent };
	for (const [key, value] of Object.entries(result)) if (value === null) delete result[key];
	return result as unknown as AdaptiveAllocations;
}

/**
 * The scaler moves the number into its bounds at its next look, within 10 s
 * (docs/elasticsearch-behaviour.md, "Adaptive allocations: the scaler").
 */
function withinBounds(number: number, adaptive: AdaptiveAllocations): number {
	const atLeast = Math.max(number, adaptive.min_number_of_allocations ?? 0);
	return Math.min(atLeast, adaptive.max_number_of_allocations ?? Infinity);
}

/** Whether a deployment has the allocations asked for. A second Scale then changes nothing. */
export function isAsDesired(
	deployment: Size,
	allocations: Allocations,
	whenAdaptive: WhenAdaptive,
): boolean {
	const { adaptive } = deployment;
	const { min_number_of_allocations: min, max_number_of_allocations: max } = adaptive ?? {};
	if (allocations.mode === 'adaptive') {
		return (
			adaptive?.enabled === true &&
			(allocations.min === undefined || allocations.min === min) &&
			(allocations.max === undefined || (allocations.max ?? undefined) === max)
		);
	}
	if (adaptive?.enabled !== true) return deployment.numberOfAllocations === allocations.number;
	// Bounds that allow only this number hold it, unless adaptive allocations are to be off.
	return whenAdaptive !== 'turnOff' && min === allocations.number && max === allocations.number;
}

/** Reads the adaptive settings of `_stats`, an assignment or a restore object; null if absent. */
export function readAdaptive(value: unknown): AdaptiveAllocations | null {
	if (!isObject(value)) return null;
	const adaptive: AdaptiveAllocations = { enabled: value.enabled === true };
	const min = numberOr(value.min_number_of_allocations, undefined);
	const max = numberOr(value.max_number_of_allocations, undefined);
	if (min !== undefined) adaptive.min_number_of_allocations = min;
	if (max !== undefined) adaptive.max_number_of_allocations = max;
	return adaptive;
}
