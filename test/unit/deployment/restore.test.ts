import { restoreOf, restoreWarnings } from '../../../nodes/elasticsearch/deployment/restore';
import { deployment, NOW } from '../builders';

const CLUSTER = '3fef7ba456df';

/** What every restore object of the builder's deployment holds. */
const ALWAYS = {
	schema: 1,
	cluster: CLUSTER,
	taken_at: '2026-01-15T12:00:00.000Z',
	model_id: '.elser_model_2',
	deployment_id: 'my-elser',
	threads_per_allocation: 1,
	priority: 'normal',
	queue_capacity: 10_000,
	observed_allocations: 2,
};

describe('the restore object', () => {
	it('of a deployment with a fixed number holds that number', () => {
		expect(restoreOf(deployment(), CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			number_of_allocations: 2,
		});
	});

	it('holds threads, priority and queue as they are', () => {
		const given = deployment({ threadsPerAllocation: 4, priority: 'high', queueCapacity: 7 });
		expect(restoreOf(given, CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			threads_per_allocation: 4,
			priority: 'high',
			queue_capacity: 7,
			number_of_allocations: 2,
		});
	});

	it('of an adaptive deployment holds its settings and no number, because both are refused', () => {
		const adaptive = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 8 };
		expect(restoreOf(deployment({ adaptive }), CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			adaptive_allocations: adaptive,
		});
	});

	it('of one that is scaled to zero holds no number either', () => {
		const adaptive = { enabled: true, min_number_of_allocations: 0 };
		const given = deployment({ adaptive, numberOfAllocations: 0, runningAllocations: 0 });
		expect(restoreOf(given, CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			observed_allocations: 0,
			adaptive_allocations: adaptive,
		});
	});

	it('of one whose adaptive allocations were turned off holds both', () => {
		const adaptive = { enabled: false, max_number_of_allocations: 8 };
		expect(restoreOf(deployment({ adaptive }), CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			adaptive_allocations: adaptive,
			number_of_allocations: 2,
		});
	});

	it('of one that was turned off at zero asks for 1, because Start refuses 0', () => {
		const given = deployment({ adaptive: { enabled: false }, numberOfAllocations: 0 });
		expect(restoreOf(given, CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			observed_allocations: 0,
			adaptive_allocations: { enabled: false },
			number_of_allocations: 1,
		});
	});

	it('of one with low priority asks for 1, and tells how many there were', () => {
		const given = deployment({ priority: 'low', numberOfAllocations: 3 });
		expect(restoreOf(given, CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			priority: 'low',
			observed_allocations: 3,
			number_of_allocations: 1,
		});
	});

	it('holds a cache size that was chosen', () => {
		const given = deployment({ cacheSize: '10kb' });
		expect(restoreOf(given, CLUSTER, NOW)).toStrictEqual({
			...ALWAYS,
			cache_size: '10240b',
			number_of_allocations: 2,
		});
	});

	it('holds a cache that was turned off', () => {
		expect(restoreOf(deployment({ cacheSize: '0' }), CLUSTER, NOW).cache_size).toBe('0');
	});

	it('leaves out what the cluster does not tell', () => {
		const given = deployment({ queueCapacity: null, cacheSize: null, modelSizeBytes: null });
		const restore = restoreOf(given, CLUSTER, NOW);
		expect(restore).not.toHaveProperty('queue_capacity');
		expect(restore).not.toHaveProperty('cache_size');
	});

	it('names a deployment that is called otherwise than its model', () => {
		const given = deployment({ id: 'for-search', modelId: 'e5' });
		const restore = restoreOf(given, CLUSTER, NOW);
		expect([restore.deployment_id, restore.model_id]).toEqual(['for-search', 'e5']);
	});

	it.each(['starting', 'stopping', 'failed'] as const)('is the same while %s', (state) => {
		expect(restoreOf(deployment({ state }), CLUSTER, NOW)).toStrictEqual(
			restoreOf(deployment(), CLUSTER, NOW),
		);
	});

	it('survives being stored as JSON', () => {
		const restore = restoreOf(deployment({ cacheSize: '10kb' }), CLUSTER, NOW);
		expect(JSON.parse(JSON.stringify(restore))).toStrictEqual(restore);
	});
});

describe('the warnings beside it', () => {
	it.each([
		['normal', 3],
		['low', 1],
		['low', 0],
	])('are none for priority %s with %i allocations', (priority, numberOfAllocations) => {
		expect(restoreWarnings(deployment({ priority, numberOfAllocations }))).toEqual([]);
	});

	it('say beforehand that low priority will come back with 1', () => {
		expect(restoreWarnings(deployment({ priority: 'low', numberOfAllocations: 3 }))).toEqual([
			'Priority is low with 3 allocations: Elasticsearch starts a low-priority deployment with 1 allocation only, so it will come back with 1',
		]);
	});

	it('say beforehand that a queue above 100,000 will be refused', () => {
		expect(restoreWarnings(deployment({ queueCapacity: 100_000 }))).toEqual([]);
		expect(restoreWarnings(deployment({ queueCapacity: 250_000 }))).toEqual([
			"'queue_capacity' is 250000, but Elasticsearch starts a deployment with 100000 at most: a start from this restore object will be refused until 'queue_capacity' in it is 100000 or less",
		]);
	});

	it.each([
		['8.19.11', 1],
		['9.3.0', 1],
		['9.2.4', 0],
		['8.16.6', 0],
		[null, 0],
	])('say that %j refuses low priority with a maximum above 1: %i', (nodeVersion, warnings) => {
		const adaptive = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 };
		const given = deployment({ priority: 'low', numberOfAllocations: 1, adaptive, nodeVersion });
		const expected =
			"'max_number_of_allocations' is 4, but Elasticsearch starts a deployment with low priority with 1 at most: a start from this restore object will be refused until 'max_number_of_allocations' in it is 1 or less";
		expect(restoreWarnings(given)).toEqual(warnings === 0 ? [] : [expected]);
	});

	it('say nothing of a number that the restore object lowers by itself', () => {
		const given = deployment({ priority: 'low', numberOfAllocations: 3, nodeVersion: '9.3.0' });
		expect(restoreWarnings(given)).toHaveLength(1);
	});
});
