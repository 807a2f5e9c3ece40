import type { EmbeddedCluster } from '../cluster';
import { givenCluster, lines, seen, writes } from '../engine/given';
import { outputOf, setUp, type SetUp } from './shipped';
import { start } from './start';

async function givenNightAndDay(how: SetUp = {}) {
	const cluster = await givenCluster();
	const workflow = setUp('cap-adaptive-by-night.json', how);
	return {
		cluster,
		evening: async () => await start(cluster, workflow, { startNode: 'Every Evening' }),
		morning: async () => await start(cluster, workflow, { startNode: 'Every Morning' }),
	};
}

function addAdaptive(cluster: EmbeddedCluster, id: string, min?: number, max?: number): void {
	cluster.addDeployment({
		deployment_id: id,
		number_of_allocations: 3,
		adaptive_allocations: {
			enabled: true,
			...(min !== undefined && { min_number_of_allocations: min }),
			...(max !== undefined && { max_number_of_allocations: max }),
		},
	});
}

function boundsOf(cluster: EmbeddedCluster, id: string) {
	const { min_number_of_allocations: min, max_number_of_allocations: max } =
		cluster.deployment(id)?.adaptive_allocations ?? {};
	return [min, max];
}

describe('cap-adaptive-by-night.json', () => {
	it('caps what is adaptive in the evening and sets the bounds of the day in the morning', async () => {
		const { cluster, evening, morning } = await givenNightAndDay();
		addAdaptive(cluster, 'search-a', 1, 4);
		addAdaptive(cluster, 'search-b');
		expect((await evening()).status).toBe('success');
		expect(boundsOf(cluster, 'search-a')).toEqual([0, 1]);
		expect(boundsOf(cluster, 'search-b')).toEqual([0, 1]);
		expect((await morning()).status).toBe('success');
		expect(boundsOf(cluster, 'search-a')).toEqual([1, 8]);
		expect(boundsOf(cluster, 'search-b')).toEqual([1, 8]);
	});

	it('leaves alone what has another name, and makes what is fixed adaptive, as its note says', async () => {
		const { cluster, evening } = await givenNightAndDay();
		addAdaptive(cluster, 'ingest-a', 1, 4);
		cluster.addDeployment({ deployment_id: 'search-fixed' });
		expect((await evening()).status).toBe('success');
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/search-fixed/deployment/_update',
		]);
		expect(boundsOf(cluster, 'search-fixed')).toEqual([0, 1]);
	});

	it('as shipped shows what it would set, and changes nothing', async () => {
		const { cluster, evening } = await givenNightAndDay({ dryRun: true });
		addAdaptive(cluster, 'search-a', 1, 4);
		const result = await evening();
		expect(outputOf(result, 'Set Night Bounds')).toEqual([
			expect.objectContaining({
				deployment_id: 'search-a',
				action: 'update',
				dry_run: true,
				request: expect.objectContaining({
					body: {
						adaptive_allocations: {
							enabled: true,
							min_number_of_allocations: 0,
							max_number_of_allocations: 1,
						},
					},
				}),
			}),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('ends red where the cluster refuses, after it has set the bounds of all others', async () => {
		const { cluster, evening } = await givenNightAndDay();
		addAdaptive(cluster, 'search-a', 1, 4);
		addAdaptive(cluster, 'search-b', 1, 4);
		cluster.changeDeployment('search-a', { state: 'failed', reason: 'out of memory' });
		const result = await evening();
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('1 of 2 deployments was not scaled');
		expect(seen(result).description).toContain("'search-a'");
		expect(boundsOf(cluster, 'search-b')).toEqual([0, 1]);
	});
});
