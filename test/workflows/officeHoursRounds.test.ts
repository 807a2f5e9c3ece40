import { keyWith, writes } from '../engine/given';
import { ENOUGH, givenNight, LITTLE, NOTHING, settingsOfAll, type Office } from './office';
import { runsOf } from './shipped';

describe('a morning round of office-hours.json that meets', () => {
	it.each<[string, (office: Office) => void, (office: Office) => void]>([
		['no room at all', ({ cluster }) => cluster.set(NOTHING), ({ cluster }) => cluster.set(ENOUGH)],
		['too little room', ({ cluster }) => cluster.set(LITTLE), ({ cluster }) => cluster.set(ENOUGH)],
		[
			'an upgrade',
			({ cluster }) => cluster.set({ upgradeInProgress: true }),
			({ cluster }) => cluster.set({ upgradeInProgress: false }),
		],
		[
			'a cluster without master',
			({ cluster }) => cluster.set({ masterPresent: false, masterTimeoutMs: 1 }),
			({ cluster }) => cluster.set({ masterPresent: true }),
		],
		[
			'a proxy that answers 503 to everything',
			({ cluster }) => cluster.fault({ kind: 'html', status: 503, times: Infinity }),
			({ cluster }) => cluster.clearFaults(),
		],
	])('%s is green, and the next one brings all back', async (_name, trouble, recovery) => {
		const office = await givenNight();
		const { cluster, table, before, morning } = office;
		trouble(office);
		const first = await morning();
		expect(first.status).toBe('success');
		expect(runsOf(first, 'Leave It for the Next Round')).toBeGreaterThan(0);
		expect(table.rows.length).toBeGreaterThan(0);
		recovery(office);
		const second = await morning();
		expect(second.status).toBe('success');
		expect(settingsOfAll(cluster)).toEqual(before);
		expect(table.rows).toEqual([]);
	});

	it('a cluster that cannot be read starts nothing: that is not an empty cluster', async () => {
		const { cluster, morning } = await givenNight();
		cluster.fault({ kind: 'html', status: 503, path: '_stats', times: Infinity });
		const result = await morning();
		expect(runsOf(result, 'Read Stored Restores')).toBe(0);
		expect(writes(cluster)).toEqual([]);
	});

	it('a deleted model is red at once, after all others are back', async () => {
		const { cluster, table, morning } = await givenNight();
		const row = table.rows.find((each) => each.deployment_id === 'office-fixed');
		if (row) row.restore = String(row.restore).replaceAll('office-fixed', 'gone');
		const result = await morning();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("no trained model called 'gone'");
		expect(cluster.deployments()).toHaveLength(5);
		expect(table.rows).toEqual([row]);
	});

	it('a key without the privilege is red at once', async () => {
		const { cluster, morning } = await givenNight();
		const result = await morning({ apiKey: keyWith(cluster, 'monitor_ml') });
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain('manage_ml');
	});
});
