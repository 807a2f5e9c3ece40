import {
	type Allocations,
	fixedNumber,
	isAsDesired,
	overAdaptive,
	readAdaptive,
	type WhenAdaptive,
} from '../../../nodes/elasticsearch/deployment/allocations';
import type { AdaptiveAllocations } from '../../../nodes/elasticsearch/deployment/state';

const on = (min?: number, max?: number): AdaptiveAllocations => ({
	enabled: true,
	min_number_of_allocations: min,
	max_number_of_allocations: max,
});
const off = (min: number, max: number): AdaptiveAllocations => ({
	...on(min, max),
	enabled: false,
});
const to = (number: number): Allocations => ({ mode: 'fixed', number });
const within = (min?: number, max?: number | null): Allocations => ({ mode: 'adaptive', min, max });

const EVERY_WAY: WhenAdaptive[] = ['error', 'setBounds', 'turnOff'];

describe('a deployment that is as desired', () => {
	it.each<[string, AdaptiveAllocations | null, number, Allocations, boolean]>([
		['the number, and it is the one asked for', null, 2, to(2), true],
		['another number', null, 3, to(2), false],
		['the number, with bounds that are off', off(1, 4), 2, to(2), true],
		['another number, with such bounds off', off(2, 2), 3, to(2), false],
		['a number, where bounds are asked for', null, 2, within(), false],
		['bounds that are off, where they are asked for', off(1, 4), 2, within(1, 4), false],
		['bounds, and any are fine', on(1, 4), 2, within(), true],
		['the minimum asked for', on(1, 4), 2, within(1), true],
		['another minimum', on(0, 4), 2, within(1), false],
		['no minimum', on(undefined, 4), 2, within(1), false],
		['the maximum asked for', on(1, 4), 2, within(undefined, 4), true],
		['another maximum', on(1, 8), 2, within(undefined, 4), false],
		['no maximum', on(1), 2, within(undefined, 4), false],
		['both bounds asked for', on(1, 4), 2, within(1, 4), true],
		['only the minimum asked for', on(1, 8), 2, within(1, 4), false],
		['only the maximum asked for', on(0, 4), 2, within(1, 4), false],
		['no maximum, as asked for', on(1), 2, within(1, null), true],
		['a maximum, where none is asked for', on(1, 8), 2, within(1, null), false],
	])('has %s', (_what, adaptive, numberOfAllocations, allocations, expected) => {
		for (const whenAdaptive of EVERY_WAY) {
			const is = isAsDesired({ adaptive, numberOfAllocations }, allocations, whenAdaptive);
			expect(is).toBe(expected);
		}
	});

	it.each<[string, AdaptiveAllocations, WhenAdaptive, boolean]>([
		['allow only this number', on(2, 2), 'error', true],
		['allow only this number', on(2, 2), 'setBounds', true],
		['allow only this number, but are to be off', on(2, 2), 'turnOff', false],
		['allow less', on(1, 2), 'error', false],
		['allow more', on(2, 3), 'error', false],
		['allow more without end', on(2), 'setBounds', false],
		['allow nothing near', on(3, 4), 'setBounds', false],
	])('has a number where its bounds %s (%j, %s): %s', (_what, adaptive, whenAdaptive, expected) => {
		const now = { adaptive, numberOfAllocations: 2 };
		expect(isAsDesired(now, to(2), whenAdaptive)).toBe(expected);
	});

	it('may be the record of a stop that names no adaptive allocations', () => {
		expect(isAsDesired({ numberOfAllocations: 2 }, to(2), 'error')).toBe(true);
		expect(isAsDesired({ numberOfAllocations: 2 }, within(), 'error')).toBe(false);
	});
});

describe('the number that is asked for', () => {
	it('is none where bounds are', () => {
		expect(fixedNumber(to(2))).toBe(2);
		expect(fixedNumber(to(0))).toBe(0);
		expect(fixedNumber(within(1, 4))).toBeUndefined();
	});

	it('becomes both bounds of an adaptive deployment, or turns it off', () => {
		expect(overAdaptive(3, 'setBounds')).toEqual(within(3, 3));
		expect(overAdaptive(3, 'turnOff')).toEqual(to(3));
	});
});

describe('the adaptive settings that the cluster tells', () => {
	it.each<[unknown, AdaptiveAllocations | null]>([
		[
			{ enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 },
			{ enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 },
		],
		[
			{ enabled: false, min_number_of_allocations: 1 },
			{ enabled: false, min_number_of_allocations: 1 },
		],
		[
			{ enabled: true, max_number_of_allocations: 4 },
			{ enabled: true, max_number_of_allocations: 4 },
		],
		[{ enabled: true, max_number_of_allocations: null }, { enabled: true }],
		[{ enabled: 'true', min_number_of_allocations: '1' }, { enabled: false }],
		[{}, { enabled: false }],
		[null, null],
		[undefined, null],
		[true, null],
		[[], null],
	])('as %j are %j', (told, expected) => {
		expect(readAdaptive(told)).toStrictEqual(expected);
	});
});
