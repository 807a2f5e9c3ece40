import {
	byId,
	credentialFor,
	givenCluster,
	keyWith,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	writes,
} from '../given';
import { leftAlone, stopped } from '../operations/outputs';

const STOP = (id: string, query = '') =>
	`POST /_ml/trained_models/${id}/deployment/_stop?allow_no_match=false${query}`;

describe('inference endpoints of 8.11 to 8.14, whose list has another form', () => {
	it('keep what they own from a pattern with Force, and no warning says that they are not known', async () => {
		const cluster = await givenCluster({ version: '8.12' });
		cluster.addInferenceEndpoint({ inference_id: 'owned', model_id: '.elser_model_2' });
		cluster.addDeployment({ deployment_id: 'mine' });
		const { items } = await run(cluster, stopPattern('*', { force: true }));
		expect(items).toEqual([leftAlone('owned', 'endpoint_owned'), stopped('mine')]);
		expect(lines(writes(cluster))).toEqual([STOP('mine', '&force=true')]);
	});

	it('are shown by Get', async () => {
		const cluster = await givenCluster({ version: '8.12' });
		cluster.addInferenceEndpoint({ inference_id: 'owned', model_id: '.elser_model_2' });
		const { items } = await run(cluster, parameters('get', { deploymentId: byId('owned') }));
		expect(items).toMatchObject([{ deployment_id: 'owned', endpoint: 'owned' }]);
	});

	it.each([
		['monitor', 'unknown'],
		['manage', 'owned'],
	])('are read with the privilege %s as %s', async (privilege, endpoint) => {
		const cluster = await givenCluster({ version: '8.12' });
		cluster.addInferenceEndpoint({ inference_id: 'owned', model_id: '.elser_model_2' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, privilege) });
		const { items } = await run(cluster, parameters('get', { deploymentId: byId('owned') }), {
			credentials,
		});
		expect(items).toMatchObject([{ endpoint }]);
	});
});

describe('an endpoint whose id is the id of a deployment', () => {
	it.each(['8.12', '9.0'] as const)(
		'owns it, whatever its service: text_embedding on %s',
		async (version) => {
			const cluster = await givenCluster({ version });
			cluster.addDeployment({ deployment_id: 'my-e5', model_id: 'e5' });
			cluster.addInferenceEndpoint({
				inference_id: 'my-e5',
				service: 'text_embedding',
				task_type: 'text_embedding',
				model_id: 'e5',
			});
			const { items } = await run(cluster, stopPattern('my-*', { force: true }));
			expect(items).toEqual([leftAlone('my-e5', 'endpoint_owned')]);
			expect(writes(cluster)).toEqual([]);
		},
	);
});

describe('an endpoint of a service elsewhere', () => {
	it('does no harm: what it calls its model or deployment is not here', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.addInferenceEndpoint({ inference_id: 'gpt', service: 'openai', model_id: 'search' });
		const { items } = await run(cluster, stopPattern('*'));
		expect(items).toEqual([stopped('search')]);
		expect(lines(writes(cluster))).toEqual([STOP('search')]);
	});
});

describe('a list of endpoints with an entry that cannot be read', () => {
	it('ends a pattern before anything is stopped, and is a warning for one', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const body = { endpoints: [{ service: 'elasticsearch', service_settings: {} }] };
		cluster.fault({ kind: 'status', status: 200, body, path: '/_inference', times: Infinity });
		const result = await run(cluster, stopPattern('*', { force: true, retries: 0 }));
		expect(seen(result).message).toBe(
			'The Cluster Endpoint answered with status 200, but not like Elasticsearch',
		);
		expect(writes(cluster)).toEqual([]);
		const { items } = await run(cluster, stop('search', { retries: 0 }));
		expect(items).toMatchObject([
			{
				action: 'stop',
				changed: true,
				warnings: [expect.stringContaining('could not be read this time')],
			},
		]);
	});
});
