import type { EmbeddedCluster } from '../cluster';
import { givenCluster, lines, writes } from '../engine/given';
import { outputOf, setUp, type SetUp } from './shipped';
import { start } from './start';

async function givenNightAndDay(how: SetUp = {}) {
	const cluster = await givenCluster();
	const workflow = setUp('cap-adaptive-by-night.json', how);
	return {
		cluster,
		evening: async () => await start(cluster, workflow, { startNode: 'Every Weekday Evening' }),
		morning: async () => await start(cluster, workflow, { startNode: 'Every Weekday Morning' }),
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

	it('leaves alone what is fixed, has another name, or belongs to an inference endpoint', async () => {
		const { cluster, evening } = await givenNightAndDay();
		addAdaptive(cluster, 'search-a', 1, 4);
		addAdaptive(cluster, 'ingest-a', 1, 4);
		cluster.addDeployment({ deployment_id: 'search-fixed' });
		cluster.addInferenceEndpoint({
			inference_id: 'search-owned',
			adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
		});
		expect((await evening()).status).toBe('success');
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/search-a/deployment/_update',
		]);
	});

	it('as shipped shows what it would set, and changes nothing', async () => {
		const { cluster, evening } = await givenNightAndDay({ dryRun: true });
		addAdaptive(cluster, 'search-a', 1, 4);
		const result = await evening();
		expect(outputOf(result, 'Set Bounds')).toEqual([
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
		expect(result.error?.message).toMatch(/^The deployment 'search-a' was not changed: .*\. Wait/);
		expect(boundsOf(cluster, 'search-b')).toEqual([0, 1]);
	});
});
