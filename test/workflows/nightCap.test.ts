import { givenCluster, writes } from '../engine/given';
import { setUp, type SetUp } from './shipped';
import { start } from './start';

async function givenSearch(allocations: number, how: SetUp = {}, picked = 'search') {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', number_of_allocations: allocations });
	const picks = { 'Cap by Night': picked, 'Raise by Day': picked };
	const workflow = setUp('night-cap.json', { picks, ...how });
	return {
		cluster,
		evening: async () => await start(cluster, workflow, { startNode: 'Every Evening' }),
		morning: async () => await start(cluster, workflow, { startNode: 'Every Morning' }),
	};
}

describe('night-cap.json', () => {
	it('leaves one allocation in the evening and gives two in the morning', async () => {
		const { cluster, evening, morning } = await givenSearch(4);
		expect((await evening()).status).toBe('success');
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 1 });
		expect((await morning()).status).toBe('success');
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 2 });
	});

	it('changes nothing where the size fits already', async () => {
		const { cluster, evening, morning } = await givenSearch(1);
		expect((await evening()).status).toBe('success');
		cluster.changeDeployment('search', { number_of_allocations: 5 });
		expect((await morning()).status).toBe('success');
		expect(writes(cluster)).toEqual([]);
	});

	it('as shipped changes nothing', async () => {
		const { cluster, evening, morning } = await givenSearch(4, { dryRun: true });
		expect([(await evening()).status, (await morning()).status]).toEqual(['success', 'success']);
		expect(writes(cluster)).toEqual([]);
	});

	it('ends red with a wrong id', async () => {
		const { evening, morning } = await givenSearch(4, {}, 'serach');
		expect((await evening()).error?.message).toContain("'serach'");
		expect((await morning()).status).toBe('error');
	});
});
