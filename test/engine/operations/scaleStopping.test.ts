import type { DeploymentSeed, EmbeddedCluster } from '../../cluster';
import { byId, givenCluster, lines, parameters, run, seen, writes } from '../given';

const scaleTo = (number: number, fields = {}) =>
	parameters('scale', { deploymentId: byId('search'), numberOfAllocations: number, ...fields });

const ADAPTIVE = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 };

/** One that is stopping, and that somebody starts again by the second look at it. */
async function givenRestart(seed: Partial<DeploymentSeed>): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', state: 'stopping' });
	cluster.fault({
		kind: 'effect',
		path: 'search/_stats',
		skip: 1,
		effect: () => {
			const start_time = cluster.now() + 1;
			cluster.addDeployment({ deployment_id: 'search', start_time, ...seed });
		},
	});
	return cluster;
}

describe('scale of one that is stopping', () => {
	it('updates what somebody started again meanwhile', async () => {
		const cluster = await givenRestart({ number_of_allocations: 1 });
		const result = await run(cluster, scaleTo(2));
		expect(result.items).toMatchObject([{ action: 'update', changed: true }]);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(2);
	});

	it('leaves adaptive allocations of what runs again on, as long as nobody says otherwise', async () => {
		const cluster = await givenRestart({ adaptive_allocations: ADAPTIVE });
		const result = await run(cluster, scaleTo(2, { ifNotRunning: 'startModel' }));
		expect(seen(result).message).toContain('adaptive allocations are on');
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(ADAPTIVE);
	});

	it('says that it is not there where nobody started it again', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', state: 'stopping' });
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () => cluster.removeDeployment('search'),
		});
		const result = await run(cluster, scaleTo(2));
		expect(seen(result).message).toContain("The deployment 'search' is not there");
		expect(writes(cluster)).toEqual([]);
	});
});

describe('scale of what is absent', () => {
	it('decides anew where somebody else starts it at the same moment', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		cluster.fault({
			kind: 'effect',
			path: '_start',
			effect: () =>
				cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: ADAPTIVE }),
		});
		const given = scaleTo(2, {
			ifNotRunning: 'startModel',
			options: { whenAdaptive: 'setBounds' },
		});
		const result = await run(cluster, given);
		expect(result.items).toMatchObject([{ action: 'update', changed: true }]);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual({
			enabled: true,
			min_number_of_allocations: 2,
			max_number_of_allocations: 2,
		});
		expect(lines(writes(cluster))[0]).toContain('_start');
	});
});
