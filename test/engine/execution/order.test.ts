import type { EmbeddedCluster, FaultRule } from '../../cluster';
import { byId, givenCluster, parameters, run, update } from '../given';
import { restoreWith } from '../restoreText';

const retry = { retryOnFail: true, maxTries: 2 };
const goesOn = { onError: 'continueRegularOutput' as const };

async function givenDeployments(...ids: string[]): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	for (const id of ids) cluster.addDeployment({ deployment_id: id });
	return cluster;
}

/** Refuses the first update of a deployment. */
const busy = (id: string): FaultRule => ({
	kind: 'status',
	status: 409,
	path: `${id}/deployment/_update`,
	body: { error: { type: 'status_exception', reason: 'busy' }, status: 409 },
});

const scale = parameters('scale', {
	deploymentId: byId('={{ $json.id }}'),
	numberOfAllocations: '={{ $json.n }}',
	ifNotRunning: 'startModel',
	modelId: byId(''),
});

describe('items for one deployment, in a further try', () => {
	it('keep their order, where the first of them failed', async () => {
		const cluster = await givenDeployments('a');
		cluster.fault(busy('a'));
		const items = [
			{ id: 'a', n: 2 },
			{ id: 'a', n: 0 },
		];
		const result = await run(cluster, scale, { items, ...goesOn, ...retry });
		expect(result.tries).toBe(2);
		expect(result.items.at(-1)).toMatchObject({ action: 'stop', changed: true });
		expect(cluster.deployment('a')).toBeUndefined();
	});

	it('end with what the last of them asks for', async () => {
		const cluster = await givenDeployments('a');
		cluster.fault(busy('a'));
		const items = [{ n: 2 }, { n: 3 }];
		const given = update('a', { numberOfAllocations: '={{ $json.n }}' });
		await run(cluster, given, { items, ...goesOn, ...retry });
		expect(cluster.deployment('a')?.number_of_allocations).toBe(3);
	});

	it('are not done again where they were done, though one had nothing to do', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({ kind: 'latency', ms: 700, path: /b\/_stats$/ });
		cluster.fault(busy('b'));
		const items = [
			{ id: 'a', n: 1 },
			{ id: 'a', n: 0 },
			{ id: 'b', n: 2 },
		];
		const result = await run(cluster, scale, { items, ...retry });
		expect(result.tries).toBe(2);
		expect(result.items).toMatchObject([
			{ deployment_id: 'a', action: 'none' },
			{ deployment_id: 'a', action: 'stop', restore: restoreWith({ deployment_id: 'a' }) },
			{ deployment_id: 'b', action: 'update' },
		]);
		expect(cluster.deployment('a')).toBeUndefined();
	});
});
