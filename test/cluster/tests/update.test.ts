import { ask, at, endClusters, failureOf, given } from './ask';
import { eventually } from '../../eventually';
import { VERSIONS } from '../settings/versions';
import type { ClusterOptions, ClusterVersion, DeploymentSeed } from '../types';

afterEach(endClusters);

const path = (id: string): string =>
	`/_ml/trained_models/${encodeURIComponent(id)}/deployment/_update`;
const VALIDATION = 'action_request_validation_exception';
const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/update';
const CANNOT = '[number_of_allocations] cannot be set if adaptive allocations is enabled';
const ALL = VERSIONS.filter((version) => version !== 'serverless');

describe('_update answers', () => {
	it('the documented example in the shape of 8.6', async () => {
		const cluster = await given({ version: '8.6' });
		const id = 'elastic__distilbert-base-uncased-finetuned-conll03-english';
		cluster.addDeployment({
			deployment_id: id,
			model_bytes: 265_632_637,
			queue_capacity: 1024,
			start_time: '2022-11-02T11:50:34.766591Z',
		});
		const reply = await ask(cluster, 'POST', path(id), { number_of_allocations: 4 });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual({
			assignment: {
				task_parameters: {
					model_id: id,
					model_bytes: 265_632_637,
					threads_per_allocation: 1,
					number_of_allocations: 4,
					queue_capacity: 1024,
					cache_size: '265632637b',
					priority: 'normal',
				},
				routing_table: {
					uckeG3R8TLe2MMNBQ6AGrw: {
						current_allocations: 1,
						target_allocations: 4,
						routing_state: 'started',
						reason: '',
					},
				},
				assignment_state: 'started',
				start_time: '2022-11-02T11:50:34.766591Z',
				max_assigned_allocations: 4,
			},
		});
	});

	it.each<[ClusterVersion, string[], boolean]>([
		['8.12', ['deployment_id', 'per_allocation_memory_bytes'], false],
		['8.16', ['deployment_id', 'per_allocation_memory_bytes'], true],
		['9.2', ['deployment_id', 'per_allocation_memory_bytes'], true],
	])('with the fields of %s', async (version, fields, adaptive) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 2 });
		const assignment = at(reply, 'assignment') as object;
		expect(Object.keys(at(reply, 'assignment', 'task_parameters') as object)).toEqual(
			expect.arrayContaining(fields),
		);
		expect('adaptive_allocations' in assignment).toBe(adaptive);
	});

	it('at once: the statistics catch up after the delay', async () => {
		const cluster = await given({ allocationDelayMs: 5000 });
		cluster.addDeployment({ deployment_id: 'ner' });
		await ask(cluster, 'POST', path('ner'), { number_of_allocations: 3 });
		expect(cluster.deployment('ner')).toMatchObject({
			running_allocations: 1,
			target_allocations: 3,
		});
		await cluster.advance(5000);
		expect(cluster.deployment('ner')).toMatchObject({ running_allocations: 3 });
	});

	it.each<[string, string, unknown, number]>([
		['a number in the query (8.15+)', '?number_of_allocations=5', undefined, 5],
		['a number in the body', '', { number_of_allocations: 6 }, 6],
		['digits in a string', '', { number_of_allocations: '4' }, 4],
		[
			'a timeout in the body and in the query',
			'?timeout=10s',
			{ number_of_allocations: 3, timeout: '1s' },
			3,
		],
	])('with %s', async (_, query, body, number) => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'POST', path('ner') + query, body);
		expect(at(reply, 'assignment', 'task_parameters', 'number_of_allocations')).toBe(number);
	});

	it.each<[string, Partial<DeploymentSeed>]>([
		['starting', { state: 'starting' }],
		['stopping', { state: 'stopping' }],
		['failed', { state: 'failed' }],
	])('200 for the same number although the deployment is %s, 409 for another', async (_, seed) => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', number_of_allocations: 2, ...seed });
		const same = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 2 });
		expect(same.status).toBe(200);
		const other = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 3 });
		expect(failureOf(other)).toEqual([
			409,
			'status_exception',
			'cannot update deployment that is not in [started] state',
		]);
	});
});

describe('_update refuses', () => {
	const cases: Array<[string, string, unknown, [number, string, string]]> = [
		[
			'zero',
			'fixed',
			{ number_of_allocations: 0 },
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [number_of_allocations] must be a positive integer;',
			],
		],
		[
			'a negative number',
			'fixed',
			{ number_of_allocations: -3 },
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [number_of_allocations] must be a positive integer;',
			],
		],
		[
			'a number with adaptive allocations in one request',
			'fixed',
			{ number_of_allocations: 2, adaptive_allocations: { enabled: true } },
			[400, VALIDATION, `Validation Failed: 1: ${CANNOT};`],
		],
		[
			'a number while adaptive allocations are on',
			'adaptive',
			{ number_of_allocations: 2 },
			[400, 'validation_exception', `Validation Failed: 1: ${CANNOT};`],
		],
		[
			'a negative minimum',
			'fixed',
			{ adaptive_allocations: { enabled: true, min_number_of_allocations: -2 } },
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [min_number_of_allocations] must be a non-negative integer or null;',
			],
		],
		[
			'a maximum of zero',
			'fixed',
			{ adaptive_allocations: { enabled: true, max_number_of_allocations: 0 } },
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [max_number_of_allocations] must be a positive integer or null;',
			],
		],
		[
			'a minimum above the maximum',
			'fixed',
			{
				adaptive_allocations: {
					enabled: true,
					min_number_of_allocations: 5,
					max_number_of_allocations: 2,
				},
			},
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [min_number_of_allocations] must not be larger than [max_number_of_allocations];',
			],
		],
		[
			'a minimum above the stored maximum',
			'adaptive',
			{ adaptive_allocations: { min_number_of_allocations: 9 } },
			[
				400,
				VALIDATION,
				'Validation Failed: 1: [min_number_of_allocations] must not be larger than [max_number_of_allocations];',
			],
		],
		[
			'several problems, numbered',
			'fixed',
			{ number_of_allocations: 0, adaptive_allocations: { enabled: true } },
			[
				400,
				VALIDATION,
				`Validation Failed: 1: [number_of_allocations] must be a positive integer;2: ${CANNOT};`,
			],
		],
		[
			'an unknown key',
			'fixed',
			{ foo: 1 },
			[400, 'x_content_parse_exception', `[1:2] [${PARSER}] unknown field [foo]`],
		],
		[
			'a key with a typo',
			'fixed',
			{ number_of_allocation: 1 },
			[
				400,
				'x_content_parse_exception',
				`[1:2] [${PARSER}] unknown field [number_of_allocation] did you mean [number_of_allocations]?`,
			],
		],
		[
			'an unknown key of the settings',
			'fixed',
			{ adaptive_allocations: { foo: 1 } },
			[
				400,
				'x_content_parse_exception',
				`[1:25] [${PARSER}] failed to parse field [adaptive_allocations]`,
			],
		],
		[
			'text for a number',
			'fixed',
			{ number_of_allocations: 'abc' },
			[
				400,
				'x_content_parse_exception',
				`[1:26] [${PARSER}] failed to parse field [number_of_allocations]`,
			],
		],
		[
			'null for a number',
			'fixed',
			{ number_of_allocations: null },
			[
				400,
				'x_content_parse_exception',
				`[1:26] [${PARSER}] number_of_allocations doesn't support values of type: VALUE_NULL`,
			],
		],
		[
			'another id in the body',
			'fixed',
			{ model_id: 'a', number_of_allocations: 2 },
			[
				400,
				'status_exception',
				"Inconsistent model_id; 'a' specified in the body differs from 'fixed' specified as a URL argument",
			],
		],
		[
			'an id that is not there',
			'missing',
			{ number_of_allocations: 2 },
			[404, 'resource_not_found_exception', 'No known model deployment with id [missing]'],
		],
		[
			'a wildcard',
			'fix*',
			{ number_of_allocations: 2 },
			[404, 'resource_not_found_exception', 'No known model deployment with id [fix*]'],
		],
		[
			'a model whose deployment has another name',
			'big-model',
			{ number_of_allocations: 2 },
			[404, 'resource_not_found_exception', 'No known model deployment with id [big-model]'],
		],
		[
			'more than fits',
			'fixed',
			{ number_of_allocations: 257 },
			[
				429,
				'status_exception',
				'Could not update deployment because there are not enough resources to provide all requested allocations',
			],
		],
		[
			"an endpoint's deployment (9.2)",
			'owned',
			{ number_of_allocations: 2 },
			[
				409,
				'status_exception',
				'Cannot update deployment [owned] as it was created by inference endpoint [owned]. This model deployment must be updated through the inference API.',
			],
		],
		[
			'more than one allocation of low priority (9.2)',
			'low',
			{ number_of_allocations: 2 },
			[
				400,
				'validation_exception',
				'Validation Failed: 1: [number_of_allocations] must be 1 when [priority] is low;',
			],
		],
	];
	it.each(cases)('%s', async (_, id, body, failure) => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'fixed' });
		cluster.addDeployment({ deployment_id: 'other-name', model_id: 'big-model' });
		cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
		cluster.addDeployment({ deployment_id: 'low', priority: 'low' });
		cluster.addDeployment({
			deployment_id: 'adaptive',
			adaptive_allocations: { enabled: true, max_number_of_allocations: 4 },
		});
		const before = cluster.deployments();
		const reply = await ask(cluster, 'POST', path(id), body);
		expect(failureOf(reply)).toEqual(failure);
		expect(at(reply, 'status')).toBe(reply.status);
		expect(cluster.deployments()).toEqual(before);
	});

	it('names the inner cause of a parse failure, and shows it as the root', async () => {
		const cluster = await given();
		const reply = await ask(cluster, 'POST', path('x'), { adaptive_allocations: { foo: 1 } });
		const inner = {
			type: 'x_content_parse_exception',
			reason: '[1:26] [autoscaling_settings] unknown field [foo]',
		};
		expect(at(reply, 'error', 'caused_by')).toEqual(inner);
		expect(at(reply, 'error', 'root_cause')).toEqual([inner]);
	});

	it.each<[string, string, Parameters<typeof ask>[4] & { body?: unknown }, string, string]>([
		[
			'a number in the query beside a body',
			'?number_of_allocations=2',
			{ body: { number_of_allocations: 2 } },
			'illegal_argument_exception',
			`request [POST /_ml/trained_models/x/deployment/_update] does not support having a body`,
		],
		[
			'a query number that is none',
			'?number_of_allocations=abc',
			{},
			'illegal_argument_exception',
			'Failed to parse int parameter [number_of_allocations] with value [abc]',
		],
		[
			'an unknown parameter',
			'?foo=1',
			{ body: {} },
			'illegal_argument_exception',
			'request [/_ml/trained_models/x/deployment/_update] contains unrecognized parameter: [foo]',
		],
		[
			'unknown parameters, sorted, with what they look like',
			'?timeouts=1s&foo',
			{ body: {} },
			'illegal_argument_exception',
			'request [/_ml/trained_models/x/deployment/_update] contains unrecognized parameters: [foo], [timeouts] -> did you mean [timeout]?',
		],
		['no body at all', '', {}, 'parse_exception', 'request body is required'],
		[
			'a broken body',
			'',
			{ text: '{"a"' },
			'x_content_e_o_f_exception',
			'[1:5] Unexpected end of file',
		],
		[
			'a body that is no JSON',
			'',
			{ text: '{x}' },
			'x_content_parse_exception',
			"[1:2] Unexpected character ('x' (code 120)): expected a valid value",
		],
	])('%s', async (_, query, { body, ...extra }, type, reason) => {
		const cluster = await given();
		const reply = await ask(cluster, 'POST', path('x') + query, body, extra);
		expect(failureOf(reply)).toEqual([400, type, reason]);
	});
});

describe('_update by version', () => {
	it.each<[ClusterVersion, number]>([
		['8.6', 400],
		['8.12', 400],
		['8.16', 200],
		['9.2', 200],
	])('takes an empty object in %s with %i', async (version, status) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'ner' });
		expect((await ask(cluster, 'POST', path('ner'), {})).status).toBe(status);
	});

	it.each<[ClusterVersion, string]>([
		['8.6', 'number_of_allocations'],
		['8.12', 'number_of_allocations'],
	])('does not know the query parameter in %s', async (version, name) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'POST', `${path('ner')}?${name}=2`, {
			number_of_allocations: 2,
		});
		expect(failureOf(reply)[2]).toBe(
			`request [${path('ner')}] contains unrecognized parameter: [${name}]`,
		);
	});

	it.each(ALL)(
		'lets or refuses the update of an owned and of a low deployment in %s',
		async (version) => {
			const cluster = await given({ version });
			cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
			cluster.addDeployment({ deployment_id: 'low', priority: 'low' });
			const update = async (id: string): Promise<number> =>
				(await ask(cluster, 'POST', path(id), { number_of_allocations: 2 })).status;
			expect(await update('owned')).toBe(['9.2', '9.5'].includes(version) ? 409 : 200);
			expect(await update('low')).toBe(['8.19', '9.2', '9.5'].includes(version) ? 400 : 200);
		},
	);

	it('refuses a fixed number on Serverless, and cannot switch adaptive allocations off there', async () => {
		const cluster = await given({ version: 'serverless' });
		cluster.addDeployment({ deployment_id: 'ner' });
		const fixed = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 2 });
		expect(failureOf(fixed)).toEqual([
			400,
			'validation_exception',
			`Validation Failed: 1: ${CANNOT};`,
		]);
		await ask(cluster, 'POST', path('ner'), { adaptive_allocations: { enabled: false } });
		expect(cluster.deployment('ner')?.adaptive_allocations).toEqual({ enabled: true });
	});
});

describe('adaptive settings', () => {
	const stored = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 };
	it.each<[string, unknown, unknown]>([
		[
			'absent keys keep what is stored',
			{ max_number_of_allocations: 6 },
			{ ...stored, max_number_of_allocations: 6 },
		],
		[
			'null unsets a bound',
			{ max_number_of_allocations: null },
			{ enabled: true, min_number_of_allocations: 1 },
		],
		[
			'-1 unsets a bound',
			{ min_number_of_allocations: -1 },
			{ enabled: true, max_number_of_allocations: 4 },
		],
		['switched off they stay', { enabled: false }, { ...stored, enabled: false }],
		['null for all removes them', null, null],
	])('%s', async (_, adaptive, expected) => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', adaptive_allocations: stored });
		const reply = await ask(cluster, 'POST', path('ner'), { adaptive_allocations: adaptive });
		expect(at(reply, 'assignment', 'adaptive_allocations')).toEqual(expected);
		expect(cluster.deployment('ner')?.adaptive_allocations).toEqual(expected);
	});

	it('are switched off and the number set in one call', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', adaptive_allocations: stored });
		const body = { number_of_allocations: 3, adaptive_allocations: { enabled: false } };
		expect((await ask(cluster, 'POST', path('ner'), body)).status).toBe(200);
		expect(cluster.deployment('ner')).toMatchObject({
			number_of_allocations: 3,
			adaptive_allocations: { enabled: false },
		});
	});
});

describe('capacity', () => {
	const small: ClusterOptions = {
		nodes: [{ id: 'n1', name: 'ml-0', processors: 2, memoryBytes: 16 * 1024 ** 3 }],
	};
	it('gives 200 with a partial result where the platform can grow, and the rest later', async () => {
		const cluster = await given({ ...small, scalingPossible: true, growthDelayMs: 60_000 });
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 4 });
		expect(reply.status).toBe(200);
		expect(at(reply, 'assignment')).toMatchObject({
			task_parameters: { number_of_allocations: 4 },
			routing_table: { n1: { current_allocations: 1, target_allocations: 2 } },
			reason:
				'Could not assign (more) allocations on node [n1]. Reason: This node has insufficient allocated processors. Available processors [2], free processors [0], processors required for each allocation of this model [1]',
		});
		await cluster.advance(60_000);
		expect(cluster.deployment('ner')).toMatchObject({ running_allocations: 4, reason: undefined });
	});

	it('counts threads, and frees what a decrease gives back', async () => {
		const cluster = await given({ nodes: [{ ...small.nodes![0], processors: 8 }] });
		cluster.addDeployment({
			deployment_id: 'a',
			threads_per_allocation: 4,
			number_of_allocations: 2,
		});
		cluster.addDeployment({ deployment_id: 'b', number_of_allocations: 0 });
		const grow = async (): Promise<number> =>
			(await ask(cluster, 'POST', path('b'), { number_of_allocations: 4 })).status;
		expect(await grow()).toBe(429);
		await ask(cluster, 'POST', path('a'), { number_of_allocations: 1 });
		expect(await grow()).toBe(200);
	});

	it('counts memory for each allocation from 8.11 on', async () => {
		for (const [version, status] of [
			['8.6', 200],
			['9.2', 429],
		] as const) {
			const cluster = await given({
				version,
				nodes: [{ ...small.nodes![0], processors: 8, memoryBytes: 2 * 1024 ** 3 }],
			});
			cluster.addModel({
				model_id: 'ner',
				size_bytes: 1024 ** 2,
				per_allocation_memory_bytes: 600 * 1024 ** 2,
			});
			cluster.addDeployment({ deployment_id: 'ner' });
			const reply = await ask(cluster, 'POST', path('ner'), { number_of_allocations: 4 });
			expect(reply.status).toBe(status);
		}
	});

	it('needs no processors for low priority', async () => {
		const cluster = await given(small);
		for (const id of ['a', 'b', 'c', 'd'])
			cluster.addDeployment({ deployment_id: id, priority: 'low' });
		expect(cluster.deployments().map((deployment) => deployment.running_allocations)).toEqual([
			1, 1, 1, 1,
		]);
	});
});

describe('without a master', () => {
	it('is a 503 without a reason, after master_timeout', async () => {
		const cluster = await given({ masterPresent: false });
		const asked = ask(cluster, 'POST', `${path('ner')}?master_timeout=30s`, {
			number_of_allocations: 2,
		});
		await eventually(() => cluster.requests.length > 0);
		await cluster.advance(30_000);
		expect((await asked).body).toEqual({
			error: {
				root_cause: [{ type: 'master_not_discovered_exception', reason: null }],
				type: 'master_not_discovered_exception',
				reason: null,
			},
			status: 503,
		});
	});
});
