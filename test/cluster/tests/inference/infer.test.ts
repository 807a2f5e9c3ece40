import { VERSIONS } from '../../settings/versions';
import { ask, at, endClusters, failureOf, given } from '../ask';
import { eventually } from '../../../eventually';
import type { ClusterOptions, EmbeddedCluster } from '../../types';

afterEach(endClusters);

const INFER = '/_ml/trained_models/ner/_infer';
const OLD = '/_ml/trained_models/ner/deployment/_infer';
const BODY = { docs: [{ text_field: 'Berlin' }] };

async function deployed(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await given(options);
	cluster.addModel({ model_id: 'ner', task: 'ner' });
	cluster.addDeployment({ deployment_id: 'ner' });
	return cluster;
}

async function node(cluster: EmbeddedCluster, id = 'ner') {
	const reply = await ask(cluster, 'GET', `/_ml/trained_models/${id}/_stats`);
	return at(reply, 'trained_model_stats', 0, 'deployment_stats', 'nodes', 0);
}

async function pending(cluster: EmbeddedCluster, count: number): Promise<void> {
	await eventually(() => cluster.deployment('ner')?.pending_requests === count);
}

describe('_infer', () => {
	it.each(VERSIONS)(
		'answers a list, and on the older route the bare result, in %s',
		async (version) => {
			const cluster = await deployed({ version });
			const list = await ask(cluster, 'POST', INFER, BODY);
			const [result] = at(list, 'inference_results') as object[];
			const bare = await ask(cluster, 'POST', OLD, BODY);
			if (version === 'serverless') {
				expect(failureOf(bare).slice(0, 2)).toEqual([410, 'api_not_available_exception']);
				return;
			}
			expect(bare.body).toEqual(result);
			expect(bare.headers.warning).toContain('deployment/_infer] is deprecated!');
			expect(list.headers.warning).toBeUndefined();
		},
	);

	it('takes several documents, but one on the older route', async () => {
		const cluster = await deployed();
		const docs = [{ text_field: 'Berlin' }, { text_field: 'Paris' }];
		expect(at(await ask(cluster, 'POST', INFER, { docs }), 'inference_results')).toHaveLength(2);
		expect(failureOf(await ask(cluster, 'POST', OLD, { docs }))).toEqual([
			400,
			'validation_exception',
			'Validation Failed: 1: multiple documents are not supported;',
		]);
	});

	it('finds a deployment by its id, by an alias, and by its model', async () => {
		const cluster = await given();
		cluster.addModel({ model_id: 'model', task: 'ner' });
		cluster.addDeployment({ deployment_id: 'one', model_id: 'model' });
		cluster.addAlias({ model_alias: 'alias', model_id: 'model' });
		for (const id of ['one', 'alias', 'model']) {
			const reply = await ask(cluster, 'POST', `/_ml/trained_models/${id}/_infer`, BODY);
			expect([id, reply.status]).toEqual([id, 200]);
		}
		expect(cluster.deployment('one')?.inference_count).toBe(3);
	});

	it('asks a bundled model without a deployment or a licence', async () => {
		const cluster = await given({ licensed: false });
		const path = '/_ml/trained_models/lang_ident_model_1/_infer';
		expect(at(await ask(cluster, 'POST', path, BODY), 'inference_results', 0)).toMatchObject({
			predicted_value: 'en',
		});
	});

	it.each([
		['no body', undefined, 'status_exception', 'requires body'],
		['no documents', {}, 'illegal_argument_exception', '[docs] must not be null.'],
		[
			'another field',
			{ docs: [{ body: 'x' }] },
			'status_exception',
			'Input field [text_field] does not exist in the source document',
		],
		[
			'no text in the field',
			{ docs: [{ text_field: 7 }] },
			'status_exception',
			'Input value [7] for field [text_field] must be a string',
		],
		[
			'an unknown key',
			{ doc: [] },
			'x_content_parse_exception',
			'[1:2] [cluster:internal/xpack/ml/inference/infer] unknown field [doc] did you mean any of [docs, id]?',
		],
		[
			'a task that does not exist',
			{ ...BODY, inference_config: { nerd: {} } },
			'x_content_parse_exception',
			'[1:54] [cluster:internal/xpack/ml/inference/infer] failed to parse field [inference_config]',
		],
	])('refuses %s with 400', async (_what, body, type, reason) => {
		const cluster = await deployed();
		const failure = failureOf(await ask(cluster, 'POST', INFER, body));
		expect(failure).toEqual([400, type, expect.stringContaining(reason.slice(0, 60))]);
	});

	it('forbids the configuration of another task', async () => {
		const cluster = await deployed();
		const inference_config = { text_classification: {} };
		expect(failureOf(await ask(cluster, 'POST', INFER, { ...BODY, inference_config }))).toEqual([
			403,
			'status_exception',
			'Trained model [ner] is configured for task [ner] but called with task [text_classification]',
		]);
	});

	it('tells apart what is unknown, not deployed, stopping, failed, and lost', async () => {
		const cluster = await given();
		const refused = async () => failureOf(await ask(cluster, 'POST', INFER, BODY));
		expect(await refused()).toEqual([
			404,
			'resource_not_found_exception',
			'Could not find trained model [ner]',
		]);
		cluster.addModel({ model_id: 'ner', task: 'ner' });
		expect((await refused())[2]).toMatch(/^Model \[ner\] must be deployed to use\./);
		cluster.addDeployment({ deployment_id: 'ner', state: 'stopping' });
		expect(await refused()).toEqual([409, 'status_exception', 'Trained model [ner] is [stopping]']);
		cluster.addDeployment({ deployment_id: 'ner', state: 'failed' });
		expect((await refused())[2]).toBe(
			'Trained model deployment [ner] is not allocated to any nodes',
		);
		cluster.addDeployment({ deployment_id: 'ner' });
		cluster.leaveStopping('ner');
		expect(await refused()).toEqual([
			404,
			'status_exception',
			'Unable to find model deployment task [ner] please stop and start the deployment or try again momentarily',
		]);
	});

	it('times out with 408, which the node counts', async () => {
		const cluster = await deployed({ inferenceMs: 12_000 });
		const asked = ask(cluster, 'POST', INFER, BODY);
		const shorter = ask(cluster, 'POST', `${INFER}?timeout=2s`, BODY);
		await pending(cluster, 2);
		await cluster.advance(11_000);
		expect(failureOf(await shorter)[2]).toBe('timeout [2s] waiting for inference result');
		expect(failureOf(await asked)).toEqual([
			408,
			'status_exception',
			'timeout [10s] waiting for inference result',
		]);
		expect(await node(cluster)).toMatchObject({ timeout_count: 2, inference_count: 0 });
	});

	it('waits in the queue, which may be full', async () => {
		const cluster = await given({ inferenceMs: 5000 });
		cluster.addModel({ model_id: 'ner', task: 'ner' });
		cluster.addDeployment({ deployment_id: 'ner', queue_capacity: 1 });
		const first = ask(cluster, 'POST', INFER, BODY);
		await pending(cluster, 1);
		expect(failureOf(await ask(cluster, 'POST', INFER, BODY))).toEqual([
			429,
			'es_rejected_execution_exception',
			'inference process queue is full. Unable to execute command',
		]);
		await cluster.advance(5000);
		expect((await first).status).toBe(200);
		expect(await node(cluster)).toMatchObject({
			rejected_execution_count: 1,
			average_inference_time_ms: 5000,
		});
	});

	it('fails with 409 where the deployment is stopped meanwhile', async () => {
		const cluster = await deployed({ inferenceMs: 5000 });
		const asked = ask(cluster, 'POST', INFER, BODY);
		await pending(cluster, 1);
		cluster.removeDeployment('ner');
		await cluster.advance(5000);
		expect(failureOf(await asked)[0]).toBe(409);
	});

	it('counts, and remembers what was asked before', async () => {
		const cluster = await deployed();
		for (const text_field of ['Berlin', 'Berlin', 'Paris']) {
			await ask(cluster, 'POST', INFER, { docs: [{ text_field }] });
		}
		expect(await node(cluster)).toMatchObject({
			inference_count: 3,
			inference_cache_hit_count: 1,
			inference_cache_hit_count_last_minute: 1,
			last_access: expect.any(Number),
		});
		await ask(cluster, 'POST', '/_ml/trained_models/ner/deployment/cache/_clear');
		await ask(cluster, 'POST', INFER, BODY);
		expect(await node(cluster)).toMatchObject({ inference_cache_hit_count: 1 });
	});
});

describe('cache/_clear', () => {
	const clear = (id: string) => `/_ml/trained_models/${id}/deployment/cache/_clear`;

	it('takes the exact id of a deployment', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'one', model_id: 'model' });
		expect((await ask(cluster, 'POST', clear('one'))).body).toEqual({ cleared: true });
		for (const id of ['model', 'none']) {
			expect(failureOf(await ask(cluster, 'POST', clear(id)))).toEqual([
				404,
				'resource_not_found_exception',
				`No known model deployment with id [${id}]`,
			]);
		}
	});

	it('has nothing to clear at zero, and still says so', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'one', number_of_allocations: 0 });
		expect((await ask(cluster, 'POST', clear('one'))).body).toEqual({ cleared: true });
	});

	it('needs manage_ml, and takes no body', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'one' });
		const key = cluster.createApiKey({ privileges: ['monitor_ml'] });
		const refused = await ask(cluster, 'POST', clear('one'), undefined, { key });
		expect(failureOf(refused)[2]).toMatch(
			/granted by the cluster privileges \[manage_ml,manage,all\]$/,
		);
		expect((await ask(cluster, 'POST', clear('one'), {})).status).toBe(400);
	});

	it('is hidden on Serverless', async () => {
		const cluster = await given({ version: 'serverless' });
		cluster.addDeployment({ deployment_id: 'one' });
		expect((await ask(cluster, 'POST', clear('one'))).status).toBe(410);
	});
});
