import {
	expectedOf,
	expectedOfAssignment,
	judgeStopping,
	type Expected,
	type Verdict,
} from '../../../nodes/elasticsearch/deployment/judge';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, deployment } from '../builders';

describe('what an answer says of the looks to come', () => {
	const assignment = {
		task_parameters: { model_id: 'm', number_of_allocations: 4 },
		start_time: '2022-11-02T11:50:34.766591Z',
		adaptive_allocations: null,
	};
	const startTime = Date.UTC(2022, 10, 2, 11, 50, 34, 766);

	it.each<[string, Record<string, unknown>, Expected]>([
		['a fixed number', {}, { startTime, numberOfAllocations: 4 }],
		[
			'a fixed number, adaptive allocations turned off',
			{ adaptive_allocations: { enabled: false, max_number_of_allocations: 2 } },
			{ startTime, numberOfAllocations: 4 },
		],
		[
			'adaptive allocations',
			{ adaptive_allocations: { enabled: true } },
			{ startTime, numberOfAllocations: undefined },
		],
		['no start time', { start_time: undefined }, { startTime: undefined, numberOfAllocations: 4 }],
		[
			'a start time that is no text',
			{ start_time: 1667389834766 },
			{ startTime: undefined, numberOfAllocations: 4 },
		],
		[
			'nothing that is known',
			{ start_time: 'soon', task_parameters: null },
			{ startTime: undefined, numberOfAllocations: undefined },
		],
	])('where it shows %s', (_what, own, expected) => {
		expect(expectedOfAssignment({ ...assignment, ...own } as never)).toEqual(expected);
	});

	it.each<[string, Partial<Deployment>, Expected]>([
		['a fixed number', {}, { startTime: ago(60), numberOfAllocations: 2 }],
		[
			'adaptive allocations',
			{ adaptive: { enabled: true } },
			{ startTime: ago(60), numberOfAllocations: undefined },
		],
		['no start time', { startTime: null }, { startTime: undefined, numberOfAllocations: 2 }],
	])('where a look shows %s', (_what, own, expected) => {
		expect(expectedOf(deployment(own))).toEqual(expected);
	});
});

describe('a deployment that is stopping', () => {
	const stopping = deployment({ state: 'stopping' });

	it.each<[string, Partial<Deployment> | undefined, Verdict<true>]>([
		['is absent', undefined, { is: 'reached', value: true }],
		['is stopping still', { state: 'stopping' }, { is: 'pending', last: 'stopping' }],
		['is shown as it ran even earlier', { startTime: ago(90) }, { is: 'pending', last: 'started' }],
		['runs as it did before', {}, { is: 'pending', last: 'started' }],
		['was started anew', { startTime: ago(1) }, { is: 'reached', value: true }],
		[
			'was started anew, and stops again',
			{ startTime: ago(1), state: 'stopping' },
			{ is: 'reached', value: true },
		],
		[
			'tells neither state nor start time',
			{ startTime: null, state: 'unknown' },
			{ is: 'pending', last: 'unknown' },
		],
		['runs, and tells no start time', { startTime: null }, { is: 'reached', value: true }],
		[
			'is stopping, and tells no start time',
			{ startTime: null, state: 'stopping' },
			{ is: 'pending', last: 'stopping' },
		],
	])('is gone, or not, where it %s', (_what, own, verdict) => {
		const seen = own === undefined ? undefined : deployment(own);
		expect(judgeStopping(stopping, seen)).toEqual(verdict);
	});

	it('is gone where it runs now, and told no start time while it stopped', () => {
		const untold = deployment({ state: 'stopping', startTime: null });
		expect(judgeStopping(untold, deployment()).is).toBe('reached');
		expect(judgeStopping(untold, untold).is).toBe('pending');
		expect(judgeStopping(untold, deployment({ state: 'stopping' })).is).toBe('pending');
	});
});
