import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { addExampleDeployments, example, exampleFiles, EXAMPLE_NODES } from '../examples';
import type { CredentialJson, Execution, SavedWorkflow } from '../rest';
import { draw, noOp } from './draw';
import { givenCluster, givenCredential, givenWorkflow, n8n, rest, writes } from './given';
import { setUp, type SetUp } from './steps';

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeEach(async () => {
	cluster = await givenCluster({ nodes: EXAMPLE_NODES });
	addExampleDeployments(cluster);
	credential = await givenCredential(cluster);
});

/** Imports a shipped workflow and does its set-up steps. */
async function imported(file: string, steps: SetUp = {}): Promise<SavedWorkflow> {
	return await givenWorkflow(setUp(example(file, credential), steps));
}

function green(execution: Execution): Execution {
	expect([execution.error?.message, execution.status]).toEqual([undefined, 'success']);
	return execution;
}

function ids(execution: Execution, node: string): unknown[] {
	return execution.output(node).map((item) => item.deployment_id);
}

describe('Every shipped workflow', () => {
	it.each(exampleFiles)('%s is imported with nodes that n8n knows', async (file) => {
		const { id } = await imported(file);
		const { nodes } = await rest.workflows.read(id);
		const known = new Set((await rest.nodeTypes.all()).map(({ name }) => name));
		const notKnown = nodes.map(({ type }) => type).filter((type) => !known.has(type));
		expect(notKnown.filter((type) => type !== 'n8n-nodes-base.stickyNote')).toEqual([]);
	});
});

const CAPPED: SetUp = {
	picks: { 'Cap by Night': 'my_model_for_search', 'Raise by Day': 'my_model_for_search' },
};

/** Main paths by hand, as shipped: dry run on. */
const paths: Array<{ file: string; from: string; ends: string; steps?: SetUp }> = [
	{ file: 'nights-off.json', from: 'Every Evening', ends: 'Stop Models' },
	{ file: 'night-cap.json', from: 'Every Evening', ends: 'Cap by Night', steps: CAPPED },
	{ file: 'night-cap.json', from: 'Every Morning', ends: 'Raise by Day', steps: CAPPED },
	{ file: 'cap-adaptive-by-night.json', from: 'Every Evening', ends: 'Set Night Bounds' },
	{ file: 'cap-adaptive-by-night.json', from: 'Every Morning', ends: 'Set Day Bounds' },
	{ file: 'idle-reaper.json', from: 'By Day', ends: 'Write the Report' },
	{ file: 'restart-what-vanished.json', from: 'When One Is Gone', ends: 'Write the Report' },
	{ file: 'reap-by-idle-event.json', from: 'When Idle', ends: 'Write the Report' },
	{
		file: 'warm-up.json',
		from: 'Before Office Hours',
		ends: 'Warm Up Model',
		steps: { picks: { 'Warm Up Model': 'search-shop', 'Let Model Sleep': 'search-shop' } },
	},
	{ file: 'weekly-report.json', from: 'Every Monday', ends: 'Write the Mail' },
];

describe('By hand and as shipped, a shipped workflow runs green and changes nothing', () => {
	it.each(paths)('$file from $from', async ({ file, from, ends, steps }) => {
		const execution = green(await rest.workflows.run(await imported(file, steps), { from }));
		expect(execution.output(ends).length).toBeGreaterThan(0);
		expect(writes(cluster)).toEqual([]);
	});

	it('alert-on-trouble.json ends red with a sample of what it would tell', async () => {
		const execution = await rest.workflows.run(await imported('alert-on-trouble.json'));
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('Sample: 2 models in trouble');
		expect(writes(cluster)).toEqual([]);
	});

	it('morning-watchdog.json ends before the alarm while all models are as wanted', async () => {
		const execution = green(await rest.workflows.run(await imported('morning-watchdog.json')));
		expect(ids(execution, 'Look at Model')).toEqual(['my_model_for_search', 'my_model_for_ingest']);
		expect(execution.runs('Write the Alarm')).toEqual([]);
	});

	it('morning-watchdog.json ends red where one is missing', async () => {
		cluster.removeDeployment('my_model_for_ingest');
		const execution = await rest.workflows.run(await imported('morning-watchdog.json'));
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('1 of 2 models are not as wanted');
	});
});

describe('With Dry Run off', () => {
	it('warm-up.json raises the minimum, and goes on when the model has answered', async () => {
		const picks = { 'Warm Up Model': 'search-shop', 'Let Model Sleep': 'search-shop' };
		const workflow = await imported('warm-up.json', { dryRun: false, picks });
		const morning = { from: 'Before Office Hours' };
		const execution = green(await rest.workflows.run(workflow, morning));
		expect(execution.output('Warm Up Model')).toMatchObject([{ probe: { answered: true } }]);
		green(await rest.workflows.run(workflow, { from: 'After Office Hours' }));
		expect(cluster.deployment('search-shop')?.adaptive_allocations).toMatchObject({
			min_number_of_allocations: 0,
		});
	});

	it('classify-with-your-model.json takes complaints another way', async () => {
		const task = 'text_classification';
		cluster.addDeployment({ deployment_id: 'reviews', model_id: 'reviews', task });
		const picks = { 'Classify Review': 'reviews' };
		const workflow = await imported('classify-with-your-model.json', { picks });
		const execution = green(await rest.workflows.run(workflow));
		const labels = execution
			.output('Classify Review')
			.map((item) => (item.result as IDataObject).predicted_value);
		expect(labels).toHaveLength(3);
		const complaints = labels.filter((label) => label === 'NEGATIVE');
		expect(execution.output('Is It a Complaint?')).toHaveLength(complaints.length);
	});

	it('cap-adaptive-by-night.json sets the bounds', async () => {
		const workflow = await imported('cap-adaptive-by-night.json', { dryRun: false });
		const execution = await rest.workflows.run(workflow, { from: 'Every Evening' });
		expect(ids(green(execution), 'Set Night Bounds')).toEqual(['search-shop']);
		expect(cluster.deployment('search-shop')?.adaptive_allocations).toMatchObject({
			min_number_of_allocations: 0,
			max_number_of_allocations: 1,
		});
	});

	it('office-hours-with-table.json stops in the evening and brings back in the morning, over a data table', async () => {
		const table = await rest.dataTables.create('office_restores', ['deployment_id', 'restore']);
		const tableNodes = ['Save Restore', 'Read Restores', 'Forget Restore'];
		const picks = Object.fromEntries(tableNodes.map((name) => [name, table.id]));
		const workflow = await imported('office-hours-with-table.json', { dryRun: false, picks });
		const before = cluster.deployment('office-reports');

		const evening = { from: 'Every Evening' };
		expect(ids(green(await rest.workflows.run(workflow, evening)), 'Stop Models')).toEqual([
			'office-reports',
		]);
		expect(cluster.deployment('office-reports')).toBeUndefined();
		expect(await rest.dataTables.rows(table)).toMatchObject([{ deployment_id: 'office-reports' }]);

		const morning = { from: 'Every Morning' };
		green(await rest.workflows.run(workflow, morning));
		const { model_id, number_of_allocations, threads_per_allocation } = before ?? {};
		expect(cluster.deployment('office-reports')).toMatchObject({
			model_id,
			number_of_allocations,
			threads_per_allocation,
		});
		expect(await rest.dataTables.rows(table)).toEqual([]);
	});

	it('burst-for-bulk-ingest.json scales up for another workflow, and back', async () => {
		const ingest = await givenWorkflow(
			draw('the ingest', [
				{
					name: 'Called',
					type: 'n8n-nodes-base.executeWorkflowTrigger',
					typeVersion: 1.1,
					parameters: { inputSource: 'passthrough' },
				},
				noOp('Ingest'),
			]),
		);
		await rest.workflows.activate(ingest);
		const picks = {
			'Remember Size': 'my_model_for_search',
			'Run the Ingest': ingest.id,
		};
		const workflow = await imported('burst-for-bulk-ingest.json', { dryRun: false, picks });
		const execution = green(await rest.workflows.run(workflow, { from: 'Run by Hand' }));
		expect(execution.runs('Did It Fail?')).toHaveLength(1);
		const sent = writes(cluster).map(({ body }) => body as IDataObject);
		expect(sent.map((body) => body.number_of_allocations)).toEqual([6, 2]);
		expect((await rest.executions.of(ingest)).map(({ status }) => status)).toEqual(['success']);
	});

	it('wake-on-webhook.json wakes a model for who knows the secret, and answers when it is ready', async () => {
		const data = { name: 'x-secret', value: 'of the test' };
		const { id, name } = await rest.credentials.create('httpHeaderAuth', 'Wake Call', data);
		const workflow = await imported('wake-on-webhook.json', {
			dryRun: false,
			picks: { 'Wake Model': ['asleep', '.elser_model_2'] },
			credentials: { 'Wake Call': { httpHeaderAuth: { id, name } } },
		});
		await rest.workflows.activate(workflow);
		const call = async (headers: Record<string, string>) =>
			await fetch(`${n8n}/webhook/wake-model`, { method: 'POST', headers });

		expect((await call({})).status).toBe(403);
		expect(cluster.requests).toEqual([]);

		const answer = await call({ 'x-secret': 'of the test' });
		expect(answer.status).toBe(200);
		expect(await answer.json()).toMatchObject({ deployment_id: 'asleep', state: 'started' });
		expect(cluster.deployment('asleep')?.state).toBe('started');
	});
});
