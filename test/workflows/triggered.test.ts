import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import { givenCluster, theEngine, credentialFor, writes } from '../engine/given';
import type { RunResult } from '../engine/harness';
import { outputOf, setUp, type SetUp } from './shipped';
import { start } from './start';

afterEach(() => jest.restoreAllMocks());

/** A shipped workflow that begins with our trigger, published. */
async function publish(cluster: EmbeddedCluster, file: string, how: SetUp = {}) {
	const workflow = setUp(file, how);
	const [trigger] = workflow.nodes.filter(({ type }) => type.endsWith('Trigger'));
	const activation = await theEngine().activate({
		parameters: trigger.parameters,
		credentials: credentialFor(cluster),
	});
	return {
		/** Polls, and runs the workflow if something happened. */
		poll: async (): Promise<RunResult | undefined> => {
			const before = activation.emitted.length;
			await activation.poll();
			const startItems = activation.emitted[before] as IDataObject[] | undefined;
			if (startItems === undefined) return undefined;
			return await start(cluster, workflow, { startNode: trigger.name, startItems });
		},
		byHand: async () =>
			await start(cluster, setUp(file, { dryRun: true }), { mode: 'manual', asksTrigger: true }),
	};
}

const ASLEEP = {
	number_of_allocations: 0,
	adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
};

describe('restart-what-vanished.json', () => {
	it('starts again, as it was, what is gone', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search-a', model_id: 'e5', ...ASLEEP });
		cluster.addDeployment({ deployment_id: 'other' });
		const workflow = await publish(cluster, 'restart-what-vanished.json');
		expect(await workflow.poll()).toBeUndefined();
		cluster.removeDeployment('search-a');
		cluster.removeDeployment('other');
		const result = await workflow.poll();
		expect(result?.status).toBe('success');
		expect(outputOf(result as RunResult, 'Write the Report')).toEqual([
			{ started: 1, text: '- search-a: started again' },
		]);
		expect(cluster.deployments().map((each) => each.deployment_id)).toEqual(['search-a']);
		expect(cluster.deployment('search-a')?.adaptive_allocations).toMatchObject({
			min_number_of_allocations: 0,
		});
	});

	it('ends red where it cannot come back', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search-a', model_id: 'e5' });
		const workflow = await publish(cluster, 'restart-what-vanished.json');
		cluster.removeDeployment('search-a');
		const refusal = { error: { type: 'x', reason: 'No known trained model with model_id [e5]' } };
		cluster.fault({
			kind: 'status',
			status: 404,
			path: '_start',
			body: { ...refusal, status: 404 },
		});
		const result = await workflow.poll();
		expect(result?.status).toBe('error');
		expect(result?.error?.message).toContain("'e5'");
	});

	it('as shipped and by hand shows with a sample what would be sent', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search-a', model_id: 'e5' });
		const workflow = await publish(cluster, 'restart-what-vanished.json');
		const result = await workflow.byHand();
		expect(result.status).toBe('success');
		expect(outputOf(result, 'When One Is Gone')).toMatchObject([{ sample: true }]);
		expect(outputOf(result, 'Write the Report')).toHaveLength(1);
		expect(writes(cluster)).toEqual([]);
	});
});

describe('alert-on-trouble.json', () => {
	it('tells once of what failed and what is stuck, and ends red', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'slow', state: 'starting', never_starts: true });
		cluster.addDeployment({ deployment_id: 'x' });
		const workflow = await publish(cluster, 'alert-on-trouble.json');
		cluster.changeDeployment('x', { state: 'failed', reason: 'out of memory' });
		const now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now + 16 * 60_000);
		const result = await workflow.poll();
		expect(result?.status).toBe('error');
		expect(result?.error?.message).toContain('2 models in trouble');
		expect(result?.error?.message).toContain(
			`- slow: starting since ${new Date(now).toISOString().slice(0, 16)}`,
		);
		expect(result?.error?.message).toMatch(/- x: failed, .*out of memory/);
		expect(await workflow.poll()).toBeUndefined();
		expect(writes(cluster)).toEqual([]);
	});

	it('by hand alarms with a sample', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const result = await (await publish(cluster, 'alert-on-trouble.json')).byHand();
		expect(result.error?.message).toContain('Sample: 2 models in trouble');
	});
});

describe('reap-by-idle-event.json', () => {
	const yesterday = (cluster: EmbeddedCluster) => cluster.now() - 86_400_000;
	async function givenIdle(how: SetUp = {}) {
		const cluster = await givenCluster();
		const times = { start_time: yesterday(cluster), last_access: yesterday(cluster) };
		for (const id of ['trial', 'prod-search'])
			cluster.addDeployment({ deployment_id: id, ...times });
		cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true, ...times });
		cluster.addDeployment({ deployment_id: 'asleep', ...times, ...ASLEEP });
		const workflow = await publish(cluster, 'reap-by-idle-event.json', how);
		const now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now + 46 * 60_000);
		return { cluster, workflow };
	}

	it('stops what became idle, and leaves alone what is protected, owned or asleep', async () => {
		const { cluster, workflow } = await givenIdle();
		const result = await workflow.poll();
		expect(result?.status).toBe('success');
		expect(outputOf(result as RunResult, 'Write the Report')).toEqual([
			{
				stopped: 1,
				text: '- owned: left alone, endpoint_owned\n- trial: stopped',
				restores: [expect.stringContaining('"deployment_id":"trial"')],
			},
		]);
		expect(cluster.stopped.map((each) => each.deployment_id)).toEqual(['trial']);
		expect(await workflow.poll()).toBeUndefined();
	});

	it('as shipped tells what it would stop', async () => {
		const { cluster, workflow } = await givenIdle({ dryRun: true });
		const result = await workflow.poll();
		expect(outputOf(result as RunResult, 'Write the Report')).toMatchObject([
			{ stopped: 0, text: expect.stringContaining('- trial: would be stopped (dry run)') },
		]);
		expect(writes(cluster)).toEqual([]);
	});
});
