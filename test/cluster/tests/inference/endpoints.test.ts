import { ask, at, endClusters, failureOf, given } from '../ask';
import { eventually } from '../../../eventually';
import type { ClusterVersion } from '../../types';

afterEach(endClusters);

describe('an endpoint answers', () => {
	it('sparse embeddings with their weights, and says whether the text was cut', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'e', model_id: 'elser' });
		const reply = await ask(cluster, 'POST', '/_inference/e', { input: ['search', 'engine'] });
		expect(reply.body).toEqual({
			sparse_embedding: [
				{ is_truncated: false, embedding: { search: expect.any(Number) } },
				{ is_truncated: false, embedding: { engine: expect.any(Number) } },
			],
		});
	});

	it('text embeddings with vectors', async () => {
		const cluster = await given();
		cluster.addModel({ model_id: 'e5', task: 'text_embedding', embedding_size: 4 });
		cluster.addInferenceEndpoint({
			inference_id: 'e',
			task_type: 'text_embedding',
			model_id: 'e5',
		});
		const path = '/_inference/text_embedding/e';
		expect((await ask(cluster, 'POST', path, { input: 'search' })).body).toEqual({
			text_embedding: [{ embedding: Array(4).fill(expect.any(Number)) }],
		});
	});

	it('a rerank with the most relevant first, and the texts on demand', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'r', task_type: 'rerank', model_id: 'rerank' });
		const body = { query: 'blue whales', input: ['green frogs', 'blue whales'] };
		const { body: short } = await ask(cluster, 'POST', '/_inference/rerank/r', body);
		expect(short).toEqual({
			rerank: [
				{ index: 1, relevance_score: expect.any(Number) },
				{ index: 0, relevance_score: expect.any(Number) },
			],
		});
		const long = await ask(cluster, 'POST', '/_inference/rerank/r', {
			...body,
			return_documents: true,
		});
		expect(at(long, 'rerank', 0, 'text')).toBe('blue whales');
	});

	it.each<[ClusterVersion, 504 | undefined, number, string, string]>([
		['8.19', undefined, 408, 'status_exception', 'Request timed out after [2s]'],
		['9.2', undefined, 408, 'status_exception', 'Request timed out after [2s]'],
		['9.2', 504, 504, 'status_exception', 'Request timed out after [2s]'],
		[
			'9.5',
			undefined,
			429,
			'timeout_exception',
			'Request timed out after [2s] for inference id [e]',
		],
	])('a timeout in %s (%s) with %i', async (version, inferenceTimeout, ...failure) => {
		const cluster = await given({ version, inferenceTimeout, inferenceMs: 5000 });
		cluster.addInferenceEndpoint({ inference_id: 'e', model_id: 'elser' });
		const asked = ask(cluster, 'POST', '/_inference/e?timeout=2s', { input: 'x' });
		await eventually(() => cluster.deployment('e')?.pending_requests === 1);
		await cluster.advance(2000);
		const reply = await asked;
		expect(failureOf(reply)).toEqual(failure);
		expect(at(reply, 'error', 'timed_out')).toBe(failure[0] === 429 ? true : undefined);
	});
});

describe('an endpoint whose deployment was stopped by force', () => {
	it.each<[ClusterVersion, number, string]>([
		['8.16', 404, 'Could not find trained model [e]'],
		['9.0', 404, 'Could not find trained model [e]'],
		['8.19', 409, 'Trained model deployment [e] is stopped'],
		['9.2', 409, 'Trained model deployment [e] is stopped'],
	])(
		'is broken in %s with %i, until a deployment of its id starts',
		async (version, ...failure) => {
			const cluster = await given({ version });
			cluster.addInferenceEndpoint({ inference_id: 'e', model_id: 'elser' });
			await ask(cluster, 'POST', '/_ml/trained_models/e/deployment/_stop?force=true');
			const [status, , reason] = failureOf(
				await ask(cluster, 'POST', '/_inference/e', { input: 'x' }),
			);
			expect([status, reason]).toEqual(failure);
			await ask(cluster, 'POST', '/_ml/trained_models/elser/deployment/_start?deployment_id=e');
			expect((await ask(cluster, 'POST', '/_inference/e', { input: 'x' })).status).toBe(200);
		},
	);
});

describe('an endpoint shows', () => {
	it('chunking for embeddings only, and the settings that it has', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: 'e', model_id: 'elser' });
		cluster.addInferenceEndpoint({
			inference_id: 'r',
			task_type: 'rerank',
			model_id: 'rerank',
			task_settings: { return_documents: true },
		});
		const keys = async (id: string) =>
			Object.keys(at(await ask(cluster, 'GET', `/_inference/${id}`), 'endpoints', 0) as object);
		const common = ['inference_id', 'task_type', 'service', 'service_settings'];
		expect(await keys('e')).toEqual([...common, 'chunking_settings']);
		expect(await keys('r')).toEqual([...common, 'task_settings']);
	});

	it('0 allocations while its deployment sleeps', async () => {
		const cluster = await given();
		cluster.addInferenceEndpoint({ inference_id: '.e', model_id: 'elser', default: true });
		await cluster.advance(25 * 3_600_000);
		const reply = await ask(cluster, 'GET', '/_inference/.e');
		expect(at(reply, 'endpoints', 0, 'service_settings', 'num_allocations')).toBe(0);
	});
});

describe("an endpoint's update", () => {
	const UPDATE = '/_inference/sparse_embedding/e/_update';

	async function endpoint(version: ClusterVersion) {
		const cluster = await given({ version });
		cluster.addInferenceEndpoint({ inference_id: 'e', model_id: 'elser' });
		return cluster;
	}

	it('refuses what cannot change, such as the service', async () => {
		const cluster = await endpoint('9.2');
		const body = { service: 'elasticsearch', service_settings: { num_allocations: 2 } };
		expect(failureOf(await ask(cluster, 'PUT', UPDATE, body))).toEqual([
			400,
			'status_exception',
			'Request contained fields which cannot be updated, remove these fields and try again [{service=elasticsearch}]',
		]);
		expect(cluster.deployment('e')?.number_of_allocations).toBe(1);
	});

	it('passes over other settings', async () => {
		const cluster = await endpoint('9.2');
		const body = {
			task_type: 'sparse_embedding',
			service_settings: { num_allocations: 2, num_threads: 4 },
		};
		const reply = await ask(cluster, 'PUT', UPDATE, body);
		expect(at(reply, 'service_settings')).toMatchObject({ num_allocations: 2, num_threads: 1 });
	});

	it.each<[ClusterVersion, number]>([
		['8.16', 400],
		['8.19', 200],
		['9.5', 200],
	])('exists from 8.17 on: in %s %i', async (version, status) => {
		const cluster = await endpoint(version);
		const body = { service_settings: { num_allocations: 2 } };
		expect((await ask(cluster, 'PUT', UPDATE, body)).status).toBe(status);
	});

	it.each<[ClusterVersion, number]>([
		['9.2', 400],
		['9.5', 200],
	])('takes a timeout from 9.5 on: in %s %i', async (version, status) => {
		const cluster = await endpoint(version);
		const body = { service_settings: { num_allocations: 2 } };
		expect((await ask(cluster, 'PUT', `${UPDATE}?timeout=30s`, body)).status).toBe(status);
	});
});
