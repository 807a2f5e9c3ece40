import type { EmbeddedCluster } from '../../cluster';
import { eventually, pause } from '../../eventually';
import { byId, draw, manual, ours } from './draw';
import { givenCluster, givenCredential, givenWorkflow, rest } from './given';

let cluster: EmbeddedCluster;

beforeEach(async () => {
	cluster = await givenCluster();
	cluster.addDeployment({
		deployment_id: 'never',
		model_id: '.elser_model_2',
		state: 'starting',
		never_starts: true,
	});
});

async function asked(times: number): Promise<void> {
	await eventually(() => cluster.requests.length >= times);
}

// Left alone, the wait takes 5 minutes and the request 1: longer than `ended` has patience.
describe('Stopping an execution', () => {
	it('cancels a node that waits, and nothing is sent any more', async () => {
		const credential = await givenCredential(cluster);
		const fields = { deploymentId: byId('never') };
		const nodes = [manual, ours(credential, 'waitUntilReady', fields)];
		const id = await rest.workflows.begin(await givenWorkflow(draw('wait', nodes)));
		await asked(3);

		await rest.executions.stop(id);

		expect((await rest.executions.ended(id)).status).toBe('canceled');
		cluster.resetLog();
		await pause(3_000);
		expect(cluster.requests).toEqual([]);
	});

	it('cancels a request that gets no answer, too', async () => {
		const credential = await givenCredential(cluster);
		cluster.fault({ kind: 'hang', path: '_stats' });
		const nodes = [manual, ours(credential, 'getMany', { returnAll: true })];
		const id = await rest.workflows.begin(await givenWorkflow(draw('hang', nodes)));
		await asked(1);

		await rest.executions.stop(id);

		expect((await rest.executions.ended(id)).status).toBe('canceled');
	});
});
