import type { DeploymentSeed } from '../cluster';
import { givenCluster, letTimePass, seen, writes } from '../engine/given';
import { outputOf, setUp, type SetUp } from './shipped';
import { start } from './start';

const ASLEEP: Partial<DeploymentSeed> = {
	number_of_allocations: 0,
	adaptive_allocations: {
		enabled: true,
		min_number_of_allocations: 0,
		max_number_of_allocations: 4,
	},
};

async function givenOffice(seed: Partial<DeploymentSeed> = ASLEEP, how: SetUp = {}) {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', ...seed });
	letTimePass(cluster);
	const picks = { 'Warm Up Model': 'search', 'Let Model Sleep': 'search' };
	const workflow = setUp('warm-up.json', { ...how, picks });
	return {
		cluster,
		minimum: () => cluster.deployment('search')?.adaptive_allocations?.min_number_of_allocations,
		morning: async () => await start(cluster, workflow, { startNode: 'Before Office Hours' }),
		evening: async () => await start(cluster, workflow, { startNode: 'After Office Hours' }),
	};
}

describe('warm-up.json', () => {
	it('wakes the model, waits for its answer, and lets it sleep in the evening', async () => {
		const { cluster, minimum, morning, evening } = await givenOffice();
		const result = await morning();
		expect(outputOf(result, 'Warm Up Model')).toEqual([
			expect.objectContaining({
				deployment_id: 'search',
				action: 'update',
				number_of_allocations: 1,
				probe: { answered: true, took_ms: expect.any(Number) },
			}),
		]);
		expect([minimum(), cluster.deployment('search')?.running_allocations]).toEqual([1, 1]);
		expect((await evening()).status).toBe('success');
		expect(minimum()).toBe(0);
		expect(cluster.deployment('search')?.adaptive_allocations?.max_number_of_allocations).toBe(4);
		await cluster.advance(25 * 3_600_000);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(0);
	});

	it('ends red where the model runs, but does not answer', async () => {
		const { cluster, morning } = await givenOffice();
		cluster.addModel({ model_id: 'search', infer_failure: 'out of memory' });
		const result = await morning();
		expect(result.status).toBe('error');
		expect(seen(result).message).toBe("The deployment 'search' runs, but cannot answer the probe");
	});

	it('may run twice', async () => {
		const { cluster, morning } = await givenOffice();
		await morning();
		cluster.resetLog();
		const result = await morning();
		expect(outputOf(result, 'Warm Up Model')).toMatchObject([{ action: 'none', probe: {} }]);
		expect(writes(cluster).map(({ path }) => path)).toEqual(['/_ml/trained_models/search/_infer']);
	});

	it('as shipped shows what it would do, and asks nothing', async () => {
		const { cluster, minimum, morning, evening } = await givenOffice(ASLEEP, { dryRun: true });
		expect(outputOf(await morning(), 'Warm Up Model')).toMatchObject([{ dry_run: true }]);
		expect((await evening()).status).toBe('success');
		expect(writes(cluster)).toEqual([]);
		expect(minimum()).toBe(0);
	});
});
