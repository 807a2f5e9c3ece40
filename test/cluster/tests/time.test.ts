import { ask, at, endClusters, failureOf, given } from './ask';
import { parseBytes, printBytes } from '../settings/bytes';
import type { ClusterVersion, DeploymentSeed } from '../types';

afterEach(endClusters);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONG_AGO = Date.UTC(2024, 0, 1);
const INFER = '/_ml/trained_models/ner/_infer';

async function withDeployment(seed: Partial<DeploymentSeed>, version: ClusterVersion = '9.2') {
	const cluster = await given({ version });
	cluster.addDeployment({ deployment_id: 'ner', ...seed });
	return cluster;
}

const adaptive = (min?: number, max?: number) => ({
	enabled: true,
	min_number_of_allocations: min,
	max_number_of_allocations: max,
});

describe('the adaptive scaler', () => {
	it.each<[string, Partial<DeploymentSeed>, number, number]>([
		['grows under load', { load: 2.6, adaptive_allocations: adaptive(1, 8) }, 10_000, 3],
		['stops at the maximum', { load: 9, adaptive_allocations: adaptive(1, 2) }, 10_000, 2],
		['moves into new bounds at its next tick', { adaptive_allocations: adaptive(3, 4) }, 10_000, 3],
		[
			'comes down to the maximum',
			{ number_of_allocations: 6, adaptive_allocations: adaptive(1, 2) },
			10_000,
			2,
		],
		[
			'shrinks without load',
			{
				number_of_allocations: 4,
				load: 0.5,
				adaptive_allocations: adaptive(1, 8),
				start_time: LONG_AGO,
			},
			10_000,
			1,
		],
		[
			'leaves what is switched off',
			{ number_of_allocations: 4, load: 0.5, adaptive_allocations: { enabled: false } },
			HOUR,
			4,
		],
		['waits for its tick', { load: 2.6, adaptive_allocations: adaptive(1, 8) }, 9000, 1],
		['takes what fits at most', { load: 40, adaptive_allocations: adaptive(1, 16) }, 10_000, 16],
	])('%s', async (_, seed, ms, number) => {
		const cluster = await withDeployment(seed);
		await cluster.advance(ms);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(number);
	});

	it('does not shrink for five minutes after it grew', async () => {
		const cluster = await withDeployment({ load: 2.6, adaptive_allocations: adaptive(1, 8) });
		await cluster.advance(10_000);
		cluster.changeDeployment('ner', { load: 0.1 });
		await cluster.advance(4 * MINUTE);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(3);
		await cluster.advance(2 * MINUTE);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(1);
	});

	it('does not scale down soon after a node started it, whoever asked for that', async () => {
		const cluster = await withDeployment({
			number_of_allocations: 3,
			load: 0.1,
			adaptive_allocations: adaptive(1, 8),
		});
		await cluster.advance(4 * MINUTE);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(3);
		await cluster.advance(2 * MINUTE);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(1);
	});

	it.each<[ClusterVersion, number]>([
		['8.16', 15 * MINUTE],
		['8.19', 15 * MINUTE],
		['9.0', 15 * MINUTE],
		['9.2', 24 * HOUR],
		['9.5', 24 * HOUR],
	])('of %s scales to zero after %i ms of silence', async (version, idle) => {
		const cluster = await withDeployment({ adaptive_allocations: adaptive(0) }, version);
		await cluster.advance(idle - MINUTE);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(1);
		await cluster.advance(2 * MINUTE);
		expect(cluster.deployment('ner')).toMatchObject({
			number_of_allocations: 0,
			state: 'started',
			routes: [],
		});
	});

	it('keeps what has a minimum, waiting requests or traffic', async () => {
		const cluster = await withDeployment({ adaptive_allocations: adaptive(1) });
		cluster.addDeployment({
			deployment_id: 'waiting',
			pending_requests: 1,
			adaptive_allocations: adaptive(0),
		});
		cluster.addDeployment({ deployment_id: 'busy', load: 0.3, adaptive_allocations: adaptive(0) });
		await cluster.advance(25 * HOUR);
		expect(cluster.deployments().map((entry) => entry.number_of_allocations)).toEqual([1, 1, 1]);
	});
});

describe('inference', () => {
	it('moves the counters', async () => {
		const cluster = await withDeployment({});
		await cluster.advance(HOUR);
		const before = cluster.now();
		const reply = await ask(cluster, 'POST', INFER, {
			docs: [{ text_field: 'a' }, { text_field: 'b' }],
		});
		expect(at(reply, 'inference_results')).toHaveLength(2);
		const node = async () =>
			at(
				await ask(cluster, 'GET', '/_ml/trained_models/ner/_stats'),
				'trained_model_stats',
				0,
				'deployment_stats',
				'nodes',
				0,
			);
		expect(await node()).toMatchObject({
			inference_count: 2,
			throughput_last_minute: 2,
			peak_throughput_per_minute: 2,
		});
		expect(cluster.deployment('ner')?.last_access).toBeGreaterThanOrEqual(before);
		await cluster.advance(2 * MINUTE);
		expect(await node()).toMatchObject({
			inference_count: 2,
			throughput_last_minute: 0,
			peak_throughput_per_minute: 2,
		});
	});

	it('fails for what is unknown, not deployed, or without a licence', async () => {
		const cluster = await given();
		cluster.addModel({ model_id: 'ner' });
		expect(
			failureOf(await ask(cluster, 'POST', '/_ml/trained_models/x/_infer', { docs: [] }))[0],
		).toBe(404);
		expect(failureOf(await ask(cluster, 'POST', INFER, { docs: [] }))[2]).toBe(
			'Model [ner] must be deployed to use. Please deploy with the start trained model deployment API.',
		);
		cluster.addDeployment({ deployment_id: 'ner' });
		cluster.set({ licensed: false });
		expect((await ask(cluster, 'POST', INFER, { docs: [{}] })).status).toBe(403);
	});

	it('is rejected where the queue is full', async () => {
		const cluster = await withDeployment({ queue_capacity: 5, pending_requests: 5 });
		const reply = await ask(cluster, 'POST', INFER, { docs: [{}] });
		expect([reply.status, at(reply, 'error', 'type')]).toEqual([
			429,
			'es_rejected_execution_exception',
		]);
	});
});

describe('inference endpoints', () => {
	it('are listed with the numbers of their deployments', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'mine', model_id: 'elser', number_of_allocations: 2 });
		cluster.addInferenceEndpoint({ inference_id: 'attached', deployment_id: 'mine' });
		cluster.addInferenceEndpoint({ inference_id: '.default', model_id: 'elser', default: true });
		const all = await ask(cluster, 'GET', '/_inference/_all');
		expect(at(all, 'endpoints')).toMatchObject([
			{
				inference_id: '.default',
				service: 'elasticsearch',
				service_settings: {
					num_allocations: 1,
					model_id: 'elser',
					adaptive_allocations: { min_number_of_allocations: 0 },
				},
			},
			{ inference_id: 'attached', service_settings: { num_allocations: 2, deployment_id: 'mine' } },
		]);
		expect((await ask(cluster, 'GET', '/_inference/sparse_embedding/attached')).status).toBe(200);
		expect((await ask(cluster, 'GET', '/_inference/rerank/attached')).status).toBe(400);
		expect(failureOf(await ask(cluster, 'GET', '/_inference/nope'))).toEqual([
			404,
			'resource_not_found_exception',
			'Inference endpoint not found [nope]',
		]);
	});

	it('are called models before 8.15, found by task and id or all at once', async () => {
		const cluster = await given({ version: '8.12' });
		cluster.addInferenceEndpoint({ inference_id: 'own', model_id: 'elser' });
		const models = [
			{
				model_id: 'own',
				task_type: 'sparse_embedding',
				service: 'elasticsearch',
				service_settings: { num_allocations: 1, num_threads: 1, model_id: 'elser' },
				task_settings: {},
			},
		];
		for (const path of ['/_inference/_all', '/_inference/sparse_embedding/own']) {
			expect(await ask(cluster, 'GET', path)).toMatchObject({ status: 200, body: { models } });
		}
		for (const path of ['/_inference', '/_inference/own']) {
			expect((await ask(cluster, 'GET', path)).body).toEqual({
				error: `no handler found for uri [${path}] and method [GET]`,
			});
		}
	});

	it('change their own deployments, and no others', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'own', model_id: 'elser' });
		cluster.addDeployment({ deployment_id: 'mine', model_id: 'elser' });
		cluster.addInferenceEndpoint({ inference_id: 'attached', deployment_id: 'mine' });
		const body = { service_settings: { num_allocations: 3 } };
		const own = await ask(cluster, 'PUT', '/_inference/sparse_embedding/own/_update', body);
		expect(at(own, 'service_settings', 'num_allocations')).toBe(3);
		expect(cluster.deployment('own')?.number_of_allocations).toBe(3);
		const attached = await ask(
			cluster,
			'PUT',
			'/_inference/sparse_embedding/attached/_update',
			body,
		);
		expect(failureOf(attached)[2]).toBe(
			'Cannot update inference endpoint [attached] using model deployment [mine]. The model deployment must be updated through the trained models API.',
		);
	});

	it('by default start their deployment again on first use', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: '.default', model_id: 'elser', default: true });
		await ask(cluster, 'POST', '/_ml/trained_models/.default/deployment/_stop?force=true');
		expect(cluster.deployment('.default')).toBeUndefined();
		const reply = await ask(cluster, 'POST', '/_inference/sparse_embedding/.default', {
			input: 'hello',
		});
		expect(reply.status).toBe(200);
		expect(cluster.deployment('.default')).toMatchObject({ state: 'started', inference_count: 1 });
	});

	it('made by users stay broken after a forced stop', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'own', model_id: 'elser' });
		await ask(cluster, 'POST', '/_ml/trained_models/own/deployment/_stop?force=true');
		expect((await ask(cluster, 'POST', '/_inference/own', { input: ['a', 'b'] })).status).toBe(409);
	});
});

describe('nodes', () => {
	it('that go take their allocations with them, and new ones take them up', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', number_of_allocations: 2 });
		cluster.set({ nodes: [] });
		expect(cluster.deployment('ner')).toMatchObject({
			running_allocations: 0,
			reason: 'No ML nodes exist in the cluster',
		});
		cluster.set({ nodes: [{ id: 'n9', name: 'ml-9', processors: 2, memoryBytes: 8 * 1024 ** 3 }] });
		expect(cluster.deployment('ner')).toMatchObject({ running_allocations: 2, reason: undefined });
	});
});

describe('byte sizes', () => {
	it.each([
		[0, '0b'],
		[1023, '1023b'],
		[1024, '1kb'],
		[1600, '1.5kb'],
		[265_632_637, '253.3mb'],
		[2 ** 30 * 2 - 1, '1.9gb'],
	])('%i bytes are printed as %s, cut and not rounded', (bytes, text) => {
		expect(printBytes(bytes)).toBe(text);
	});

	it('need a unit', () => {
		expect(parseBytes('1.5kb', 'cache_size')).toBe(1536);
		expect(() => parseBytes('1536', 'cache_size')).toThrow('unit is missing or unrecognized');
	});
});
