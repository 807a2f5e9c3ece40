import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import {
	beforeLook,
	byId,
	credentialFor,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	writes,
} from '../given';

const wait = (id: string, options: IDataObject = {}) =>
	parameters('waitUntilReady', { deploymentId: byId(id), options });

const READY = { deployment_id: 'search', number_of_allocations: 2 };

/** What the cluster says now; given back later, it is an answer of a node that hears of changes late. */
async function answerNow(cluster: EmbeddedCluster, path: string) {
	const { apiKey } = credentialFor(cluster);
	const answer = await fetch(`${cluster.endpoint}${path}`, {
		headers: { authorization: `ApiKey ${String(apiKey)}` },
	});
	cluster.resetLog();
	return { status: answer.status, body: (await answer.json()) as IDataObject };
}

describe('what a wait asks the cluster', () => {
	async function looksAmong(models: number) {
		const cluster = await givenCluster();
		for (let model = 0; model < models; model++) cluster.addModel({ model_id: `model-${model}` });
		cluster.addDeployment({ ...READY, state: 'starting' });
		beforeLook(cluster, '/search/_stats', 2, () => cluster.addDeployment(READY));
		const { items } = await run(cluster, wait('search'));
		expect(items[0]).toMatchObject({ deployment_id: 'search', ready: true });
		const bytes = cluster.requests.reduce((sum, request) => sum + request.bytes, 0);
		return { looks: lines(cluster.requests), bytes };
	}

	it('is the same among 10 models and among 5,000', async () => {
		const few = await looksAmong(10);
		const many = await looksAmong(5_000);
		expect(few.looks).toEqual([
			'GET /_ml/trained_models/search/_stats',
			'GET /_inference/_all',
			'GET /_ml/trained_models/search/_stats?size=1000',
		]);
		expect(many.looks).toEqual(few.looks);
		expect(Math.abs(many.bytes - few.bytes)).toBeLessThan(few.bytes / 100);
	});

	it('is one request for all, and one each where one of them is gone', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		for (const id of ['a', 'b']) {
			cluster.addDeployment({ deployment_id: id, model_id: 'my_model', state: 'starting' });
		}
		beforeLook(cluster, '/a,b/_stats', 1, () => cluster.removeDeployment('b'));
		beforeLook(cluster, '/a,b/_stats', 2, () =>
			cluster.addDeployment({ deployment_id: 'a', model_id: 'my_model' }),
		);
		const result = await run(cluster, wait('={{ $json.id }}'), {
			items: [{ id: 'a' }, { id: 'b' }],
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([
			{ deployment_id: 'a', ready: true },
			{ error: "The deployment 'b' was stopped while it was waited for" },
		]);
		const together = lines(cluster.requests).findIndex((line) => line.includes('/a,b/'));
		expect(lines(cluster.requests).slice(together)).toEqual([
			'GET /_ml/trained_models/a,b/_stats?size=1000',
			'GET /_ml/trained_models/a/_stats',
			'GET /_ml/trained_models/b/_stats',
			'GET /_ml/trained_models/a,b/_stats?size=1000',
			'GET /_ml/trained_models/a/_stats',
			'GET /_ml/trained_models/b/_stats',
		]);
	});

	it('does not take the deployments of a model for one that is called like the model', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'for-search', model_id: 'my_model' });
		cluster.fault({ kind: 'html', status: 503, path: /my_model\/_stats$/ });
		const result = await run(cluster, wait('my_model'));
		expect(seen(result).message).toBe(
			"The deployment 'my_model' was stopped while it was waited for",
		);
	});

	it('encodes each id, and asks for them together', async () => {
		const cluster = await givenCluster();
		const ids = ['.a b', 'ü/1'];
		for (const id of ids) cluster.addDeployment({ deployment_id: id, state: 'starting' });
		beforeLook(cluster, '%2F1/_stats', 2, () => {
			for (const id of ids) cluster.addDeployment({ deployment_id: id });
		});
		const { items } = await run(cluster, wait('={{ $json.id }}'), {
			items: ids.map((id) => ({ id })),
		});
		expect(items.map(({ deployment_id }) => deployment_id)).toEqual(ids);
		expect(lines(cluster.requests)).toContain(
			'GET /_ml/trained_models/.a%20b,%C3%BC%2F1/_stats?size=1000',
		);
	});
});

describe('an answer that is older than the change', () => {
	it('does not end the wait of a start: the deployment was not there yet', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		const newDeploymentId = 'search';
		const before = await answerNow(cluster, '/_ml/trained_models/search/_stats');
		expect(before.status).toBe(404);
		cluster.fault({ kind: 'status', ...before, path: '/search/_stats', skip: 1 });
		const start = parameters('start', {
			modelId: byId('my_model'),
			options: { newDeploymentId },
		});
		const { items } = await run(cluster, start);
		expect(items[0]).toMatchObject({ changed: true, state: 'started' });
	});

	it('does not end the wait of a start: it shows the deployment that ran before', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 1_500 });
		cluster.addDeployment({ ...READY, start_time: cluster.now() - 3_600_000 });
		const before = await answerNow(cluster, '/_ml/trained_models/search/_stats');
		const [stopped] = (await run(cluster, stop('search'))).items;
		cluster.fault({ kind: 'status', ...before, path: '/search/_stats', skip: 1 });
		const start = parameters('start', {
			startFrom: 'restore',
			restore: '={{ $json.restore }}',
			options: { waitFor: 'fully_allocated' },
		});
		const { items } = await run(cluster, start, { items: [stopped] });
		expect(items[0]).toMatchObject({
			changed: true,
			action: 'start',
			state: 'started',
		});
	});

	it.each(['update', 'scale'])('does not end the wait of %s with the old number', async (name) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const before = await answerNow(cluster, '/_ml/trained_models/search/_stats');
		const looksBefore = name === 'scale' ? 1 : 0;
		cluster.fault({ kind: 'status', ...before, path: '/search/_stats', skip: looksBefore });
		const given = parameters(name, {
			deploymentId: byId('search'),
			numberOfAllocations: 4,
			options: { waitFor: 'fully_allocated' },
		});
		const { items } = await run(cluster, given);
		expect(items[0]).toMatchObject({
			state: 'started',
			number_of_allocations: 4,
		});
	});

	it.each(['scale', 'update'])(
		'does not end the wait of %s through the inference API',
		async (name) => {
			const cluster = await givenCluster({ version: '9.2' });
			cluster.addDeployment({ deployment_id: 'search', created_by_endpoint: true });
			const before = await answerNow(cluster, '/_ml/trained_models/search/_stats');
			const looksBefore = name === 'scale' ? 1 : 0;
			cluster.fault({ kind: 'status', ...before, path: '/search/_stats', skip: looksBefore });
			const given = parameters(name, {
				deploymentId: byId('search'),
				numberOfAllocations: 3,
				options: {
					waitFor: 'fully_allocated',
					waitTimeout: 10,
					whenEndpointOwned: 'inferenceApi',
					details: true,
				},
			});
			const { items, error } = await run(cluster, given);
			expect(error).toBeUndefined();
			expect(items[0]).toMatchObject({
				action: 'update',
				state: 'started',
				number_of_allocations: 3,
				details: { changed_through: 'inference_api' },
			});
			expect(lines(writes(cluster)).at(-1)).toMatch(/^PUT \/_inference\/.*search\/_update$/);
		},
	);
});

describe('bounds that go down', () => {
	it('are waited for until the scaler has lowered the number', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 4,
			adaptive_allocations: { enabled: true, max_number_of_allocations: 8 },
		});
		// The scaler's next look, every 10 seconds, comes between two of ours.
		beforeLook(cluster, '/search/_stats', 2, () => cluster.advance(10_000));
		const { items } = await run(
			cluster,
			parameters('update', {
				deploymentId: byId('search'),
				allocationMode: 'adaptive',
				minNumberOfAllocations: 2,
				maxNumberOfAllocations: 2,
				options: { waitFor: 'fully_allocated' },
			}),
		);
		expect(items[0]).toMatchObject({
			number_of_allocations: 2,
		});
		expect(writes(cluster)).toHaveLength(1);
	});
});
