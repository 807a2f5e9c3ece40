import { startCluster, type EmbeddedCluster, type LoggedRequest } from '../../cluster';
import { eventually } from '../../eventually';
import { credentialFor } from '../../given';
import { callAtOnce, type Answer } from '../queue/calls';
import { startQueueMode, type QueueMode } from '../queue/queueMode';
import type { CredentialJson, Execution, SavedWorkflow } from '../rest';
import { byId, draw, ours, type Sketch } from './draw';

const CALLS = 100;
/** What n8n gives a worker to do at the same moment. */
const JOBS_OF_A_WORKER = 10;

interface Call {
	id: string;
	allocations: number;
}

/** One deployment each, so that every call leaves a trace of its own. */
const calls: Call[] = Array.from({ length: CALLS }, (_, turn) => ({
	id: `ner-${turn}`,
	allocations: 2 + (turn % 3),
}));

let queue: QueueMode;
let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeAll(async () => {
	cluster = await startCluster({
		nodes: [{ id: 'big', name: 'big', processors: 1_000, memoryBytes: 2 ** 40 }],
	});
	queue = await startQueueMode({ workers: 2 });
	const data = credentialFor(cluster);
	credential = await queue.main.rest.credentials.create('elasticsearchMlApi', 'Cluster', data);
}, 240_000);

beforeEach(() => {
	for (const { id } of calls) cluster.addDeployment({ deployment_id: id });
	cluster.resetLog();
});

afterAll(async () => {
	await queue?.close();
	await cluster?.close();
}, 60_000);

function webhook(path: string): Sketch {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
	};
}

/** A production webhook that hands a call to our node. */
async function listening(operation: string, fields = {}): Promise<SavedWorkflow> {
	const deploymentId = byId('={{ $json.body.id }}');
	const node = ours(credential, operation, { deploymentId, ...fields });
	const { workflows } = queue.main.rest;
	const workflow = await workflows.create(draw(operation, [webhook(operation), node]));
	await workflows.activate(workflow);
	return workflow;
}

async function callAll(path: string): Promise<Array<Answer<Call>>> {
	return await callAtOnce(`${queue.main.url}/webhook/${path}`, calls);
}

async function executionsOf(workflow: SavedWorkflow): Promise<Execution[]> {
	const { executions } = queue.main.rest;
	const found = await executions.of(workflow, CALLS);
	return await Promise.all(found.map(async ({ id }) => await executions.ended(id)));
}

/** For whom an execution was; of one that died with its worker n8n keeps no data. */
function callOf(execution: Execution): string {
	const [{ body }] = execution.output('Webhook');
	return (body as unknown as Call).id;
}

/** Requests that end so, by the execution that sent them: a header names it. */
function sentBy(suffix: string): Map<string, LoggedRequest[]> {
	const sent = new Map<string, LoggedRequest[]>();
	for (const request of cluster.requests) {
		if (!request.path.endsWith(suffix)) continue;
		const [, execution] = /execution (\w+)$/.exec(String(request.headers['x-opaque-id'])) ?? [];
		sent.set(execution, [...(sent.get(execution) ?? []), request]);
	}
	return sent;
}

function idIn({ path }: LoggedRequest): string {
	return path.split('/')[3];
}

/** The ids in an order that tells nothing. */
function ids(of: string[]): string[] {
	return [...of].sort();
}

function jobsDone({ log }: QueueMode['main']): number {
	return log().split('Worker finished execution').length - 1;
}

describe('Queue mode with two workers', () => {
	it('carries each of 100 calls at once out exactly once', async () => {
		const numberOfAllocations = '={{ $json.body.allocations }}';
		const workflow = await listening('scale', { numberOfAllocations });

		const answers = await callAll('scale');

		expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
		for (const { call, body } of answers) {
			expect(body).toMatchObject({
				deployment_id: call.id,
				action: 'update',
				changed: true,
				number_of_allocations: call.allocations,
			});
			expect(cluster.deployment(call.id)?.number_of_allocations).toBe(call.allocations);
		}
		const executions = await executionsOf(workflow);
		expect(executions.map(({ status }) => status)).toEqual(calls.map(() => 'success'));
		expect(ids(executions.map(callOf))).toEqual(ids(calls.map(({ id }) => id)));
		const updates = sentBy('_update');
		expect(ids([...updates.keys()])).toEqual(ids(executions.map(({ id }) => id)));
		expect([...updates.values()].flat()).toHaveLength(CALLS);
		// Both had a share, and both are there for more.
		const shares = queue.workers.map(jobsDone);
		expect(shares[0] + shares[1]).toBe(CALLS);
		expect(Math.min(...shares)).toBeGreaterThan(JOBS_OF_A_WORKER);
		expect(queue.workers.map(({ running }) => running)).toEqual([true, true]);
	}, 120_000);

	it('reports what a killed worker had, and loses nothing in silence', async () => {
		const workflow = await listening('stop');
		cluster.fault({ kind: 'latency', ms: 500, path: '_stop', times: CALLS });
		const stops = () => cluster.requests.filter(({ path }) => path.endsWith('_stop')).length;

		const answering = callAll('stop');
		await eventually(() => stops() >= CALLS / 4, 60_000);
		queue.workers[0].kill('SIGKILL');
		const answers = await answering;

		expect(queue.workers.map(({ running }) => running)).toEqual([false, true]);
		const succeeded = answers.filter(({ status }) => status === 200);
		const failed = answers.filter(({ status }) => status === 500);
		expect(succeeded.length + failed.length).toBe(CALLS);
		expect(failed.length).toBeGreaterThan(0);
		expect(failed.length).toBeLessThanOrEqual(JOBS_OF_A_WORKER);

		// Where the answer was good the caller holds what a start needs, n8n says so, and it is true.
		const executions = await executionsOf(workflow);
		expect(executions).toHaveLength(CALLS);
		const good = new Map(
			executions.filter(({ status }) => status === 'success').map((each) => [callOf(each), each]),
		);
		expect(ids([...good.keys()])).toEqual(ids(succeeded.map(({ call }) => call.id)));
		for (const { call, body } of succeeded) {
			expect(body).toMatchObject({ deployment_id: call.id, action: 'stop', changed: true });
			expect(JSON.parse((body as { restore: string }).restore)).toMatchObject({
				deployment_id: call.id,
				number_of_allocations: 1,
			});
			expect(good.get(call.id)?.output('ML Deployment')).toEqual([body]);
			expect(cluster.deployment(call.id)).toBeUndefined();
		}

		// The rest may have been stopped or not, and n8n reports each of them.
		const bad = executions.filter(({ status }) => status === 'error');
		expect(bad).toHaveLength(failed.length);
		for (const { error } of bad) {
			expect(error?.message).toContain('failed to be processed too many times');
		}
		const failedIds = failed.map(({ call }) => call.id);
		const stopsOf = sentBy('_stop');
		const sent = bad.flatMap(({ id }) => stopsOf.get(id) ?? []);
		expect(failedIds).toEqual(expect.arrayContaining(sent.map(idIn)));
		const running = cluster.deployments().map(({ deployment_id: id }) => id);
		expect(failedIds).toEqual(expect.arrayContaining(running));
		// Nobody took up a dead worker's stop again behind the user's back.
		expect([...stopsOf.values()].filter(({ length }) => length > 1)).toEqual([]);

		// The failed calls made again do what is left to do.
		cluster.clearFaults();
		const again = await callAtOnce(
			`${queue.main.url}/webhook/stop`,
			failed.map(({ call }) => call),
		);
		expect(again.map(({ status }) => status)).toEqual(failed.map(() => 200));
		for (const { call, body } of again) {
			const left = running.includes(call.id);
			expect(body).toMatchObject(
				left ? { action: 'stop' } : { action: 'none', reason: 'not_deployed' },
			);
		}
		expect(cluster.deployments()).toEqual([]);
	}, 180_000);
});
