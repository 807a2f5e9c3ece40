import {
	type Allocations,
	bodyOverAdaptive,
	limited,
	settingsAfter,
	updateBody,
} from '../../../nodes/elasticsearch/deployment/allocations';
import type { AdaptiveAllocations } from '../../../nodes/elasticsearch/deployment/state';
import { deployment } from '../builders';

describe('the body of an update', () => {
	it.each<[Allocations, unknown]>([
		[{ mode: 'fixed', number: 4 }, { number_of_allocations: 4 }],
		[{ mode: 'adaptive' }, { adaptive_allocations: { enabled: true } }],
		[
			{ mode: 'adaptive', min: 0 },
			{ adaptive_allocations: { enabled: true, min_number_of_allocations: 0 } },
		],
		[
			{ mode: 'adaptive', max: 8 },
			{ adaptive_allocations: { enabled: true, max_number_of_allocations: 8 } },
		],
		[
			{ mode: 'adaptive', min: 1, max: null },
			{
				adaptive_allocations: {
					enabled: true,
					min_number_of_allocations: 1,
					max_number_of_allocations: null,
				},
			},
		],
	])('for %j is %j', (allocations, expected) => {
		expect(updateBody(allocations)).toStrictEqual(expected);
	});
});

describe('the body for a fixed number over adaptive allocations', () => {
	it('sets both bounds to it', () => {
		expect(bodyOverAdaptive(3, 'setBounds')).toStrictEqual({
			adaptive_allocations: {
				enabled: true,
				min_number_of_allocations: 3,
				max_number_of_allocations: 3,
			},
		});
	});

	it('or turns them off in the same call', () => {
		expect(bodyOverAdaptive(3, 'turnOff')).toStrictEqual({
			number_of_allocations: 3,
			adaptive_allocations: { enabled: false },
		});
	});
});

describe('the change that brings a size within a limit', () => {
	const adaptive = (min?: number, max?: number) => ({
		adaptive: { enabled: true, min_number_of_allocations: min, max_number_of_allocations: max },
		numberOfAllocations: 3,
	});
	const fixed = (numberOfAllocations?: number) => ({ adaptive: null, numberOfAllocations });
	const off = { adaptive: { enabled: false }, numberOfAllocations: 3 };
	const bounds = (min?: number, max?: number) => ({ mode: 'adaptive', min, max });

	it.each<[Parameters<typeof limited>[1], number, Parameters<typeof limited>[0], unknown]>([
		['atLeast', 4, fixed(3), { mode: 'fixed', number: 4 }],
		['atLeast', 3, fixed(3), undefined],
		['atLeast', 2, fixed(3), undefined],
		['atLeast', 1, fixed(0), { mode: 'fixed', number: 1 }],
		['atLeast', 2, fixed(), { mode: 'fixed', number: 2 }],
		['atLeast', 4, off, { mode: 'fixed', number: 4 }],
		['atMost', 2, fixed(3), { mode: 'fixed', number: 2 }],
		['atMost', 3, fixed(3), undefined],
		['atMost', 4, fixed(3), undefined],
		['atMost', 2, fixed(), { mode: 'fixed', number: 2 }],
		['atMost', 2, off, { mode: 'fixed', number: 2 }],
		['atLeast', 2, adaptive(1, 8), bounds(2)],
		['atLeast', 2, adaptive(2, 8), undefined],
		['atLeast', 2, adaptive(4, 8), undefined],
		['atLeast', 2, adaptive(), bounds(2)],
		['atLeast', 9, adaptive(1, 8), bounds(9, 9)],
		['atMost', 4, adaptive(1, 8), bounds(undefined, 4)],
		['atMost', 4, adaptive(1, 4), undefined],
		['atMost', 4, adaptive(0, 2), undefined],
		['atMost', 4, adaptive(), bounds(undefined, 4)],
		['atMost', 1, adaptive(2, 8), bounds(1, 1)],
	])('%s %i of %j is %j', (rule, limit, size, expected) => {
		expect(limited(size, rule, limit)).toEqual(expected);
	});
});

describe('the settings after an update', () => {
	function after(
		stored: AdaptiveAllocations | null,
		numberOfAllocations: number,
		body: Parameters<typeof settingsAfter>[1],
	) {
		return settingsAfter(deployment({ adaptive: stored, numberOfAllocations }), body);
	}

	const on = (min?: number, max?: number): AdaptiveAllocations => {
		const adaptive: AdaptiveAllocations = { enabled: true };
		if (min !== undefined) adaptive.min_number_of_allocations = min;
		if (max !== undefined) adaptive.max_number_of_allocations = max;
		return adaptive;
	};

	const bounds = (min?: number, max?: number | null) => updateBody({ mode: 'adaptive', min, max });

	it.each([
		['a fixed number', null, 2, updateBody({ mode: 'fixed', number: 5 }), 5, null],
		[
			'a fixed number where adaptive was turned off',
			{ enabled: false },
			2,
			{ number_of_allocations: 5 },
			5,
			{ enabled: false },
		],
		['adaptive for the first time', null, 2, bounds(), 2, on()],
		['a minimum above the number, which raises it', null, 2, bounds(4), 4, on(4)],
		[
			'a maximum below the number, which lowers it',
			null,
			6,
			bounds(undefined, 4),
			4,
			on(undefined, 4),
		],
		['bounds around the number, which keep it', null, 3, bounds(1, 4), 3, on(1, 4)],
		['a new minimum, which keeps the stored maximum', on(1, 8), 2, bounds(3), 3, on(3, 8)],
		[
			'a new maximum, which keeps the stored minimum',
			on(2, 8),
			4,
			bounds(undefined, 3),
			3,
			on(2, 3),
		],
		['no maximum', on(1, 8), 8, bounds(undefined, null), 8, on(1)],
		['no maximum where there was none', on(1), 2, bounds(undefined, null), 2, on(1)],
		['a minimum of zero, which keeps the number', on(2, 8), 2, bounds(0), 2, on(0, 8)],
		['a minimum that wakes it from zero', on(0, 8), 0, bounds(1), 1, on(1, 8)],
		[
			'adaptive on again with its stored bounds',
			{ ...on(3, 4), enabled: false },
			1,
			bounds(),
			3,
			on(3, 4),
		],
		['both bounds', on(0, 8), 1, bodyOverAdaptive(3, 'setBounds'), 3, on(3, 3)],
		[
			'adaptive off, which keeps the bounds in store',
			on(3, 8),
			4,
			bodyOverAdaptive(2, 'turnOff'),
			2,
			{ ...on(3, 8), enabled: false },
		],
		['nothing', on(1, 8), 2, {}, 2, on(1, 8)],
	])('with %s', (_what, stored, number, body, expectedNumber, expectedAdaptive) => {
		expect(after(stored, number, body)).toStrictEqual({
			state: 'started',
			number_of_allocations: expectedNumber,
			threads_per_allocation: 1,
			adaptive_allocations: expectedAdaptive,
		});
	});

	it('leave the deployment itself as it was', () => {
		const stored = on(1, 8);
		after(stored, 2, bounds(3, null));
		expect(stored).toEqual({
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 8,
		});
	});
});
