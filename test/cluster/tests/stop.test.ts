import { ask, at, endClusters, failureOf, given } from './ask';
import { eventually } from '../../eventually';
import type { ClusterVersion, EmbeddedCluster } from '../types';

afterEach(endClusters);

const path = (id: string): string =>
	`/_ml/trained_models/${encodeURIComponent(id)}/deployment/_stop`;
const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/stop';
const NOT_FOUND = 'resource_not_found_exception';

function fill(cluster: EmbeddedCluster): void {
	cluster.addDeployment({ deployment_id: 'ner' });
	cluster.addDeployment({ deployment_id: 'other-name', model_id: 'big-model' });
	cluster.addDeployment({ deployment_id: 'in-pipeline' });
	cluster.addPipeline({ id: 'p1', model_id: 'in-pipeline' });
	cluster.addDeployment({ deployment_id: 'aliased' });
	cluster.addAlias({ model_alias: 'al', model_id: 'aliased' });
	cluster.addPipeline({ id: 'p2', model_id: 'al' });
	cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
	cluster.addDeployment({ deployment_id: 'attached' });
	cluster.addInferenceEndpoint({ inference_id: 'search', deployment_id: 'attached' });
}

describe('_stop', () => {
	it.each(['started', 'starting', 'failed', 'stopping'] as const)(
		'deletes a deployment that is %s, and says the same again the second time',
		async (state) => {
			const cluster = await given();
			cluster.addDeployment({ deployment_id: 'ner', state });
			for (let i = 0; i < 2; i++) {
				const reply = await ask(cluster, 'POST', path('ner'));
				expect([reply.status, reply.body]).toEqual([200, { stopped: true }]);
				expect(cluster.deployment('ner')).toBeUndefined();
			}
		},
	);

	it.each(['*', 'ner,other-name', '_all', 'al', 'big-model', 'typo'])(
		'answers true for %s and stops nothing; with allow_no_match=false it is 404',
		async (id) => {
			const cluster = await given();
			fill(cluster);
			const before = cluster.deployments();
			expect((await ask(cluster, 'POST', path(id))).body).toEqual({ stopped: true });
			const strict = await ask(cluster, 'POST', `${path(id)}?allow_no_match=false`);
			expect(failureOf(strict)).toEqual([
				404,
				NOT_FOUND,
				`No known model deployment with id [${id}]`,
			]);
			expect(cluster.deployments()).toEqual(before);
		},
	);

	it.each<[string, string]>([
		[
			'in-pipeline',
			'Cannot stop deployment [in-pipeline] as it is referenced by ingest processors; use force to stop the deployment',
		],
		[
			'aliased',
			'Cannot stop deployment [aliased] as it has a model_alias [al] that is still referenced by ingest processors; use force to stop the deployment',
		],
		[
			'owned',
			'Cannot stop deployment [owned] as it was created by inference endpoint [owned]; use force to stop the deployment',
		],
		[
			'attached',
			'Cannot stop deployment [attached] as it is used by inference endpoint [search]; use force to stop the deployment',
		],
	])('refuses what is in use (%s), unless forced', async (id, reason) => {
		const cluster = await given({ version: '9.0' });
		fill(cluster);
		expect(failureOf(await ask(cluster, 'POST', path(id)))).toEqual([
			409,
			'status_exception',
			reason,
		]);
		expect(cluster.deployment(id)).toBeDefined();
		expect((await ask(cluster, 'POST', `${path(id)}?force`)).status).toBe(200);
		expect(cluster.deployment(id)).toBeUndefined();
	});

	it('is not held back by a pipeline that names the model of a deployment with another id', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'other-name', model_id: 'big-model' });
		cluster.addPipeline({ id: 'p', model_id: 'big-model' });
		expect((await ask(cluster, 'POST', path('other-name'))).status).toBe(200);
	});

	it.each<[ClusterVersion, number]>([
		['8.6', 200],
		['8.16', 200],
		['8.19', 409],
		['9.0', 409],
		['9.2', 409],
	])("of an endpoint's deployment in %s is %i", async (version, status) => {
		const cluster = await given({ version });
		cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
		expect((await ask(cluster, 'POST', path('owned'))).status).toBe(status);
	});

	it.each<[string, string, unknown, string, string]>([
		[
			'a timeout',
			'?timeout=30s',
			undefined,
			'illegal_argument_exception',
			'request [/_ml/trained_models/ner/deployment/_stop] contains unrecognized parameter: [timeout]',
		],
		[
			'a flag that is no boolean',
			'?force=yes',
			undefined,
			'illegal_argument_exception',
			'Failed to parse value [yes] as only [true] or [false] are allowed.',
		],
		[
			'body and query',
			'?force=true',
			{ allow_no_match: false },
			'illegal_argument_exception',
			'request [/_ml/trained_models/ner/deployment/_stop] contains unrecognized parameter: [force]',
		],
		[
			'the documented body key id',
			'',
			{ id: 'ner' },
			'x_content_parse_exception',
			`[1:2] [${PARSER}] unknown field [id]`,
		],
		[
			'another id in the body',
			'',
			{ model_id: 'x' },
			'illegal_argument_exception',
			"Inconsistent model_id; 'x' specified in the body differs from 'ner' specified as a URL argument",
		],
	])('refuses %s', async (_, query, body, type, reason) => {
		const cluster = await given();
		fill(cluster);
		const reply = await ask(cluster, 'POST', path('ner') + query, body);
		expect(failureOf(reply)).toEqual([400, type, reason]);
		expect(cluster.deployment('ner')).toBeDefined();
	});

	it('reads its flags from the body where there is one', async () => {
		const cluster = await given();
		fill(cluster);
		const body = { model_id: 'in-pipeline', force: true, finish_pending_work: false };
		expect((await ask(cluster, 'POST', path('in-pipeline'), body)).status).toBe(200);
	});

	it('knows finish_pending_work from 8.11 on', async () => {
		for (const [version, status] of [
			['8.6', 400],
			['8.12', 200],
		] as const) {
			const cluster = await given({ version });
			cluster.addDeployment({ deployment_id: 'ner' });
			expect((await ask(cluster, 'POST', `${path('ner')}?finish_pending_work=true`)).status).toBe(
				status,
			);
		}
	});

	it('fails at once without a master', async () => {
		const cluster = await given({ masterPresent: false, masterTimeoutMs: 60_000 });
		const reply = await ask(cluster, 'POST', path('ner'));
		expect(failureOf(reply)).toEqual([503, 'master_not_discovered_exception', null]);
	});

	it('frees room that others then fill', async () => {
		const nodes = [{ id: 'n1', name: 'ml-0', processors: 2, memoryBytes: 16 * 1024 ** 3 }];
		const cluster = await given({ nodes, scalingPossible: true, growthDelayMs: 1e9 });
		cluster.addDeployment({ deployment_id: 'a', number_of_allocations: 2 });
		cluster.addDeployment({ deployment_id: 'b', number_of_allocations: 2, state: 'starting' });
		cluster.changeDeployment('b', { never_starts: false });
		expect(cluster.deployment('b')?.running_allocations).toBe(0);
		await ask(cluster, 'POST', path('a'));
		expect(cluster.deployment('b')).toMatchObject({ running_allocations: 2, state: 'started' });
	});
});

describe('a stop that takes its time', () => {
	it('waits for pending work, while the queue empties and new work is refused', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', pending_requests: 100 });
		const stopping = ask(cluster, 'POST', `${path('ner')}?finish_pending_work=true`);
		await eventually(() => cluster.deployment('ner')?.state === 'stopping');
		await cluster.advance(30_000);
		expect(cluster.deployment('ner')?.pending_requests).toBe(50);
		const refused = await ask(cluster, 'POST', '/_ml/trained_models/ner/_infer', { docs: [{}] });
		expect(failureOf(refused)).toEqual([
			409,
			'status_exception',
			'Trained model [ner] is [stopping]',
		]);
		await cluster.advance(30_000);
		expect((await stopping).status).toBe(200);
		expect(cluster.deployment('ner')).toBeUndefined();
	});

	it('goes on when its client goes away', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', pending_requests: 5, drain_ms: 20_000 });
		const controller = new AbortController();
		const stopping = ask(cluster, 'POST', `${path('ner')}?finish_pending_work=true`, undefined, {
			signal: controller.signal,
		});
		await eventually(() => cluster.deployment('ner')?.state === 'stopping');
		controller.abort();
		await expect(stopping).rejects.toThrow();
		expect(cluster.deployment('ner')?.state).toBe('stopping');
		await cluster.advance(20_000);
		expect(cluster.deployment('ner')).toBeUndefined();
	});

	it.each([
		['wait', 200],
		['fail', 500],
	] as const)('meets a second stop that is set to %s with %i', async (overlappingStops, status) => {
		const cluster = await given({ overlappingStops });
		cluster.addDeployment({ deployment_id: 'ner', pending_requests: 5 });
		const first = ask(cluster, 'POST', `${path('ner')}?finish_pending_work=true`);
		await eventually(() => cluster.deployment('ner')?.state === 'stopping');
		const second = ask(cluster, 'POST', path('ner'));
		await eventually(() => cluster.requests.length === 2);
		await cluster.advance(60_000);
		expect((await first).status).toBe(200);
		expect((await second).status).toBe(status);
		if (status === 500) {
			expect(at(await second, 'error', 'reason')).toBe(
				'failed to delete model assignment after nodes unallocated the deployment. Attempt to stop again',
			);
		}
	});

	it('is noted once for each deployment that it stops, as that stood, and for nothing else', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', start_time: 1000, pending_requests: 5 });
		cluster.addDeployment({ deployment_id: 'other' });
		cluster.addDeployment({ deployment_id: 'in-pipeline' });
		cluster.addPipeline({ id: 'p1', model_id: 'in-pipeline' });
		cluster.removeDeployment('other');
		await ask(cluster, 'POST', path('other'));
		await ask(cluster, 'POST', path('in-pipeline'));
		expect(cluster.stopped).toEqual([]);
		const first = ask(cluster, 'POST', `${path('ner')}?finish_pending_work=true`);
		await eventually(() => cluster.deployment('ner')?.state === 'stopping');
		const second = ask(cluster, 'POST', path('ner'));
		await eventually(() => cluster.requests.length === 4);
		await cluster.advance(60_000);
		await Promise.all([first, second]);
		expect(cluster.stopped).toEqual([
			expect.objectContaining({
				deployment_id: 'ner',
				state: 'started',
				start_time: 1000,
				pending_requests: 5,
			}),
		]);
		cluster.resetLog();
		expect(cluster.stopped).toEqual([]);
	});

	it('may lose its answer to a proxy while it goes on', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner' });
		cluster.fault({
			path: '_stop',
			kind: 'status',
			status: 504,
			body: '<html>',
			after: true,
			stopsAfterMs: 90_000,
		});
		expect((await ask(cluster, 'POST', path('ner'))).status).toBe(504);
		expect(cluster.deployment('ner')?.state).toBe('stopping');
		await cluster.advance(90_000);
		expect(cluster.deployment('ner')).toBeUndefined();
	});
});
