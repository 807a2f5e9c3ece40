import type { EmbeddedCluster } from '../../cluster';
import { CHANGE_KEYS } from '../../given';
import { openBrowser, WINDOW, type Window } from '../browser/browser';
import { Canvas } from '../browser/canvas';
import { CredentialForm } from '../browser/credentialForm';
import { NodeCreator } from '../browser/nodeCreator';
import { NodePanel } from '../browser/nodePanel';
import { Screenshots, UPDATE } from '../browser/screenshots';
import { signIn } from '../browser/signIn';
import { testId } from '../browser/testId';
import { example } from '../examples';
import { OWNER } from '../host';
import { byId, draw, manual, noOp, ours } from './draw';
import { givenCluster, givenCredential, givenWorkflow, lines, n8n, rest, writes } from './given';

const INSTALL_MS = 300_000;
const STEP_MS = 90_000;
/** A usual screen. */
const SCREEN = { width: 1920, height: 1080 };

let cluster: EmbeddedCluster;
let window: Window;
let screenshots: Screenshots;
let canvas: Canvas;
let creator: NodeCreator;
let node: NodePanel;
let credential: CredentialForm;

beforeAll(async () => {
	// An address that a reader of the README knows.
	cluster = await givenCluster(UPDATE ? { port: 9200 } : {});
	// Of other test files: n8n would choose one of them for the new node.
	for (const { id } of await rest.credentials.all()) {
		await rest.http.ask('DELETE', `/credentials/${id}`);
	}
	window = await openBrowser();
	const { page } = window;
	screenshots = new Screenshots(page);
	creator = new NodeCreator(page);
	canvas = new Canvas(page, creator);
	node = new NodePanel(page);
	credential = new CredentialForm(page);
}, INSTALL_MS);

afterAll(async () => await window?.browser.close());

/** One thing that the person does; each begins where the one before ended. */
function does(what: string, steps: () => Promise<void>): void {
	it(
		what,
		async () =>
			await steps().catch(async (error: unknown) => {
				const file = await screenshots.ofFailure();
				throw new Error(`What the page looked like: ${file}`, { cause: error });
			}),
		STEP_MS,
	);
}

describe('A person who is new to the node', () => {
	does('signs in and opens a new workflow', async () => {
		await signIn(window.page, n8n, '/workflow/new', OWNER);
		await window.page.locator(testId('canvas-plus-button')).click();
		await creator.search.waitFor();
	});

	for (const words of ['scale', 'ml', 'elasticsearch', 'start model', 'deployment', 'stop model']) {
		does(`finds it by the words: ${words}`, async () => {
			const found = await creator.find(words, 'ML Deployment');
			// The first step of a workflow is a trigger, so n8n describes ours.
			expect(await found.innerText()).toContain(
				'Starts a workflow when an Elasticsearch trained model deployment fails',
			);
			const icon = await found.locator('img').first().getAttribute('src');
			expect(icon).toMatch(/n8n-nodes-elasticsearch-ml\/.*mlDeployment\.svg$/);
		});
	}

	does('sees what it can do', async () => {
		await screenshots.of('find-node', {
			across: [creator.panel],
			from: creator.search,
			to: creator.items.last(),
		});
		await creator.item('ML Deployment').click();
		await creator.item('On disappeared').waitFor();
		const last = creator.item('Wait until a deployment is ready');
		await creator.openActions('Wait until a deployment is ready');
		const actions = await creator.items.allInnerTexts();
		expect(actions.map((text) => text.trim())).toEqual(
			expect.arrayContaining([
				'Clear the cache of a deployment',
				'Get a deployment',
				'Get many deployments',
				'Run inference on a deployment',
				'Scale a deployment',
				'Start a deployment',
				'Stop a deployment',
				'Update a deployment',
				'Wait until a deployment is ready',
			]),
		);
		await last.scrollIntoViewIfNeeded();
		await screenshots.of('actions', {
			across: [creator.panel],
			from: creator.headings.last(),
			to: last,
		});
	});

	does('adds it', async () => {
		await creator.item('Update a deployment').click();
		await node.parameters.waitFor();
		expect(await node.title.innerText()).toBe('Update a deployment');
		expect(await node.labels()).toEqual([
			'Resource',
			'Operation',
			'Deployment',
			'Allocation Mode',
			'Number of Allocations',
			'Dry Run',
			'Options',
		]);
	});

	does('is told that a key is wrong', async () => {
		await node.connect();
		await credential.field('endpoint').waitFor();
		expect(await credential.fields()).toEqual([
			'Cluster Endpoint',
			'API Key',
			'Read Only',
			'CA Certificate (PEM)',
			'Ignore SSL Issues (Insecure)',
			'Allowed HTTP Request Domains',
		]);
		await credential.field('endpoint').fill(cluster.endpoint);
		await credential.field('apiKey').fill(Buffer.from('wrong:key').toString('base64'));
		await credential.saveRefused('Elasticsearch does not accept the API key');
	});

	does('makes the credential, and sees it tested', async () => {
		await credential.field('apiKey').fill(cluster.apiKey);
		await credential.save();
		await node.openCredential();
		await credential.success.waitFor();
		expect(await credential.success.innerText()).toContain('Connection tested successfully');
		await screenshots.of('credential', {
			across: [credential.dialog],
			from: credential.name,
			to: credential.row('readOnly'),
		});
		await credential.close();
	});

	does('picks a deployment by typing a part of its name', async () => {
		await node.typeToFind('elser');
		await node.choice('e5-trial').waitFor({ state: 'hidden' });
		await node.choice('elser-search').waitFor();
		expect(await node.choices.allInnerTexts()).toEqual([
			'.elser-2-elasticsearch (inference endpoint)',
			'elser-ingest (.elser_model_2)',
			'elser-search (.elser_model_2, adaptive)',
		]);
		await screenshots.of('pick-deployment', {
			across: [node.parameters],
			from: node.credential,
			to: node.choices.last(),
		});
		await node.choice('elser-ingest').click();
		expect(await node.deployment.inputValue()).toBe('elser-ingest (.elser_model_2)');
	});

	does('runs it and sees the assignment', async () => {
		cluster.resetLog();
		await node.giveNumber('numberOfAllocations', 3);
		await node.execute();
		const output = await node.result();
		expect(output.split(/\s+/).slice(0, CHANGE_KEYS.length + 1)).toEqual([
			...CHANGE_KEYS,
			'assignment',
		]);
		expect(output).toMatch(/elser-ingest\s+update\s+true\s+null\s+started\s+3\s+3\s+null/);
		expect(output).toMatch(/number_of_allocations\s*:\s*3/);
		expect(output).toMatch(/assignment_state\s*:\s*started/);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/elser-ingest/deployment/_update {"number_of_allocations":3}',
		]);
		await node.show('json');
		await screenshots.of('result', {
			across: [node.parameters, node.output],
			from: node.executeButton,
			to: node.addOption,
		});
		await node.show('table');
	});

	does('is told what to do about an id that no deployment has', async () => {
		await node.giveId('elser-serach');
		await node.execute();
		await node.errorMessage.waitFor();
		expect(await node.errorMessage.innerText()).toBe("No deployment is called 'elser-serach'");
		expect(await node.errorDescription.innerText()).toMatch(
			/^Did you mean 'elser-search'\? Pick it from the list, or check the/,
		);
		await screenshots.of('error', {
			across: [node.parameters, node.output],
			from: node.executeButton,
			to: node.field('numberOfAllocations'),
		});
	});

	does('sees all keys of ten deployments side by side', async () => {
		for (const id of ['batch-ingest', 'batch-nightly', 'batch-reports', 'my_model_for_search']) {
			const model_id = '.multilingual-e5-small';
			cluster.addDeployment({ deployment_id: id, model_id, number_of_allocations: 2 });
		}
		await canvas.openNew(n8n);
		await window.page.setViewportSize(SCREEN);
		await canvas.addFirst();
		await creator.takeAction('deployment', 'Get many deployments');
		await node.execute();
		await node.result();
		await node.widenOutput();
		const table = await node.table.boundingBox();
		const panel = await node.output.boundingBox();
		if (table === null || panel === null) throw new Error('There is no table');
		expect(table.width).toBeLessThanOrEqual(panel.width);
		await screenshots.of('get-many', {
			across: [node.output],
			from: node.executeButton,
			to: table.height < panel.height ? node.table : node.output,
		});
		await window.page.setViewportSize(WINDOW);
	});

	does('stops what matches a pattern, and is told what was left alone', async () => {
		await canvas.openNew(n8n);
		await canvas.addFirst();
		await creator.takeAction('stop model', 'Stop a deployment');
		await node.choose('target', 'All That Match a Pattern');
		await node.type('pattern', 'e5-*,.elser-*');
		await node.execute();
		await node.result();
		expect(await node.hints()).toEqual([
			"Stopped 2 of 3, 1 vCPU free. Left alone: '.elser-2-elasticsearch' (endpoint_owned). " +
				'This run by hand is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
		]);
		await screenshots.of('summary', {
			across: [node.parameters, node.output],
			from: node.executeButton,
			to: node.addOption,
		});
	});

	does('is told what of a pattern was done, and what was refused', async () => {
		await node.type('pattern', 'elser-*');
		await node.execute();
		await node.errorMessage.waitFor();
		expect(await node.errorMessage.innerText()).toBe('1 of 2 deployments was not stopped');
		expect(await node.openErrorData()).toMatch(
			/\{ "done": \[ \{ "deployment_id": "elser-search", "action": "stop", .* "restore": "\{/,
		);
		await screenshots.of('error-data', {
			across: [node.output],
			from: node.executeButton,
			to: node.otherInfo,
		});
	});

	does('opens the example that stops models at night', async () => {
		const [credential] = await rest.credentials.all();
		const { id } = await givenWorkflow(example('nights-off.json', credential));
		await canvas.openSaved(n8n, id, 'Start Models');
		const subtitle = canvas.node('Start Models').locator('text=Start: from memory');
		await screenshots.of('nights-off', {
			across: [canvas.note, canvas.label('End With Error')],
			from: canvas.note,
			to: subtitle,
		});
	});
});

describe('A person with a model of their own', () => {
	does('asks it, and sees its answer', async () => {
		const task = 'text_classification';
		cluster.addDeployment({ deployment_id: 'reviews', model_id: 'my_reviews_model', task });
		const nodes = [
			manual,
			ours(await givenCredential(cluster), 'infer', {
				deploymentId: byId('reviews'),
				text: 'My parcel never came, and nobody answers the phone.',
			}),
		];
		const { id } = await givenWorkflow(draw('Ask', nodes));
		await canvas.openSaved(n8n, id, 'ML Deployment');
		await canvas.open('ML Deployment');
		await node.execute();
		expect(await node.result()).toMatch(/predicted_value\s*:\s*(NEGATIVE|POSITIVE)/);
		await node.show('json');
		await screenshots.of('infer', {
			across: [node.parameters, node.output],
			from: node.executeButton,
			to: node.addOption,
		});
	});
});

describe('A person who wants to be told', () => {
	does('sees a sample of each event', async () => {
		const trigger = {
			...ours(await givenCredential(cluster), ''),
			name: 'ML Deployment Trigger',
			type: 'n8n-nodes-elasticsearch-ml.mlDeploymentTrigger',
			parameters: { events: ['failed', 'disappeared', 'stuck'] },
		};
		const { id } = await givenWorkflow(draw('Tell', [trigger, noOp('Tell Somebody')]));
		await canvas.openSaved(n8n, id, 'ML Deployment Trigger');
		await canvas.open('ML Deployment Trigger');
		await node.execute();
		await node.show('table');
		const result = await node.result();
		for (const event of ['failed', 'disappeared', 'stuck']) expect(result).toContain(event);
		expect(result).toContain('sample');
		await node.show('json');
		await screenshots.of('trigger', {
			across: [node.parameters, node.output],
			from: node.executeButton,
			to: node.addOption,
		});
	});
});
