import { readRestore } from '../../../nodes/elasticsearch/deployment/parseRestore';

const RESTORE = {
	schema: 1,
	cluster: '3fef7ba456df',
	model_id: 'e5',
	deployment_id: 'search',
	number_of_allocations: 2,
};

describe('a restore object is refused where it', () => {
	it.each<[string, unknown, object]>([
		['is undefined', undefined, { code: 'absent' }],
		['is null', null, { code: 'absent' }],
		['is null as a text', 'null', { code: 'absent' }],
		['is a blank text', ' \n', { code: 'empty' }],
		['is cut off', '{"schema": 1', { code: 'no_json' }],
		['is a number', 3, { code: 'no_object' }],
		['is a list', [RESTORE], { code: 'no_object' }],
		['is the item around it', { restore: RESTORE }, { code: 'in_item' }],
		['has no schema', {}, { code: 'schema', schema: undefined }],
		['has a newer schema', { ...RESTORE, schema: 2 }, { code: 'schema', schema: 2 }],
		['has its schema as a text', { ...RESTORE, schema: '1' }, { code: 'schema', schema: '1' }],
		['has another key', { ...RESTORE, foo: 1 }, { code: 'unknown_key', key: 'foo' }],
		[
			'has a key of every object',
			{ ...RESTORE, toString: 1 },
			{ code: 'unknown_key', key: 'toString' },
		],
		[
			'names no model',
			{ ...RESTORE, model_id: undefined },
			{ code: 'missing_key', key: 'model_id' },
		],
		[
			'names no deployment',
			{ ...RESTORE, deployment_id: 7 },
			{ code: 'missing_key', key: 'deployment_id' },
		],
		[
			'names a pattern of models',
			{ ...RESTORE, model_id: 'a*' },
			{ code: 'id', key: 'model_id', problem: { code: 'pattern', id: 'a*', what: 'model' } },
		],
		[
			'names a pattern',
			{ ...RESTORE, deployment_id: 'a*' },
			{
				code: 'id',
				key: 'deployment_id',
				problem: { code: 'pattern', id: 'a*', what: 'deployment' },
			},
		],
		[
			'has a number and adaptive allocations',
			{ ...RESTORE, adaptive_allocations: { enabled: true } },
			{ code: 'both_allocations' },
		],
		[
			'has no number, and adaptive allocations that are off',
			{ ...RESTORE, number_of_allocations: undefined, adaptive_allocations: { enabled: false } },
			{ code: 'no_allocations' },
		],
		[
			'has neither a number nor adaptive allocations',
			{ ...RESTORE, number_of_allocations: undefined },
			{ code: 'no_allocations' },
		],
	])('%s', (_what, given, problem) => {
		expect(readRestore(given)).toEqual({ ok: false, problem });
	});

	it.each<[string, unknown, unknown]>([
		['number_of_allocations', 0, 'count'],
		['threads_per_allocation', '1', 'count'],
		['queue_capacity', 1.5, 'count'],
		['priority', '', 'text'],
		['priority', 1, 'text'],
		['priority', null, 'text'],
		['cache_size', 'much', 'size'],
		['cache_size', 1024, 'size'],
		['adaptive_allocations', true, 'enabled'],
		['adaptive_allocations', { enabled: 'yes' }, 'enabled'],
		['adaptive_allocations', { enabled: true, foo: 1 }, { without: 'foo' }],
		['adaptive_allocations', { enabled: true, min_number_of_allocations: -1 }, 'min'],
		['adaptive_allocations', { enabled: true, max_number_of_allocations: 0 }, 'max'],
	])('has in %s the value %j, which needs %j', (key, value, needs) => {
		expect(readRestore({ ...RESTORE, [key]: value })).toEqual({
			ok: false,
			problem: { code: 'value', key, value, needs },
		});
	});
});

describe('the cluster of a restore object', () => {
	it.each([
		['3fef7ba456df', '3fef7ba456df'],
		[undefined, null],
		[null, null],
		[7, null],
	])('is, where it says %j, %j', (cluster, expected) => {
		expect(readRestore({ ...RESTORE, cluster })).toMatchObject({
			ok: true,
			value: { cluster: expected },
		});
	});
});
