import type { INodeParameters } from 'n8n-workflow';

import type { DeploymentView, EmbeddedCluster } from '../../cluster';
import { eventually } from '../../eventually';
import { openBrowser, type Window } from '../browser/browser';
import { Canvas } from '../browser/canvas';
import { Clicks } from '../browser/clicks';
import { NodeCreator } from '../browser/nodeCreator';
import { NodePanel } from '../browser/nodePanel';
import { Screenshots } from '../browser/screenshots';
import { signIn } from '../browser/signIn';
import { OWNER } from '../host';
import type { SavedWorkflow } from '../rest';
import { drawnWorkflow, givenCluster, givenCredential, lines, n8n, rest, writes } from './given';

/** The first hour of a person who has saved the credential: from an empty canvas, with counted clicks. */

const INSTALL_MS = 300_000;
const DRAW_MS = 120_000;
const EVENING = 'Schedule Trigger';
const MORNING = 'Schedule Trigger1';

let cluster: EmbeddedCluster;
let window: Window;
let canvas: Canvas;
let creator: NodeCreator;
let node: NodePanel;
let clicks: Clicks;
let screenshots: Screenshots;

beforeAll(async () => {
	window = await openBrowser();
	const { page } = window;
	creator = new NodeCreator(page);
	canvas = new Canvas(page, creator);
	node = new NodePanel(page);
	clicks = new Clicks(page);
	screenshots = new Screenshots(page);
	await signIn(page, n8n, '/workflow/new', OWNER);
}, INSTALL_MS);

beforeEach(async () => {
	cluster = await givenCluster();
	// Before 9.3 a start may drop what sleeps at zero; here all is to be as it was.
	cluster.set({ losesSleeping: false });
	for (const [index, id] of ['batch-ingest', 'batch-nightly', 'batch-reports'].entries()) {
		const model_id = '.elser_model_2';
		cluster.addDeployment({ deployment_id: id, model_id, number_of_allocations: index + 1 });
	}
	// With a single credential of our type, n8n chooses it for a new node.
	for (const { id } of await rest.credentials.all()) {
		await rest.http.ask('DELETE', `/credentials/${id}`);
	}
	await givenCredential(cluster);
	await canvas.openNew(n8n);
	await clicks.count();
}, DRAW_MS);

afterAll(async () => await window?.browser.close());

function draws(what: string, steps: () => Promise<void>): void {
	it(
		what,
		async () =>
			await steps().catch(async (error: unknown) => {
				const file = await screenshots.ofFailure();
				throw new Error(`What the page looked like: ${file}`, { cause: error });
			}),
		DRAW_MS,
	);
}

/** A trigger for an hour of each day, as the first node or apart from the others. */
async function addSchedule(hour: string): Promise<void> {
	await creator.take('schedule', 'Schedule Trigger');
	await node.choose('triggerAtHour', hour);
	await node.close();
}

/** What n8n has saved: each node's type and the fields that differ from a new one's. */
async function drawn(): Promise<{ workflow: SavedWorkflow; fields: INodeParameters[] }> {
	const workflow = await drawnWorkflow(canvas.workflowId());
	return { workflow, fields: workflow.nodes.map(({ parameters }) => parameters) };
}

/** How a deployment is set up, whenever it was started. */
function settings(): Array<Partial<DeploymentView>> {
	return cluster
		.deployments()
		.map(({ deployment_id, model_id, state, number_of_allocations, ...other }) => ({
			deployment_id,
			model_id,
			state,
			number_of_allocations,
			threads: other.threads_per_allocation,
			queue_capacity: other.queue_capacity,
			priority: other.priority,
			adaptive_allocations: other.adaptive_allocations,
		}));
}

function running(pattern: RegExp): string[] {
	const ids = cluster.deployments().map(({ deployment_id }) => deployment_id);
	return ids.filter((id) => pattern.test(id));
}

/** The schedule comes now; the other one stays where it is. */
async function comes(workflow: SavedWorkflow, trigger: string): Promise<void> {
	const now = { interval: [{ field: 'seconds', secondsInterval: 1 }] };
	const never = { interval: [{ field: 'months', monthsInterval: 12 }] };
	const nodes = workflow.nodes.map((each) =>
		each.type.endsWith('scheduleTrigger')
			? { ...each, parameters: { rule: each.name === trigger ? now : never } }
			: each,
	);
	const { connections } = workflow;
	const changed = { nodes, connections };
	await rest.workflows.activate(
		await rest.http.ask<SavedWorkflow>('PATCH', `/workflows/${workflow.id}`, changed),
	);
}

async function drawNightsOff(): Promise<void> {
	await canvas.addFirst();
	await addSchedule('8pm');
	await canvas.addBehind(EVENING);
	await creator.takeAction('stop model', 'Stop a deployment');
	await node.choose('target', 'All That Match a Pattern');
	await node.type('pattern', 'batch-*');
	await node.leave();
	await canvas.addApart();
	await addSchedule('7am');
	await canvas.addBehind(MORNING);
	await creator.takeAction('start model', 'Start a deployment');
	await node.choose('startFrom', 'What This Workflow Stopped');
	await node.close();
}

describe('From an empty canvas', () => {
	draws(
		'models go off at night and are back in the morning: 4 nodes, at most 15 clicks',
		async () => {
			const before = settings();
			await drawNightsOff();
			await canvas.publish();

			expect(await clicks.counted()).toBeLessThanOrEqual(15);
			const { workflow, fields } = await drawn();
			expect(fields).toEqual([
				{ rule: { interval: [{ triggerAtHour: 20 }] } },
				{ operation: 'stop', target: 'pattern', pattern: 'batch-*', options: {} },
				{ rule: { interval: [{ triggerAtHour: 7 }] } },
				{ operation: 'start', startFrom: 'remembered', options: {} },
			]);
			expect(workflow.connections).toEqual({
				[EVENING]: { main: [[{ node: 'Stop a deployment', type: 'main', index: 0 }]] },
				[MORNING]: { main: [[{ node: 'Start a deployment', type: 'main', index: 0 }]] },
			});

			await comes(workflow, EVENING);
			await eventually(() => running(/^batch-/).length === 0);
			await comes(workflow, MORNING);
			await eventually(() => running(/^batch-/).length === 3);
			await rest.workflows.deactivate(workflow);
			await eventually(() => cluster.deployment('batch-reports')?.state === 'started');
			expect(settings()).toEqual(before);
		},
	);

	draws('a try by hand says what it does not keep, and the morning says what to do', async () => {
		await drawNightsOff();
		await canvas.tidyUp();
		const { workflow } = await drawn();

		await canvas.executeFrom(EVENING);
		await eventually(() => running(/^batch-/).length === 0);
		await canvas.open('Stop a deployment');
		await node.table.waitFor();
		expect(await node.output.innerText()).toContain(
			'This run by hand is not remembered: only later nodes of it can start again what it stopped',
		);
		await node.close();

		await canvas.executeFrom(MORNING);
		await eventually(async () => (await rest.executions.of(workflow)).length === 2);
		await canvas.open('Start a deployment');
		await node.errorMessage.waitFor();
		expect(await node.errorDescription.innerText()).toMatch(/by hand/);
		expect(running(/^batch-/)).toEqual([]);
	});

	draws('a deployment is capped at night: 2 nodes, at most 12 clicks', async () => {
		await canvas.addFirst();
		await addSchedule('8pm');
		await canvas.addBehind(EVENING);
		await creator.takeAction('scale model', 'Scale a deployment');
		await node.pick('deploymentId', 'batch-reports');
		await node.choose('sizeRule', 'At Most');
		await node.close();
		await canvas.publish();

		expect(await clicks.counted()).toBeLessThanOrEqual(12);
		const { workflow, fields } = await drawn();
		expect(fields).toMatchObject([{}, { operation: 'scale', sizeRule: 'atMost' }]);
		cluster.resetLog();
		for (let night = 1; night <= 2; night++) await rest.workflows.run(workflow);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/batch-reports/deployment/_update {"number_of_allocations":1}',
		]);
	});

	draws('a webhook wakes a deployment, and never shrinks what runs: 3 nodes', async () => {
		await canvas.addFirst();
		await creator.take('webhook', 'Webhook');
		await node.choose('responseMode', "Using 'Respond to Webhook' Node");
		await node.close();
		await canvas.addBehind('Webhook');
		await creator.takeAction('scale model', 'Scale a deployment');
		await node.pick('deploymentId', 'batch-reports');
		await node.choose('sizeRule', 'At Least');
		await node.choose('ifNotRunning', 'Start Its Model');
		await node.pick('modelId', '.elser_model_2');
		await node.close();
		await canvas.addBehind('Scale a deployment');
		await creator.take('respond to webhook', 'Respond to Webhook');
		await node.close();
		await canvas.publish();

		expect(await clicks.counted()).toBeLessThanOrEqual(15);
		const { workflow } = await drawn();
		expect(workflow.nodes).toHaveLength(3);
		const { path } = workflow.nodes[0].parameters;
		const call = async () => {
			const response = await fetch(`${n8n}/webhook/${String(path)}`);
			expect(response.status).toBe(200);
			return (await response.json()) as unknown;
		};

		cluster.resetLog();
		expect(await call()).toMatchObject({ action: 'none', number_of_allocations: 3 });
		expect(writes(cluster)).toEqual([]);
		cluster.removeDeployment('batch-reports');
		expect(await call()).toMatchObject({ action: 'start', number_of_allocations: 1 });
		expect(cluster.deployment('batch-reports')).toMatchObject({ model_id: '.elser_model_2' });
	});
});
