import { readAdaptive } from '../../../nodes/elasticsearch/deployment/allocations';
import { readAssignment, readStatsPage } from '../../../nodes/elasticsearch/api/stats';

/** The deployment in a page of one entry whose stats are these. */
function read(stats: Record<string, unknown>, entry: Record<string, unknown> = {}) {
	const entries = [{ model_id: 'e5', ...entry, deployment_stats: stats }];
	return readStatsPage({ count: 1, trained_model_stats: entries })?.entries[0].deployment;
}

describe('a deployment that tells less', () => {
	it('is read with what that means', () => {
		expect(read({})).toMatchObject({
			id: 'e5',
			modelId: 'e5',
			state: 'unknown',
			reason: null,
			numberOfAllocations: 0,
			runningAllocations: 0,
			allocationState: null,
			threadsPerAllocation: 1,
			priority: 'normal',
			queueCapacity: null,
			cacheSize: null,
			adaptive: null,
			startTime: null,
			routes: [],
			inferenceCount: 0,
			modelSizeBytes: null,
			pipelines: null,
		});
	});

	it('has as many allocations as it aims at where the number is missing', () => {
		const status = { allocation_count: 1, target_allocation_count: 4 };
		expect(read({ allocation_status: status })?.numberOfAllocations).toBe(4);
	});

	it('has no allocations where the number says so, whatever it aims at', () => {
		const status = { target_allocation_count: 4 };
		expect(read({ number_of_allocations: 0, allocation_status: status })?.numberOfAllocations).toBe(
			0,
		);
	});

	it.each(['starting', 'started', 'stopping', 'failed'])('is %s where it says so', (state) => {
		expect(read({ state })?.state).toBe(state);
	});

	it.each(['3', null, true, Infinity, {}])('takes %j for no number', (value) => {
		expect(read({ queue_capacity: value, start_time: value })).toMatchObject({
			queueCapacity: null,
			startTime: null,
		});
	});

	it.each<[string, unknown[], string | null]>([
		['its lowest one', [['9.2.4'], ['8.19.11'], ['9.0.0']], '8.19.11'],
		['a snapshot', [['9.3.0-SNAPSHOT']], '9.3.0-SNAPSHOT'],
		['one of two digits', [['10.0.0']], '10.0.0'],
		['none on Serverless, whose nodes have no name', [undefined], null],
		['none at zero allocations', [], null],
		[
			'none in what is no version',
			[[''], ['new'], ['lucene 9.2.4'], [9], [null], [['9.2.4']]],
			null,
		],
	])('has as the version of its nodes %s', (_what, versions, expected) => {
		const nodes = versions.map((each) =>
			Array.isArray(each) ? { node: { abc: { name: 'ml-1', version: each[0] as unknown } } } : {},
		);
		expect(read({ nodes })?.nodeVersion).toBe(expected);
	});

	it.each([1e21, -1e21, 8.64e15 + 2, '2026-01-01', true])(
		'has no time where %p is none that a Date can hold',
		(time) => {
			const nodes = [{ last_access: time, start_time: time }];
			const found = read({ start_time: time, nodes });
			expect(found?.startTime).toBeNull();
			expect(found?.routes[0]).toMatchObject({ lastAccess: null, startTime: null });
		},
	);

	it('has no routes and no version in nodes that are no objects', () => {
		const nodes = [null, 'ml-1', { node: { abc: null } }];
		expect(read({ nodes })).toMatchObject({
			routes: [{ state: 'unknown', reason: undefined }],
			nodeVersion: null,
		});
	});

	it.each([
		[{ pipeline_count: 0 }, []],
		[{ pipeline_count: 2, ingest: { pipelines: { a: {}, b: {} } } }, ['a', 'b']],
		[{ pipeline_count: 2 }, null],
		[{ pipeline_count: 2, ingest: [] }, null],
	])('has in %j the pipelines %j', (entry, expected) => {
		expect(read({}, entry)?.pipelines).toEqual(expected);
	});
});

describe('adaptive allocations', () => {
	it.each<[unknown, unknown]>([
		[undefined, null],
		[null, null],
		[[], null],
		[{}, { enabled: false }],
		[{ enabled: 'true' }, { enabled: false }],
		[
			{ enabled: true, min_number_of_allocations: 0 },
			{ enabled: true, min_number_of_allocations: 0 },
		],
		[
			{ enabled: true, min_number_of_allocations: null, max_number_of_allocations: 4 },
			{ enabled: true, max_number_of_allocations: 4 },
		],
	])('%j are read as %j', (value, expected) => {
		expect(readAdaptive(value)).toStrictEqual(expected);
	});
});

describe('an assignment', () => {
	it('is handed on as it came', () => {
		const assignment = { task_parameters: { number_of_allocations: 0 } };
		expect(readAssignment({ assignment })).toBe(assignment);
	});

	it.each([
		undefined,
		null,
		'<html>',
		{},
		{ assignment: [] },
		{ assignment: {} },
		{ assignment: { task_parameters: 'x' } },
		{ assignment: { task_parameters: { model_id: 'x' } } },
		{ assignment: { task_parameters: { number_of_allocations: '1' } } },
	])('is none in %j', (body) => {
		expect(readAssignment(body)).toBeUndefined();
	});
});
