import { ask, at, endClusters, given } from '../ask';
import type { ClusterVersion } from '../../types';

afterEach(endClusters);

const STATS = '/_ml/trained_models/one/_stats';
const entry = ['trained_model_stats', 0] as const;
const node = [...entry, 'deployment_stats', 'nodes', 0] as const;

describe('the statistics', () => {
	it.each<[ClusterVersion, boolean]>([
		['8.6', false],
		['8.12', false],
		['8.16', true],
		['9.5', true],
	])('of pipelines count bytes in %s: %s', async (version, counted) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'one' });
		cluster.addPipeline({ id: 'p', model_id: 'one' });
		const pipeline = at(await ask(cluster, 'GET', STATS), ...entry, 'ingest', 'pipelines', 'p');
		expect('ingested_as_first_pipeline_in_bytes' in (pipeline as object)).toBe(counted);
	});

	it('of a deployment that was never used show zero, and no averages', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'one' });
		const reply = await ask(cluster, 'GET', STATS);
		expect(at(reply, ...entry, 'inference_stats')).toMatchObject({ inference_count: 0 });
		expect(Object.keys(at(reply, ...node) as object)).toEqual([
			'node',
			'routing_state',
			'inference_count',
			'inference_cache_hit_count',
			'number_of_pending_requests',
			'start_time',
			'threads_per_allocation',
			'number_of_allocations',
			'peak_throughput_per_minute',
			'throughput_last_minute',
			'inference_cache_hit_count_last_minute',
		]);
	});

	it.each<[ClusterVersion, boolean]>([
		['9.2', false],
		['9.5', true],
	])('of a used node tell the memory of its process in %s: %s', async (version, told) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'one' });
		const body = { docs: [{ text_field: 'x' }] };
		await ask(cluster, 'POST', '/_ml/trained_models/one/_infer', body);
		const used = at(await ask(cluster, 'GET', STATS), ...node) as object;
		expect('average_inference_process_memory_rss_bytes' in used).toBe(told);
	});

	it('of a node whose process was killed tell no settings of it', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'one', routes: [{ process_killed: true }] });
		const killed = at(await ask(cluster, 'GET', STATS), ...node) as object;
		expect(killed).not.toHaveProperty('threads_per_allocation');
		expect(killed).not.toHaveProperty('number_of_allocations');
	});

	it('leave out the state and how far it is on Serverless, unless asked with higher rights', async () => {
		const all = await given({ version: 'serverless', serverlessHidesState: false });
		all.addDeployment({ deployment_id: 'one' });
		const shown = at(await ask(all, 'GET', STATS), ...entry, 'deployment_stats');
		expect(shown).toMatchObject({ state: 'started', allocation_status: {} });
		const cluster = await given({ version: 'serverless' });
		cluster.addDeployment({ deployment_id: 'one' });
		const stats = at(await ask(cluster, 'GET', STATS), ...entry, 'deployment_stats');
		expect(stats).not.toHaveProperty('state');
		expect(stats).not.toHaveProperty('allocation_status');
		expect(stats).toMatchObject({ nodes: [{ routing_state: { routing_state: 'started' } }] });
	});
});

describe('_authenticate', () => {
	it.each<[ClusterVersion, string | undefined]>([
		['8.19', undefined],
		['9.0', undefined],
		['9.2', 'elasticsearch'],
		['9.5', 'elasticsearch'],
	])('in %s says that a key is managed by %s', async (version, by) => {
		const cluster = await given({ version });
		const reply = await ask(cluster, 'GET', '/_security/_authenticate');
		expect(at(reply, 'api_key', 'managed_by')).toBe(by);
	});
});

describe('the privileges of the inference API', () => {
	it.each<[ClusterVersion, number]>([
		['8.12', 400],
		['8.16', 200],
	])('exist from 8.14 on: asking in %s is %i', async (version, status) => {
		const cluster = await given({ version });
		const body = { cluster: ['monitor_inference', 'manage_inference'] };
		const reply = await ask(cluster, 'POST', '/_security/user/_has_privileges', body);
		expect(reply.status).toBe(status);
	});
});
