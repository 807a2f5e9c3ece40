import { ask, at, endClusters, failureOf, given, type Reply } from './ask';
import type { EmbeddedCluster } from '../types';

afterEach(endClusters);

const MODELS = '/_ml/trained_models';

async function filled(): Promise<EmbeddedCluster> {
	const cluster = await given();
	cluster.addModel({ model_id: 'undeployed' });
	cluster.addDeployment({ deployment_id: 'for-search', model_id: 'elser' });
	cluster.addDeployment({ deployment_id: 'for-ingest', model_id: 'elser' });
	cluster.addDeployment({ deployment_id: '.e5', number_of_allocations: 2 });
	cluster.addAlias({ model_alias: 'al', model_id: 'elser' });
	return cluster;
}

function entries(reply: Reply): string[] {
	const list = at(reply, 'trained_model_stats') as Array<{
		model_id: string;
		deployment_stats?: { deployment_id: string };
	}>;
	return list.map(
		({ model_id, deployment_stats }) => `${model_id}/${deployment_stats?.deployment_id ?? '-'}`,
	);
}

const SEARCH = 'elser/for-search';
const INGEST = 'elser/for-ingest';
const E5 = '.e5/.e5';
const REST = ['lang_ident_model_1/-', 'undeployed/-'];

describe('_stats finds', () => {
	it.each<[string, number, string[]]>([
		['', 4, [E5, INGEST, SEARCH, ...REST]],
		['/_all', 4, [E5, INGEST, SEARCH, ...REST]],
		['/*', 4, [E5, INGEST, SEARCH, ...REST]],
		['/elser', 1, [INGEST, SEARCH]],
		['/al', 1, [INGEST, SEARCH]],
		['/al,undeployed', 2, [INGEST, SEARCH, 'undeployed/-']],
		['/for-search', 1, [SEARCH]],
		['/for-*', 1, [INGEST, SEARCH]],
		['/.e5', 1, [E5]],
		['/undeployed', 1, ['undeployed/-']],
		['/nothing*', 0, []],
	])('at %s %i models', async (path, count, expected) => {
		const cluster = await filled();
		const reply = await ask(cluster, 'GET', `${MODELS}${path}/_stats`);
		expect([at(reply, 'count'), entries(reply)]).toEqual([count, expected]);
	});

	it.each<[string, number, string[]]>([
		['size=1', 4, [E5]],
		['from=1&size=1', 4, [INGEST, SEARCH]],
		['from=3', 4, ['undeployed/-']],
		['from=9', 4, []],
		['size=0', 4, []],
	])('by page: %s of %i models', async (query, count, expected) => {
		const cluster = await filled();
		const reply = await ask(cluster, 'GET', `${MODELS}/_stats?${query}`);
		expect([at(reply, 'count'), entries(reply)]).toEqual([count, expected]);
	});

	const UNKNOWN = 'No known trained model with model_id';
	const TAIL = '. You may need to create it';

	it.each<[string, number, string]>([
		['/missing/_stats', 404, `${UNKNOWN} [missing]${TAIL}`],
		['/missing/_stats?allow_no_match=true', 404, `${UNKNOWN} [missing]${TAIL}`],
		['/a,elser,b/_stats', 404, `${UNKNOWN} [a,b]${TAIL}`],
		['/x*/_stats?allow_no_match=false', 404, `${UNKNOWN} [x*]${TAIL}`],
		['/_stats?from=-1', 400, 'Parameter [from] cannot be < 0'],
		['/_stats?size=-1', 400, 'Parameter [size] cannot be < 0'],
		['/missing', 404, `${UNKNOWN} [missing]${TAIL}`],
		['/for-search', 404, `${UNKNOWN} [for-search]${TAIL}`],
	])('nothing at %s: %i', async (path, status, reason) => {
		const cluster = await filled();
		const failure = failureOf(await ask(cluster, 'GET', MODELS + path));
		expect([failure[0], failure[2]]).toEqual([status, reason]);
	});

	it('nothing for an unknown id, in fewer words before 8.13', async () => {
		const cluster = await given({ version: '8.12' });
		expect(failureOf(await ask(cluster, 'GET', `${MODELS}/a,b/_stats`))).toEqual([
			404,
			'resource_not_found_exception',
			`${UNKNOWN} [a,b]`,
		]);
	});

	it('no deployment ids and none in the answer before 8.8', async () => {
		const cluster = await given({ version: '8.6' });
		cluster.addDeployment({ deployment_id: 'for-search', model_id: 'elser' });
		expect((await ask(cluster, 'GET', `${MODELS}/for-search/_stats`)).status).toBe(404);
		const reply = await ask(cluster, 'GET', `${MODELS}/elser/_stats`);
		expect(
			at(reply, 'trained_model_stats', 0, 'deployment_stats', 'deployment_id'),
		).toBeUndefined();
	});
});

describe('an entry of _stats', () => {
	it('shows counters, times and cut sizes', async () => {
		const cluster = await given({ now: () => 1_700_000_000_000 });
		cluster.addDeployment({
			deployment_id: 'ner',
			model_bytes: 265_632_637,
			number_of_allocations: 2,
			start_time: 1_699_999_000_000,
			last_access: 1_699_999_900_000,
			pending_requests: 3,
			inference_count: 10,
			error_count: 1,
			rejected: 2,
			throughput_last_minute: 7,
		});
		cluster.addPipeline({ id: 'p', model_id: 'ner' });
		const reply = await ask(cluster, 'GET', `${MODELS}/ner/_stats`);
		const { nodes, ...deployment } = at(
			reply,
			'trained_model_stats',
			0,
			'deployment_stats',
		) as Record<string, unknown>;
		expect(deployment).toEqual({
			deployment_id: 'ner',
			model_id: 'ner',
			threads_per_allocation: 1,
			number_of_allocations: 2,
			queue_capacity: 10_000,
			state: 'started',
			allocation_status: {
				allocation_count: 2,
				target_allocation_count: 2,
				state: 'fully_allocated',
			},
			cache_size: '253.3mb',
			priority: 'normal',
			start_time: 1_699_999_000_000,
			error_count: 1,
			rejected_execution_count: 2,
			inference_count: 10,
			peak_throughput_per_minute: 7,
		});
		expect(nodes).toMatchObject([
			{
				node: { uckeG3R8TLe2MMNBQ6AGrw: { name: 'ml-0', roles: ['ml'] } },
				routing_state: { routing_state: 'started' },
				last_access: 1_699_999_900_000,
				number_of_pending_requests: 3,
				start_time: 1_699_999_000_000,
				number_of_allocations: 2,
				throughput_last_minute: 7,
			},
		]);
		expect(at(reply, 'trained_model_stats', 0)).toMatchObject({ pipeline_count: 1, ingest: {} });
	});

	it.each([
		[
			'starting',
			{ state: 'starting' as const },
			{
				state: 'starting',
				allocation_status: { allocation_count: 0, target_allocation_count: 2, state: 'starting' },
			},
		],
		['stopping', { state: 'stopping' as const }, { state: 'stopping', reason: 'client API call' }],
		[
			'failed',
			{ state: 'failed' as const, reason: 'boom' },
			{
				state: 'failed',
				reason: 'All node routes are failed; see node route reason for details',
				nodes: [
					{
						routing_state: { routing_state: 'failed', reason: 'boom' },
						peak_throughput_per_minute: 0,
						throughput_last_minute: 0,
					},
				],
			},
		],
		[
			'scaled to zero',
			{ number_of_allocations: 0, adaptive_allocations: { enabled: true } },
			{
				state: 'started',
				number_of_allocations: 0,
				nodes: [],
				allocation_status: {
					allocation_count: 0,
					target_allocation_count: 0,
					state: 'fully_allocated',
				},
			},
		],
	])('of a deployment that is %s', async (_, seed, expected) => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', number_of_allocations: 2, ...seed });
		const reply = await ask(cluster, 'GET', `${MODELS}/ner/_stats`);
		expect(at(reply, 'trained_model_stats', 0, 'deployment_stats')).toMatchObject(expected);
	});

	it('names no node on Serverless', async () => {
		const cluster = await given({ version: 'serverless' });
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'GET', `${MODELS}/ner/_stats`);
		expect(
			at(reply, 'trained_model_stats', 0, 'deployment_stats', 'nodes', 0, 'node'),
		).toBeUndefined();
	});

	it('without use has no last_access', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner' });
		const reply = await ask(cluster, 'GET', `${MODELS}/ner/_stats`);
		expect(at(reply, 'trained_model_stats', 0, 'deployment_stats', 'nodes', 0)).not.toHaveProperty(
			'last_access',
		);
	});
});

describe('models', () => {
	it('are listed with their aliases, by tag and with what was asked for', async () => {
		const cluster = await filled();
		cluster.addModel({ model_id: 'tagged', tags: ['mine'], definition: 'missing' });
		const one = await ask(cluster, 'GET', `${MODELS}/al`);
		expect(at(one, 'trained_model_configs', 0)).toMatchObject({
			model_id: 'elser',
			model_type: 'pytorch',
			metadata: { model_aliases: ['al'] },
		});
		const tagged = await ask(cluster, 'GET', `${MODELS}?tags=mine&include=definition_status`);
		expect(at(tagged, 'count')).toBe(1);
		expect(at(tagged, 'trained_model_configs', 0)).toMatchObject({ fully_defined: false });
	});

	it('get and lose aliases', async () => {
		const cluster = await filled();
		const put = async (model: string, query = ''): Promise<number> =>
			(await ask(cluster, 'PUT', `${MODELS}/${model}/model_aliases/al${query}`)).status;
		expect(await put('.e5')).toBe(400);
		expect(await put('undeployed', '?reassign=true')).toBe(400);
		expect(await put('.e5', '?reassign=true')).toBe(200);
		expect((await ask(cluster, 'DELETE', `${MODELS}/.e5/model_aliases/al`)).status).toBe(200);
		expect((await ask(cluster, 'GET', `${MODELS}/al/_stats`)).status).toBe(404);
	});

	it('are deleted only undeployed, or by force', async () => {
		const cluster = await filled();
		const refused = await ask(cluster, 'DELETE', `${MODELS}/elser`);
		expect(failureOf(refused)).toEqual([
			409,
			'status_exception',
			'Cannot delete model [elser] as it is currently deployed; use force to delete the model',
		]);
		expect((await ask(cluster, 'DELETE', `${MODELS}/elser?force=true`)).body).toEqual({
			acknowledged: true,
		});
		expect(cluster.deployments().map(({ deployment_id: id }) => id)).toEqual(['.e5']);
	});

	it('and pipelines can be looked at', async () => {
		const cluster = await filled();
		cluster.addPipeline({ id: 'p1', model_id: 'for-ingest' });
		const all = await ask(cluster, 'GET', '/_ingest/pipeline');
		expect(all.body).toEqual({ p1: { processors: [{ inference: { model_id: 'for-ingest' } }] } });
		const missing = await ask(cluster, 'GET', '/_ingest/pipeline/nope');
		expect([missing.status, missing.body]).toEqual([404, {}]);
	});
});
