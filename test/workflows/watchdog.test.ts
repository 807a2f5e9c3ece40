import type { DeploymentSeed } from '../cluster';
import { givenCluster, writes } from '../engine/given';
import { outputOf, setUp, shipped } from './shipped';
import { start } from './start';

const WANTED = shippedList();

/** The deployments that the file itself asks for. */
function shippedList(): Array<{ deployment_id: string; allocations: number }> {
	const node = shipped('morning-watchdog.json').nodes.find(({ name }) => name === 'Wanted Models');
	return JSON.parse(String(node?.parameters.jsonOutput)).wanted;
}

const [SEARCH, INGEST] = WANTED.map((each) => each.deployment_id);

async function givenMorning(...seeds: DeploymentSeed[]) {
	const cluster = await givenCluster();
	for (const seed of seeds) cluster.addDeployment(seed);
	const workflow = setUp('morning-watchdog.json');
	return { cluster, watch: async () => await start(cluster, workflow) };
}

const search = { deployment_id: SEARCH, number_of_allocations: 2 };
const ingest = { deployment_id: INGEST };

describe('morning-watchdog.json', () => {
	it('is green and silent where all run as wanted', async () => {
		const { cluster, watch } = await givenMorning(search, ingest);
		const result = await watch();
		expect(result.status).toBe('success');
		expect(outputOf(result, 'Keep What Is Wrong')).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it.each<[string, DeploymentSeed[], string]>([
		['is missing', [ingest], `- No deployment and no model is called '${SEARCH}'`],
		[
			'runs with fewer allocations than wanted',
			[{ ...search, number_of_allocations: 1 }, ingest],
			`- ${SEARCH}: 1 allocations run, fewer than wanted`,
		],
		[
			'has too few of its allocations',
			[{ ...search, never_starts: true, routes: [{ allocations: 1 }] }, ingest],
			`- ${SEARCH}: 1 of 2 allocations run`,
		],
		[
			'failed',
			[{ ...search, state: 'failed', reason: 'out of memory' }, ingest],
			'; out of memory',
		],
		[
			'was scaled to zero',
			[
				{
					...search,
					number_of_allocations: 0,
					adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
				},
				ingest,
			],
			`- ${SEARCH}: scaled_to_zero`,
		],
	])('alarms where one %s', async (_name, seeds, line) => {
		const { watch } = await givenMorning(...seeds);
		const result = await watch();
		expect(result.status).toBe('error');
		expect(outputOf(result, 'Write the Alarm')).toEqual([
			{ title: '1 of 2 models are not as wanted', text: expect.stringContaining(line) },
		]);
		expect(result.error?.message).toContain('1 of 2 models are not as wanted');
		expect(result.error?.message).toContain(line);
	});

	it('alarms for a model that is known but not deployed', async () => {
		const { cluster, watch } = await givenMorning(search, ingest);
		cluster.removeDeployment(INGEST);
		expect((await watch()).error?.message).toContain(`- ${INGEST}: not_deployed`);
	});

	it('makes one alarm of all that is wrong', async () => {
		const { watch } = await givenMorning();
		const result = await watch();
		expect(outputOf(result, 'Write the Alarm')).toEqual([
			{
				title: '2 of 2 models are not as wanted',
				text: [SEARCH, INGEST]
					.map((id) => `- No deployment and no model is called '${id}'`)
					.join('\n'),
			},
		]);
	});

	it('alarms where the cluster gives no answer', async () => {
		const { cluster, watch } = await givenMorning(search, ingest);
		cluster.fault({ kind: 'html', status: 503, times: Infinity });
		expect((await watch()).error?.message).toContain('2 of 2 models are not as wanted');
	});
});
