import {
	adaptiveBounds,
	missing,
	simplify,
	simplifyInFull,
	simplifyNotDeployed,
	simplifyNotDeployedInFull,
} from '../../../nodes/elasticsearch/deployment/deployment';
import { restoreOf } from '../../../nodes/elasticsearch/deployment/restore';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, deployment, NOW, route } from '../builders';

const around = { cluster: '3fef7ba456df', now: NOW, endpoint: null };

describe('the simplified deployment', () => {
	it('is ten flat keys, with the restore as text at the end', () => {
		const given = deployment({
			threadsPerAllocation: 4,
			adaptive: { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 },
		});
		const shown = simplify(given, { ...around, endpoint: 'my-endpoint' });
		expect(Object.entries(shown)).toStrictEqual([
			['deployment_id', 'my-elser'],
			['model_id', '.elser_model_2'],
			['state', 'started'],
			['ready', true],
			['number_of_allocations', 2],
			['adaptive', '1 to 4'],
			['vcpus', 8],
			['endpoint', 'my-endpoint'],
			['idle_minutes', 10],
			['restore', JSON.stringify(restoreOf(given, around.cluster, NOW))],
		]);
	});

	it.each<[string, Deployment['adaptive'], string | null]>([
		[
			'1 to 4',
			{ enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 },
			'1 to 4',
		],
		['no bounds', { enabled: true }, '0 to 32'],
		['no maximum', { enabled: true, min_number_of_allocations: 2 }, '2 to 32'],
		['no minimum', { enabled: true, max_number_of_allocations: 8 }, '0 to 8'],
		['bounds, but off', { enabled: false, min_number_of_allocations: 1 }, null],
		['nothing', null, null],
	])('tells adaptive allocations with %s', (_which, adaptive, expected) => {
		expect(adaptiveBounds(deployment({ adaptive }))).toBe(expected);
	});

	it('is one flat object with all public names in full', () => {
		const given = deployment({
			threadsPerAllocation: 4,
			adaptive: { enabled: true, min_number_of_allocations: 1 },
			routes: [
				route({ pendingRequests: 0, throughputLastMinute: 30 }),
				route({ lastAccess: ago(5), throughputLastMinute: 12 }),
			],
			inferenceCount: 1_000,
			errorCount: 3,
			rejectedCount: 2,
		});
		const shown = simplifyInFull(given, { ...around, endpoint: 'my-endpoint' });
		expect(Object.keys(shown).slice(0, 10)).toEqual(Object.keys(simplify(given, around)));
		expect(shown).toStrictEqual({
			deployment_id: 'my-elser',
			model_id: '.elser_model_2',
			state: 'started',
			ready: true,
			reason: null,
			number_of_allocations: 2,
			running_allocations: 2,
			allocation_state: 'fully_allocated',
			threads_per_allocation: 4,
			vcpus: 8,
			priority: 'normal',
			queue_capacity: 10_000,
			cache_size: '253.3mb',
			adaptive: '1 to 32',
			min_number_of_allocations: 1,
			max_number_of_allocations: null,
			endpoint: 'my-endpoint',
			pending_requests: 0,
			rejected_requests: 2,
			errors: 3,
			inference_count: 1_000,
			throughput_last_minute: 42,
			last_access: '2026-01-15T11:55:00.000Z',
			idle_minutes: 0,
			start_time: '2026-01-15T11:00:00.000Z',
			node_count: 2,
			model_size_bytes: 265_632_637,
			restore: JSON.stringify(restoreOf(given, around.cluster, NOW)),
			restore_warnings: [],
		});
	});

	it.each<[string, Partial<Deployment>, Record<string, unknown>]>([
		[
			'is scaled to zero',
			{ numberOfAllocations: 0, runningAllocations: 0, routes: [] },
			{
				ready: false,
				reason: 'scaled_to_zero',
				vcpus: 0,
				node_count: 0,
				last_access: null,
				idle_minutes: 60,
			},
		],
		[
			'has lost its only node',
			{ routes: [], runningAllocations: 0 },
			{ ready: false, node_count: 0, last_access: null, idle_minutes: null },
		],
		[
			'was never used',
			{ routes: [route({ lastAccess: null })] },
			{ last_access: null, idle_minutes: 60 },
		],
		[
			'has pending requests',
			{ routes: [route({ pendingRequests: 2 }), route({ pendingRequests: 3 })] },
			{ pending_requests: 5, idle_minutes: null, last_access: '2026-01-15T11:50:00.000Z' },
		],
		['has no start time', { startTime: null }, { start_time: null }],
		[
			'is failed',
			{
				state: 'failed',
				reason: 'All node routes are failed',
				runningAllocations: 0,
				allocationState: null,
			},
			{
				state: 'failed',
				ready: false,
				reason: 'All node routes are failed',
				allocation_state: null,
			},
		],
		['is stopping', { state: 'stopping' }, { state: 'stopping', ready: false, reason: 'stopping' }],
		[
			'has low priority with more than one',
			{ priority: 'low', numberOfAllocations: 2 },
			{ priority: 'low', restore_warnings: [expect.stringContaining('Priority is low with 2')] },
		],
		[
			'tells little',
			{ queueCapacity: null, cacheSize: null, modelSizeBytes: null, adaptive: null },
			{
				queue_capacity: null,
				cache_size: null,
				model_size_bytes: null,
				adaptive: null,
				min_number_of_allocations: null,
				max_number_of_allocations: null,
			},
		],
	])('of one that %s', (_what, own, expected) => {
		expect(simplifyInFull(deployment(own), around)).toMatchObject(expected);
	});

	it.each([null, 'unknown', 'my-endpoint'])('names its endpoint as %j', (endpoint) => {
		expect(simplify(deployment(), { ...around, endpoint }).endpoint).toBe(endpoint);
	});

	it('leaves no value undefined, which n8n would drop', () => {
		const bare = deployment({ startTime: null, routes: [], cacheSize: null, modelSizeBytes: null });
		expect(Object.values(simplifyInFull(bare, around))).not.toContain(undefined);
	});
});

describe('a model that has no deployment', () => {
	it('says so, with no deployment id', () => {
		expect(simplifyNotDeployedInFull('e5', 470_000_000)).toMatchObject({
			deployment_id: null,
			model_id: 'e5',
			state: 'not_deployed',
			ready: false,
			reason: 'not_deployed',
			number_of_allocations: 0,
			running_allocations: 0,
			adaptive: null,
			vcpus: 0,
			model_size_bytes: 470_000_000,
			restore: null,
			restore_warnings: [],
		});
	});

	it('has the shape of every other deployment', () => {
		const keys = Object.keys(simplifyNotDeployed('e5'));
		expect(keys).toEqual(Object.keys(simplify(deployment(), around)));
		const all = Object.keys(simplifyNotDeployedInFull('e5', null));
		expect(all).toEqual(Object.keys(simplifyInFull(deployment(), around)));
	});
});

describe('a deployment that an inference endpoint needs and that is not there', () => {
	it('has the shape of every other deployment, with the endpoint that needs it', () => {
		expect(missing(simplifyNotDeployed('e5'), 'search', 'my-endpoint')).toStrictEqual({
			...simplifyNotDeployed('e5'),
			deployment_id: 'search',
			state: 'missing',
			endpoint: 'my-endpoint',
		});
		const inFull = simplifyNotDeployedInFull('e5', 470_000_000);
		expect(missing(inFull, 'search', 'my-endpoint')).toStrictEqual({
			...inFull,
			deployment_id: 'search',
			state: 'missing',
			endpoint: 'my-endpoint',
			reason: 'missing',
		});
	});
});
