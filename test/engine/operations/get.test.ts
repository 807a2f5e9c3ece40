import type { IDataObject } from 'n8n-workflow';

import { VERSIONS } from '../../cluster';
import { byId, credentialFor, givenCluster, keyWith, parameters, run, seen } from '../given';

const MINUTE = 60_000;
const get = (id: string, fields: IDataObject = {}) =>
	parameters('get', { deploymentId: byId(id), ...fields });
const getMany = (fields: IDataObject = {}) => parameters('getMany', fields);

describe('get', () => {
	it('gives ten keys with the restore as text, and more in full', async () => {
		const cluster = await givenCluster();
		const longAgo = cluster.now() - 120 * MINUTE;
		cluster.addDeployment({
			deployment_id: 'search',
			model_id: 'my_model',
			model_bytes: 265_632_637,
			number_of_allocations: 2,
			threads_per_allocation: 4,
			start_time: longAgo,
			routes: [
				{
					node_id: 'n1',
					allocations: 1,
					start_time: longAgo,
					last_access: cluster.now() - 30 * MINUTE,
				},
				{
					node_id: 'n2',
					allocations: 1,
					start_time: longAgo,
					last_access: longAgo,
				},
			],
		});
		const [simplified] = (await run(cluster, get('search'))).items;
		const { restore, ...rest } = simplified;
		expect(rest).toEqual({
			deployment_id: 'search',
			model_id: 'my_model',
			state: 'started',
			ready: true,
			number_of_allocations: 2,
			adaptive: null,
			vcpus: 8,
			endpoint: null,
			idle_minutes: 30,
		});
		expect(JSON.parse(restore as string)).toMatchObject({
			schema: 1,
			deployment_id: 'search',
			number_of_allocations: 2,
		});
		const [full] = (await run(cluster, get('search', { output: 'full' }))).items;
		expect(Object.keys(full).slice(0, 10)).toEqual(Object.keys(simplified));
		expect(full).toMatchObject({
			...rest,
			restore: expect.stringContaining('"number_of_allocations":2'),
			reason: null,
			running_allocations: 2,
			allocation_state: 'fully_allocated',
			min_number_of_allocations: null,
			max_number_of_allocations: null,
			threads_per_allocation: 4,
			priority: 'normal',
			pending_requests: 0,
			rejected_requests: 0,
			errors: 0,
			throughput_last_minute: 0,
			last_access: expect.stringMatching(/^20\d\d-.*Z$/),
			start_time: expect.stringMatching(/^20\d\d-.*Z$/),
			node_count: 2,
			model_size_bytes: 265_632_637,
			restore_warnings: [],
		});
	});

	it('gives the entry of _stats as it came, where the output is raw', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', model_id: 'my_model' });
		const { items } = await run(cluster, get('search', { output: 'raw' }));
		expect(items[0]).toMatchObject({
			deployment_id: 'search',
			model_id: 'my_model',
			deployment_stats: { deployment_id: 'search', state: 'started' },
		});
	});

	it('tells a model that is not deployed from one that nobody knows', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model', size_bytes: 7 });
		expect((await run(cluster, get('my_model'))).items[0]).toMatchObject({
			deployment_id: null,
			model_id: 'my_model',
			state: 'not_deployed',
			ready: false,
			vcpus: 0,
			restore: null,
		});
		const full = await run(cluster, get('my_model', { output: 'full' }));
		expect(full.items[0]).toMatchObject({ reason: 'not_deployed', model_size_bytes: 7 });
		const raw = await run(cluster, get('my_model', { output: 'raw' }));
		expect(raw.items[0]).toMatchObject({ deployment_id: null, model_id: 'my_model' });
		expect(raw.items[0]).toHaveProperty('model_size_stats.model_size_bytes', 7);
		expect(seen(await run(cluster, get('my_modle'))).message).toContain("called 'my_modle'");
	});

	it('says unknown where the key may not read endpoints', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, {
			apiKey: keyWith(cluster, 'monitor_ml'),
			readOnly: true,
		});
		expect((await run(cluster, get('search'), { credentials })).items[0]).toMatchObject({
			endpoint: 'unknown',
		});
	});

	it.each([
		[
			'starting, without nodes yet',
			{ state: 'starting' as const, never_starts: true, routes: [] },
			{ state: 'starting', ready: false, node_count: 0 },
		],
		[
			'failed, with its reason',
			{ state: 'failed' as const, reason: 'no luck' },
			{ state: 'failed', ready: false, reason: expect.stringContaining('no luck') },
		],
		[
			'scaled to zero',
			{
				number_of_allocations: 0,
				adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
			},
			{
				state: 'started',
				ready: false,
				reason: 'scaled_to_zero',
				number_of_allocations: 0,
				vcpus: 0,
			},
		],
		['owned by an endpoint', { created_by_endpoint: true }, { endpoint: 'search' }],
	])('shows one that is %s', async (_name, seed, expected) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', ...seed });
		const { items } = await run(cluster, get('search', { output: 'full' }));
		expect(items[0]).toMatchObject(expected);
	});

	it.each(VERSIONS)('works on %s', async (version) => {
		const cluster = await givenCluster({ version });
		cluster.addDeployment({
			deployment_id: 'my_model',
			model_id: 'my_model',
			number_of_allocations: 1,
		});
		const { items } = await run(cluster, get('my_model'));
		expect(items[0]).toMatchObject({ deployment_id: 'my_model', state: 'started', ready: true });
	});
});

describe('get many', () => {
	async function givenMany() {
		const cluster = await givenCluster();
		const longAgo = cluster.now() - 600 * MINUTE;
		const idle = { start_time: longAgo, routes: [{ start_time: longAgo, last_access: longAgo }] };
		cluster.addDeployment({ deployment_id: 'elser-a', model_id: 'elser', ...idle });
		cluster.addDeployment({
			deployment_id: 'elser-b',
			model_id: 'elser',
			adaptive_allocations: { enabled: true },
		});
		cluster.addDeployment({ deployment_id: 'e5', state: 'failed' });
		cluster.addModel({ model_id: 'not_deployed' });
		return cluster;
	}

	it.each([
		['no filter', {}, ['e5', 'elser-a', 'elser-b']],
		['a pattern', { pattern: 'elser-*' }, ['elser-a', 'elser-b']],
		['a state', { state: 'failed' }, ['e5']],
		['a model', { modelId: 'elser' }, ['elser-a', 'elser-b']],
		['adaptive on', { adaptive: true }, ['elser-b']],
		['adaptive off', { adaptive: false }, ['e5', 'elser-a']],
		['idle', { idleMinutes: 60 }, ['elser-a']],
		['what costs while idle', { costsWhileIdle: true }, ['e5', 'elser-a']],
		['what goes to zero', { costsWhileIdle: false }, ['elser-b']],
		['what costs, and is idle', { costsWhileIdle: true, idleMinutes: 60 }, ['elser-a']],
		['what costs, and idles longer', { costsWhileIdle: true, idleMinutes: 601 }, []],
		['several', { pattern: 'elser-*', adaptive: false }, ['elser-a']],
	])('with %s', async (_name, filters, ids) => {
		const cluster = await givenMany();
		const { items } = await run(cluster, getMany({ returnAll: true, filters }));
		expect(items.map((item) => item.deployment_id).sort()).toEqual(ids);
	});

	it.each(['simplified', 'full', 'raw'])(
		'gives the same as Get where the output is %s',
		async (output) => {
			const cluster = await givenMany();
			const { items } = await run(cluster, getMany({ output, filters: { modelId: 'e5' } }));
			const [alone] = (await run(cluster, get('e5', { output }))).items;
			expect(items.map(Object.keys)).toEqual([Object.keys(alone)]);
			expect(items[0]).toMatchObject({ deployment_id: 'e5', model_id: 'e5' });
		},
	);

	it('keeps the long restore at the end of the table', async () => {
		const cluster = await givenMany();
		const { items } = await run(cluster, getMany());
		expect(items.map((item) => Object.keys(item).pop())).toEqual(['restore', 'restore', 'restore']);
	});

	it('asks for no inference endpoints where the output is raw', async () => {
		const cluster = await givenMany();
		await run(cluster, getMany({ output: 'raw' }));
		expect(cluster.requests.map(({ path }) => path)).toEqual(['/_ml/trained_models/_stats']);
	});

	it('refuses an output that there is not, before anything is sent', async () => {
		const cluster = await givenMany();
		const result = await run(cluster, getMany({ output: 'everything' }));
		expect(seen(result).message).toContain('Output');
		expect(cluster.requests).toEqual([]);
	});

	it('gives nothing where nothing fits', async () => {
		const cluster = await givenMany();
		const { items, status } = await run(cluster, getMany({ filters: { pattern: 'nope' } }));
		expect(status).toBe('success');
		expect(items).toEqual([]);
	});

	it('gives at most the limit, 50 unless told otherwise, and all when asked', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i < 60; i++)
			cluster.addDeployment({ deployment_id: `d${i}`, model_id: `m${i % 30}`, priority: 'low' });
		expect((await run(cluster, getMany())).items).toHaveLength(50);
		expect((await run(cluster, getMany({ limit: 7 }))).items).toHaveLength(7);
		expect((await run(cluster, getMany({ returnAll: true }))).items).toHaveLength(60);
	});

	it('pages by models where models have several deployments', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i < 1_200; i++) {
			const model_id = `m${i}`;
			cluster.addModel({ model_id });
			if (i % 100 > 0) continue;
			for (const use of ['search', 'ingest']) {
				cluster.addDeployment({ deployment_id: `${model_id}-${use}`, model_id, priority: 'low' });
			}
		}
		const { items } = await run(cluster, getMany({ returnAll: true }));
		expect(new Set(items.map((item) => item.deployment_id)).size).toBe(24);
		expect(items).toHaveLength(24);
		expect(cluster.requests.filter(({ path }) => path.endsWith('_stats'))).toHaveLength(2);
	});

	it('is what a node does that has no saved operation', async () => {
		const cluster = await givenMany();
		expect((await run(cluster, {})).items).toHaveLength(3);
	});
});
