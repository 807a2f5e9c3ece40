import type { INodeParameters } from 'n8n-workflow';

import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
} from '../given';

const LIST = 'GET /_ml/trained_models/_stats?from=0&size=1000';

async function givenTwo() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', model_id: 'elser' });
	cluster.addModel({ model_id: 'e5-small' });
	return cluster;
}

describe('an id that the cluster does not know, but one that is near', () => {
	it.each<[string, INodeParameters, string]>([
		['get', parameters('get', { deploymentId: byId('serach') }), 'search'],
		['get of a model', parameters('get', { deploymentId: byId('e5-smal') }), 'e5-small'],
		['wait', parameters('waitUntilReady', { deploymentId: byId('serach') }), 'search'],
		['update', update('serach', { numberOfAllocations: 2 }), 'search'],
		['dry run', update('serach', { numberOfAllocations: 2, dryRun: true }), 'search'],
		['stop', stop('serach'), 'search'],
		['scale', parameters('scale', { deploymentId: byId('serach') }), 'search'],
		[
			'scale to zero',
			parameters('scale', { deploymentId: byId('serach'), numberOfAllocations: 0 }),
			'search',
		],
		['start', parameters('start', { modelId: byId('e5_small') }), 'e5-small'],
	])('is asked about in %s', async (_name, given, meant) => {
		const cluster = await givenTwo();
		const { description } = seen(await run(cluster, given));
		expect(description.startsWith(`Did you mean '${meant}'? `)).toBe(true);
		expect(lines(cluster.requests).filter((line) => line === LIST)).toHaveLength(1);
		expect(lines(cluster.requests).pop()).toBe(LIST);
	});

	it('is asked about in a failed item too', async () => {
		const cluster = await givenTwo();
		const { items } = await run(cluster, stop('serach'), { onError: 'continueRegularOutput' });
		expect(items[0]).toMatchObject({
			details: { next_step: expect.stringMatching(/^Did you mean 'search'\? /) },
		});
	});

	it('means a model where a model is to be started', async () => {
		const cluster = await givenTwo();
		const given = parameters('start', { modelId: byId('serach') });
		expect(seen(await run(cluster, given)).description).toMatch(/^Pick it from the list/);
	});

	it.each([
		['nothing is near', 'nothing-like-it'],
		['several are near', 'search-c'],
	])('is not asked about where %s', async (_why, id) => {
		const cluster = await givenTwo();
		cluster.addDeployment({ deployment_id: 'search-a', model_id: 'elser' });
		cluster.addDeployment({ deployment_id: 'search-b', model_id: 'elser' });
		const get = parameters('get', { deploymentId: byId(id) });
		expect(seen(await run(cluster, get)).description).toMatch(/^Pick it from the list/);
	});

	it('is no reason to ask twice, and no other failure, where the list cannot be read', async () => {
		const cluster = await givenTwo();
		cluster.fault({ kind: 'status', path: /models\/_stats/, status: 503, times: Infinity });
		const { message, description } = seen(await run(cluster, stop('serach')));
		expect(message).toBe("No deployment and no model is called 'serach'");
		expect(description).toMatch(/^Pick it from the list/);
		expect(lines(cluster.requests).filter((line) => line === LIST)).toHaveLength(1);
	});
});

describe('the list of ids', () => {
	it.each<[string, INodeParameters]>([
		['a model that is not deployed', stop('e5-small')],
		['an id that may be missing', stop('serach', { ignoreMissing: true })],
		['an id that is there', parameters('get', { deploymentId: byId('search') })],
	])('is not asked for over %s', async (_what, given) => {
		const cluster = await givenTwo();
		await run(cluster, given);
		expect(lines(cluster.requests)).not.toContain(LIST);
	});

	it('is asked for only once by a pattern that matches nothing', async () => {
		const cluster = await givenTwo();
		await run(cluster, stopPattern('serach*', { allowNoMatch: false }));
		expect(lines(cluster.requests).filter((line) => line === LIST)).toHaveLength(1);
	});
});
