import { keyWith, writes } from '../engine/given';
import { captureLogs } from '../engine/harness/logs';
import { eventually } from '../eventually';
import { givenOffice, idsIn, IDS, LITTLE, NOTHING, ENOUGH, settingsOfAll } from './office';
import { outputOf } from './shipped';

const logged = captureLogs();

const STOP = /\/deployment\/_stop$/;

describe('the evening of nights-off.json', () => {
	it('as shipped shows what it would stop, changes nothing and remembers nothing', async () => {
		const { cluster, staticData, evening } = await givenOffice({ dryRun: true });
		const result = await evening();
		expect(result.status).toBe('success');
		expect(outputOf(result, 'Stop Models')).toEqual(
			IDS.map((id) =>
				expect.objectContaining({
					deployment_id: id,
					action: 'stop',
					changed: false,
					dry_run: true,
					restore: expect.stringContaining(`"deployment_id":"${id}"`),
				}),
			),
		);
		expect(writes(cluster)).toEqual([]);
		expect(staticData).not.toHaveProperty(['global', 'mlDeployments']);
	});

	it('stops six models and leaves all others alone', async () => {
		const { cluster, evening } = await givenOffice();
		cluster.addDeployment({ deployment_id: 'search' });
		expect((await evening()).status).toBe('success');
		expect(idsIn(cluster)).toEqual(['search']);
	});

	it('is red where nothing matches: a typo saves nothing', async () => {
		const { cluster, evening } = await givenOffice();
		for (const id of IDS) cluster.removeDeployment(id);
		const result = await evening();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'office-*'");
	});

	it('twice is no error', async () => {
		const { evening, morning, cluster, before } = await givenOffice();
		await evening();
		expect((await evening()).status).toBe('success');
		await morning();
		expect(settingsOfAll(cluster)).toEqual(before);
	});
});

describe('an evening of nights-off.json that is cancelled', () => {
	it('leaves what it stopped in the log only, because n8n saves nothing of it', async () => {
		const { cluster, startEvening, morning } = await givenOffice();
		cluster.fault({ kind: 'hang', path: STOP, skip: 3, times: Infinity });
		const run = startEvening();
		await eventually(() => cluster.deployments().length === 3);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		const told = () => logged.find((each) => each.includes('the run was cancelled'));
		// The node ends a moment after the engine has given the run up.
		await eventually(() => told() !== undefined);
		const line = told();
		for (const id of IDS.slice(0, 3)) expect(line).toContain(id);
		cluster.clearFaults();
		const next = await morning();
		expect(next.status).toBe('error');
		expect(next.error?.message).toContain('does not remember');
	});
});

describe('the morning of nights-off.json brings all six back as they were', () => {
	it('after a whole evening, and a second round changes nothing', async () => {
		const { cluster, before, evening, morning } = await givenOffice();
		await evening();
		expect(cluster.deployments()).toEqual([]);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		cluster.resetLog();
		const second = await morning();
		expect(second.status).toBe('success');
		expect(outputOf(second, 'Start Models')).toEqual([
			expect.objectContaining({ action: 'none', reason: 'nothing_to_restore' }),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('after an evening that left some alone', async () => {
		const { cluster, before, evening, morning } = await givenOffice({}, ({ nodes }) => {
			const stop = nodes.find(({ name }) => name === 'Stop Models');
			Object.assign(stop?.parameters ?? {}, { options: { exclude: 'office-busy' } });
		});
		cluster.addDeployment({ deployment_id: 'office-owned', created_by_endpoint: true });
		expect((await evening()).status).toBe('success');
		expect(idsIn(cluster)).toEqual(['office-busy', 'office-owned']);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
	});

	it('after an evening that was refused one in the middle, was red and stopped the others', async () => {
		const { cluster, before, evening, morning } = await givenOffice();
		cluster.addPipeline({ id: 'docs', model_id: 'office-fixed' });
		const result = await evening();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'office-fixed' was not stopped: an ingest pipeline");
		expect(idsIn(cluster)).toEqual(['office-fixed']);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
	});

	it.each([
		['no room at all', NOTHING],
		['too little room', LITTLE],
	])('after a red round with %s, in the next one', async (_name, room) => {
		const { cluster, before, evening, morning } = await givenOffice();
		await evening();
		cluster.set(room);
		const first = await morning();
		expect(first.status).toBe('error');
		expect(first.error?.message).toContain("'office-fixed' was not started: the machine learning");
		cluster.set(ENOUGH);
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
	});

	it('after a red round where the key may not start, in the next one', async () => {
		const { cluster, before, evening, morning } = await givenOffice();
		await evening();
		const first = await morning({ apiKey: keyWith(cluster, 'monitor_ml') });
		expect(first.status).toBe('error');
		expect(first.error?.message).toContain('manage_ml');
		expect((await morning()).status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
	});
});
