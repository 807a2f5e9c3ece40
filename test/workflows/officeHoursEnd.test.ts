import { writes } from '../engine/given';
import { givenNight, givenOffice, IDS, LITTLE, settingsOfAll } from './office';
import { outputOf } from './shipped';

describe('the last round of office-hours.json', () => {
	it('is red where something is missing, and names it', async () => {
		const { cluster, lastRound } = await givenNight();
		cluster.set(LITTLE);
		const result = await lastRound();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain(`The deployment '${IDS[3]}' was not started`);
	});

	it('is red where the cluster cannot be read', async () => {
		const { cluster, lastRound } = await givenNight();
		cluster.fault({ kind: 'html', status: 503, times: Infinity });
		expect((await lastRound()).status).toBe('error');
	});

	it('is green where all are back, and brings back what is not', async () => {
		const { cluster, before, morning, lastRound } = await givenNight();
		expect((await lastRound()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect((await morning()).status).toBe('success');
	});

	it('is red where Dry Run was left on for the morning', async () => {
		const { cluster, table, lastRound } = await givenOffice({ dryRun: true });
		cluster.addModel({ model_id: 'office-night' });
		table.rows = [{ id: 1, deployment_id: 'office-night', restore: restoreText('office-night') }];
		const result = await lastRound();
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe(
			'office-night is not back: Dry Run is still on in Start Model Again',
		);
		expect(writes(cluster)).toEqual([]);
	});
});

describe('the rows of office-hours.json', () => {
	it('are forgotten where the models run: also of one that was scaled to zero', async () => {
		const { cluster, table, evening, morning } = await givenOffice({ dryRun: true });
		await evening();
		expect(table.rows).toHaveLength(6);
		const result = await morning();
		expect(outputOf(result, 'Is It Back?').map((row) => row.deployment_id)).toEqual(IDS);
		expect(table.rows).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it('are forgotten where somebody brought a model back in the night, which stays as it is', async () => {
		const { cluster, table, morning } = await givenNight();
		cluster.addDeployment({ deployment_id: 'office-fixed', number_of_allocations: 1 });
		await morning();
		expect(cluster.deployment('office-fixed')).toMatchObject({ number_of_allocations: 1 });
		expect(table.rows).toEqual([]);
	});

	it('set the number of what is there but not ready', async () => {
		const { cluster, before, morning } = await givenNight();
		cluster.addDeployment({
			deployment_id: 'office-fixed',
			threads_per_allocation: 2,
			queue_capacity: 2048,
			number_of_allocations: 2,
			routes: [{ allocations: 1, target_allocations: 1 }],
		});
		await morning();
		expect(settingsOfAll(cluster)).toEqual(before);
	});
});

function restoreText(id: string): string {
	return JSON.stringify({
		schema: 1,
		model_id: id,
		deployment_id: id,
		threads_per_allocation: 1,
		priority: 'normal',
		number_of_allocations: 1,
	});
}
