/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { IDataObject, INode } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { eventually } from '../../eventually';
import { credentialFor } from '../../given';
import { startHost, type Host } from '../host';
import { startQueueMode, type QueueMode } from '../queue/queueMode';
import type { CredentialJson, Execution, Rest, SavedWorkflow, WorkflowJson } from '../rest';
import { byId, draw, items, manual, ours, type Sketch } from './draw';
import { givenCluster, givenCredential, givenWorkflow, n8n, rest } from './given';

/**
 * Stop and Start in runs of their own: what one stopped the other finds in n8n's static data.
 * Webhooks stand for the two schedules where the clock does not matter.
 */

const NIGHT = { target: 'pattern', pattern: 'night-*' };
const REMEMBERED = { startFrom: 'remembered' };

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeEach(async () => {
	cluster = await givenCluster();
	addNight(cluster);
	credential = await givenCredential(cluster);
});

/** A fixed and an adaptive deployment. */
function addNight(to: EmbeddedCluster): void {
	const model = { model_id: '.elser_model_2' };
	to.addDeployment({ ...model, deployment_id: 'night-a', number_of_allocations: 1 });
	to.addDeployment({
		...model,
		deployment_id: 'night-b',
		number_of_allocations: 1,
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 3,
		},
	});
}

function running(on = cluster): string[] {
	return on
		.deployments()
		.map(({ deployment_id: id }) => id)
		.filter((id) => id.startsWith('night-'))
		.sort();
}

function webhook(name: string, called: string): Sketch {
	return {
		name,
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: called,
		parameters: { httpMethod: 'POST', path: called, responseMode: 'lastNode', options: {} },
	};
}

function schedule(name: string, at: Date): Sketch {
	const [seconds, minutes] = [at.getUTCSeconds(), at.getUTCMinutes()];
	const day = `${at.getUTCDate()} ${at.getUTCMonth() + 1}`;
	const expression = `${seconds} ${minutes} ${at.getUTCHours()} ${day} *`;
	return {
		name,
		type: 'n8n-nodes-base.scheduleTrigger',
		typeVersion: 1.2,
		parameters: { rule: { interval: [{ field: 'cronExpression', expression }] } },
	};
}

const everySecond: Sketch = {
	name: 'Schedule',
	type: 'n8n-nodes-base.scheduleTrigger',
	typeVersion: 1.2,
	parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
};

const stop = (by = credential, fields: IDataObject = {}): Sketch =>
	ours(by, 'stop', { ...NIGHT, ...fields } as INode['parameters'], { name: 'Stop' });

const start = (by = credential, fields: IDataObject = {}): Sketch =>
	ours(by, 'start', { ...REMEMBERED, ...fields } as INode['parameters'], { name: 'Start' });

/** Evening stops, Morning starts; `called` makes the webhooks' paths. */
function nights(called: string, by = credential): WorkflowJson {
	const [evening, morning] = [`${called}-evening`, `${called}-morning`];
	const nodes = [webhook('Evening', evening), stop(by), webhook('Morning', morning), start(by)];
	return draw(called, nodes, { Stop: [] });
}

async function published(workflow: WorkflowJson): Promise<SavedWorkflow> {
	const saved = await givenWorkflow(workflow);
	await rest.workflows.activate(saved);
	return saved;
}

/** Calls a webhook; the execution as n8n keeps it. */
async function run(
	workflow: SavedWorkflow,
	called: string,
	body: IDataObject = {},
	on: { url: string; rest: Rest } = { url: n8n, rest },
): Promise<Execution> {
	const before = await on.rest.executions.of(workflow);
	await fetch(`${on.url}/webhook/${called}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const isNew = async () => (await on.rest.executions.of(workflow)).length > before.length;
	await eventually(isNew);
	const [{ id }] = await on.rest.executions.of(workflow);
	return await on.rest.executions.ended(id);
}

interface Kept {
	version: number;
	clusters: string[];
	stopped: string[];
	dropped: IDataObject[];
}

/** What n8n's database holds for the workflow. */
async function memoryOf({ id }: SavedWorkflow, by: Rest = rest): Promise<Kept | undefined> {
	const { staticData } = await by.http.ask<{ staticData: IDataObject | null }>(
		'GET',
		`/workflows/${id}`,
	);
	const global = staticData?.global as IDataObject | undefined;
	return global?.mlDeployments as Kept | undefined;
}

function idsIn({ stopped }: Kept): string[] {
	return stopped.map((text) => (JSON.parse(text) as { deployment_id: string }).deployment_id);
}

function done(execution: Execution, node: string): string[] {
	return execution
		.output(node)
		.map(({ deployment_id: id, action, reason }) => `${id} ${action} ${reason}`);
}

function hintsOf(execution: Execution, node: string): string {
	const hints = execution.runs(node).at(-1)?.hints ?? [];
	return hints.map(({ message }) => message).join(' ');
}

/** The node found nothing, and said where else to look. */
function expectToldWhere({ status, error }: Execution): void {
	expect(status).toBe('error');
	expect(error?.description).toMatch(/Restore/);
}

const BACK = ['night-a start null', 'night-b start null'];
const STOPPED = ['night-a stop null', 'night-b stop null'];

describe('What a published workflow stopped in one run', () => {
	it('is started by another one, as it was, and then forgotten', async () => {
		const workflow = await published(nights('nights'));

		const evening = await run(workflow, 'nights-evening');

		expect(done(evening, 'Stop')).toEqual(STOPPED);
		expect(running()).toEqual([]);
		expect(idsIn((await memoryOf(workflow)) as Kept)).toEqual(['night-a', 'night-b']);

		const morning = await run(workflow, 'nights-morning');

		expect([morning.error, done(morning, 'Start')]).toEqual([undefined, BACK]);
		expect(cluster.deployment('night-b')?.adaptive_allocations).toMatchObject({
			min_number_of_allocations: 1,
			max_number_of_allocations: 3,
		});
		expect((await memoryOf(workflow))?.stopped).toEqual([]);

		const again = await run(workflow, 'nights-morning');
		expect(done(again, 'Start')).toEqual(['null none nothing_to_restore']);
	});

	it('is no error to stop again', async () => {
		const workflow = await published(nights('twice'));
		await run(workflow, 'twice-evening');
		const second = await run(workflow, 'twice-evening');
		expect(done(second, 'Stop')).toEqual([
			'night-a none not_deployed',
			'night-b none not_deployed',
		]);
		await run(workflow, 'twice-morning');
		expect(running()).toEqual(['night-a', 'night-b']);
	});

	it('is found after the run failed at another node', async () => {
		const breaks: Sketch = {
			name: 'Breaks',
			type: 'n8n-nodes-base.stopAndError',
			typeVersion: 1,
			parameters: { errorMessage: 'The mail server is down' },
		};
		const [evening, morning] = [webhook('Evening', 'fail-1'), webhook('Morning', 'fail-2')];
		const nodes = [evening, stop(), breaks, morning, start()];
		const workflow = await published(draw('fails', nodes, { Breaks: [] }));

		const failed = await run(workflow, 'fail-1');

		expect(failed.error?.message).toBe('The mail server is down');
		const found = await run(workflow, 'fail-2');
		expect(done(found, 'Start')).toEqual(BACK);
	});

	it('is found after the workflow was edited, saved and published again', async () => {
		const workflow = await published(nights('edited'));
		await run(workflow, 'edited-evening');

		const edited = workflow.nodes.map((node) =>
			node.name === 'Start' ? { ...node, position: [0, 400] } : node,
		);
		const saved = await rest.http.ask<SavedWorkflow>('PATCH', `/workflows/${workflow.id}`, {
			name: 'edited and renamed',
			nodes: edited,
			connections: workflow.connections,
		});
		expect(saved.versionId).not.toBe(workflow.versionId);
		await rest.workflows.deactivate(saved);
		await rest.workflows.activate(saved);

		const morning = await run(saved, 'edited-morning');
		expect(done(morning, 'Start')).toEqual(BACK);
	});

	it('is unknown to a copy of the workflow', async () => {
		const workflow = await published(nights('first'));
		await run(workflow, 'first-evening');

		// As a person copies it: with all that the export holds.
		const exported = await rest.workflows.read(workflow.id);
		const nodes = nights('copied').nodes;
		const copy = await published({ ...exported, name: 'a copy', nodes });

		expect(await memoryOf(copy)).toBeUndefined();
		expectToldWhere(await run(copy, 'copied-morning'));
		expect(running()).toEqual([]);
		const own = await run(workflow, 'first-morning');
		expect(done(own, 'Start')).toEqual(BACK);
	});

	it('is left as it is where somebody else restarted it meanwhile', async () => {
		const workflow = await published(nights('meanwhile'));
		await run(workflow, 'meanwhile-evening');
		cluster.addDeployment({
			deployment_id: 'night-a',
			model_id: '.elser_model_2',
			number_of_allocations: 1,
		});

		const morning = await run(workflow, 'meanwhile-morning');

		expect(done(morning, 'Start')).toEqual(['night-a none as_asked', 'night-b start null']);
		expect((await memoryOf(workflow))?.stopped).toEqual([]);
	});

	it('is kept apart from what it stopped on another cluster', async () => {
		const other = await givenCluster();
		addNight(other);
		const there = await givenCredential(other);
		const nodes = [
			webhook('Evening', 'both-evening'),
			stop(),
			{ ...stop(there), name: 'Stop There' },
			webhook('Morning', 'both-morning'),
			start(),
			webhook('Later', 'both-later'),
			{ ...start(there), name: 'Start There' },
		];
		const ends = { 'Stop There': [], Start: [] };
		const workflow = await published(draw('both', nodes, ends));

		await run(workflow, 'both-evening');
		expect([running(), running(other)]).toEqual([[], []]);
		await run(workflow, 'both-morning');
		expect([running(), running(other)]).toEqual([['night-a', 'night-b'], []]);
		const later = await run(workflow, 'both-later');
		expect(done(later, 'Start There')).toEqual(BACK);
	});
});

describe('Schedules of one published workflow', () => {
	let folder: string;
	let host: Host | undefined;

	beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'n8n-memory-'))));

	afterEach(async () => {
		await host?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('remember over a restart of n8n', async () => {
		host = await startHost({ folder });
		const data = credentialFor(cluster);
		const own = await host.rest.credentials.create('elasticsearchMlApi', 'Cluster', data);
		const evening = new Date(Date.now() + 10_000);
		const morning = new Date(evening.getTime() + 60_000);
		const nodes = [
			schedule('Evening', evening),
			stop(own),
			schedule('Morning', morning),
			start(own),
		];
		const drawn = draw('schedules', nodes, { Stop: [] });
		drawn.settings = { ...drawn.settings, timezone: 'UTC' };
		const workflow = await host.rest.workflows.create(drawn);
		await host.rest.workflows.activate(workflow);

		await eventually(() => running().length === 0, 20_000);
		await eventually(
			async () => (await memoryOf(workflow, (host as Host).rest))?.stopped.length === 2,
		);
		await host.close();
		host = await startHost({ folder });
		expect(Date.now()).toBeLessThan(morning.getTime());

		await eventually(() => running().length === 2, 70_000);
		const found = await host.rest.executions.of(workflow);
		expect(found.map(({ mode }) => mode)).toEqual(['trigger', 'trigger']);
		const last = await host.rest.executions.ended(found[0].id);
		expect(done(last, 'Start')).toEqual(BACK);
	}, 150_000);
});

/** Each takes more than a minute, so they run side by side. */
describe('What takes a minute', () => {
	/** Hands on what static data n8n gives to the run. */
	const look: Sketch = {
		...items(),
		name: 'Look',
		parameters: {
			jsCode: "return [{ json: { keys: Object.keys($getWorkflowStaticData('global')) } }];",
		},
	};
	// n8n itself holds a run for up to 65 seconds; of a longer wait it ends the run, and starts it again.
	const wait: Sketch = {
		name: 'Wait',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: { amount: 66, unit: 'seconds' },
	};
	const late = (called: string): Sketch => {
		const trigger = webhook('Evening', called);
		return { ...trigger, parameters: { ...trigger.parameters, responseMode: 'onReceived' } };
	};
	/** Every 7 minutes, which n8n counts from the first time on: that is within a minute. */
	const counting: Sketch = {
		name: 'Counting',
		type: 'n8n-nodes-base.scheduleTrigger',
		typeVersion: 1.2,
		parameters: { rule: { interval: [{ field: 'minutes', minutesInterval: 7 }] } },
	};
	const clusters: EmbeddedCluster[] = [];
	let waited: [SavedWorkflow, Promise<Execution>];
	let waitedFirst: [SavedWorkflow, Promise<Execution>];
	let counted: SavedWorkflow;

	async function own(): Promise<CredentialJson> {
		const mine = await givenCluster();
		addNight(mine);
		clusters.push(mine);
		return await givenCredential(mine);
	}

	async function begun(
		called: string,
		nodes: Sketch[],
	): Promise<[SavedWorkflow, Promise<Execution>]> {
		const workflow = await published(draw(called, nodes));
		await fetch(`${n8n}/webhook/${called}`, { method: 'POST' });
		await eventually(async () => (await rest.executions.of(workflow)).length > 0);
		const [{ id }] = await rest.executions.of(workflow);
		const ending = rest.executions.ended(id, 200_000);
		// Jest may leave out the test that looks at it, and close n8n before it ends.
		ending.catch(() => undefined);
		return [workflow, ending];
	}

	beforeAll(async () => {
		const [first, second, third] = [await own(), await own(), await own()];
		waited = await begun('waited', [late('waited'), stop(first), wait, look, start(first)]);
		const nodes = [late('waited-first'), wait, stop(second), look, start(second)];
		waitedFirst = await begun('waited-first', nodes);
		const evening = webhook('Evening', 'counted');
		counted = await published(
			draw('counted', [evening, stop(third), counting, look], { Stop: [] }),
		);
		// From the second time on, n8n notices that the schedule counts on.
		await rest.workflows.deactivate(counted);
		await rest.workflows.activate(counted);
		await run(counted, 'counted');
		expect(idsIn((await memoryOf(counted)) as Kept)).toEqual(['night-a', 'night-b']);
	}, 60_000);

	it('is found by the same run after a Wait, for which n8n loads no static data', async () => {
		const [workflow, ending] = waited;
		const execution = await ending;
		expect(execution.output('Look')).toEqual([{ keys: [] }]);
		expect([execution.error, done(execution, 'Start')]).toEqual([undefined, BACK]);
		expect(running(clusters[0])).toEqual(['night-a', 'night-b']);
		// What the database holds is not overwritten by a start.
		expect(idsIn((await memoryOf(workflow)) as Kept)).toEqual(['night-a', 'night-b']);
	}, 200_000);

	it('is kept as ever where the stop comes after the Wait', async () => {
		const [workflow, ending] = waitedFirst;
		const execution = await ending;
		expect(done(execution, 'Start')).toEqual(BACK);
		expect((await memoryOf(workflow))?.stopped).toEqual([]);
	}, 200_000);

	// n8n writes back all static data that it holds since the workflow was published.
	it('is lost where the same workflow has a schedule that counts', async () => {
		await eventually(async () => (await memoryOf(counted)) === undefined, 100_000);
		const found = await rest.executions.of(counted);
		expect(found.map(({ mode }) => mode)).toEqual(['trigger', 'webhook']);
	}, 200_000);
});

describe('A workflow run by hand', () => {
	it('finds in the same run what it stopped, and says that n8n does not keep it', async () => {
		const once = { ...start(), executeOnce: true };
		const workflow = await givenWorkflow(draw('by hand', [manual, stop(), once]));

		const execution = await rest.workflows.run(workflow);

		expect([execution.error, done(execution, 'Start')]).toEqual([undefined, BACK]);
		expect(running()).toEqual(['night-a', 'night-b']);
		expect(hintsOf(execution, 'Stop')).toMatch(/This run by hand is not remembered/);
		expect(await memoryOf(workflow)).toBeUndefined();
	});

	it('finds what its published version stopped, and does not forget it', async () => {
		const nodes = [webhook('Evening', 'hand-evening'), stop(), manual, start()];
		const workflow = await published(draw('both ways', nodes, { Stop: [] }));
		await run(workflow, 'hand-evening');
		const byHand = await rest.workflows.run(workflow, { from: manual.name });
		expect(done(byHand, 'Start')).toEqual(BACK);
		expect((await memoryOf(workflow))?.stopped).toHaveLength(2);
	});
});

describe('A sub-workflow', () => {
	const trigger: Sketch = {
		name: 'Called',
		type: 'n8n-nodes-base.executeWorkflowTrigger',
		typeVersion: 1.1,
		parameters: { inputSource: 'passthrough' },
	};
	const isMorning: Sketch = {
		name: 'Is Morning',
		type: 'n8n-nodes-base.if',
		typeVersion: 1,
		parameters: {
			conditions: { boolean: [{ value1: '={{ $json.body.morning }}', value2: true }] },
		},
	};

	function callOf({ id }: SavedWorkflow): Sketch {
		return {
			name: 'Call',
			type: 'n8n-nodes-base.executeWorkflow',
			typeVersion: 1.1,
			parameters: { workflowId: { __rl: true, mode: 'id', value: id }, options: {} },
		};
	}

	function night(by = credential): WorkflowJson {
		const nodes = [trigger, isMorning, start(by), stop(by)];
		return draw('night', nodes, { 'Is Morning': ['Start', 'Stop'], Start: [] });
	}

	it('has a memory of its own, whoever calls it', async () => {
		const sub = await published(night());
		const caller = async (called: string) =>
			await published(draw(called, [webhook('Webhook', called), callOf(sub)]));
		const [first, second] = [await caller('sub-first'), await caller('sub-second')];

		await run(first, 'sub-first', { morning: false });
		expect([running(), await memoryOf(first)]).toEqual([[], undefined]);
		expect(idsIn((await memoryOf(sub)) as Kept)).toEqual(['night-a', 'night-b']);

		const morning = await run(second, 'sub-second', { morning: true });
		expect(done(morning, 'Call')).toEqual(BACK);
	});

	describe('in queue mode', () => {
		let queue: QueueMode;

		beforeAll(async () => (queue = await startQueueMode({ workers: 1 })), 240_000);
		afterAll(async () => await queue?.close(), 60_000);

		async function saved(workflow: WorkflowJson): Promise<SavedWorkflow> {
			const created = await queue.main.rest.workflows.create(workflow);
			await queue.main.rest.workflows.activate(created);
			return created;
		}

		async function ownCredential(): Promise<CredentialJson> {
			const data = credentialFor(cluster);
			return await queue.main.rest.credentials.create('elasticsearchMlApi', 'Cluster', data);
		}

		// n8n 2.41.1 starts a run on a worker without static data, but reads that of a sub-workflow.
		it('remembers on a worker', async () => {
			const sub = await saved(night(await ownCredential()));
			const caller = await saved(draw('calls', [webhook('Webhook', 'queued'), callOf(sub)]));
			await run(caller, 'queued', { morning: false }, queue.main);
			expect(running()).toEqual([]);
			const morning = await run(caller, 'queued', { morning: true }, queue.main);
			expect([morning.error, done(morning, 'Call')]).toEqual([undefined, BACK]);
		}, 60_000);

		it('is what a workflow is told to use that finds nothing on a worker', async () => {
			const workflow = await saved(nights('worker', await ownCredential()));
			const evening = await run(workflow, 'worker-evening', {}, queue.main);
			expect(running()).toEqual([]);
			expect(hintsOf(evening, 'Stop')).toContain("n8n's workers do not keep what is stopped");
			const kept = async () => idsIn((await memoryOf(workflow, queue.main.rest)) as Kept);
			expect(await kept()).toEqual(['night-a', 'night-b']);

			const morning = await run(workflow, 'worker-morning', {}, queue.main);
			// A later n8n may give its workers their static data; then this is as everywhere else.
			expectToldWhere(morning);
			expect(morning.error?.description).toContain('in queue mode n8n hands its workers no memory');
			expect(await kept()).toEqual(['night-a', 'night-b']);

			// What n8n did not load, a stop replaces; a stop of nothing does not.
			await run(workflow, 'worker-evening', {}, queue.main);
			expect(await kept()).toEqual(['night-a', 'night-b']);
			cluster.addDeployment({ deployment_id: 'night-c', model_id: '.elser_model_2' });
			await run(workflow, 'worker-evening', {}, queue.main);
			expect(await kept()).toEqual(['night-c']);
		}, 60_000);
	});
});

describe('A full memory', () => {
	it('keeps the last 200, and says which it dropped', async () => {
		const big = await givenCluster({
			nodes: [{ id: 'big', name: 'big', processors: 1_000, memoryBytes: 2 ** 40 }],
		});
		for (let turn = 100; turn < 301; turn++) {
			big.addDeployment({ deployment_id: `night-${turn}`, model_id: '.elser_model_2' });
		}
		const by = await givenCredential(big);
		const nodes = [
			webhook('Evening', 'full-evening'),
			stop(by, { maxMatches: 300 }),
			webhook('Morning', 'full-morning'),
			start(by, { pattern: '={{ $json.body.pattern }}' }),
		];
		const workflow = await published(draw('full', nodes, { Stop: [] }));

		const evening = await run(workflow, 'full-evening');

		expect(evening.output('Stop')).toHaveLength(201);
		expect(hintsOf(evening, 'Stop')).toContain('night-100');
		expect((await memoryOf(workflow))?.stopped).toHaveLength(200);

		const dropped = await run(workflow, 'full-morning', { pattern: 'night-100' });
		expectToldWhere(dropped);
		const one = await run(workflow, 'full-morning', { pattern: 'night-300' });
		expect(done(one, 'Start')).toEqual(['night-300 start null']);
	}, 120_000);
});

describe('Static data that the package did not write', () => {
	/** A branch that writes it, as a person's Code node can. */
	async function withMemory(called: string): Promise<SavedWorkflow> {
		const jsCode = [
			"const { memory } = $('Write').first().json.body;",
			"$getWorkflowStaticData('global').mlDeployments = memory;",
			'return [{ json: {} }];',
		].join('\n');
		const workflow = nights(called);
		const code = { ...items(), name: 'Code', parameters: { jsCode } };
		const branch = draw(called, [webhook('Write', `${called}-write`), code]);
		workflow.nodes.push(...branch.nodes);
		Object.assign(workflow.connections, branch.connections);
		return await published(workflow);
	}

	it.each([
		['null', null],
		['a text', 'rubbish'],
		['lists of rubbish', { version: 1, clusters: 3, stopped: [1, '{', null], dropped: {} }],
	])('does no harm where it is %s', async (_what, memory) => {
		const called = `rubbish-${String(_what).replace(/ /g, '-')}`;
		const workflow = await withMemory(called);
		await run(workflow, `${called}-write`, { memory });
		await run(workflow, `${called}-evening`);
		const morning = await run(workflow, `${called}-morning`);
		expect(done(morning, 'Start')).toEqual(BACK);
	});

	it('is neither read nor overwritten where a newer version did', async () => {
		const workflow = await withMemory('newer');
		const memory = { version: 2, anything: ['else'] };
		await run(workflow, 'newer-write', { memory });
		const evening = await run(workflow, 'newer-evening');
		expect(done(evening, 'Stop')).toEqual(STOPPED);
		expect(hintsOf(evening, 'Stop')).toMatch(/a newer version of this node/);
		const morning = await run(workflow, 'newer-morning');
		expect(morning.error?.description).toBe('Update the package.');
		expect(await memoryOf(workflow)).toEqual(memory);
	});
});

describe('A run that n8n starts without static data', () => {
	it('takes nothing from the memory: a failed run, tried again', async () => {
		const workflow = await published(nights('retried'));
		const early = await run(workflow, 'retried-morning');
		expectToldWhere(early);
		await run(workflow, 'retried-evening');

		const retry = await rest.http.ask<{ id: string }>(
			'POST',
			`/executions/${early.id}/retry`,
			// What the editor sends for 'with original workflow'.
			{ loadWorkflow: false },
		);

		expectToldWhere(await rest.executions.ended(retry.id));
		expect(idsIn((await memoryOf(workflow)) as Kept)).toEqual(['night-a', 'night-b']);
	});

	/** Looks for a deployment that is not there before the first try. */
	const later = (): Sketch =>
		ours(credential, 'get', { deploymentId: byId('later') }, { name: 'Later' });

	/** Fails for want of it, then runs again with it; what the editor calls 'with original workflow'. */
	async function retried(workflow: SavedWorkflow, called: string): Promise<Execution> {
		const failed = await run(workflow, called);
		expect(failed.error?.message).toContain("'later'");
		cluster.addDeployment({ deployment_id: 'later', model_id: '.elser_model_2' });
		const { id } = await rest.http.ask<{ id: string }>('POST', `/executions/${failed.id}/retry`, {
			loadWorkflow: false,
		});
		return await rest.executions.ended(id);
	}

	it('finds what the failed run had stopped', async () => {
		const nodes = [
			webhook('Evening', 'retry-start'),
			stop(),
			{ ...later(), executeOnce: true },
			start(),
		];
		const workflow = await published(draw('retry, then start', nodes));
		const retry = await retried(workflow, 'retry-start');
		expect([retry.mode, retry.error, done(retry, 'Start')]).toEqual(['retry', undefined, BACK]);
		expect(idsIn((await memoryOf(workflow)) as Kept)).toEqual(['night-a', 'night-b']);
	});

	it('says that a retry does not keep what it stops', async () => {
		const nodes = [webhook('Evening', 'retry-stop'), later(), stop()];
		const workflow = await published(draw('retry, then stop', nodes));
		const retry = await retried(workflow, 'retry-stop');
		expect(done(retry, 'Stop')).toEqual(STOPPED);
		expect(hintsOf(retry, 'Stop')).toContain('This retry is not remembered');
		expect(await memoryOf(workflow)).toBeUndefined();
	});
});

describe('A run that is cancelled after it stopped something', () => {
	it.each([
		['nothing', false, []],
		['its output only, with Save Execution Progress', true, STOPPED],
	])('is not remembered: n8n saves %s', async (_what, saveExecutionProgress, saved) => {
		const wait: Sketch = {
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 30, unit: 'seconds' },
		};
		const drawn = draw('cancelled', [everySecond, stop(), wait]);
		drawn.settings = { ...drawn.settings, saveExecutionProgress };
		const workflow = await givenWorkflow(drawn);
		await rest.workflows.activate(workflow);
		await eventually(() => running().length === 0);
		await rest.workflows.deactivate(workflow);
		const executions = await rest.executions.of(workflow);
		for (const { id } of executions) await rest.executions.stop(id);
		const first = await rest.executions.ended(executions.at(-1)?.id ?? '');
		expect(first.status).toBe('canceled');
		expect(done(first, 'Stop')).toEqual(saved);
		expect(await memoryOf(workflow)).toBeUndefined();
	});
});
