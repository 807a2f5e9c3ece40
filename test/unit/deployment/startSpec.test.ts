import { differences, type StartSpec } from '../../../nodes/elasticsearch/deployment/startSpec';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { deployment } from '../builders';

/** What the builder's deployment runs as, and nothing said of its size. */
const SPEC: StartSpec = { modelId: '.elser_model_2', deploymentId: 'my-elser' };

const on = (min?: number, max?: number) => ({
	enabled: true,
	...(min !== undefined && { min_number_of_allocations: min }),
	...(max !== undefined && { max_number_of_allocations: max }),
});

/** Each difference as the error for it says it: "setting is …, not …". */
function told(spec: Partial<StartSpec>, own: Partial<Deployment> = {}): string[] {
	return differences({ ...SPEC, ...spec }, deployment(own)).map(
		({ setting, is, wanted }) => `${setting} is ${is}, not ${wanted}`,
	);
}

describe('a deployment differs', () => {
	it.each<[string, Partial<StartSpec>, Partial<Deployment>, string]>([
		['by its model', { modelId: 'e5' }, {}, 'model_id is .elser_model_2, not e5'],
		['by its threads', { threadsPerAllocation: 4 }, {}, 'threads_per_allocation is 1, not 4'],
		['by its priority', { priority: 'low' }, {}, 'priority is normal, not low'],
		['by its queue', { queueCapacity: 7 }, {}, 'queue_capacity is 10000, not 7'],
		[
			'by a queue that the cluster does not tell',
			{ queueCapacity: 7 },
			{ queueCapacity: null },
			'queue_capacity is not set, not 7',
		],
		['by its cache', { cacheSize: '1gb' }, {}, 'cache_size is 253.3mb, not 1gb'],
		[
			'by a cache that the cluster does not tell',
			{ cacheSize: '1gb' },
			{ cacheSize: null },
			'cache_size is not set, not 1gb',
		],
		[
			'by a cache whose print is no size',
			{ cacheSize: '1gb' },
			{ cacheSize: 'lots' },
			'cache_size is lots, not 1gb',
		],
		['by its number', { numberOfAllocations: 4 }, {}, 'number_of_allocations is 2, not 4'],
		[
			'by its number, where adaptive allocations are off',
			{ numberOfAllocations: 4, adaptive: { enabled: false } },
			{ adaptive: { enabled: false } },
			'number_of_allocations is 2, not 4',
		],
		[
			'where it follows the load, and a number is wanted',
			{ numberOfAllocations: 2 },
			{ adaptive: on() },
			'adaptive_allocations is true, not false',
		],
		[
			'where it has a number, and should follow the load',
			{ adaptive: on() },
			{},
			'adaptive_allocations is false, not true',
		],
		[
			'where adaptive allocations were turned off',
			{ adaptive: on(1) },
			{ adaptive: { ...on(1), enabled: false } },
			'adaptive_allocations is false, not true',
		],
		[
			'by its minimum',
			{ adaptive: on(1) },
			{ adaptive: on(0) },
			'min_number_of_allocations is 0, not 1',
		],
		[
			'by a minimum that it has not',
			{ adaptive: on(0) },
			{ adaptive: on() },
			'min_number_of_allocations is not set, not 0',
		],
		[
			'by its maximum',
			{ adaptive: on(1, 4) },
			{ adaptive: on(1, 8) },
			'max_number_of_allocations is 8, not 4',
		],
		[
			'by a minimum that a restore object has not',
			{ adaptive: on(), exact: true },
			{ adaptive: on(1) },
			'min_number_of_allocations is 1, not not set',
		],
		[
			'by a maximum that a restore object has not',
			{ adaptive: on(1), exact: true },
			{ adaptive: on(1, 8) },
			'max_number_of_allocations is 8, not not set',
		],
	])('%s', (_how, spec, own, expected) => {
		expect(told(spec, own)).toEqual([expected]);
	});

	it('by all that differs, in one order', () => {
		const spec = {
			modelId: 'e5',
			threadsPerAllocation: 2,
			priority: 'low',
			queueCapacity: 1,
			cacheSize: '0',
			adaptive: on(1, 4),
		};
		const found = differences({ ...SPEC, ...spec }, deployment());
		expect(found.map(({ setting }) => setting)).toEqual([
			'model_id',
			'threads_per_allocation',
			'priority',
			'queue_capacity',
			'cache_size',
			'adaptive_allocations',
			'min_number_of_allocations',
			'max_number_of_allocations',
		]);
	});

	it.each<[string, Partial<StartSpec>, Partial<Deployment>]>([
		['nothing but the model is asked for', {}, {}],
		[
			'each setting is the one asked for',
			{
				threadsPerAllocation: 1,
				priority: 'normal',
				queueCapacity: 10_000,
				cacheSize: '253.3mb',
				numberOfAllocations: 2,
			},
			{},
		],
		['the cache prints the same, although it is given in bytes', { cacheSize: '265604301b' }, {}],
		['the cache is the same in capital letters', { cacheSize: '253.3MB' }, {}],
		['there is no cache, and none is wanted', { cacheSize: '0' }, { cacheSize: '0b' }],
		['the bounds are those asked for', { adaptive: on(1, 4) }, { adaptive: on(1, 4) }],
		['no bounds are asked for', { adaptive: on() }, { adaptive: on(1, 4) }],
		['a restore object has the same bounds', { adaptive: on(1), exact: true }, { adaptive: on(1) }],
		['a restore object has no bounds either', { adaptive: on(), exact: true }, { adaptive: on() }],
		['it follows the load, and no number is wanted', {}, { adaptive: on(1, 4) }],
		[
			'adaptive allocations are off in both',
			{ numberOfAllocations: 2, adaptive: { enabled: false } },
			{ adaptive: { ...on(1, 4), enabled: false } },
		],
	])('by nothing where %s', (_what, spec, own) => {
		expect(told(spec, own)).toEqual([]);
	});
});

describe('a difference takes a stop and a start', () => {
	it.each<[string, Partial<StartSpec>, Partial<Deployment>]>([
		['model', { modelId: 'e5' }, {}],
		['threads', { threadsPerAllocation: 4 }, {}],
		['priority', { priority: 'low' }, {}],
		['queue', { queueCapacity: 7 }, {}],
		['cache', { cacheSize: '1gb' }, {}],
	])('where it is of the %s', (_what, spec, own) => {
		expect(differences({ ...SPEC, ...spec }, deployment(own))).toMatchObject([
			{ updatable: false },
		]);
	});

	it.each<[string, Partial<StartSpec>, Partial<Deployment>]>([
		['number', { numberOfAllocations: 4 }, {}],
		['minimum', { adaptive: on(1) }, { adaptive: on(2) }],
		['maximum', { adaptive: on(1, 4) }, { adaptive: on(1, 8) }],
		['switch to the load', { adaptive: on() }, {}],
		['switch to a number', { numberOfAllocations: 2 }, { adaptive: on() }],
	])('but not where it is of the %s, which an update changes', (_what, spec, own) => {
		expect(differences({ ...SPEC, ...spec }, deployment(own))).toMatchObject([{ updatable: true }]);
	});
});
