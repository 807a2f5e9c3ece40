import { keyWith, writes } from '../engine/given';
import type { Stub } from '../engine/harness';
import { eventually } from '../eventually';
import { givenOffice, IDS, settingsOfAll } from './office';
import { outputOf } from './shipped';

const STOP = /\/deployment\/_stop$/;

describe('the evening of office-hours.json', () => {
	it('as shipped shows each restore and stops nothing', async () => {
		const { cluster, evening } = await givenOffice({ dryRun: true });
		const result = await evening();
		expect(result.status).toBe('success');
		expect(outputOf(result, 'Stop Model')).toEqual(
			IDS.map((id) =>
				expect.objectContaining({
					deployment_id: id,
					stopped: false,
					dry_run: true,
					action: 'stop',
					restore: expect.objectContaining({ deployment_id: id }),
				}),
			),
		);
		expect(writes(cluster)).toEqual([]);
	});

	it('stores six rows, then stops six models, and leaves all others alone', async () => {
		const { cluster, table, evening } = await givenOffice();
		cluster.addDeployment({ deployment_id: 'office-owned', created_by_endpoint: true });
		cluster.addDeployment({ deployment_id: 'search' });
		const result = await evening();
		expect(result.status).toBe('success');
		expect(table.rows.map((row) => row.deployment_id)).toEqual(IDS);
		expect(cluster.deployments().map((each) => each.deployment_id)).toEqual([
			'office-owned',
			'search',
		]);
	});

	it('neither stores nor stops what has no restore or is stopping, and keeps the row that it has', async () => {
		const { cluster, table, evening } = await givenOffice();
		const row = { id: 1, deployment_id: IDS[0], restore: 'of yesterday' };
		table.rows = [{ ...row }];
		const listed = [
			{ deployment_id: IDS[0], state: 'started', endpoint: null, restore: null },
			{ deployment_id: IDS[1], state: 'stopping', endpoint: null, restore: { schema: 1 } },
		];
		const find: Stub = async () => [listed.map((json) => ({ json, pairedItem: { item: 0 } }))];
		const result = await evening({ stubs: { 'Find Office Models': find } });
		expect(result.status).toBe('success');
		expect(table.rows).toEqual([row]);
		expect(writes(cluster)).toEqual([]);
	});

	it('needs no right to read inference endpoints', async () => {
		const { cluster, evening } = await givenOffice();
		const result = await evening({ apiKey: keyWith(cluster, 'manage_ml') });
		expect(result.status).toBe('success');
		expect(cluster.deployments()).toEqual([]);
	});

	it('stops nothing where the rows cannot be stored', async () => {
		const { cluster, table, evening } = await givenOffice();
		table.stub = async () => {
			throw new Error('The table is gone');
		};
		const result = await evening();
		expect(result.status).toBe('error');
		expect(writes(cluster)).toEqual([]);
	});

	it('keeps the row of a model that did not come back the day before', async () => {
		const { cluster, table, evening } = await givenOffice();
		await evening();
		const [fixed] = structuredClone(table.rows);
		for (const id of IDS.slice(1)) cluster.addDeployment({ deployment_id: id });
		await evening();
		expect(table.rows).toHaveLength(6);
		expect(table.rows[0]).toEqual(fixed);
	});
});

describe('the morning of office-hours.json brings all six back as they were', () => {
	it('after a whole evening, and a second round changes nothing', async () => {
		const { cluster, table, evening, morning } = await givenOffice();
		const before = settingsOfAll(cluster);
		await evening();
		expect(cluster.deployments()).toEqual([]);
		const first = await morning();
		expect(first.status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
		cluster.resetLog();
		const second = await morning();
		expect(second.status).toBe('success');
		expect(writes(cluster)).toEqual([]);
		expect(settingsOfAll(cluster)).toEqual(before);
	});

	it('after an evening that was cut off behind the third of six stops', async () => {
		const { cluster, table, startEvening, morning } = await givenOffice();
		const before = settingsOfAll(cluster);
		cluster.fault({ kind: 'hang', path: STOP, skip: 3, times: Infinity });
		const run = startEvening();
		await eventually(() => cluster.deployments().length === 3);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		cluster.clearFaults();
		expect(table.rows).toHaveLength(6);
		expect(cluster.deployments()).toHaveLength(3);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
	});

	it('after an evening whose fourth stop failed, which was red and stopped the others', async () => {
		const { cluster, table, evening, morning } = await givenOffice();
		const before = settingsOfAll(cluster);
		cluster.addPipeline({ id: 'docs', model_id: IDS[3] });
		const result = await evening();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain(`'${IDS[3]}' was not stopped: an ingest pipeline`);
		expect(cluster.deployments().map((each) => each.deployment_id)).toEqual([IDS[3]]);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
	});
});
