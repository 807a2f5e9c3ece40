import type { ShippedWorkflow } from './shipped';
import { CHANGE_KEYS, writes } from '../engine/given';
import { eventually } from '../eventually';
import { givenOfficeWithTable, idsIn, IDS, LITTLE, ENOUGH, settingsOfAll } from './office';

/** What people try first: the output of Stop goes straight into a table. */
function storeBehindStop({ nodes, connections }: ShippedWorkflow): void {
	const to = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
	connections['Every Evening'] = to('Stop Models');
	connections['Stop Models'] = to('Save Restore');
	delete connections['Save Restore'];
	const save = nodes.find(({ name }) => name === 'Save Restore');
	if (save) save.parameters.columns = { mappingMode: 'autoMapInputData', value: null };
}

describe('office-hours-with-table.json', () => {
	it('as shipped stores what it would stop, stops nothing, and forgets that in the morning', async () => {
		const { cluster, table, evening, morning } = await givenOfficeWithTable({ dryRun: true });
		cluster.removeDeployment('office-asleep');
		expect((await evening()).status).toBe('success');
		expect(table.rows.map((row) => row.deployment_id)).toEqual(IDS.slice(1));
		expect((await morning()).status).toBe('success');
		expect(table.rows).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it.each<[string, string[] | undefined, typeof storeBehindStop | undefined]>([
		['as it is', undefined, undefined],
		// The keys of an output are the columns that n8n's automatic mapping asks for.
		['with a table behind Stop that is mapped automatically', CHANGE_KEYS, storeBehindStop],
	])('%s, it stops six and brings them back as they were', async (_name, columns, change) => {
		const { cluster, table, before, evening, morning } = await givenOfficeWithTable(
			{},
			columns,
			change,
		);
		expect((await evening()).status).toBe('success');
		expect(table.rows.map((row) => row.deployment_id)).toEqual(IDS);
		expect(cluster.deployments()).toEqual([]);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
		cluster.resetLog();
		expect((await morning()).status).toBe('success');
		expect(writes(cluster)).toEqual([]);
	});

	it('brings back all that it stopped where one was refused', async () => {
		const { cluster, before, table, evening, morning } = await givenOfficeWithTable();
		cluster.addPipeline({ id: 'docs', model_id: 'office-fixed' });
		const result = await evening();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'office-fixed' was not stopped");
		expect(idsIn(cluster)).toEqual(['office-fixed']);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
	});

	it('keeps the rows of what did not start, and starts it in the next round', async () => {
		const { cluster, before, table, evening, morning } = await givenOfficeWithTable();
		await evening();
		cluster.set(LITTLE);
		expect((await morning()).status).toBe('error');
		expect(table.rows.length).toBeGreaterThan(0);
		cluster.set(ENOUGH);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
	});

	it('keeps the row of a model that did not come back the day before', async () => {
		const { cluster, table, evening } = await givenOfficeWithTable();
		await evening();
		const [first] = structuredClone(table.rows);
		for (const id of IDS.slice(1)) cluster.addDeployment({ deployment_id: id });
		await evening();
		expect(table.rows).toHaveLength(6);
		expect(table.rows[0]).toEqual(first);
	});

	it('leaves what somebody brought back in the night as it is', async () => {
		const { cluster, table, evening, morning } = await givenOfficeWithTable();
		await evening();
		cluster.addDeployment({ deployment_id: 'office-fixed', number_of_allocations: 1 });
		expect((await morning()).status).toBe('success');
		expect(cluster.deployment('office-fixed')).toMatchObject({ number_of_allocations: 1 });
		expect(table.rows).toEqual([]);
	});

	it('stops nothing where the rows cannot be stored', async () => {
		const { cluster, table, evening } = await givenOfficeWithTable({}, ['another']);
		expect((await evening()).status).toBe('error');
		expect(table.rows).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it('brings back what an evening stopped that was cut off, without its memory', async () => {
		const { cluster, before, startEvening, staticData, morning } = await givenOfficeWithTable();
		cluster.fault({ kind: 'hang', path: '/deployment/_stop', skip: 3, times: Infinity });
		const run = startEvening();
		await eventually(() => cluster.deployments().length === 3);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		cluster.clearFaults();
		delete staticData.global;
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
	});
});
