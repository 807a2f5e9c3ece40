import type { IDataObject } from 'n8n-workflow';

import { givenCluster, parameters, run, stop } from '../given';
import { remembered } from '../operations/remembered';
import { activate, eventsOf } from './triggered';

/** n8n stores static data whole, and a polling trigger holds the copy of when it was published. */
describe('what the action node of the same workflow remembers', () => {
	it('is not overwritten when the trigger starts the workflow', async () => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b', 'c']) cluster.addDeployment({ deployment_id: id });
		const staticData: IDataObject = {};
		const events = { events: ['failed'] };
		const { workflowId, ...activation } = await activate(cluster, events, { staticData });
		await run(cluster, stop('a'), { staticData, workflowId });
		expect(remembered(staticData)).toEqual(['a']);

		cluster.changeDeployment('b', { state: 'failed' });
		await activation.poll();
		expect(activation.emitted).toHaveLength(1);
		expect(remembered(staticData)).toEqual(['a']);

		await run(cluster, stop('c'), { staticData, workflowId });
		const all = parameters('start', { startFrom: 'remembered', deploymentId: undefined });
		const back = await run(cluster, { ...all, pattern: '*' }, { staticData, workflowId });
		expect(back.items.map(({ deployment_id }) => deployment_id)).toEqual(['a', 'c']);
		cluster.changeDeployment('a', { state: 'failed' });
		await activation.poll();
		expect(remembered(staticData)).toEqual([]);
	});

	it('is not overwritten with what was before a retry', async () => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b', 'c']) cluster.addDeployment({ deployment_id: id });
		const staticData: IDataObject = {};
		const events = { events: ['failed'] };
		const { workflowId, ...activation } = await activate(cluster, events, { staticData });
		await run(cluster, stop('a'), { staticData, workflowId });
		await run(cluster, stop('c'), { staticData, workflowId, mode: 'retry' });
		const back = parameters('start', { startFrom: 'remembered', deploymentId: undefined });
		await run(cluster, { ...back, pattern: 'a' }, { staticData, workflowId, mode: 'retry' });
		expect(remembered(staticData)).toEqual(['c']);

		cluster.changeDeployment('b', { state: 'failed' });
		await activation.poll();
		expect(activation.emitted).toHaveLength(1);
		expect(remembered(staticData)).toEqual(['c']);
	});

	it('is not taken from a run by hand, nor from another workflow', async () => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b', 'c']) cluster.addDeployment({ deployment_id: id });
		const staticData: IDataObject = {};
		const events = { events: ['failed'] };
		const { workflowId, ...activation } = await activate(cluster, events, { staticData });
		await run(cluster, stop('a'), { staticData: {}, workflowId, mode: 'manual' });
		await run(cluster, stop('c'), { staticData: {}, workflowId: 'another' });
		cluster.changeDeployment('b', { state: 'failed' });
		await activation.poll();
		expect(eventsOf({ ...activation, workflowId })).toEqual([['b: failed']]);
		expect(remembered(staticData)).toEqual([]);
	});
});
