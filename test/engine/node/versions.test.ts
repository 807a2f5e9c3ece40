import type { IDataObject } from 'n8n-workflow';

import { VERSIONS, type ClusterVersion } from '../../cluster';
import { byId, givenCluster, letTimePass, parameters, run, seen, stop, update } from '../given';

const start = (options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('start', { modelId: byId('my_model'), options, ...fields });
const adaptive = {
	allocationMode: 'adaptive',
	minNumberOfAllocations: 1,
	maxNumberOfAllocations: 2,
};

async function givenModel(version: ClusterVersion) {
	const cluster = await givenCluster({ version });
	cluster.addModel({ model_id: 'my_model' });
	letTimePass(cluster);
	return cluster;
}

describe.each(VERSIONS)('on %s', (version) => {
	it('starts, resizes, waits, stops and starts again from restore', async () => {
		const cluster = await givenModel(version);
		const began = await run(cluster, start());
		expect(began.items[0]).toMatchObject({ action: 'start', changed: true, state: 'started' });

		const options = { whenAdaptive: 'setBounds', waitFor: 'fully_allocated' };
		const resized = await run(cluster, update('my_model', { numberOfAllocations: 2, options }));
		expect(resized.status).toBe('success');

		const stopped = await run(cluster, stop('my_model'));
		expect(stopped.items[0]).toMatchObject({ action: 'stop', changed: true });
		expect(cluster.deployment('my_model')).toBeUndefined();

		const restore = parameters('start', { startFrom: 'restore' });
		const back = await run(cluster, restore, { items: stopped.items });
		expect(back.items[0]).toMatchObject({ changed: true });

		const ready = await run(
			cluster,
			parameters('waitUntilReady', { deploymentId: byId('my_model') }),
		);
		expect(ready.items[0]).toMatchObject({ ready: true });
	});

	it('scales to the goal, and a second time changes nothing', async () => {
		const cluster = await givenModel(version);
		const fields = {
			numberOfAllocations: 2,
			ifNotRunning: 'startModel',
			options: { whenAdaptive: 'setBounds' },
		};
		const given = parameters('scale', { deploymentId: byId('my_model'), ...fields });
		expect((await run(cluster, given)).items[0]).toMatchObject({ action: 'start', changed: true });
		expect((await run(cluster, given)).items[0]).toMatchObject({ action: 'none', changed: false });
	});
});

describe('what a version lacks says from which one on it is there', () => {
	it.each([
		['8.6', 'finishing pending work', stop('my_model', { finishPendingWork: true }), /8\.11/, true],
		['8.6', 'an id of its own', start({ newDeploymentId: 'search' }), /8\.8/, false],
		['8.12', 'adaptive allocations at start', start({}, adaptive), /8\.16/, false],
		['8.12', 'adaptive allocations at update', update('my_model', adaptive), /8\.16/, true],
		[
			'8.12',
			'adaptive allocations at scale',
			parameters('scale', { deploymentId: byId('my_model'), ...adaptive }),
			/8\.16/,
			true,
		],
	] as const)('%s: %s', async (version, _what, given, next, deployed) => {
		const cluster = await givenModel(version);
		if (deployed) cluster.addDeployment({ deployment_id: 'my_model' });
		const result = await run(cluster, given);
		expect(result.status).toBe('error');
		expect(seen(result).description).toMatch(next);
	});

	it('Serverless says that a number needs Set Bounds', async () => {
		const cluster = await givenModel('serverless');
		cluster.addDeployment({ deployment_id: 'my_model' });
		for (const options of [{}, { whenAdaptive: 'turnOff' }]) {
			const result = await run(cluster, update('my_model', { numberOfAllocations: 3, options }));
			expect(seen(result).description).toContain("'Set Bounds'");
		}
	});

	it('Serverless warns that a fixed number at start will follow the load', async () => {
		const cluster = await givenModel('serverless');
		const { items } = await run(cluster, start());
		expect(items[0].warnings).toEqual([expect.stringContaining('keeps adaptive allocations on')]);
	});
});
