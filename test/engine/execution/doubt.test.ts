import type { EmbeddedCluster, FaultRule } from '../../cluster';
import { credentialFor, givenCluster, run, seen, stop, theEngine } from '../given';
import { restoreWith } from '../restoreText';

const STOP = /_stop$/;
const goesOn = { onError: 'continueRegularOutput' as const };

async function givenSearch(): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() - 3_600_000 });
	return cluster;
}

const answer = (status: number, type: string): FaultRule => ({
	kind: 'status',
	path: STOP,
	status,
	body: { error: { root_cause: [], type, reason: 'x' }, status },
});

describe('an answer of Elasticsearch that does not say that nothing was stopped', () => {
	it.each([
		[408, 'timeout_exception'],
		[429, 'es_rejected_execution_exception'],
		[404, 'index_not_found_exception'],
	])('is looked after, so that the restore is kept: %s %s', async (status, type) => {
		const cluster = await givenSearch();
		cluster.fault({ ...answer(status, type), after: true, stopsAfterMs: 300 } as FaultRule);
		const result = await run(cluster, stop('search', { details: true }), goesOn);
		expect(result.items).toMatchObject([
			{
				action: 'stop',
				changed: true,
				details: expect.objectContaining({ confirmed_by: 'stats' }),
				restore: restoreWith({ deployment_id: 'search' }),
			},
		]);
	});

	it('is looked after where a circuit breaker answers the last try', async () => {
		const cluster = await givenSearch();
		cluster.fault({
			...answer(429, 'circuit_breaking_exception'),
			after: true,
			stopsAfterMs: 300,
		} as FaultRule);
		const result = await run(cluster, stop('search', { retries: 0 }), goesOn);
		expect(result.items).toMatchObject([
			{ action: 'stop', changed: true, restore: restoreWith({ deployment_id: 'search' }) },
		]);
	});

	it('hands the restore on where the deployment still runs, without sending it again', async () => {
		const cluster = await givenSearch();
		cluster.fault(answer(429, 'es_rejected_execution_exception'));
		const result = await run(cluster, stop('search'));
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ reason: 'unknown_outcome', restore: restoreWith({ deployment_id: 'search' }) }],
				},
			},
		});
	});
});

describe('a look that is older than the stop', () => {
	it('is no restart', async () => {
		const cluster = await givenSearch();
		const old = await fetch(`${cluster.endpoint}/_ml/trained_models/search/_stats`, {
			headers: { authorization: `ApiKey ${cluster.apiKey}` },
		});
		const body = (await old.json()) as object;
		cluster.fault({ kind: 'status', status: 200, body, path: 'search/_stats', skip: 1 });
		const result = await run(cluster, stop('search'), { items: [{}, {}] });
		expect(result.items).toMatchObject([
			{ action: 'stop', changed: true, restore: restoreWith({ deployment_id: 'search' }) },
			{ action: 'none', changed: false, reason: 'not_deployed' },
		]);
	});
});

describe('a restart that is gone by the next try', () => {
	it('is told as that', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP, after: true });
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () => cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() }),
		});
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 2,
			effect: () => cluster.removeDeployment('search'),
		});
		const result = await run(cluster, stop('search'), { retryOnFail: true, maxTries: 2 });
		expect(seen(result).message).toContain('is gone by now');
	});
});

describe('an agent', () => {
	it('gets the restore of a stop with unknown end in the message, which is all that it sees', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 60_000 });
		const result = await theEngine().runNode({
			parameters: stop('search', { requestTimeout: 1, allowAgentUse: true }),
			credentials: credentialFor(cluster),
			nodeType: 'n8n-nodes-elasticsearch-ml.mlDeploymentTool',
		});
		const text = JSON.stringify([result.items, result.error?.message]);
		expect(text).toContain('Restore: {');
	});
});
