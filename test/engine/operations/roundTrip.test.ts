import type { DeploymentSeed } from '../../cluster';
import { givenCluster, parameters, run, settingsOf, stop } from '../given';

const MODEL = { model_id: 'my_model', model_bytes: 265_632_637 };
const SEEDS: DeploymentSeed[] = [
	{
		deployment_id: 'fixed',
		number_of_allocations: 3,
		threads_per_allocation: 2,
		queue_capacity: 2048,
	},
	{
		deployment_id: 'adaptive-0',
		number_of_allocations: 0,
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 0,
			max_number_of_allocations: 4,
		},
	},
	{
		deployment_id: 'adaptive-1',
		number_of_allocations: 1,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
	},
	{
		deployment_id: 'adaptive-6',
		number_of_allocations: 6,
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 2,
			max_number_of_allocations: 8,
		},
	},
	{ deployment_id: 'low', priority: 'low' },
	{ ...MODEL, deployment_id: 'for-search', cache_size: '1.5kb' },
	{ ...MODEL, deployment_id: 'for-ingest', cache_size: 0 },
	{
		deployment_id: 'adaptive-off',
		number_of_allocations: 2,
		cache_size: '253.3mb',
		adaptive_allocations: { enabled: false, max_number_of_allocations: 4 },
	},
];

it('five cycles of stop and start from restore leave every setting of eight deployments equal', async () => {
	const cluster = await givenCluster({
		nodes: [{ id: 'n', name: 'n', processors: 99, memoryBytes: 1e13 }],
	});
	for (const seed of SEEDS) cluster.addDeployment(seed);
	const ids = SEEDS.map((seed) => seed.deployment_id);
	let before: unknown;
	for (let cycle = 0; cycle < 5; cycle++) {
		const stopped = await run(cluster, stop('={{ $json.id }}'), {
			items: ids.map((id) => ({ id })),
		});
		expect(stopped.items.every((item) => item.action === 'stop' && item.changed === true)).toBe(
			true,
		);
		expect(cluster.deployments()).toEqual([]);
		const restore = parameters('start', {
			startFrom: 'restore',
			options: { waitFor: 'fully_allocated' },
		});
		const started = await run(cluster, restore, { items: stopped.items });
		expect(started.items.map((item) => [item.deployment_id, item.changed])).toEqual(
			ids.map((id) => [id, true]),
		);
		const after = ids.map((id) => settingsOf(cluster.deployment(id)));
		// A rounded size is whole bytes after the first cycle, and doesn't drift from there.
		before ??= after;
		expect(after).toEqual(before);
	}
	expect(before).toMatchObject(
		SEEDS.map(
			({ adaptive_allocations, threads_per_allocation = 1, priority = 'normal', ...seed }) => ({
				model_id: seed.model_id ?? seed.deployment_id,
				threads_per_allocation,
				priority,
				adaptive_allocations: adaptive_allocations ?? null,
				number:
					adaptive_allocations?.enabled === true ? 'adaptive' : (seed.number_of_allocations ?? 1),
			}),
		),
	);
}, 60_000);
