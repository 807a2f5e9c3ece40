import type { EmbeddedCluster } from '../../cluster';
import { eventually, pause } from '../../eventually';
import type { CredentialJson } from '../rest';
import { byId, draw, ours, type Sketch } from './draw';
import { givenCluster, givenCredential, givenWorkflow, lines, n8n, rest, writes } from './given';

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeEach(async () => {
	cluster = await givenCluster();
	credential = await givenCredential(cluster);
});

function webhook(path: string): Sketch {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
	};
}

const everySecond: Sketch = {
	name: 'Schedule',
	type: 'n8n-nodes-base.scheduleTrigger',
	typeVersion: 1.2,
	parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
};

async function call(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
	const response = await fetch(`${n8n}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return { status: response.status, body: await response.json() };
}

describe('A production webhook', () => {
	const scaleToBody = {
		deploymentId: byId('={{ $json.body.id }}'),
		numberOfAllocations: '={{ $json.body.allocations }}',
	};

	it('scales a deployment down and answers with the assignment', async () => {
		const nodes = [webhook('scale-down'), ours(credential, 'update', scaleToBody)];
		const workflow = await givenWorkflow(draw('webhook', nodes));
		await rest.workflows.activate(workflow);

		const answer = await call('scale-down', { id: 'elser-ingest', allocations: 1 });

		expect(answer).toMatchObject({
			status: 200,
			body: {
				deployment_id: 'elser-ingest',
				assignment: {
					task_parameters: { deployment_id: 'elser-ingest', number_of_allocations: 1 },
					assignment_state: 'started',
				},
			},
		});
		expect(cluster.deployment('elser-ingest')?.number_of_allocations).toBe(1);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/elser-ingest/deployment/_update {"number_of_allocations":1}',
		]);
		const [execution] = await rest.executions.of(workflow);
		expect(execution).toMatchObject({ mode: 'webhook', status: 'success' });
	});

	it('answers 500 and changes nothing where the call brings no number', async () => {
		const nodes = [webhook('scale-down-badly'), ours(credential, 'update', scaleToBody)];
		const workflow = await givenWorkflow(draw('bad webhook', nodes));
		await rest.workflows.activate(workflow);

		expect(await call('scale-down-badly', { id: 'elser-ingest' })).toMatchObject({ status: 500 });

		expect(writes(cluster)).toEqual([]);
		const [{ id, status }] = await rest.executions.of(workflow);
		expect(status).toBe('error');
		expect((await rest.executions.read(id)).error?.message).toContain("'Number of Allocations'");
	});

	it('is gone when the workflow is deactivated', async () => {
		const nodes = [webhook('scale-no-more'), ours(credential, 'update', scaleToBody)];
		const workflow = await givenWorkflow(draw('gone webhook', nodes));
		await rest.workflows.activate(workflow);
		await rest.workflows.deactivate(workflow);
		expect((await call('scale-no-more', {})).status).toBe(404);
		expect(cluster.requests).toEqual([]);
	});
});

describe('An active schedule', () => {
	it('scales down again and again, and stops when it is deactivated', async () => {
		const fields = { deploymentId: byId('elser-ingest'), numberOfAllocations: 1 };
		const nodes = [everySecond, ours(credential, 'scale', fields)];
		const workflow = await givenWorkflow(draw('schedule', nodes));
		const down = () => cluster.deployment('elser-ingest')?.number_of_allocations === 1;
		await rest.workflows.activate(workflow);

		await eventually(down);
		cluster.changeDeployment('elser-ingest', { number_of_allocations: 2 });
		await eventually(down);
		await rest.workflows.deactivate(workflow);

		// One may still run.
		await pause(1_000);
		cluster.changeDeployment('elser-ingest', { number_of_allocations: 2 });
		cluster.resetLog();
		await pause(4_500);
		expect(cluster.requests).toEqual([]);
		expect(down()).toBe(false);
		const executions = await rest.executions.of(workflow);
		expect(executions.map(({ mode, status }) => `${mode} ${status}`)).toEqual(
			executions.map(() => 'trigger success'),
		);
		expect(executions.length).toBeGreaterThanOrEqual(2);
	});
});
