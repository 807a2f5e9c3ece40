/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { EmbeddedCluster } from '../../cluster';
import { givenCluster } from '../given';
import { activate } from './triggered';

const STATS = '/_ml/trained_models/_stats';
const ALIKE = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 };

function addMany(cluster: EmbeddedCluster, count: number): void {
	for (let i = 0; i < count; i++) {
		const id = `team-${i % 20}-search-model-${i}`;
		cluster.addDeployment({
			deployment_id: id,
			// Every cluster has models of its own beside, so a thousand would not fit on one page.
			model_id: `search-model-${i % 900}`,
			number_of_allocations: 1 + (i % 4),
			adaptive_allocations: i % 2 === 0 ? ALIKE : null,
			last_access: cluster.now() - i * 1_000,
			inference_count: 1_000 + i,
		});
	}
}

describe('the cost of a poll of 1,000 deployments', () => {
	it('is one request, and the memory stays small', async () => {
		const cluster = await givenCluster();
		addMany(cluster, 1_000);
		const staticData = {};
		const activation = await activate(cluster, {}, { staticData });
		cluster.fault({ kind: 'latency', path: '_stats', ms: 20, times: Infinity });
		const times: number[] = [];
		cluster.resetLog();
		for (let poll = 0; poll < 5; poll++) {
			const start = performance.now();
			await activation.poll();
			times.push(Math.round(performance.now() - start));
		}
		expect(activation.errors).toEqual([]);
		expect(cluster.requests.map(({ path }) => path)).toEqual(Array(5).fill(STATS));
		const { bytes } = cluster.requests[0];
		const kept = Buffer.byteLength(JSON.stringify(staticData));
		expect(kept).toBeLessThan(350_000);
		const [first, ...others] = [...times].sort((a, b) => a - b);
		process.stdout.write(
			`One poll of 1,000 deployments at 20 ms: 1 request, ${bytes} bytes, ${first} to ${others.at(-1)} ms; static data ${kept} bytes\n`,
		);
	}, 120_000);

	it('is one request for each 1,000 models', async () => {
		const cluster = await givenCluster();
		addMany(cluster, 10);
		for (let i = 0; i < 1_500; i++) cluster.addModel({ model_id: `model-${i}` });
		const activation = await activate(cluster);
		cluster.resetLog();
		await activation.poll();
		expect(cluster.requests.map(({ query }) => query)).toEqual([
			{ from: '0', size: '1000' },
			{ from: '1000', size: '1000' },
		]);
	});
});
