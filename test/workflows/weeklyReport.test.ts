import { givenCluster, keyWith, writes } from '../engine/given';
import { outputOf, setUp } from './shipped';
import { start } from './start';

const HOUR = 3_600_000;

async function givenMonday() {
	const cluster = await givenCluster();
	const workflow = setUp('weekly-report.json');
	const report = async () => {
		const result = await start(cluster, workflow);
		expect(result.status).toBe('success');
		return outputOf(result, 'Write the Mail');
	};
	return { cluster, report };
}

describe('weekly-report.json', () => {
	it('adds up vCPUs and what is idle, in one item with a text', async () => {
		const { cluster, report } = await givenMonday();
		const start_time = cluster.now() - 1000 * HOUR;
		const used = (hours: number) => ({ start_time, last_access: cluster.now() - hours * HOUR });
		cluster.addDeployment({
			deployment_id: 'a-forgotten',
			number_of_allocations: 3,
			threads_per_allocation: 2,
			...used(100),
		});
		cluster.addDeployment({ deployment_id: 'b-weekday', number_of_allocations: 2, ...used(64) });
		cluster.addDeployment({ deployment_id: 'c-busy', ...used(90), pending_requests: 2 });
		cluster.addDeployment({ deployment_id: 'd-no-node', start_time, routes: [] });
		expect(await report()).toEqual([
			{
				subject: 'ML deployments: 10 vCPUs, 60 % idle',
				text: [
					'4 deployments take 10 vCPUs. 6 of them had no request for 72 hours, and do not go to zero by themselves.',
					'- a-forgotten: 6 vCPUs, idle for 100 hours',
					'- b-weekday: 2 vCPUs, idle for 64 hours',
					'- c-busy: 1 vCPUs, in use, or not known',
					'- d-no-node: 1 vCPUs, in use, or not known',
				].join('\n'),
			},
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('counts as idle only what does not go to zero by itself', async () => {
		const { cluster, report } = await givenMonday();
		const start_time = cluster.now() - 1000 * HOUR;
		for (const min_number_of_allocations of [0, 1]) {
			cluster.addDeployment({
				deployment_id: `min-${min_number_of_allocations}`,
				adaptive_allocations: { enabled: true, min_number_of_allocations },
				start_time,
				last_access: start_time,
			});
		}
		expect(await report()).toEqual([
			expect.objectContaining({ subject: 'ML deployments: 2 vCPUs, 50 % idle' }),
		]);
	});

	it('names what inference endpoints miss', async () => {
		const { cluster, report } = await givenMonday();
		cluster.addInferenceEndpoint({ inference_id: 'shop', model_id: 'elser', deployed: false });
		const [{ text }] = await report();
		expect(text).toMatch(
			/\n- Missing: shop of the model elser, so requests to the inference endpoint shop fail$/,
		);
	});

	it('says where the key may not read what is missing', async () => {
		const cluster = await givenCluster();
		const apiKey = keyWith(cluster, 'monitor_ml');
		const result = await start(cluster, setUp('weekly-report.json'), {}, apiKey);
		expect(outputOf(result, 'Write the Mail')[0].text).toMatch(
			/\nThe API key may not read inference endpoints, so nobody knows which deployments they miss\.$/,
		);
	});

	it('reports an empty cluster too', async () => {
		const { report } = await givenMonday();
		expect(await report()).toEqual([
			expect.objectContaining({
				subject: 'ML deployments: 0 vCPUs, 0 % idle',
			}),
		]);
	});

	it('sends no report where the cluster cannot be read', async () => {
		const cluster = await givenCluster();
		cluster.fault({ kind: 'html', status: 503, times: Infinity });
		const result = await start(cluster, setUp('weekly-report.json'));
		expect(result.status).toBe('error');
		expect(outputOf(result, 'Write the Mail')).toEqual([]);
	});
});
