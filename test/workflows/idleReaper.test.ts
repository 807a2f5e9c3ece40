import type { DeploymentSeed, EmbeddedCluster } from '../cluster';
import { givenCluster, writes } from '../engine/given';
import { outputOf, runsOf, setUp, type SetUp } from './shipped';
import { start } from './start';

const MINUTE = 60_000;

async function givenDay(how: SetUp = {}) {
	const cluster = await givenCluster();
	const workflow = setUp('idle-reaper.json', how);
	return { cluster, run: async () => await start(cluster, workflow) };
}

/** Runs for a day, and was last used so many minutes ago. */
function add(
	cluster: EmbeddedCluster,
	id: string,
	idle: number,
	other: Partial<DeploymentSeed> = {},
) {
	cluster.addDeployment({
		deployment_id: id,
		start_time: cluster.now() - 24 * 60 * MINUTE,
		last_access: cluster.now() - idle * MINUTE,
		...other,
	});
}

const idsOf = (cluster: EmbeddedCluster) => cluster.deployments().map((each) => each.deployment_id);

describe('idle-reaper.json', () => {
	it('stops what is idle, and reports text and restores', async () => {
		const { cluster, run } = await givenDay();
		add(cluster, 'trial', 90, { number_of_allocations: 3, threads_per_allocation: 2 });
		add(cluster, 'trial-2', 50);
		const result = await run();
		expect(result.status).toBe('success');
		expect(idsOf(cluster)).toEqual([]);
		expect(outputOf(result, 'Write the Report')).toEqual([
			{
				stopped: 2,
				text: '- trial: stopped, 6 vCPUs before\n- trial-2: stopped, 1 vCPUs before',
				restores: [
					expect.stringContaining('"deployment_id":"trial"'),
					expect.stringContaining('"deployment_id":"trial-2"'),
				],
			},
		]);
	});

	it('leaves alone what is busy, waited for, protected, owned or asleep, and sends nothing', async () => {
		const { cluster, run } = await givenDay();
		add(cluster, 'busy', 10);
		add(cluster, 'queued', 90, { pending_requests: 1 });
		add(cluster, 'prod-search', 90);
		add(cluster, 'my_model_for_search', 90);
		add(cluster, 'owned', 90, { created_by_endpoint: true });
		add(cluster, 'asleep', 90, {
			number_of_allocations: 0,
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		});
		const result = await run();
		expect(result.status).toBe('success');
		expect(writes(cluster)).toEqual([]);
		expect(runsOf(result, 'Write the Report')).toBe(0);
	});

	it('leaves alone what is young, and what was used after it was listed', async () => {
		const { cluster, run } = await givenDay();
		add(cluster, 'used', 90);
		add(cluster, 'young', 50, { start_time: cluster.now() - 50 * MINUTE });
		const use = () => cluster.changeDeployment('used', { last_access: cluster.now() });
		cluster.fault({ kind: 'effect', path: '/used/_stats', effect: use });
		const result = await run();
		expect(writes(cluster)).toEqual([]);
		const [report] = outputOf(result, 'Write the Report');
		expect(report).toMatchObject({ stopped: 0, restores: [] });
		expect(report.text).toContain('- used: left alone, not_idle, 1 vCPUs before');
		expect(report.text).toContain('- young: left alone, too_young, 1 vCPUs before');
	});

	it('as shipped tells what it would stop', async () => {
		const { cluster, run } = await givenDay({ dryRun: true });
		add(cluster, 'trial', 90);
		const [report] = outputOf(await run(), 'Write the Report');
		expect(report).toMatchObject({ stopped: 0, restores: [] });
		expect(report.text).toContain('- trial: would be stopped (dry run), 1 vCPUs before');
		expect(writes(cluster)).toEqual([]);
	});

	it('ends red after the report where one could not be stopped', async () => {
		const { cluster, run } = await givenDay();
		add(cluster, 'in-use', 90);
		add(cluster, 'trial', 90);
		cluster.addPipeline({ id: 'docs', model_id: 'in-use' });
		const result = await run();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'in-use' was not stopped: an ingest pipeline uses it");
		expect(outputOf(result, 'Write the Report')).toMatchObject([{ stopped: 1 }]);
		expect(idsOf(cluster)).toEqual(['in-use']);
	});
});
