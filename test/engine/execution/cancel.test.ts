import type { EmbeddedCluster } from '../../cluster';
import { eventually, pause } from '../../eventually';
import {
	byId,
	credentialFor,
	givenCluster,
	lines,
	parameters,
	stop,
	theEngine,
	update,
	writes,
} from '../given';
import { warnings, type Logged } from '../harness/logs';
import { shownOf, startedBy } from '../../faults/restored';

/** Cancels a moment after the run got to where the test wants it; uncancelled, each takes minutes. */
async function cancelWhen(
	cluster: EmbeddedCluster,
	parameters: ReturnType<typeof stop>,
	isUnderWay: () => boolean,
) {
	const run = theEngine().runNode({ parameters, credentials: credentialFor(cluster) });
	await eventually(isUnderWay);
	await pause(200);
	run.cancel();
	return await run.result;
}

describe('stopping the execution', () => {
	it('ends a stop that finishes pending work; the cluster goes on with it', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', pending_requests: 5 });
		const result = await cancelWhen(
			cluster,
			stop('search', { finishPendingWork: true }),
			() => cluster.deployment('search')?.state === 'stopping',
		);
		expect(result.status).toBe('canceled');
		expect(cluster.deployment('search')?.state).toBe('stopping');
	});

	it.each([
		[
			"updated 'search'",
			update('search', { numberOfAllocations: 2, options: { waitFor: 'fully_allocated' } }),
		],
		["started 'e5'", parameters('start', { modelId: byId('e5') })],
	])('ends waiting, and leaves in the log that it %s', async (change, given) => {
		const cluster = await givenCluster({ allocationDelayMs: 600_000 });
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.addModel({ model_id: 'e5' });
		const { logs } = theEngine();
		logs.length = 0;
		const result = await cancelWhen(
			cluster,
			given,
			() => writes(cluster).length > 0 && cluster.requests.at(-1)?.method === 'GET',
		);
		expect(result.status).toBe('canceled');
		// n8n drops the output of a cancelled run.
		const line = logs.find((each) => each.includes('the run was cancelled')) ?? '';
		expect(line).toContain(change);
	});

	it('ends finding out what became of a start, and nothing is sent any more', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		cluster.fault({ kind: 'reset', path: /_start$/, times: Infinity });
		const start = parameters('start', { modelId: byId('search') });
		const result = await cancelWhen(cluster, start, () => writes(cluster).length > 0);
		expect(result.status).toBe('canceled');
		const sent = lines(cluster.requests);
		await pause(1_000);
		expect(lines(cluster.requests)).toEqual(sent);
		expect(writes(cluster)).toHaveLength(1);
	});

	it.each([
		['gone', { state: 'stopping' as const }],
		['started', { state: 'starting' as const }],
	])('ends a start that waits until the old one is %s', async (_name, seed) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', ...seed });
		const options = { whenExists: 'update' };
		const start = parameters('start', {
			modelId: byId('search'),
			numberOfAllocations: 2,
			options,
		});
		const looks = (): number => cluster.requests.filter(({ status }) => status > 0).length;
		const result = await cancelWhen(cluster, start, () => looks() > 1);
		expect(result.status).toBe('canceled');
		expect(writes(cluster)).toEqual([]);
	});

	it('ends an answer that trickles in', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'drip', path: /_update$/ });
		const result = await cancelWhen(cluster, update('search'), () => writes(cluster).length > 0);
		expect(result.status).toBe('canceled');
	});

	it('ends the pause before a repetition, and nothing is sent any more', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({
			kind: 'status',
			status: 503,
			headers: { 'retry-after': '30' },
			body: 'busy',
			times: Infinity,
		});
		const result = await cancelWhen(cluster, update('search'), () => cluster.requests.length > 0);
		expect(result.status).toBe('canceled');
		const sent = cluster.requests.length;
		await pause(300);
		expect(cluster.requests).toHaveLength(sent);
	});
});

describe('a cancel while a run ends that failed before', () => {
	const BOUNDS = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 };

	it.each([
		['a number', { number_of_allocations: 3, threads_per_allocation: 2, queue_capacity: 99 }],
		['bounds', { adaptive_allocations: BOUNDS }],
		['a low priority', { priority: 'low' as const }],
	])('logs all of one with %s that was stopped: n8n drops the error', async (_name, seed) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', model_id: 'my_model', ...seed });
		const before = shownOf(cluster.deployments()[0]);
		cluster.fault({ kind: 'hang', path: /_stop$/ });
		// The first item fails while the stop of the second one is under way.
		const effect = async () => await eventually(() => writes(cluster).length > 0);
		cluster.fault({ kind: 'effect', path: 'wrong/_stats', effect });
		const isAnswered = (): boolean =>
			cluster.requests.some(({ path, status }) => path.endsWith('/wrong/_stats') && status === 404);
		const { runNode } = theEngine();
		warnings.length = 0;
		const running = runNode({
			parameters: stop('={{ $json.id }}'),
			items: [{ id: 'wrong' }, { id: 'search' }],
			credentials: credentialFor(cluster),
		});
		await eventually(isAnswered);
		await pause(300);
		running.cancel();
		const result = await running.result;
		expect(result.status).toBe('canceled');
		const isTold = ({ message }: Logged): boolean =>
			message.startsWith('ML Deployment: the run was cancelled');
		const [told] = warnings.filter(isTold);
		const kept = told.metadata.restores as unknown[];
		expect(kept).toHaveLength(1);
		expect(startedBy(kept[0])).toEqual(before);
	});
});
