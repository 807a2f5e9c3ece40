import { apartness, median, quantile, ratioOf, rotated, spreadOf } from './statistics';

describe('what a handful of measurements says', () => {
	it.each<[number[], number]>([
		[[5], 5],
		[[3, 1, 2], 2],
		[[4, 1, 3, 2], 2.5],
		[[1, 1, 1, 100], 1],
	])('takes the one in the middle of %j', (values, expected) => {
		expect(median(values)).toBe(expected);
	});

	it('has half of them between its quartiles, whatever one outlier says', () => {
		expect(spreadOf([10, 20, 30, 40, 5_000])).toEqual({ median: 30, low: 20, high: 40 });
	});

	it.each([
		[0, 10],
		[0.25, 12.5],
		[0.9, 19],
		[1, 20],
	])('knows the value below which %d of them lie', (share, expected) => {
		expect(quantile([20, 10], share)).toBe(expected);
	});

	it('leaves the values in the order in which they were measured', () => {
		const values = [3, 1, 2];
		median(values);
		expect(values).toEqual([3, 1, 2]);
	});

	it('says nothing about nothing', () => {
		expect(() => median([])).toThrow('Nothing was measured');
	});
});

describe('two contenders', () => {
	it('are compared round by round, so that a slow round hurts neither', () => {
		expect(ratioOf([20, 200, 22], [10, 100, 11])).toBe(2);
	});

	it('of the same thing lie apart by the noise', () => {
		expect(apartness([100, 100], [110, 110])).toBeCloseTo(0.1);
		expect(apartness([110, 110], [100, 100])).toBeCloseTo(0.1);
		expect(apartness([7], [7])).toBe(0);
	});

	it('take turns in being first', () => {
		const all = ['a', 'b', 'c'];
		expect([0, 1, 2, 3].map((round) => rotated(all, round).join(''))).toEqual([
			'abc',
			'bca',
			'cab',
			'abc',
		]);
		expect(rotated([], 3)).toEqual([]);
	});
});
