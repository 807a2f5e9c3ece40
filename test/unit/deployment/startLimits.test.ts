import {
	excesses,
	PRIORITIES,
	type StartSettings,
	THREADS,
} from '../../../nodes/elasticsearch/deployment/startLimits';
import { compareVersions } from '../../../nodes/elasticsearch/deployment/version';

function settingsOver(settings: StartSettings, version: string | null): string[] {
	return excesses(settings, version).map(({ setting }) => setting);
}

const upTo = (max: number, enabled = true): StartSettings => ({
	priority: 'low',
	adaptive: { enabled, max_number_of_allocations: max },
});

describe('what a start is refused for', () => {
	it.each<[string, StartSettings, string[]]>([
		['a queue of 100,000 is nothing', { queueCapacity: 100_000 }, []],
		['a queue of 100,001 is its capacity', { queueCapacity: 100_001 }, ['queue_capacity']],
		['a queue that is not told is nothing', { queueCapacity: null }, []],
		['a low priority with nothing else told is nothing', { priority: 'low' }, []],
		[
			'a low priority with adaptive allocations is no number, which they ignore',
			{ priority: 'low', numberOfAllocations: 2, adaptive: { enabled: true } },
			[],
		],
		['a normal priority is nothing', { numberOfAllocations: 9, threadsPerAllocation: 8 }, []],
		[
			'a low priority are threads and number above 1',
			{ priority: 'low', numberOfAllocations: 2, threadsPerAllocation: 4 },
			['threads_per_allocation', 'number_of_allocations'],
		],
		[
			'a low priority with 1 of 1 is nothing',
			{ priority: 'low', numberOfAllocations: 1, threadsPerAllocation: 1 },
			[],
		],
	])('of %s, in every version', (_what, settings, expected) => {
		for (const version of [null, '8.6.2', '8.19.23', '9.0.4', '9.5.0']) {
			expect(settingsOver(settings, version)).toEqual(expected);
		}
	});

	it.each([
		['8.16.6', false],
		['8.19.10', false],
		['8.19.11', true],
		['8.19.23', true],
		['8.19.11-SNAPSHOT', true],
		['9.0.4', false],
		['9.1.10', false],
		['9.2.4', false],
		['9.2.5', true],
		['9.3.0', true],
		['9.10.0', true],
		['10.0.0', true],
		[null, false],
	])('of low priority in %j is a maximum above 1: %j', (version, refused) => {
		const expected = refused ? ['max_number_of_allocations'] : [];
		expect(settingsOver(upTo(2), version)).toEqual(expected);
		expect(settingsOver(upTo(1), version)).toEqual([]);
		expect(settingsOver(upTo(2, false), version)).toEqual([]);
		expect(settingsOver({ ...upTo(2), priority: 'normal' }, version)).toEqual([]);
	});
});

describe('what is too high', () => {
	it('is told with its limit, and whether the low priority sets that', () => {
		const low = { priority: 'low', queueCapacity: 100_001, threadsPerAllocation: 4 };
		expect(excesses({ ...low, numberOfAllocations: 3 }, null)).toEqual([
			{ setting: 'queue_capacity', is: 100_001, most: 100_000, forLowPriority: false },
			{ setting: 'threads_per_allocation', is: 4, most: 1, forLowPriority: true },
			{ setting: 'number_of_allocations', is: 3, most: 1, forLowPriority: true },
		]);
		expect(excesses(upTo(4), '9.3.0')).toEqual([
			{ setting: 'max_number_of_allocations', is: 4, most: 1, forLowPriority: true },
		]);
	});
});

// docs/elasticsearch-behaviour.md, "Start: parameters"
describe('what Elasticsearch takes', () => {
	it('as threads is each power of two up to 32', () => {
		expect(THREADS).toEqual(Array.from({ length: 6 }, (_none, power) => 2 ** power));
	});

	it('as priority is normal or low', () => {
		expect(PRIORITIES).toEqual(['normal', 'low']);
	});
});

describe('versions', () => {
	it('are compared number by number', () => {
		const sorted = ['8.6.2', '8.19.9', '8.19.11', '9.0.0', '9.2.4', '9.10.0', '10.0.0'];
		expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
	});

	it.each([
		['9.2.4', '9.2.4-SNAPSHOT'],
		['9.2', '9.2.0'],
	])('%s and %s are the same', (one, other) => {
		expect(compareVersions(one, other)).toBe(0);
	});
});
