import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { beforeLook, byId, givenCluster, lines, parameters, run, seen } from '../given';

const wait = (id: string, options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('waitUntilReady', { deploymentId: byId(id), options, ...fields });

async function givenStarting(seed = {}) {
	const cluster = await givenCluster();
	cluster.addDeployment({
		deployment_id: 'search',
		number_of_allocations: 2,
		state: 'starting',
		never_starts: true,
		...seed,
	});
	return cluster;
}

const LOOKS = /\/search\/_stats$/;

/** Runs, and lets something happen before the first look of the wait: the one before it is not of the wait. */
async function whileWaiting(cluster: EmbeddedCluster, happens: () => void, look = 2) {
	beforeLook(cluster, LOOKS, look, happens);
	return await run(cluster, wait('search', {}, { output: 'full' }));
}

describe('wait until ready', () => {
	it('goes on at once where it is ready', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const { items } = await run(cluster, wait('search'));
		expect(items).toEqual([expect.objectContaining({ deployment_id: 'search', ready: true })]);
	});

	it.each(['simplified', 'full', 'raw'])(
		'gives the same as Get where the output is %s',
		async (output) => {
			const cluster = await givenCluster();
			cluster.addDeployment({ deployment_id: 'search', model_id: 'elser' });
			const { items } = await run(cluster, wait('search', {}, { output }));
			const get = parameters('get', { deploymentId: byId('search'), output });
			const [alone] = (await run(cluster, get)).items;
			expect(items.map(Object.keys)).toEqual([Object.keys(alone)]);
			expect(items[0]).toMatchObject({ deployment_id: 'search', model_id: 'elser' });
		},
	);

	it('waits until all allocations run, and says how long it took and the last state', async () => {
		const cluster = await givenStarting();
		const ready = () =>
			cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2 });
		const { items, hints } = await whileWaiting(cluster, ready, 3);
		expect(items[0]).toMatchObject({ ready: true, running_allocations: 2 });
		expect(hints[0].message).toMatch(
			/^'search' was fully allocated after \d+ s; state: started, 2 of 2 allocations\.$/,
		);
	});

	it('with Started goes on when the first allocation runs', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 3,
			routes: [{ allocations: 1, target_allocations: 1 }],
			never_starts: true,
		});
		const { items } = await run(
			cluster,
			wait('search', {}, { waitFor: 'started', output: 'full' }),
		);
		expect(items[0]).toMatchObject({ state: 'started', ready: false, running_allocations: 1 });
		const partial = await run(cluster, wait('search', { waitTimeout: 1 }));
		expect(seen(partial).description).toContain('1 of 3 allocations run');
	});

	it('is ready where more run than are asked for, after a decrease', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 1,
			routes: [{ allocations: 3, target_allocations: 1 }],
			never_starts: true,
		});
		expect((await run(cluster, wait('search'))).items[0]).toMatchObject({ ready: true });
	});

	it('fails at once with the reason where it failed', async () => {
		const cluster = await givenStarting();
		const result = await whileWaiting(cluster, () =>
			cluster.changeDeployment('search', { state: 'failed', reason: 'native process ended' }),
		);
		expect(seen(result).message).toContain('native process ended');
		expect(seen(result).description).toMatch(/^Stop it first/);
	});

	it('says so where it vanishes, and where it was never there', async () => {
		const cluster = await givenStarting();
		const gone = await whileWaiting(cluster, () => cluster.removeDeployment('search'));
		expect(seen(gone).message).toBe("The deployment 'search' was stopped while it was waited for");
		const wrong = await run(cluster, wait('serach'));
		expect(seen(wrong).message).toBe("No deployment and no model is called 'serach'");
	});

	it('fails at once at zero allocations and names the minimum', async () => {
		const cluster = await givenCluster();
		const adaptive_allocations = { enabled: true, min_number_of_allocations: 0 };
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 0,
			adaptive_allocations,
		});
		const result = await run(cluster, wait('search'));
		expect(seen(result).message).toContain('scaled to zero: its minimum of allocations is 0');
		expect(seen(result).description).toContain("'Minimum Number of Allocations'");
	});

	it('ends at its deadline, with the last state', async () => {
		const cluster = await givenStarting();
		const result = await run(cluster, wait('search', { waitTimeout: 1 }));
		expect(seen(result)).toMatchObject({
			message: "The deployment 'search' was not ready after 1 s",
			description: expect.stringContaining('its last state was: starting'),
		});
	});

	it('ends at its deadline with a cluster whose answer trickles in and never idles', async () => {
		const cluster = await givenStarting();
		cluster.fault({ kind: 'drip', path: LOOKS, skip: 1, times: Infinity });
		const result = await run(cluster, wait('search', { waitTimeout: 1 }));
		expect(seen(result).message).toBe("The deployment 'search' was not ready after 1 s");
	});

	it('lives through a cluster that stumbles', async () => {
		const cluster = await givenStarting();
		cluster.fault({ kind: 'html', status: 503, path: LOOKS, skip: 1 });
		const { items } = await whileWaiting(cluster, () =>
			cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2 }),
		);
		expect(items[0]).toMatchObject({ ready: true });
	});

	it('shares one poll between all that wait', async () => {
		const cluster = await givenCluster();
		const ids = ['a', 'b', 'c', 'd'];
		for (const id of ids)
			cluster.addDeployment({ deployment_id: id, state: 'starting', never_starts: true });
		const effect = () => ids.forEach((id) => cluster.addDeployment({ deployment_id: id }));
		cluster.fault({ kind: 'effect', path: 'a,b,c,d/_stats', skip: 1, effect });
		const given = wait('={{ $json.id }}');
		const { items } = await run(cluster, given, { items: ids.map((id) => ({ id })) });
		expect(items.map((item) => item.deployment_id)).toEqual(ids);
		const looks = lines(cluster.requests).filter((line) => line.includes('/_stats'));
		const together = looks.filter((line) => line.includes('a,b,c,d'));
		expect(together).toHaveLength(2);
		expect(looks.slice(-2)).toEqual(together);
	});

	it('waits while the platform grows after a partial result', async () => {
		const cluster = await givenCluster({
			scalingPossible: true,
			growthDelayMs: 60_000,
			nodes: [{ id: 'n', name: 'n', processors: 2, memoryBytes: 1e12 }],
		});
		cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2 });
		beforeLook(cluster, LOOKS, 3, () => cluster.advance(60_000));
		const fields = {
			numberOfAllocations: 4,
			options: { waitFor: 'fully_allocated', waitTimeout: 20 },
		};
		const { items } = await run(
			cluster,
			parameters('scale', { deploymentId: byId('search'), ...fields }),
		);
		expect(items[0]).toMatchObject({
			action: 'update',
			state: 'started',
			number_of_allocations: 4,
		});
	});

	it('does not wait long for the list of endpoints', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'hang', path: '/_inference', times: Infinity });
		const { items } = await run(cluster, wait('search', { requestTimeout: 1, retries: 0 }));
		expect(items[0]).toMatchObject({ ready: true, endpoint: 'unknown' });
	});

	it('shows one line for many that were waited for', async () => {
		const cluster = await givenCluster();
		const ids = ['a', 'b', 'c', 'd'];
		for (const id of ids) cluster.addDeployment({ deployment_id: id });
		const { hints } = await run(cluster, wait('={{ $json.id }}'), {
			items: ids.map((id) => ({ id })),
		});
		expect(hints).toHaveLength(1);
		expect(hints[0].message).toMatch(/^The slowest of 4, '[a-d]', was fully allocated after /);
	});
});
