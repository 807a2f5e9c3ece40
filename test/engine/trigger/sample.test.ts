import { givenCluster, writes } from '../given';
import { runByHand } from './triggered';

describe('a run by hand', () => {
	it('shows a sample of each chosen event, made from what is there now', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'broken', state: 'failed', reason: 'no memory' });
		cluster.addDeployment({ deployment_id: 'slow', state: 'starting', never_starts: true });
		cluster.addDeployment({ deployment_id: 'x', model_id: 'e5', number_of_allocations: 2 });
		cluster.addDeployment({ deployment_id: 'y', pending_requests: 7 });
		const { items, status } = await runByHand(cluster);
		expect(status).toBe('success');
		expect(items.map((each) => [each.event, each.deployment_id, each.sample])).toEqual([
			['failed', 'broken', true],
			['disappeared', 'x', true],
			['stuck', 'slow', true],
			['becameReady', 'x', true],
			['becameIdle', 'x', true],
			['becameActive', 'x', true],
			['allocationsChanged', 'x', true],
			['rejecting', 'x', true],
			['queueFilling', 'y', true],
			['appeared', 'x', true],
		]);
		expect(items[0]).toMatchObject({ state: 'failed', state_before: 'started' });
		expect(items[0].reason).toContain('no memory');
		expect(items[1]).toEqual({
			event: 'disappeared',
			deployment_id: 'x',
			model_id: 'e5',
			detected_at: expect.any(String),
			since: expect.any(String),
			state: 'not_deployed',
			state_before: 'started',
			number_of_allocations: 0,
			number_before: 2,
			reason: 'not_deployed',
			restore: expect.stringContaining('"number_of_allocations":2'),
			sample: true,
		});
		expect(items[6]).toMatchObject({ number_of_allocations: 2, number_before: 1 });
		expect(writes(cluster)).toEqual([]);
	});

	it('has the keys of the events', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const { items } = await runByHand(cluster);
		expect(new Set(items.map((each) => Object.keys(each).join()))).toEqual(
			new Set([
				'event,deployment_id,model_id,detected_at,since,state,state_before,number_of_allocations,number_before,reason,restore,sample',
			]),
		);
	});

	it('says so where there is nothing to make a sample of', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'not-deployed' });
		cluster.addDeployment({ deployment_id: 'x' });
		const result = await runByHand(cluster, { deployments: 'pattern', pattern: 'y-*' });
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('There is no deployment to make a sample of');
		expect(result.error?.description).toContain("change 'Deployments', 'Pattern' or the options");
	});
});
