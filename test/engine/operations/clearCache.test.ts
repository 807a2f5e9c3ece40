import {
	byId,
	credentialFor,
	givenCluster,
	keyWith,
	lines,
	parameters,
	run,
	seen,
	writes,
} from '../given';

const clear = (id: unknown, options = {}) =>
	parameters('clearCache', { deploymentId: byId(id), options });

async function givenSearch(version: '8.6' | '9.5' | 'serverless' = '9.5') {
	const cluster = await givenCluster({ version });
	cluster.addDeployment({ deployment_id: 'search' });
	return cluster;
}

describe('clear cache', () => {
	it.each(['8.6', '9.5'] as const)(
		'sends one request on %s, and says that it was done',
		async (version) => {
			const cluster = await givenSearch(version);
			const { items } = await run(cluster, clear('search'));
			expect(items).toEqual([{ deployment_id: 'search', cleared: true }]);
			expect(lines(cluster.requests)).toEqual([
				'POST /_ml/trained_models/search/deployment/cache/_clear',
			]);
			expect(cluster.requests[0].body).toBeUndefined();
		},
	);

	it('empties the cache: the same text is worked on again', async () => {
		const cluster = await givenSearch();
		const infer = parameters('infer', { deploymentId: byId('search'), text: 'Berlin' });
		const get = parameters('get', { deploymentId: byId('search'), output: 'raw' });
		const hits = async () =>
			JSON.stringify((await run(cluster, get)).items).match(
				/"inference_cache_hit_count":(\d+)/,
			)?.[1];
		await run(cluster, infer);
		await run(cluster, infer);
		expect(await hits()).toBe('1');
		await run(cluster, clear('search'));
		await run(cluster, infer);
		expect(await hits()).toBe('1');
	});

	it('is sent again after a lost answer', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', after: true, path: '_clear' });
		expect((await run(cluster, clear('search'))).items).toHaveLength(1);
		expect(writes(cluster)).toHaveLength(2);
	});

	it('is an error for an id that the cluster does not know', async () => {
		const cluster = await givenSearch();
		const { message, description } = seen(await run(cluster, clear('serach')));
		expect(message).toBe("No deployment is called 'serach'");
		expect(description).toMatch(/^Did you mean 'search'\?/);
	});

	it('is not there before 8.5', async () => {
		const cluster = await givenSearch();
		const error = 'no handler found for uri [/_ml/trained_models/search/deployment/cache/_clear]';
		cluster.fault({ kind: 'status', status: 400, path: '_clear', body: { error } });
		expect(seen(await run(cluster, clear('search'))).message).toBe(
			"The cache of the deployment 'search' was not cleared: this cluster has no way to do that",
		);
	});

	it('is not there on Serverless', async () => {
		expect(seen(await run(await givenSearch('serverless'), clear('search'))).message).toBe(
			"The cache of the deployment 'search' cannot be cleared: Serverless does not offer that",
		);
	});

	it('needs a key that may change, and a credential that is not read-only', async () => {
		const cluster = await givenSearch();
		const apiKey = keyWith(cluster, 'monitor_ml');
		const credentials = credentialFor(cluster, { apiKey });
		expect(seen(await run(cluster, clear('search'), { credentials })).message).toBe(
			"The API key may not clear the cache of the deployment 'search'",
		);
		cluster.resetLog();
		const readOnly = credentialFor(cluster, { readOnly: true });
		const refused = await run(cluster, clear('search'), { credentials: readOnly });
		expect(seen(refused).message).toBe('The credential is read-only, so nothing was sent');
		expect(cluster.requests).toEqual([]);
	});

	it('takes no login page for its answer', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'html', path: '_clear' });
		expect(seen(await run(cluster, clear('search'))).message).toMatch(/not like Elasticsearch$/);
	});

	it('needs permission where an agent asks for it', async () => {
		const asTool = { nodeType: 'n8n-nodes-elasticsearch-ml.mlDeploymentTool' };
		const cluster = await givenSearch();
		const refused = await run(cluster, clear('search'), asTool);
		expect(seen(refused).message).toMatch(/^An agent may not change deployments/);
		expect(cluster.requests).toEqual([]);
		const { items } = await run(cluster, clear('search', { allowAgentUse: true }), asTool);
		expect(items).toHaveLength(1);
	});
});
