import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import type { CredentialJson, Execution } from '../rest';
import { byId, draw, manual, ours } from './draw';
import { givenCluster, givenCredential, givenWorkflow, lines, rest, writes } from './given';

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeEach(async () => {
	cluster = await givenCluster();
	credential = await givenCredential(cluster);
});

const NODE = 'ML Deployment';

async function run(operation: string, fields: INodeParameters = {}): Promise<Execution> {
	const nodes = [manual, ours(credential, operation, fields)];
	return await rest.workflows.run(await givenWorkflow(draw(operation, nodes)));
}

async function outputOf(operation: string, fields: INodeParameters = {}): Promise<IDataObject[]> {
	const execution = await run(operation, fields);
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	return execution.output(NODE);
}

describe('Run by hand in the editor', () => {
	it('Get reads one deployment', async () => {
		const [got] = await outputOf('get', { deploymentId: byId('elser-search') });
		expect(got).toMatchObject({
			deployment_id: 'elser-search',
			model_id: '.elser_model_2',
			state: 'started',
			ready: true,
			number_of_allocations: 2,
			restore: expect.stringMatching(/^\{"schema":1,.*"deployment_id":"elser-search"/),
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('Get takes what a person picked from the list', async () => {
		const deploymentId = {
			__rl: true,
			mode: 'list',
			value: 'elser-search',
			cachedResultName: 'elser-search',
		};
		expect(await outputOf('get', { deploymentId })).toHaveLength(1);
	});

	it('Get Many lists all, and filters', async () => {
		expect(await outputOf('getMany', { returnAll: true })).toHaveLength(6);
		const found = await outputOf('getMany', { returnAll: true, filters: { pattern: 'elser-*' } });
		expect(found.map((each) => each.deployment_id)).toEqual(['elser-ingest', 'elser-search']);
		expect(writes(cluster)).toEqual([]);
	});

	it('Update answers with the assignment', async () => {
		const fields = { deploymentId: byId('elser-ingest'), numberOfAllocations: 1 };
		const [updated] = await outputOf('update', fields);
		expect(updated).toMatchObject({
			deployment_id: 'elser-ingest',
			assignment: { task_parameters: { number_of_allocations: 1 } },
		});
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/elser-ingest/deployment/_update {"number_of_allocations":1}',
		]);
		expect(cluster.deployment('elser-ingest')?.number_of_allocations).toBe(1);
	});

	it('Scale sets the number, and says when nothing was to do', async () => {
		const fields = { deploymentId: byId('elser-ingest'), numberOfAllocations: 1 };
		expect((await outputOf('scale', fields))[0]).toMatchObject({ action: 'update', changed: true });
		expect((await outputOf('scale', fields))[0]).toMatchObject({ action: 'none', changed: false });
		expect(writes(cluster)).toHaveLength(1);
	});

	it('Stop hands on the restore object, from which Start brings it back', async () => {
		cluster.addDeployment({
			deployment_id: 'batch',
			model_id: '.elser_model_2',
			threads_per_allocation: 2,
		});
		const nodes = [
			manual,
			ours(credential, 'stop', { deploymentId: byId('batch') }, { name: 'Stop' }),
			ours(
				credential,
				'start',
				{ startFrom: 'restore', restore: '={{ $json.restore }}' },
				{ name: 'Start' },
			),
		];
		const workflow = await givenWorkflow(draw('stop and start', nodes));
		const execution = await rest.workflows.run(workflow);
		expect(execution.output('Stop')[0]).toMatchObject({
			action: 'stop',
			changed: true,
			restore: expect.stringMatching(/^\{"schema":1,.*"deployment_id":"batch"/),
		});
		expect(execution.output('Start')[0]).toMatchObject({ deployment_id: 'batch', changed: true });
		expect(cluster.deployment('batch')).toMatchObject({
			state: 'started',
			threads_per_allocation: 2,
		});
	});

	it('Start deploys a model', async () => {
		const fields = {
			modelId: byId('.multilingual-e5-small'),
			options: { newDeploymentId: 'e5-new' },
		};
		expect((await outputOf('start', fields))[0]).toMatchObject({
			deployment_id: 'e5-new',
			changed: true,
		});
		expect(cluster.deployment('e5-new')?.state).toBe('started');
	});

	it("Infer gives the model's answer, and Clear Cache forgets it", async () => {
		const deploymentId = byId('elser-search');
		const [got] = await outputOf('infer', { deploymentId, text: 'Where is my parcel?' });
		expect(got).toMatchObject({
			deployment_id: 'elser-search',
			model_id: '.elser_model_2',
			result: { predicted_value: { parcel: expect.any(Number) } },
		});
		expect(await outputOf('clearCache', { deploymentId })).toEqual([
			{ deployment_id: 'elser-search', cleared: true },
		]);
	});

	it('Wait Until Ready goes on when all allocations run', async () => {
		cluster.set({ allocationDelayMs: 1_500 });
		const deploymentId = byId('elser-ingest');
		const nodes = [
			manual,
			ours(credential, 'update', { deploymentId, numberOfAllocations: 4 }, { name: 'Update' }),
			ours(credential, 'waitUntilReady', { deploymentId }),
		];
		const workflow = await givenWorkflow(draw('wait', nodes));
		const execution = await rest.workflows.run(workflow);
		const [{ assignment }] = execution.output('Update');
		expect(JSON.stringify(assignment)).toContain('"current_allocations":2');
		expect(execution.output(NODE)[0]).toMatchObject({ ready: true, number_of_allocations: 4 });
	});

	it('A dry run shows the request and sends nothing', async () => {
		const fields = { deploymentId: byId('elser-ingest'), dryRun: true };
		expect((await outputOf('stop', fields))[0]).toMatchObject({
			dry_run: true,
			action: 'stop',
			breaks: { pipelines: ['enrich-articles'] },
		});
		expect(writes(cluster)).toEqual([]);
	});

	it("The cluster's audit log can name workflow and execution", async () => {
		const { id } = await run('get', { deploymentId: byId('elser-search') });
		const [{ headers }] = cluster.requests;
		expect(headers['x-opaque-id']).toMatch(new RegExp(`^n8n workflow \\w+ execution ${id}$`));
	});
});
