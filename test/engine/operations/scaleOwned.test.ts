import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import {
	credentialFor,
	givenCluster,
	keyWith,
	lines,
	parameters,
	run,
	seen,
	stopPattern,
	writes,
} from '../given';
import { absent, leftAlone, RESTORE, started } from './outputs';
import { remembered } from './remembered';

const scale = (options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('scale', {
		target: 'pattern',
		pattern: '*',
		numberOfAllocations: 2,
		ifNotRunning: 'startRemembered',
		options,
		...fields,
	});

/** This workflow stopped 'plain', and 'owned', whose inference endpoint is still there. */
async function givenNight(owned = 'owned') {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'plain' });
	cluster.addInferenceEndpoint({ inference_id: owned, model_id: 'my_model', num_allocations: 1 });
	const staticData: IDataObject = {};
	const options = { includeEndpointOwned: true, force: true };
	await run(cluster, stopPattern('*', options), { staticData });
	expect(cluster.deployments()).toEqual([]);
	expect(remembered(staticData)).toHaveLength(2);
	cluster.resetLog();
	return { cluster, staticData };
}

function startsOf(cluster: EmbeddedCluster, id: string): string[] {
	return lines(writes(cluster)).filter(
		(line) => line.includes('/_start') && (line.includes(`/${id}/`) || line.includes(`=${id}&`)),
	);
}

describe('scale of a pattern over what this workflow stopped', () => {
	it('leaves alone what an inference endpoint owns, and keeps its restore', async () => {
		const { cluster, staticData } = await givenNight();
		const { items } = await run(cluster, scale(), { staticData });
		expect(items).toEqual([
			absent('owned', 'endpoint_owned', { restore: RESTORE }),
			started('plain', 2),
		]);
		expect(startsOf(cluster, 'owned')).toEqual([]);
		expect(remembered(staticData)).toEqual(['owned']);
	});

	it('leaves it alone if it runs by now', async () => {
		const { cluster, staticData } = await givenNight();
		cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
		const { items } = await run(cluster, scale(), { staticData });
		expect(items).toEqual([leftAlone('owned', 'endpoint_owned'), started('plain', 2)]);
	});

	it.each([[{ includeEndpointOwned: true }], [{ whenEndpointOwned: 'inferenceApi' }]])(
		'starts it with the options %j',
		async (options) => {
			const { cluster, staticData } = await givenNight();
			const { items } = await run(cluster, scale(options), { staticData });
			expect(items.map(({ deployment_id, action }) => [deployment_id, action])).toEqual(
				expect.arrayContaining([
					['owned', 'start'],
					['plain', 'start'],
				]),
			);
			expect(remembered(staticData)).toEqual([]);
		},
	);

	it('shows the same in a dry run', async () => {
		const { cluster, staticData } = await givenNight();
		const { items } = await run(cluster, scale({}, { dryRun: true }), { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'owned', reason: 'endpoint_owned', restore: RESTORE, dry_run: true },
			{ deployment_id: 'plain', action: 'start', dry_run: true },
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('knows Elasticsearch’s own endpoints by their names if the key may not read them', async () => {
		const { cluster, staticData } = await givenNight('.elser-2-elasticsearch');
		const apiKey = keyWith(cluster, 'manage_ml');
		const credentials = credentialFor({ ...cluster, endpoint: cluster.endpoint, apiKey });
		const { items } = await run(cluster, scale(), { staticData, credentials });
		expect(items).toMatchObject([
			{ deployment_id: '.elser-2-elasticsearch', reason: 'endpoint_owned' },
			{ deployment_id: 'plain', action: 'start' },
		]);
	});

	it('starts nothing if the endpoints cannot be read this time', async () => {
		const { cluster, staticData } = await givenNight();
		cluster.fault({ kind: 'status', status: 500, body: {}, path: '/_inference', times: Infinity });
		const result = await run(cluster, scale({ retries: 0 }), { staticData });
		expect(result.status).toBe('error');
		expect(seen(result).message).not.toBe('');
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toHaveLength(2);
	});
});
