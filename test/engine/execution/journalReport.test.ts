import type { EmbeddedCluster } from '../../cluster';
import { givenCluster, parameters, run, stopPattern } from '../given';
import { restoreWith } from '../restoreText';
import { nothing, stopped } from '../operations/outputs';

const twice = { retryOnFail: true, maxTries: 2 };

async function givenDeployments(...ids: string[]): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	for (const id of ids) cluster.addDeployment({ deployment_id: id });
	return cluster;
}

describe('a part that matches nothing', () => {
	it('is told by a further try too, beside what the first one stopped', async () => {
		const cluster = await givenDeployments('a', 'b');
		const body = { error: { type: 'status_exception', reason: 'Cannot stop' }, status: 409 };
		cluster.fault({ kind: 'status', status: 409, path: /b\/deployment\/_stop$/, body });
		const result = await run(cluster, stopPattern('a,ghost,b'), twice);
		expect(result.tries).toBe(2);
		expect(result.items).toEqual([
			stopped('a'),
			nothing('no_match', { warnings: ["Nothing matches 'ghost'"] }),
			stopped('b'),
		]);
	});
});

describe('an earlier stop that no outcome of the last try holds', () => {
	it('gets an outcome of its own, and does not hang on the failure of another match', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.addPipeline({ id: 'docs-b', model_id: 'b' });
		const body = { error: { type: 'status_exception', reason: 'not now' }, status: 409 };
		cluster.fault({ kind: 'status', status: 409, path: /a\/deployment\/_update$/, body });
		const given = parameters('scale', {
			target: 'pattern',
			pattern: '={{ $json.pattern }}',
			numberOfAllocations: '={{ $json.number }}',
			ifNotRunning: 'startRemembered',
		});
		// The first try cannot resize 'a', and stops it. The second one starts and stops it again.
		const result = await run(cluster, given, {
			items: [
				{ pattern: 'a', number: 2 },
				{ pattern: 'a,b', number: 0 },
			],
			onError: 'continueRegularOutput',
			staticData: {},
			...twice,
		});
		expect(result.tries).toBe(2);
		const refused = { deployment_id: 'b', http_status: 409 };
		expect(result.items).toEqual([
			expect.objectContaining({ deployment_id: 'a', action: 'start', changed: true }),
			stopped('a', { restore: restoreWith({ number_of_allocations: 2 }), vcpus_before: 2 }),
			expect.objectContaining({ details: expect.objectContaining(refused) }),
			stopped('a', { restore: restoreWith({ number_of_allocations: 1 }) }),
		]);
		expect(result.items[2].details).not.toHaveProperty('done');
	});
});
