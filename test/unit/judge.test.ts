import type { Deployment } from '../../nodes/elasticsearch/types';
import { judge, type Verdict, type WaitFor } from '../../nodes/elasticsearch/wait';
import { deployment, route } from './builders';

const REACHED: Verdict = { is: 'reached' };

function pending(last: string): Verdict {
	return { is: 'pending', last };
}

const atLeast = (min: number): Partial<Deployment> => ({
	adaptive: { enabled: true, min_number_of_allocations: min },
});

const bounds = (min: number, max: number): Partial<Deployment> => ({
	adaptive: { enabled: true, min_number_of_allocations: min, max_number_of_allocations: max },
});

const SCALED_TO_ZERO: Verdict = {
	is: 'hopeless',
	message: "The deployment 'my-elser' is scaled to zero: its minimum of allocations is 0",
	next: "The first request wakes it. To have it ready, set 'Minimum Number of Allocations' to 1 or more with the operation Update",
};

const ZERO: Partial<Deployment> = { numberOfAllocations: 0, runningAllocations: 0, routes: [] };

describe('a deployment that is waited for', () => {
	it.each<[string, Partial<Deployment>, Verdict, Verdict]>([
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
		['is stopping', { state: 'stopping' }, pending('stopping'), pending('stopping')],
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
		expect(judge('my-elser', deployment(own), 'started')).toEqual(whereStarted);
		expect(judge('my-elser', deployment(own), 'fully_allocated')).toEqual(whereFullyAllocated);
	});

	describe.each<WaitFor>(['started', 'fully_allocated'])('until it is %s', (waitFor) => {
		it('is not waited for any more where somebody stopped it', () => {
			expect(judge('my-elser', undefined, waitFor)).toEqual({
				is: 'hopeless',
				message: "The deployment 'my-elser' was stopped while it was waited for",
				next: 'Find out who stopped it (another workflow, Kibana), then start it again',
			});
		});

		it.each<[string, Partial<Deployment>, string]>([
			['nothing', {}, 'the cluster gives no reason'],
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
			expect(judge('my-elser', deployment({ ...own, state: 'failed' }), waitFor)).toEqual({
				is: 'hopeless',
				message: `The deployment 'my-elser' did not start: ${told}`,
				next: 'Stop it first, remove the cause, then start it again',
			});
		});
	});
});
