import { givenCluster, run, stopPattern } from '../given';
import { leftAlone, nothing, stopped } from './outputs';

describe('a pattern that stops', () => {
	it.each([
		['8.16' as const, {}],
		['9.2' as const, { force: true }],
	])(
		'leaves alone what an inference endpoint made while earlier ones were stopped (%s)',
		async (version, options) => {
			const cluster = await givenCluster({ version });
			for (const id of ['a', 'b']) {
				cluster.addDeployment({ deployment_id: id, start_time: cluster.now() - 3_600_000 });
			}
			cluster.fault({
				kind: 'effect',
				path: /a\/deployment\/_stop$/,
				effect: () => {
					cluster.removeDeployment('b');
					cluster.addInferenceEndpoint({ inference_id: 'b', model_id: 'b' });
				},
			});
			const { items } = await run(cluster, stopPattern('a,b', options));
			expect(items).toEqual([stopped('a'), leftAlone('b', 'endpoint_owned')]);
			expect(cluster.deployment('b')?.state).toBe('started');
		},
	);

	it('leaves alone what an inference endpoint makes while it reads what there is', async () => {
		const cluster = await givenCluster({ version: '8.16' });
		cluster.addModel({ model_id: 'e5' });
		cluster.fault({
			kind: 'effect',
			path: '/trained_models/_stats',
			effect: () => cluster.addInferenceEndpoint({ inference_id: 'new', model_id: 'e5' }),
		});
		await run(cluster, stopPattern('*'));
		expect(cluster.deployment('new')?.state).toBe('started');
	});

	it.each([false, true])(
		'says below the output that nothing matches (dry run: %s)',
		async (dryRun) => {
			const cluster = await givenCluster();
			cluster.addDeployment({ deployment_id: 'search' });
			const { items, hints, status } = await run(cluster, stopPattern('serch-*', {}, { dryRun }));
			expect(status).toBe('success');
			expect(items).toMatchObject([{ deployment_id: null, reason: 'no_match' }]);
			expect(hints.map(({ message }) => message)).toEqual([
				"No deployment matches 'serch-*', so nothing was changed.",
			]);
		},
	);

	it('gives every item an output, though another item stopped what this one excludes', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'a1' });
		const { items } = await run(cluster, stopPattern('a*', { exclude: '={{ $json.ex }}' }), {
			items: [{ ex: '' }, { ex: 'a1' }],
		});
		expect(items).toEqual([
			stopped('a1'),
			nothing('no_match', {
				warnings: ["Nothing matches 'a*'", "'a1' in 'Exclude' matches no deployment"],
			}),
		]);
	});
});
