import {
	ABSENT,
	failureReason,
	readiness,
	settingsOf,
	vcpusOf,
} from '../../../nodes/elasticsearch/deployment/deployment';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { deployment, route } from '../builders';

const FAILED_ROUTE = route({ state: 'failed', reason: 'out of memory' });

describe('readiness', () => {
	it.each<[string, Partial<Deployment>]>([
		['all that are asked for run', { numberOfAllocations: 2, runningAllocations: 2 }],
		['more run than asked for', { numberOfAllocations: 1, runningAllocations: 2 }],
		['a reason is left from earlier', { reason: 'rebalanced' }],
	])('is given where %s', (_what, own) => {
		expect(readiness(deployment(own))).toEqual({ ready: true, reason: null });
	});

	it.each<[string, Partial<Deployment>, string]>([
		['some do not run', { runningAllocations: 1 }, '1 of 2 allocations run'],
		['none runs', { runningAllocations: 0 }, '0 of 2 allocations run'],
		[
			'there is no room',
			{ runningAllocations: 1, reason: 'No ML nodes exist in the cluster' },
			'1 of 2 allocations run: No ML nodes exist in the cluster',
		],
		['it is scaled to zero', { numberOfAllocations: 0, runningAllocations: 0 }, 'scaled_to_zero'],
		[
			'one still runs on the way to zero',
			{ numberOfAllocations: 0, runningAllocations: 1 },
			'scaled_to_zero',
		],
		['it is starting', { state: 'starting' }, 'starting'],
		['it is starting, and says why', { state: 'starting', reason: 'no room' }, 'no room'],
		['it is stopping', { state: 'stopping' }, 'stopping'],
		[
			'it is stopping, and says why',
			{ state: 'stopping', reason: 'client API call' },
			'stopping: client API call',
		],
		[
			'one of its nodes is stopping',
			{ runningAllocations: 1, routes: [route(), route({ state: 'stopping' })] },
			'1 of 2 allocations run: one of its nodes is stopping',
		],
		['it failed without a word', { state: 'failed' }, 'failed'],
		['it failed on its node', { state: 'failed', routes: [FAILED_ROUTE] }, 'out of memory'],
		['it is starting at zero', { state: 'starting', numberOfAllocations: 0 }, 'starting'],
		[
			'its state is hidden',
			{ state: 'unknown' },
			'unknown: the cluster shows neither its state nor where it runs',
		],
		['its state is hidden, and it says why', { state: 'unknown', reason: 'no room' }, 'no room'],
		[
			'none of its nodes is stopping',
			{ runningAllocations: 1, routes: [route(), route({ state: 'starting' })] },
			'1 of 2 allocations run',
		],
		[
			'one of its nodes is stopping, and it says what for',
			{ runningAllocations: 1, reason: 'rebalanced', routes: [route({ state: 'stopping' })] },
			'1 of 2 allocations run: rebalanced',
		],
	])('is missing where %s', (_what, own, reason) => {
		expect(readiness(deployment(own))).toEqual({ ready: false, reason });
	});
});

describe('the reason of a failure', () => {
	const own = 'All node routes are failed; see node route reason for details';

	it.each<[string, Partial<Deployment>, string | null]>([
		['none', {}, null],
		['its own', { state: 'failed', reason: own }, own],
		[
			"its own and its route's",
			{ state: 'failed', reason: own, routes: [route(), FAILED_ROUTE] },
			`${own}; out of memory`,
		],
		['its own alone, while others run', { reason: 'no room', routes: [FAILED_ROUTE] }, 'no room'],
		[
			'none, where the failed route has none',
			{ state: 'failed', routes: [route({ state: 'failed' })] },
			null,
		],
		[
			"its second route's, where the first failed without a word",
			{ state: 'failed', routes: [route({ state: 'failed' }), FAILED_ROUTE] },
			'out of memory',
		],
		[
			'none, where a route that did not fail has one',
			{ state: 'failed', routes: [route({ reason: 'rebalanced' })] },
			null,
		],
		['none, where it is empty', { state: 'failed', reason: '' }, null],
	])('is %s', (_what, given, expected) => {
		expect(failureReason(deployment(given))).toBe(expected);
	});
});

describe('processors', () => {
	it.each([
		[2, 4, 8],
		[1, 1, 1],
		[0, 4, 0],
	])('of %i allocations with %i threads are %i', (number, threads, expected) => {
		const own = { numberOfAllocations: number, threadsPerAllocation: threads };
		expect(vcpusOf(settingsOf(deployment(own)))).toBe(expected);
	});
});

describe('the settings that stand as before and after', () => {
	it('are state, number, threads and adaptive allocations', () => {
		const adaptive = { enabled: true, min_number_of_allocations: 1 };
		expect(settingsOf(deployment({ adaptive }))).toStrictEqual({
			state: 'started',
			number_of_allocations: 2,
			threads_per_allocation: 1,
			adaptive_allocations: adaptive,
		});
		expect(settingsOf(deployment()).adaptive_allocations).toBeNull();
	});

	it('have the same keys where nothing is deployed, and take no processors', () => {
		expect(Object.keys(ABSENT)).toEqual(Object.keys(settingsOf(deployment())));
		expect(ABSENT).toMatchObject({ state: 'not_deployed', threads_per_allocation: null });
		expect(vcpusOf(ABSENT)).toBe(0);
	});

	it('are a copy, so that a change of one does not change the other', () => {
		const given = deployment({ adaptive: { enabled: true } });
		expect(settingsOf(given).adaptive_allocations).not.toBe(given.adaptive);
	});
});
