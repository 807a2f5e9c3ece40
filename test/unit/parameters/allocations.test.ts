import type { IDataObject } from 'n8n-workflow';

import { readAllocations, readResize } from '../../../nodes/MlDeployment/parameters/allocations';
import { noMaximum } from '../../../nodes/MlDeployment/parameters/options';
import { itemOf, refusalOf } from './itemOf';

const fixed = (number: unknown) =>
	itemOf({ allocationMode: 'fixed', numberOfAllocations: number } as IDataObject);

const adaptive = (min: unknown, max: unknown, options: IDataObject = {}) =>
	itemOf({
		allocationMode: 'adaptive',
		minNumberOfAllocations: min,
		maxNumberOfAllocations: max,
		options,
	} as IDataObject);

describe('a fixed number of allocations', () => {
	it.each([1, '1', 32])('may be %j', (number) => {
		const expected = { mode: 'fixed', number: Number(number) };
		expect(readAllocations(fixed(number))).toEqual(expected);
	});

	it('may be 0 where that is a stop', () => {
		expect(readAllocations(fixed(0), { least: 0 })).toEqual({ mode: 'fixed', number: 0 });
	});

	it.each([undefined, null, '', false, [], -1, 1.5])('is never made of %j', (number) => {
		for (const least of [0, 1] as const) {
			const { message } = refusalOf(() => readAllocations(fixed(number), { least }));
			expect(message).toMatch(/^'Number of Allocations' is .+ whole number of [01] or more$/);
		}
	});

	it.each([0, '0'])('that is %j is refused with the ways to zero, where there are some', (zero) => {
		const ways = refusalOf(() => readAllocations(fixed(zero), { ifZero: 'Use Stop' }));
		expect(ways.message).toBe(
			"'Number of Allocations' is 0, but has to be a whole number of 1 or more".replace(
				'is 0',
				`is ${JSON.stringify(zero)}`,
			),
		);
		expect(ways.description).toBe('Use Stop.');
		const none = refusalOf(() => readAllocations(fixed(zero)));
		expect(none.description).toMatch(/^Enter a whole number of 1 or more/);
	});

	it('is taken where it is above 0, also where there are ways to zero', () => {
		const taken = readAllocations(fixed(4), { ifZero: 'Use Stop' });
		expect(taken).toEqual({ mode: 'fixed', number: 4 });
	});

	it.each([-1, '', null])(
		'that is %j is refused like any other, also where there are',
		(number) => {
			const { description } = refusalOf(() =>
				readAllocations(fixed(number), { ifZero: 'Use Stop' }),
			);
			expect(description).toMatch(/^Enter a whole number of 1 or more/);
		},
	);
});

describe('adaptive allocations', () => {
	it.each<[unknown, unknown, number | undefined, number | undefined]>([
		['', '', undefined, undefined],
		['', null, undefined, undefined],
		[0, 1, 0, 1],
		['2', '4', 2, 4],
		[3, 3, 3, 3],
		[5, '', 5, undefined],
		['', 5, undefined, 5],
	])('of %j to %j have the bounds %j and %j', (min, max, expectedMin, expectedMax) => {
		expect(readAllocations(adaptive(min, max))).toEqual({
			mode: 'adaptive',
			min: expectedMin,
			max: expectedMax,
		});
	});

	it.each<[unknown, unknown, string]>([
		[-1, '', "'Minimum Number of Allocations' is -1, but has to be a whole number of 0 or more"],
		['', 0, "'Maximum Number of Allocations' is 0, but has to be a whole number of 1 or more"],
		[4, 3, 'The minimum of 4 allocations is above the maximum of 3'],
	])('of %j to %j are refused', (min, max, message) => {
		expect(refusalOf(() => readAllocations(adaptive(min, max))).message).toBe(message);
	});

	it('whose bounds are crossed are refused with the fields to correct', () => {
		expect(refusalOf(() => readAllocations(adaptive(4, 3))).description).toBe(
			"Correct 'Minimum Number of Allocations' or 'Maximum Number of Allocations'.",
		);
	});

	it('lose their maximum by an option, where the operation has it', () => {
		const on = { noMaximum: true };
		const without = { mode: 'adaptive', min: 1, max: null };
		expect(readAllocations(adaptive(1, '', on), { noMaximum })).toEqual(without);
		const kept = { mode: 'adaptive', min: 1, max: undefined };
		expect(readAllocations(adaptive(1, '', on))).toEqual(kept);
		expect(readAllocations(adaptive(1, '', { noMaximum: false }), { noMaximum })).toEqual(kept);
		expect(readAllocations(adaptive(1, ''), { noMaximum })).toEqual(kept);
	});

	it('with a maximum and that option are refused', () => {
		const both = adaptive(1, 4, { noMaximum: true });
		expect(refusalOf(() => readAllocations(both, { noMaximum }))).toMatchObject({
			message: "'No Maximum' is on, but 'Maximum Number of Allocations' is 4",
			description: 'Empty the maximum, or remove the option.',
		});
		const off = adaptive(1, 4, { noMaximum: false });
		expect(readAllocations(off, { noMaximum })).toEqual({ mode: 'adaptive', min: 1, max: 4 });
	});
});

describe('what to do if the cluster rules the allocations out', () => {
	const allocations = { mode: 'fixed', number: 2 } as const;

	it('is to end with an error, unless the options say more', () => {
		expect(readResize(itemOf({ options: {} }), allocations)).toEqual({
			allocations,
			whenAdaptive: 'error',
			whenEndpointOwned: 'error',
		});
		const options = { whenAdaptive: 'turnOff', whenEndpointOwned: 'inferenceApi' };
		expect(readResize(itemOf({ options }), allocations)).toEqual({ allocations, ...options });
	});

	it('is named by its values where it is none of them, the safest first', () => {
		const item = itemOf({ options: { whenAdaptive: 'stop' } });
		expect(refusalOf(() => readResize(item, allocations)).description).toBe(
			'Use one of: error, setBounds, turnOff.',
		);
	});
});
