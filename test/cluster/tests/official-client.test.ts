import * as elastic9 from '@elastic/elasticsearch';
import * as elastic8 from 'elasticsearch-8';
import { endClusters, given } from './ask';
import { addSampleDeployments } from '../sample';
import type { ClusterVersion, EmbeddedCluster } from '../types';

afterEach(endClusters);

function options(cluster: EmbeddedCluster) {
	return {
		node: cluster.endpoint,
		auth: { apiKey: cluster.apiKey },
		maxRetries: 0,
		...(cluster.caPem && { tls: { ca: cluster.caPem } }),
	};
}

/** Their types differ, but what is called here is the same in both. */
const clients = { '9': elastic9, '8': elastic8 as unknown as typeof elastic9 };

async function drive(cluster: EmbeddedCluster, { Client, errors }: typeof elastic9) {
	const client = new Client(options(cluster));
	const { ml } = client;
	const updated = await ml.updateTrainedModelDeployment({
		model_id: 'elser-search',
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 2,
			max_number_of_allocations: 3,
		},
	});
	const fixed = await ml.updateTrainedModelDeployment({
		model_id: 'elser-ingest',
		number_of_allocations: 3,
	});
	const stopped = await ml.stopTrainedModelDeployment({ model_id: 'e5-trial' });
	const started = await ml.startTrainedModelDeployment({
		model_id: '.multilingual-e5-small',
		deployment_id: 'again',
		number_of_allocations: 2,
		wait_for: 'fully_allocated',
	});
	const stats = await ml.getTrainedModelsStats({ model_id: 'elser-*', size: 10 });
	const models = await ml.getTrainedModels({ model_id: 'e5' });
	const privileges = await client.security.hasPrivileges({ cluster: ['manage_ml'] });
	const inferred = await ml.inferTrainedModel({
		model_id: 'elser-ingest',
		docs: [{ text_field: 'a search engine' }],
		timeout: '5s',
	});
	const cleared = await ml.clearTrainedModelDeploymentCache({ model_id: 'elser-ingest' });
	const endpoints = await client.inference.get({ inference_id: '.elser-2-elasticsearch' });
	const missing = await ml
		.stopTrainedModelDeployment({ model_id: 'nope', allow_no_match: false })
		.catch((error: unknown) => (error instanceof errors.ResponseError ? error.statusCode : error));
	await client.close();
	return {
		...{ updated, fixed, stopped, started, stats, models, privileges, missing },
		...{ inferred, cleared, endpoints },
	};
}

describe("Elastic's official client", () => {
	it.each<['8' | '9', ClusterVersion, boolean]>([
		['9', '9.2', false],
		['9', '9.5', true],
		['8', '8.19', false],
		['9', '9.0', true],
		['8', '8.16', false],
		['8', '9.2', true],
	])('%s works unmodified with a cluster of %s (TLS: %s)', async (major, version, tls) => {
		const cluster = await given({ version, tls });
		addSampleDeployments(cluster);
		const seen = await drive(cluster, clients[major]);
		expect(seen.updated.assignment.adaptive_allocations).toEqual({
			enabled: true,
			min_number_of_allocations: 2,
			max_number_of_allocations: 3,
		});
		expect(seen.fixed.assignment.task_parameters.number_of_allocations).toBe(3);
		expect(seen.stopped).toEqual({ stopped: true });
		expect(seen.started.assignment).toMatchObject({
			assignment_state: 'started',
			task_parameters: { deployment_id: 'again', number_of_allocations: 2 },
		});
		expect(seen.stats.count).toBe(1);
		expect(
			seen.stats.trained_model_stats.map((entry) => entry.deployment_stats?.deployment_id),
		).toEqual(['elser-ingest', 'elser-search']);
		expect(seen.models.trained_model_configs[0].metadata?.model_aliases).toEqual(['e5']);
		expect(seen.privileges.has_all_requested).toBe(true);
		expect(seen.missing).toBe(404);
		expect(seen.inferred.inference_results).toEqual([
			{ predicted_value: expect.objectContaining({ engine: expect.any(Number) }) },
		]);
		expect(seen.cleared).toEqual({ cleared: true });
		expect(seen.endpoints.endpoints).toMatchObject([
			{ inference_id: '.elser-2-elasticsearch', service: 'elasticsearch' },
		]);
		expect(cluster.deployment('elser-ingest')?.running_allocations).toBe(3);
	});

	it('says what it is', async () => {
		const cluster = await given();
		const client = new elastic9.Client(options(cluster));
		expect((await client.info()).version.number).toBe('9.2.8');
		expect(await client.ping()).toBe(true);
		await client.close();
	});
});
