import { ask, at, endClusters, failureOf, given } from './ask';
import { eventually } from '../../eventually';
import type { ClusterVersion, EmbeddedCluster } from '../types';

afterEach(endClusters);

const BODY = { docs: [{ text_field: 'x' }] };
const NO_TASK =
	/^Unable to find model deployment task \[asleep\] please stop and start the deployment/;

/** One deployment that runs on the second node, and one at zero. */
async function withSleeper(version: ClusterVersion): Promise<EmbeddedCluster> {
	const cluster = await given({
		version,
		nodes: ['n1', 'n2'].map((id) => ({ id, name: id, processors: 4, memoryBytes: 8 * 1024 ** 3 })),
	});
	cluster.addModel({ model_id: 'model' });
	cluster.addDeployment({
		deployment_id: 'asleep',
		model_id: 'model',
		number_of_allocations: 0,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
	});
	cluster.addDeployment({
		deployment_id: 'awake',
		model_id: 'model',
		routes: [{ node_id: 'n2', allocations: 1 }],
	});
	return cluster;
}

describe('a deployment at zero', () => {
	it.each<[ClusterVersion, boolean]>([
		['8.16', false],
		['8.19', false],
		['9.0', false],
		['9.2', false],
		['9.5', true],
		['serverless', true],
	])('survives in %s that another one starts: %s', async (version, survives) => {
		const cluster = await withSleeper(version);
		const start = '/_ml/trained_models/model/deployment/_start?deployment_id=third';
		expect((await ask(cluster, 'POST', start)).status).toBe(200);
		expect(cluster.deployment('asleep') !== undefined).toBe(survives);
	});

	it.each<[ClusterVersion, boolean]>([
		['8.19', false],
		['9.2', false],
		['9.5', true],
	])('survives in %s that a node shuts down: %s', async (version, survives) => {
		const cluster = await withSleeper(version);
		cluster.shutDownNode('n2');
		expect(cluster.deployment('asleep') !== undefined).toBe(survives);
		expect(cluster.deployment('awake')?.routes).toMatchObject([{ node_id: 'n1' }]);
	});

	it('that got lost stays so until it is started again', async () => {
		const cluster = await withSleeper('9.2');
		cluster.addInferenceEndpoint({
			inference_id: 'attached',
			deployment_id: 'asleep',
			model_id: 'model',
		});
		cluster.shutDownNode('n1');
		for (const [path, body] of [
			['/_ml/trained_models/asleep/_infer', BODY],
			['/_inference/attached', { input: 'x' }],
		] as const) {
			const [status, type, reason] = failureOf(await ask(cluster, 'POST', path, body));
			expect([status, type]).toEqual([404, 'status_exception']);
			expect(reason).toMatch(NO_TASK);
		}
		const start = '/_ml/trained_models/model/deployment/_start?deployment_id=asleep';
		expect((await ask(cluster, 'POST', start)).status).toBe(200);
		const reply = await ask(cluster, 'POST', '/_ml/trained_models/asleep/_infer', BODY);
		expect(reply.status).toBe(200);
	});

	it('is kept where a test wants it so', async () => {
		const cluster = await withSleeper('9.2');
		cluster.set({ losesSleeping: false });
		cluster.shutDownNode('n2');
		expect(cluster.deployment('asleep')).toBeDefined();
	});
});

describe('orphans', () => {
	it('are endpoints without a deployment: 404 until one is started under their id', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: '.own', model_id: 'elser', default: true });
		cluster.orphanEndpoint('.own');
		expect((await ask(cluster, 'GET', '/_inference/.own')).status).toBe(200);
		const use = async () => await ask(cluster, 'POST', '/_inference/.own', { input: 'x' });
		expect((await use()).status).toBe(404);
		const start = '/_ml/trained_models/elser/deployment/_start?deployment_id=.own';
		expect((await ask(cluster, 'POST', start)).status).toBe(200);
		expect((await use()).status).toBe(200);
	});

	it('are deployments without their endpoint: they run on, and anybody may stop them', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'own', model_id: 'elser' });
		cluster.orphanDeployment('own');
		expect((await ask(cluster, 'GET', '/_inference/own')).status).toBe(404);
		expect(cluster.deployment('own')).toMatchObject({
			state: 'started',
			created_by_endpoint: false,
		});
		const stop = '/_ml/trained_models/own/deployment/_stop?allow_no_match=false';
		expect((await ask(cluster, 'POST', stop)).status).toBe(200);
	});
});

describe('routes that stay stopping', () => {
	it('outlive a change of the number, and go with a stop', async () => {
		const cluster = await given({ version: '8.19' });
		cluster.addDeployment({ deployment_id: 'one', number_of_allocations: 2 });
		cluster.leaveStopping('one');
		const path = '/_ml/trained_models/one/deployment';
		await ask(cluster, 'POST', `${path}/_update`, { number_of_allocations: 1 });
		const reply = await ask(cluster, 'GET', '/_ml/trained_models/one/_stats');
		expect(at(reply, 'trained_model_stats', 0, 'deployment_stats')).toMatchObject({
			state: 'started',
			allocation_status: { allocation_count: 0, target_allocation_count: 1, state: 'starting' },
			nodes: [{ routing_state: { routing_state: 'stopping' } }],
		});
		expect((await ask(cluster, 'POST', `${path}/_stop?allow_no_match=false`)).status).toBe(200);
		expect(cluster.deployment('one')).toBeUndefined();
	});
});

describe('a node that leaves', () => {
	it('fails what it is working on, and names itself in the outer error only', async () => {
		const cluster = await withSleeper('9.5');
		cluster.set({ inferenceMs: 5000 });
		const asked = ask(cluster, 'POST', '/_ml/trained_models/awake/_infer', BODY);
		await eventually(() => cluster.deployment('awake')?.pending_requests === 1);
		cluster.shutDownNode('n2');
		await cluster.advance(5000);
		const reply = await asked;
		expect(failureOf(reply)).toEqual([500, 'failed_node_exception', 'Failed node [n2]']);
		expect(at(reply, 'error', 'node_id')).toBe('n2');
		expect(Object.keys(at(reply, 'error', 'root_cause', 0) as object)).toEqual(['type', 'reason']);
	});
});

describe('an index of endpoints that cannot be searched', () => {
	const path = '/_ml/trained_models/one/deployment';
	const ALL_SHARDS = [503, 'search_phase_execution_exception', 'all shards failed'];

	it.each<[ClusterVersion, boolean]>([
		['9.0', false],
		['9.2', true],
		['9.5', true],
	])('fails an update of a healthy deployment in %s: %s', async (version, fails) => {
		const cluster = await given({ version, inferenceIndexDown: true });
		cluster.addDeployment({ deployment_id: 'one' });
		const reply = await ask(cluster, 'POST', `${path}/_update`, { number_of_allocations: 2 });
		if (fails) expect(failureOf(reply)).toEqual(ALL_SHARDS);
		else expect(reply.status).toBe(200);
		cluster.set({ inferenceIndexDown: false });
		const again = await ask(cluster, 'POST', `${path}/_update`, { number_of_allocations: 2 });
		expect(again.status).toBe(200);
	});

	it('fails a stop without force, and everything about endpoints', async () => {
		const cluster = await given({ inferenceIndexDown: true });
		cluster.addDeployment({ deployment_id: 'one' });
		expect(failureOf(await ask(cluster, 'POST', `${path}/_stop`))).toEqual(ALL_SHARDS);
		expect((await ask(cluster, 'POST', `${path}/_stop?force=true`)).status).toBe(200);
		for (const url of ['/_inference', '/_inference/e']) {
			expect(failureOf(await ask(cluster, 'GET', url))).toEqual(ALL_SHARDS);
		}
	});
});
