/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as delay } from 'node:timers/promises';

import type { EmbeddedCluster } from '../cluster';
import { credentialFor, givenCluster, stop, theEngine, update } from './given';

/** Cancels a moment after the run got to where the test wants it. */
async function cancelWhen(
	cluster: EmbeddedCluster,
	parameters: ReturnType<typeof stop>,
	isUnderWay: () => boolean,
) {
	const run = theEngine().runNode({ parameters, credentials: credentialFor(cluster) });
	while (!isUnderWay()) await delay(20);
	await delay(200);
	const at = Date.now();
	run.cancel();
	const result = await run.result;
	return { result, took: Date.now() - at };
}

describe('stopping the execution', () => {
	it('ends a stop that finishes pending work within a second; the cluster goes on with it', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', pending_requests: 5 });
		const { result, took } = await cancelWhen(
			cluster,
			stop('search', { finishPendingWork: true }),
			() => cluster.deployment('search')?.state === 'stopping',
		);
		expect(result.status).toBe('canceled');
		expect(took).toBeLessThan(1_000);
		expect(cluster.deployment('search')?.state).toBe('stopping');
	});

	it('ends waiting within a second', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 600_000 });
		cluster.addDeployment({ deployment_id: 'search' });
		const fields = { numberOfAllocations: 2, options: { waitFor: 'fully_allocated' } };
		const { result, took } = await cancelWhen(cluster, update('search', fields), () =>
			cluster.requests.some(({ path }) => path.endsWith('/trained_models/_stats')),
		);
		expect(result.status).toBe('canceled');
		expect(took).toBeLessThan(1_000);
	});

	it('ends the pause before a repetition within a second, and nothing is sent any more', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({
			kind: 'status',
			status: 503,
			headers: { 'retry-after': '30' },
			body: 'busy',
			times: Infinity,
		});
		const { result, took } = await cancelWhen(
			cluster,
			update('search'),
			() => cluster.requests.length > 0,
		);
		expect(result.status).toBe('canceled');
		expect(took).toBeLessThan(1_000);
		const sent = cluster.requests.length;
		await delay(300);
		expect(cluster.requests).toHaveLength(sent);
	});
});
