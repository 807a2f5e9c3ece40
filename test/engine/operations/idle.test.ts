import type { DeploymentSeed } from '../../cluster';
import { byId, givenCluster, lines, parameters, run, stop, stopPattern, writes } from '../given';
import { leftAlone } from './outputs';

const MINUTE = 60_000;

/** A cluster with a deployment that was started ten hours ago. */
async function givenOld(seed: Partial<DeploymentSeed>) {
	const cluster = await givenCluster();
	const start_time = cluster.now() - 600 * MINUTE;
	cluster.addDeployment({ deployment_id: 'search', start_time, ...seed });
	return cluster;
}

const LEFT = leftAlone('search', 'not_idle', { state: expect.any(String) });

/** Nobody counts the requests of a deployment that runs nowhere: they fail. */
const NOWHERE: Array<[string, Partial<DeploymentSeed>]> = [
	['whose only node left', { routes: [] }],
	[
		'whose only node left and that waits for the next',
		{ routes: [{ state: 'starting', allocations: 0, target_allocations: 1 }] },
	],
	['whose process failed on its only node', { routes: [{ state: 'failed', reason: 'killed' }] }],
];

describe('Only If Idle', () => {
	it.each(NOWHERE)('leaves alone one %s', async (_name, seed) => {
		const cluster = await givenOld(seed);
		const one = await run(cluster, stop('search', { onlyIfIdleMinutes: 30 }));
		const many = await run(cluster, stopPattern('sea*', { onlyIfIdleMinutes: 30 }));
		expect(one.items).toEqual([LEFT]);
		expect(many.items).toEqual([LEFT]);
		expect(writes(cluster)).toEqual([]);
	});

	// n8n drops the options that a field does not show, and workflows are not only made in its editor.
	it.each([0, '0', '={{ 0 }}'])('holds for a Scale to %j', async (number) => {
		const cluster = await givenOld({ throughput_last_minute: 12 });
		const { items } = await run(
			cluster,
			parameters('scale', {
				deploymentId: byId('search'),
				numberOfAllocations: number as number,
				options: { onlyIfIdleMinutes: 30 },
			}),
		);
		expect(items).toMatchObject([{ action: 'none', reason: 'not_idle' }]);
		expect(writes(cluster)).toEqual([]);
	});

	it('leaves alone one that counted requests in the last minute, whatever its clock says', async () => {
		const cluster = await givenOld({ throughput_last_minute: 12 });
		const { items } = await run(cluster, stop('search', { onlyIfIdleMinutes: 30 }));
		expect(items).toEqual([LEFT]);
		expect(writes(cluster)).toEqual([]);
	});

	it('stops one that is asleep at zero allocations', async () => {
		const adaptive_allocations = { enabled: true, min_number_of_allocations: 0 };
		const cluster = await givenOld({ number_of_allocations: 0, adaptive_allocations });
		const { items } = await run(cluster, stop('search', { onlyIfIdleMinutes: 30 }));
		expect(items).toMatchObject([{ deployment_id: 'search', action: 'stop' }]);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/search/deployment/_stop?allow_no_match=false',
		]);
	});
});

describe('the idle time that Get shows', () => {
	it.each(NOWHERE)('is null for one %s', async (_name, seed) => {
		const cluster = await givenOld(seed);
		const { items } = await run(cluster, parameters('get', { deploymentId: byId('search') }));
		expect(items).toMatchObject([{ deployment_id: 'search', idle_minutes: null }]);
	});
});
