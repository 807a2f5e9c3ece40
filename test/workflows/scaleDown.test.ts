import { givenCluster, writes } from '../engine/given';
import { setUp } from './shipped';
import { start } from './start';

const FILE = 'scale-down-on-schedule.json';

async function givenEvening() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 4 });
	cluster.addDeployment({ deployment_id: 'batch-a' });
	return cluster;
}

describe('scale-down-on-schedule.json', () => {
	const picks = { 'Scale Down Search Model': 'search' };

	it('scales one down and stops the others', async () => {
		const cluster = await givenEvening();
		expect((await start(cluster, setUp(FILE, { picks }))).status).toBe('success');
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 1 });
		expect(cluster.deployment('batch-a')).toBeUndefined();
	});

	it('as shipped changes nothing', async () => {
		const cluster = await givenEvening();
		const result = await start(cluster, setUp(FILE, { picks, dryRun: true }));
		expect(result.status).toBe('success');
		expect(writes(cluster)).toEqual([]);
	});

	it('ends red with a wrong id, and says what to do', async () => {
		const cluster = await givenEvening();
		const wrong = { 'Scale Down Search Model': 'serach' };
		const result = await start(cluster, setUp(FILE, { picks: wrong }));
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain(
			"No deployment is called 'serach'. Pick it from the list",
		);
	});
});
