import { readStatsPage } from '../../../nodes/elasticsearch/api/stats';

/** A deployment as `_stats` tells it. */
const STATS = {
	deployment_id: 'my-elser',
	model_id: '.elser_model_2',
	threads_per_allocation: 2,
	number_of_allocations: 3,
	adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
	queue_capacity: 1_024,
	state: 'started',
	reason: 'no room',
	allocation_status: { allocation_count: 2, target_allocation_count: 3, state: 'started' },
	cache_size: '10kb',
	priority: 'low',
	start_time: 1_000,
	error_count: 4,
	rejected_execution_count: 5,
	inference_count: 6,
	nodes: [
		{
			node: { abc: { name: 'ml-1', version: '9.2.4' } },
			routing_state: { routing_state: 'started', reason: '' },
			last_access: 3_000,
			start_time: 2_000,
			number_of_allocations: 2,
			number_of_pending_requests: 7,
			throughput_last_minute: 8,
		},
		{
			routing_state: { routing_state: 'failed', reason: 'out of memory' },
			throughput_last_minute: 0,
		},
	],
};

const ENTRY = {
	model_id: '.elser_model_2',
	model_size_stats: { model_size_bytes: 9, required_native_memory_bytes: 10 },
	pipeline_count: 1,
	ingest: { pipelines: { 'my-pipeline': {} } },
	deployment_stats: STATS,
};

function page(...entries: unknown[]): unknown {
	return { count: entries.length, trained_model_stats: entries };
}

describe('a page of statistics', () => {
	it('is read whole', () => {
		expect(readStatsPage(page(ENTRY))).toStrictEqual({
			models: 1,
			entries: [
				{
					modelId: '.elser_model_2',
					raw: ENTRY,
					deployment: {
						id: 'my-elser',
						modelId: '.elser_model_2',
						state: 'started',
						reason: 'no room',
						numberOfAllocations: 3,
						runningAllocations: 2,
						allocationState: 'started',
						threadsPerAllocation: 2,
						priority: 'low',
						queueCapacity: 1_024,
						cacheSize: '10kb',
						adaptive: { enabled: true, min_number_of_allocations: 1 },
						startTime: 1_000,
						routes: [
							{
								state: 'started',
								reason: undefined,
								allocations: 2,
								lastAccess: 3_000,
								startTime: 2_000,
								pendingRequests: 7,
								throughputLastMinute: 8,
							},
							{
								state: 'failed',
								reason: 'out of memory',
								allocations: null,
								lastAccess: null,
								startTime: null,
								pendingRequests: 0,
								throughputLastMinute: 0,
							},
						],
						nodeVersion: '9.2.4',
						inferenceCount: 6,
						errorCount: 4,
						rejectedCount: 5,
						modelSizeBytes: 9,
						pipelines: ['my-pipeline'],
						raw: ENTRY,
					},
				},
			],
		});
	});

	it('counts models, of which some have several deployments and some none', () => {
		const body = { count: 2, trained_model_stats: [ENTRY, ENTRY, { model_id: 'e5' }] };
		const found = readStatsPage(body);
		expect(found?.models).toBe(2);
		expect(found?.entries[2]).toEqual({ modelId: 'e5', raw: { model_id: 'e5' } });
		expect(found?.entries.map((each) => each.deployment?.id)).toEqual([
			'my-elser',
			'my-elser',
			undefined,
		]);
	});

	it('may be empty', () => {
		expect(readStatsPage(page())).toEqual({ models: 0, entries: [] });
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['a login page', '<html>Log in</html>'],
		['an empty object', {}],
		['a list', [ENTRY]],
		['no count', { trained_model_stats: [] }],
		['a count that is a text', { count: '1', trained_model_stats: [] }],
		['no entries', { count: 0 }],
		['entries that are an object', { count: 0, trained_model_stats: {} }],
		['an entry that is null', page(null)],
		['an entry that is a text', page('x')],
		['an entry without model', page({ deployment_stats: STATS })],
		['a model that is a number', page({ model_id: 1 })],
		['statistics that are a list', page({ model_id: 'x', deployment_stats: [] })],
		['one bad entry among good ones', page(ENTRY, {})],
	])('is none where the body is or has %s', (_what, body) => {
		expect(readStatsPage(body)).toBeUndefined();
	});
});
