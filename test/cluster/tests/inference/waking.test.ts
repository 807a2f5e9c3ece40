import { ask, endClusters, failureOf, given } from '../ask';
import { eventually } from '../../../eventually';
import type { ClusterOptions, ClusterVersion, DeploymentSeed, EmbeddedCluster } from '../../types';

afterEach(endClusters);

const BODY = { docs: [{ text_field: 'Berlin' }] };
const infer = (id: string) => `/_ml/trained_models/${id}/_infer`;

/** The deployment `one` of the model `model`, at zero. */
async function asleep(
	options: ClusterOptions = {},
	seed: Partial<DeploymentSeed> = {},
): Promise<EmbeddedCluster> {
	const cluster = await given(options);
	cluster.addModel({ model_id: 'model' });
	cluster.addDeployment({
		deployment_id: 'one',
		model_id: 'model',
		number_of_allocations: 0,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		...seed,
	});
	return cluster;
}

describe('a request to a deployment at zero', () => {
	it.each<ClusterVersion>(['8.16', '8.19', '9.0', '9.2', '9.5', 'serverless'])(
		'wakes it and waits for it in %s',
		async (version) => {
			const cluster = await asleep({ version });
			expect((await ask(cluster, 'POST', infer('one'), BODY)).status).toBe(200);
			expect(cluster.deployment('one')).toMatchObject({
				number_of_allocations: 1,
				running_allocations: 1,
				inference_count: 1,
			});
		},
	);

	it('may be refused while it wakes up', async () => {
		const cluster = await asleep({ wakeUp: 'refuse', allocationDelayMs: 20_000 });
		const tail = 'Trained model deployment [one] is not allocated to any nodes';
		for (let look = 0; look < 2; look++) {
			expect(failureOf(await ask(cluster, 'POST', infer('one'), BODY))).toEqual([
				409,
				'status_exception',
				`${tail}; starting deployment of one allocation`,
			]);
		}
		await cluster.advance(20_000);
		expect((await ask(cluster, 'POST', infer('one'), BODY)).status).toBe(200);
	});

	it('is refused for good where nothing may wake it', async () => {
		for (const adaptive_allocations of [null, { enabled: true, min_number_of_allocations: 1 }]) {
			const cluster = await asleep({}, { adaptive_allocations });
			expect(failureOf(await ask(cluster, 'POST', infer('one'), BODY))[2]).toBe(
				'Trained model deployment [one] is not allocated to any nodes',
			);
			expect(cluster.deployment('one')?.number_of_allocations).toBe(0);
		}
	});

	it.each<[ClusterVersion, number]>([
		['8.16', 409],
		['9.0', 409],
		['9.2', 409],
		['8.19', 200],
		['9.5', 200],
	])("by the model's id fails while it wakes up in %s: %i", async (version, status) => {
		const cluster = await asleep({ version });
		const first = await ask(cluster, 'POST', infer('model'), BODY);
		expect(first.status).toBe(status);
		if (status === 409) {
			expect(failureOf(first)[2]).toBe(
				'[model] Error waiting for a model allocation, model assignment has been removed',
			);
		}
		expect((await ask(cluster, 'POST', infer('model'), BODY)).status).toBe(200);
	});

	it('gives up after its timeout, while the deployment goes on starting', async () => {
		const cluster = await asleep({ allocationDelayMs: 60_000 });
		const asked = ask(cluster, 'POST', `${infer('one')}?timeout=30s`, BODY);
		await eventually(() => cluster.deployment('one')?.number_of_allocations === 1);
		await cluster.advance(30_000);
		expect(failureOf(await asked)).toEqual([
			408,
			'model_deployment_timeout_exception',
			expect.stringMatching(
				/^Timed out after \[30s\] waiting for trained model deployment \[one\] to start\./,
			),
		]);
		await cluster.advance(30_000);
		expect((await ask(cluster, 'POST', infer('one'), BODY)).status).toBe(200);
	});

	it.each<[ClusterVersion, boolean]>([
		['9.5', true],
		['9.2', false],
	])('without a timeout gives up after 10 s in %s: %s', async (version, givesUp) => {
		const cluster = await asleep({ version, allocationDelayMs: 60_000 });
		const asked = ask(cluster, 'POST', infer('one'), BODY);
		await eventually(() => cluster.deployment('one')?.number_of_allocations === 1);
		await cluster.advance(11_000);
		await cluster.advance(60_000);
		expect((await asked).status).toBe(givesUp ? 408 : 200);
	});

	it('is refused where 99 wait already', async () => {
		const cluster = await asleep({ allocationDelayMs: 60_000 });
		const waiting = Array.from({ length: 100 }, async () => {
			return (await ask(cluster, 'POST', `${infer('one')}?timeout=90s`, BODY)).status;
		});
		const refused = await Promise.race(waiting);
		expect(refused).toBe(429);
		await cluster.advance(60_000);
		const all = await Promise.all(waiting);
		expect(all.filter((status) => status === 200)).toHaveLength(99);
	});

	it.each<[ClusterVersion, number]>([
		['9.2', 500],
		['9.5', 409],
	])('where no node can start it gets in %s %i', async (version, status) => {
		const cluster = await asleep({ version });
		cluster.addModel({ model_id: 'model', start_exhausted: 'no memory left' });
		const [got, , reason] = failureOf(await ask(cluster, 'POST', infer('one'), BODY));
		expect([got, reason]).toEqual([
			status,
			expect.stringMatching(
				/^\[one\] Error waiting for a model allocation, all nodes have failed with errors \[\{.*=no memory left\}\]$/,
			),
		]);
	});

	it('fails where somebody stops the deployment meanwhile', async () => {
		const cluster = await asleep({ allocationDelayMs: 60_000 });
		const asked = ask(cluster, 'POST', infer('one'), BODY);
		await eventually(() => cluster.deployment('one')?.number_of_allocations === 1);
		cluster.removeDeployment('one');
		expect(failureOf(await asked)[2]).toBe(
			'[one] Error waiting for a model allocation, model assignment has been removed',
		);
	});
});
