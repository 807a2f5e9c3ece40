/** docs/elasticsearch-behaviour.md, "Inference endpoints: orphans" */

import type { INodeParameters } from 'n8n-workflow';

import {
	byId,
	credentialFor,
	givenCluster,
	keyWith,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
	writes,
} from '../given';

/** An endpoint and the deployment that it made, and one whose deployment is gone. */
async function givenOrphan() {
	// From 9.2 on, an update is refused before Elasticsearch looks for the deployment.
	const cluster = await givenCluster({ version: '9.0' });
	cluster.addInferenceEndpoint({ inference_id: 'healthy', model_id: 'elser' });
	cluster.addInferenceEndpoint({ inference_id: 'orphan', model_id: 'elser', deployed: false });
	return cluster;
}

const get = (id: string, more = {}) => parameters('get', { deploymentId: byId(id), ...more });

describe('an endpoint whose deployment is gone', () => {
	it.each<[string, INodeParameters]>([
		['get', get('orphan')],
		['wait', parameters('waitUntilReady', { deploymentId: byId('orphan') })],
		['update', update('orphan', { numberOfAllocations: 2 })],
		['dry run', update('orphan', { numberOfAllocations: 2, dryRun: true })],
		['stop', stop('orphan')],
		['scale', parameters('scale', { deploymentId: byId('orphan') })],
		['scale to 0', parameters('scale', { deploymentId: byId('orphan'), numberOfAllocations: 0 })],
	])('is named in the error of %s, with what brings it back', async (_what, given) => {
		const cluster = await givenOrphan();
		expect(seen(await run(cluster, given))).toEqual({
			message: "The inference endpoint 'orphan' has no deployment: 'orphan' is not there",
			description: expect.stringContaining(
				"Requests to it fail. Start the model 'elser' with the 'New Deployment ID' 'orphan', or delete the endpoint",
			),
		});
		expect(writes(cluster).filter(({ path }) => !path.endsWith('_update'))).toEqual([]);
	});

	it('is named by the deployment that it was attached to', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'shared', model_id: 'elser' });
		cluster.addInferenceEndpoint({ inference_id: 'attached', deployment_id: 'shared' });
		cluster.removeDeployment('shared');
		expect(seen(await run(cluster, get('shared'))).message).toBe(
			"The inference endpoint 'attached' has no deployment: 'shared' is not there",
		);
	});

	it("is no fault where it is one of Elasticsearch's own that nobody used yet", async () => {
		const cluster = await givenCluster();
		const inference_id = '.rerank-v1-elasticsearch';
		cluster.addInferenceEndpoint({
			inference_id,
			task_type: 'rerank',
			default: true,
			deployed: false,
		});
		expect(seen(await run(cluster, get(inference_id))).description).toContain(
			"It is one of Elasticsearch's own, so its first request starts the deployment",
		);
	});

	it('is not known where the key may not read it', async () => {
		const cluster = await givenOrphan();
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		expect(seen(await run(cluster, get('orphan'), { credentials })).message).toBe(
			"No deployment and no model is called 'orphan'",
		);
	});

	it('is none of this cluster where its service is elsewhere', async () => {
		const cluster = await givenCluster();
		cluster.addInferenceEndpoint({ inference_id: 'gpt', service: 'openai' });
		expect(seen(await run(cluster, get('gpt'))).message).toBe(
			"No deployment and no model is called 'gpt'",
		);
	});

	it.each([
		['of all', {}, 1],
		['of those that match', { filters: { pattern: 'h*' } }, 0],
		['in full', { output: 'full' }, 1],
	])('is told below a list %s', async (_what, fields, times) => {
		const cluster = await givenOrphan();
		const { hints } = await run(cluster, parameters('getMany', { returnAll: true, ...fields }));
		const told = "Inference endpoints without their deployment, whose requests fail: 'orphan'.";
		expect(hints.map(({ message }) => message)).toEqual(times === 1 ? [told] : []);
	});

	const missing = (filters = {}, more = {}) =>
		parameters('getMany', { filters: { state: 'missing', ...filters }, ...more });

	it('is listed as missing, with what starts it again', async () => {
		const cluster = await givenOrphan();
		const { items, hints } = await run(cluster, missing());
		expect(items).toEqual([
			{
				deployment_id: 'orphan',
				model_id: 'elser',
				state: 'missing',
				ready: false,
				number_of_allocations: 0,
				adaptive: null,
				vcpus: 0,
				endpoint: 'orphan',
				idle_minutes: null,
				restore: null,
			},
		]);
		expect(hints).toEqual([]);
		const options = { newDeploymentId: '={{ $json.deployment_id }}' };
		const start = parameters('start', { modelId: byId('={{ $json.model_id }}'), options });
		expect((await run(cluster, start, { items })).items[0]).toMatchObject({ changed: true });
		expect((await run(cluster, missing())).items).toEqual([]);
	});

	it.each(['simplified', 'full', 'raw'])(
		'is listed with the same keys as what runs, in full too: %s',
		async (output) => {
			const cluster = await givenOrphan();
			const keys = output === 'full' ? 'full' : 'simplified';
			const [running] = (await run(cluster, parameters('getMany', { output: keys }))).items;
			const [listed] = (await run(cluster, missing({}, { output }))).items;
			expect(Object.keys(listed)).toEqual(Object.keys(running));
			if (output === 'full') expect(listed).toMatchObject({ reason: 'missing' });
		},
	);

	it.each<[string, object, number]>([
		['a pattern that fits', { pattern: 'orph*' }, 1],
		['another pattern', { pattern: 'h*' }, 0],
		['its model', { modelId: 'elser' }, 1],
		['another model', { modelId: 'e5' }, 0],
		['not adaptive', { adaptive: false }, 1],
		['adaptive', { adaptive: true }, 0],
		['what costs', { costsWhileIdle: true }, 0],
		['an idle time', { idleMinutes: 0 }, 0],
	])('is listed, or not, with %s', async (_what, filters, count) => {
		const { items, status } = await run(await givenOrphan(), missing(filters));
		expect([status, items.length]).toEqual(['success', count]);
	});

	it('is listed up to the limit, and without the endpoints that are no orphans', async () => {
		const cluster = await givenOrphan();
		cluster.addInferenceEndpoint({ inference_id: 'second', model_id: 'e5', deployed: false });
		cluster.addInferenceEndpoint({ inference_id: '.own', default: true, deployed: false });
		cluster.addInferenceEndpoint({ inference_id: 'gpt', service: 'openai' });
		const { items } = await run(cluster, missing({}, { returnAll: true }));
		expect(items.map(({ endpoint }) => endpoint)).toEqual(['orphan', 'second']);
		expect((await run(cluster, missing({}, { limit: 1 }))).items).toHaveLength(1);
	});

	it('is no empty list where the key may not read endpoints, or they cannot be read', async () => {
		const cluster = await givenOrphan();
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		expect(seen(await run(cluster, missing(), { credentials }))).toEqual({
			message:
				'The API key may not read inference endpoints, so nobody knows which deployments they miss',
			description: expect.stringContaining('monitor_inference'),
		});
		cluster.fault({ kind: 'status', status: 500, path: '_inference', times: Infinity });
		expect((await run(cluster, missing())).status).toBe('error');
	});

	it('is started again under its id', async () => {
		const cluster = await givenOrphan();
		cluster.addModel({ model_id: 'elser' });
		const options = { newDeploymentId: 'orphan' };
		const given = parameters('start', { modelId: byId('elser'), options });
		const { items } = await run(cluster, given);
		expect(items[0]).toMatchObject({ deployment_id: 'orphan', action: 'start', changed: true });
	});
});

describe('a deployment whose endpoint is gone', () => {
	it('belongs to nobody any more, so that a pattern stops it', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'left', model_id: 'elser' });
		expect((await run(cluster, get('left'))).items[0]).toMatchObject({ endpoint: null });
		const { items } = await run(cluster, stopPattern('l*'));
		expect(items[0]).toMatchObject({ deployment_id: 'left', action: 'stop', changed: true });
	});
});
