import {
	judge,
	type Expected,
	type Verdict,
	type WaitFor,
} from '../../../nodes/elasticsearch/deployment/judge';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, deployment, route } from '../builders';

type Judged = { is: 'reached' } | Exclude<Verdict<Deployment>, { is: 'reached' }>;

const REACHED: Judged = { is: 'reached' };

const STOPPING: Judged = { is: 'pending', last: 'stopping', isStopping: true };

function pending(last: string): Judged {
	return { is: 'pending', last };
}

/** What a look says that showed this, or showed nothing so often in a row. */
function judged(
	seen: Partial<Deployment> | undefined,
	waitFor: WaitFor,
	expected: Expected = {},
	looksWithout = 0,
): Judged {
	const shown = seen === undefined ? undefined : deployment(seen);
	const verdict = judge({ id: 'my-elser', waitFor, expected }, shown, looksWithout);
	if (verdict.is !== 'reached') return verdict;
	expect(verdict.value).toBe(shown);
	return REACHED;
}

const atLeast = (min: number): Partial<Deployment> => ({
	adaptive: { enabled: true, min_number_of_allocations: min },
});

const bounds = (min: number, max: number): Partial<Deployment> => ({
	adaptive: { enabled: true, min_number_of_allocations: min, max_number_of_allocations: max },
});

const SCALED_TO_ZERO: Judged = {
	is: 'hopeless',
	problem: { code: 'scaled_to_zero', id: 'my-elser' },
};

const BEFORE_ITS_START = 'the cluster shows it as it was before its start';

const ZERO: Partial<Deployment> = { numberOfAllocations: 0, runningAllocations: 0, routes: [] };

describe('a deployment that is waited for', () => {
	it.each<[string, Partial<Deployment>, Judged, Judged]>([
		['runs all', {}, REACHED, REACHED],
		['runs more than asked for', { numberOfAllocations: 1 }, REACHED, REACHED],
		['runs some', { runningAllocations: 1 }, REACHED, pending('1 of 2 allocations run')],
		[
			'runs some, and has no room for more',
			{ runningAllocations: 1, reason: 'No ML nodes exist in the cluster' },
			REACHED,
			pending('1 of 2 allocations run: No ML nodes exist in the cluster'),
		],
		[
			'runs none',
			{ runningAllocations: 0 },
			pending('0 of 2 allocations run'),
			pending('0 of 2 allocations run'),
		],
		[
			'is starting',
			{ state: 'starting', runningAllocations: 0 },
			pending('starting'),
			pending('starting'),
		],
		[
			'is starting, and says why it takes so long',
			{ state: 'starting', runningAllocations: 0, reason: 'no room' },
			pending('no room'),
			pending('no room'),
		],
		[
			'is starting at zero',
			{ ...ZERO, state: 'starting' },
			pending('starting'),
			pending('starting'),
		],
		['is stopping', { state: 'stopping' }, STOPPING, STOPPING],
		[
			'is starting below its minimum',
			{ ...atLeast(3), state: 'starting', runningAllocations: 0 },
			pending('starting'),
			pending('starting'),
		],
		[
			'is starting above its maximum',
			{ ...bounds(0, 1), state: 'starting', runningAllocations: 0 },
			pending('starting'),
			pending('starting'),
		],
		['is stopping at zero', { ...ZERO, state: 'stopping' }, STOPPING, STOPPING],
		['runs its minimum', { ...atLeast(2) }, REACHED, REACHED],
		[
			'is scaled to zero, with a minimum of 0',
			{ ...ZERO, ...atLeast(0) },
			SCALED_TO_ZERO,
			SCALED_TO_ZERO,
		],
		[
			'is scaled to zero, with no minimum',
			{ ...ZERO, adaptive: { enabled: true } },
			SCALED_TO_ZERO,
			SCALED_TO_ZERO,
		],
		[
			'is scaled to zero, with a minimum that is turned off',
			{ ...ZERO, adaptive: { enabled: false, min_number_of_allocations: 2 } },
			SCALED_TO_ZERO,
			SCALED_TO_ZERO,
		],
		[
			'is at zero, until the scaler wakes it',
			{ ...ZERO, ...atLeast(1) },
			pending('the scaler has not raised it to its minimum of 1 yet'),
			pending('the scaler has not raised it to its minimum of 1 yet'),
		],
		[
			'runs one, until the scaler raises it',
			{ ...atLeast(3), numberOfAllocations: 1, runningAllocations: 1 },
			REACHED,
			pending('the scaler has not raised it to its minimum of 3 yet'),
		],
		[
			'runs four, until the scaler lowers it',
			{ ...bounds(2, 2), numberOfAllocations: 4, runningAllocations: 4 },
			REACHED,
			pending('the scaler has not lowered it to its maximum of 2 yet'),
		],
		[
			'runs none of four, until the scaler lowers it',
			{ ...bounds(2, 2), numberOfAllocations: 4, runningAllocations: 0 },
			pending('the scaler has not lowered it to its maximum of 2 yet'),
			pending('the scaler has not lowered it to its maximum of 2 yet'),
		],
		[
			'runs four over a maximum that is turned off',
			{
				adaptive: { enabled: false, max_number_of_allocations: 2 },
				numberOfAllocations: 4,
				runningAllocations: 4,
			},
			REACHED,
			REACHED,
		],
		['runs its maximum', { ...bounds(0, 2) }, REACHED, REACHED],
	])('that %s', (_what, own, whereStarted, whereFullyAllocated) => {
		expect(judged(own, 'started')).toEqual(whereStarted);
		expect(judged(own, 'fully_allocated')).toEqual(whereFullyAllocated);
	});

	describe.each<WaitFor>(['started', 'fully_allocated'])('until it is %s', (waitFor) => {
		it('is not waited for any more where it is missing for the second time in a row', () => {
			expect(judged(undefined, waitFor, {}, 1)).toEqual(pending('the cluster does not show it'));
			for (const looksWithout of [2, 3]) {
				expect(judged(undefined, waitFor, {}, looksWithout)).toEqual({
					is: 'hopeless',
					problem: { code: 'stopped_meanwhile', id: 'my-elser' },
				});
			}
		});

		it.each<[string, Partial<Deployment>, Expected, Judged]>([
			['ran before its start', {}, { startTime: ago(10) }, pending(BEFORE_ITS_START)],
			[
				'failed before its start',
				{ state: 'failed' },
				{ startTime: ago(10) },
				pending(BEFORE_ITS_START),
			],
			[
				'was at zero before its start',
				{ ...ZERO, ...bounds(0, 4) },
				{ startTime: ago(10) },
				pending(BEFORE_ITS_START),
			],
			['runs since that very millisecond', {}, { startTime: ago(60) }, REACHED],
			['was restarted meanwhile', {}, { startTime: ago(90) }, REACHED],
			['tells no start time', { startTime: null }, { startTime: ago(10) }, REACHED],
			[
				'runs the number from before its change',
				{},
				{ numberOfAllocations: 4 },
				pending('the cluster shows 2 allocations asked for, not 4 yet'),
			],
			[
				'is at zero, as before its change',
				ZERO,
				{ numberOfAllocations: 4 },
				pending('the cluster shows 0 allocations asked for, not 4 yet'),
			],
			['runs the number that was set', {}, { numberOfAllocations: 2, startTime: ago(60) }, REACHED],
		])('is judged by what is known already where it %s', (_what, own, expected, verdict) => {
			expect(judged(own, waitFor, expected)).toEqual(verdict);
		});

		it.each<[string, Partial<Deployment>, string | null]>([
			['nothing', {}, null],
			['its own reason', { reason: 'All node routes are failed' }, 'All node routes are failed'],
			[
				"the reason of its node's failure",
				{
					reason: 'All node routes are failed',
					routes: [route({ state: 'failed', reason: 'out of memory' })],
				},
				'All node routes are failed; out of memory',
			],
		])('is not waited for any more where it failed and tells %s', (_what, own, told) => {
			expect(judged({ ...own, state: 'failed' }, waitFor)).toEqual({
				is: 'hopeless',
				problem: { code: 'failed_to_start', id: 'my-elser', reason: told },
			});
		});
	});
});
