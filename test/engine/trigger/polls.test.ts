import { sleep, type IDataObject } from 'n8n-workflow';

import { givenCluster, run, stop } from '../given';
import { activate, eventsOf, later } from './triggered';

afterEach(() => jest.restoreAllMocks());

describe('a published workflow', () => {
	it('records at first, and then starts once for each event', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x', number_of_allocations: 2 });
		cluster.addDeployment({ deployment_id: 'y', state: 'failed', reason: 'no memory' });
		const activation = await activate(cluster);
		await activation.poll();
		expect(activation.emitted).toEqual([]);

		cluster.removeDeployment('y');
		cluster.changeDeployment('x', { state: 'failed', reason: 'out of memory' });
		await activation.poll();
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: failed', 'y: disappeared']]);
		expect(activation.emitted[0][0]).toEqual({
			event: 'failed',
			deployment_id: 'x',
			model_id: 'x',
			detected_at: expect.stringMatching(/Z$/),
			since: expect.stringMatching(/Z$/),
			state: 'failed',
			state_before: 'started',
			number_of_allocations: 2,
			number_before: 2,
			reason: expect.stringContaining('out of memory'),
			restore: expect.stringContaining('"deployment_id":"x"'),
		});
		expect(activation.errors).toEqual([]);
	});

	it('hands on what Start needs for a deployment that is gone', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'asleep',
			model_id: 'e5',
			number_of_allocations: 0,
			queue_capacity: 77,
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		});
		const activation = await activate(cluster, { events: ['disappeared'] });
		cluster.removeDeployment('asleep');
		await activation.poll();
		const [[event]] = activation.emitted;
		expect(event).toMatchObject({ state: 'not_deployed', reason: 'not_deployed' });

		const parameters = { startFrom: 'restore', restore: event.restore } as IDataObject;
		const result = await run(cluster, {
			resource: 'deployment',
			operation: 'start',
			...parameters,
		} as never);
		expect(result.items).toMatchObject([{ deployment_id: 'asleep', action: 'start' }]);
		expect(result.items[0]).not.toHaveProperty('warnings');
		expect(cluster.deployment('asleep')).toMatchObject({
			model_id: 'e5',
			queue_capacity: 77,
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		});
	});

	it('sees what the action node stops', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const activation = await activate(cluster, { events: ['disappeared'] });
		await run(cluster, stop('x'));
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: disappeared']]);
	});

	it('asks the cluster once a poll, and nothing but stats', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const activation = await activate(cluster);
		cluster.resetLog();
		await activation.poll();
		expect(cluster.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /_ml/trained_models/_stats',
		]);
	});

	it('tells of idle deployments by its own watch, however wrong the clock of the cluster is', async () => {
		const cluster = await givenCluster();
		const yesterday = cluster.now() - 86_400_000;
		const times = { start_time: yesterday, last_access: yesterday };
		cluster.addDeployment({ deployment_id: 'x', ...times });
		cluster.addDeployment({ deployment_id: 'busy', ...times });
		const activation = await activate(cluster, { events: ['becameIdle', 'becameActive'] });
		later(59);
		cluster.changeDeployment('busy', { last_access: yesterday + 1_000, inference_count: 1 });
		await activation.poll();
		expect(activation.emitted).toEqual([]);
		later(2);
		await activation.poll();
		cluster.changeDeployment('x', { last_access: yesterday + 5_000, inference_count: 1 });
		await activation.poll();
		later(100);
		await activation.poll();
		expect(eventsOf(activation)).toEqual([
			['x: becameIdle'],
			['x: becameActive'],
			['busy: becameIdle', 'x: becameIdle'],
		]);
	});

	it('tells of what is stuck', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x', state: 'starting', never_starts: true });
		const activation = await activate(cluster, { events: ['stuck'], stuckMinutes: 10 });
		later(9);
		await activation.poll();
		later(2);
		await activation.poll();
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: stuck']]);
	});

	it('watches what the pattern means, and nothing excluded', async () => {
		const cluster = await givenCluster();
		for (const id of ['a-1', 'a-2', 'b']) cluster.addDeployment({ deployment_id: id });
		const activation = await activate(cluster, {
			deployments: 'pattern',
			pattern: 'a-*',
			options: { exclude: 'a-2' },
		});
		for (const id of ['a-1', 'a-2', 'b']) cluster.removeDeployment(id);
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['a-1: disappeared']]);
	});
});

describe('an outage', () => {
	it('is nothing but an error, and the next good poll tells what really changed', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		cluster.addDeployment({ deployment_id: 'y' });
		const activation = await activate(cluster);
		const headers = { 'Retry-After': '0' };
		cluster.fault({ kind: 'status', status: 503, times: 8, headers, body: '' });
		await activation.poll();
		await activation.poll();
		expect(activation.emitted).toEqual([]);
		expect(activation.errors).toHaveLength(2);
		cluster.removeDeployment('y');
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['y: disappeared']]);
	});
});

describe('polls that overlap', () => {
	it('emit nothing twice, and nothing of the older look', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const activation = await activate(cluster);
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		// The first of two polls gets its answer last.
		cluster.fault({ kind: 'effect', path: '_stats', effect: async () => await held });
		const slow = activation.poll();
		cluster.removeDeployment('x');
		const quick = activation.poll();
		await quick;
		release();
		await slow;
		await sleep(100);
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: disappeared']]);
	});
});

describe('a restart of n8n', () => {
	it('tells what happened while n8n was down, and nothing again', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		cluster.addDeployment({ deployment_id: 'y' });
		const staticData = {};
		const before = await activate(cluster, {}, { staticData });
		cluster.removeDeployment('x');
		await before.poll();
		await before.deactivate();

		cluster.changeDeployment('y', { state: 'failed' });
		const after = await activate(cluster, {}, { staticData, how: 'init' });
		await after.poll();
		expect(eventsOf(before)).toEqual([['x: disappeared']]);
		expect(eventsOf(after)).toEqual([['y: failed']]);
	});

	it('tells nothing of a pause: activated again, it records anew', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const staticData = {};
		const before = await activate(cluster, {}, { staticData });
		await before.deactivate();
		cluster.removeDeployment('x');
		cluster.addDeployment({ deployment_id: 'y', state: 'failed' });
		const after = await activate(cluster, {}, { staticData });
		cluster.removeDeployment('y');
		await after.poll();
		expect(eventsOf(after)).toEqual([['y: disappeared']]);
	});

	it('goes on where the workflow is published again, and anew with other fields', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const staticData = {};
		await (await activate(cluster, {}, { staticData })).deactivate();
		cluster.removeDeployment('x');
		const copy = structuredClone(staticData);
		const same = await activate(cluster, {}, { staticData, how: 'update' });
		const other = await activate(
			cluster,
			{ events: ['disappeared'] },
			{ staticData: copy, how: 'update' },
		);
		expect(eventsOf(same)).toEqual([['x: disappeared']]);
		expect(eventsOf(other)).toEqual([]);
	});

	it('records anew where the memory is rubbish', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const staticData = { 'node:Trigger': { seen: { version: 1, deployments: 'all' } } };
		const activation = await activate(cluster, {}, { staticData, how: 'init' });
		cluster.removeDeployment('x');
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: disappeared']]);
	});
});
