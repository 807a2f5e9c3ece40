import type { INodeExecutionData } from 'n8n-workflow';

import type { DeploymentSeed } from '../cluster';
import { givenCluster, letTimePass, writes } from '../engine/given';
import { withServerPart } from './serverPart';
import { runsOf, setUp, type SetUp } from './shipped';
import { start } from './start';

const INGEST = 'Run the Ingest';

/** The workflow that is called; what it hands back. */
type Ingest = () => INodeExecutionData[];

const works: Ingest = () => [{ json: { documents: 2 } }];
const fails: Ingest = () => {
	throw new Error('Document 7 is broken');
};

/** A deployment, and the workflow with an ingest that looks at it. */
async function givenBurst(seed: Partial<DeploymentSeed> = {}, how: SetUp = {}) {
	const cluster = await givenCluster({
		nodes: [{ id: 'n', name: 'n', processors: 8, memoryBytes: 1e13 }],
	});
	cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2, ...seed });
	const picks = { 'Remember Size': 'search', [INGEST]: 'ingest' };
	const workflow = setUp('burst-for-bulk-ingest.json', { picks, ...how });
	const during: Array<number | undefined> = [];
	const burst = async (ingest = works, startNode = 'Run by Hand') => {
		const executeWorkflow = async () => {
			during.push(cluster.deployment('search')?.running_allocations);
			return { executionId: 'sub', data: [ingest()] };
		};
		const parts = { executeWorkflow, getExecutionDataById: async () => undefined };
		return await start(cluster, workflow, {
			startNode,
			startItems: [{ index: 'docs' }, { index: 'more' }],
			stubs: { [INGEST]: withServerPart(() => parts) },
		});
	};
	return { cluster, during, burst };
}

describe('burst-for-bulk-ingest.json', () => {
	it.each(['Run by Hand', 'When Called'])(
		'%s: scales up, works once, and scales back on success',
		async (trigger) => {
			const { cluster, during, burst } = await givenBurst();
			const result = await burst(undefined, trigger);
			expect(result.status).toBe('success');
			expect(during).toEqual([6]);
			expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 2 });
		},
	);

	it('scales back where the ingest hands nothing back', async () => {
		const { cluster, during, burst } = await givenBurst();
		expect((await burst(() => [])).status).toBe('success');
		expect(during).toEqual([6]);
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 2 });
	});

	it('scales back where the ingest fails, and then ends red with its reason', async () => {
		const { cluster, during, burst } = await givenBurst();
		const result = await burst(fails);
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('Document 7 is broken\nIt was scaled back.');
		expect(during).toEqual([6]);
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 2 });
	});

	it.each([
		['both bounds', { min_number_of_allocations: 1, max_number_of_allocations: 4 }],
		['a minimum of 0 and no maximum', { min_number_of_allocations: 0 }],
	])('gives an adaptive deployment its bounds back: %s', async (_name, bounds) => {
		const adaptive = { enabled: true, ...bounds };
		const { cluster, burst } = await givenBurst({ adaptive_allocations: adaptive });
		letTimePass(cluster);
		const result = await burst(fails);
		expect(result.error?.message).toContain('It was scaled back.');
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(adaptive);
	});

	it('keeps what has more allocations already', async () => {
		const { cluster, during, burst } = await givenBurst({ number_of_allocations: 8 });
		expect((await burst()).status).toBe('success');
		expect(during).toEqual([8]);
		expect(writes(cluster)).toEqual([]);
	});

	it('without room does not begin the ingest, leaves the old number, and ends red', async () => {
		const { cluster, during, burst } = await givenBurst();
		cluster.set({ nodes: [{ id: 'n', name: 'n', processors: 3, memoryBytes: 1e13 }] });
		const result = await burst();
		expect(result.error?.message).toMatch(
			/no room for so many allocations\. Ask for fewer[^]*\nIt was scaled back\.$/,
		);
		expect(during).toEqual([]);
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 2 });
	});

	it('ends red before it changes anything where the deployment does not run', async () => {
		const { cluster, during, burst } = await givenBurst();
		cluster.removeDeployment('search');
		const result = await burst();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'search'");
		expect(during).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it('ends red where it could not scale back, and says so', async () => {
		const { cluster, burst } = await givenBurst();
		const result = await burst(() => {
			cluster.removeDeployment('search');
			return works();
		});
		expect(result.error?.message).toContain('It was not scaled back:');
	});

	it('as shipped changes nothing', async () => {
		const { cluster, burst } = await givenBurst({}, { dryRun: true });
		const result = await burst();
		expect(result.status).toBe('success');
		expect(runsOf(result, 'Scale Back')).toBe(1);
		expect(writes(cluster)).toEqual([]);
	});
});
