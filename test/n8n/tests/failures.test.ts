import type { EmbeddedCluster } from '../../cluster';
import type { CredentialJson, Execution } from '../rest';
import { byId, draw, items, manual, noOp, ours, type Sketch } from './draw';
import { givenCluster, givenCredential, givenWorkflow, rest, writes } from './given';

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeEach(async () => {
	cluster = await givenCluster();
	credential = await givenCredential(cluster);
});

const NODE = 'ML Deployment';
const wanted = { deploymentId: byId('={{ $json.id }}'), numberOfAllocations: 1 };

/** Three items; the cluster does not know the second. */
async function run(other: Partial<Sketch>): Promise<Execution> {
	const three = items({ id: 'elser-ingest' }, { id: 'elser-injest' }, { id: 'e5-trial' });
	const nodes = [manual, three, ours(credential, 'update', wanted, other)];
	const branches = { [NODE]: ['Good', 'Bad'], Good: [] };
	const all = [...nodes, noOp('Good'), noOp('Bad')];
	return await rest.workflows.run(await givenWorkflow(draw('failures', all, branches)));
}

const failed = {
	error: expect.stringContaining("'elser-injest'"),
	details: {
		deployment_id: 'elser-injest',
		model_id: null,
		http_status: 404,
		reason: expect.stringContaining('elser-injest'),
		next_step: expect.stringContaining('check the spelling'),
	},
};

function ids(execution: Execution, node: string): unknown[] {
	return execution.output(node).map((item) => item.deployment_id);
}

describe('A deployment that the cluster does not know', () => {
	it('goes to the error output, the others to the success output', async () => {
		const execution = await run({ onError: 'continueErrorOutput' });
		expect(execution.status).toBe('success');
		expect(ids(execution, 'Good')).toEqual(['elser-ingest', 'e5-trial']);
		// n8n adds the input item's fields there.
		expect(execution.output('Bad')).toEqual([{ id: 'elser-injest', ...failed }]);
	});

	it('is an item among the others where On Error is Continue', async () => {
		const execution = await run({ onError: 'continueRegularOutput' });
		expect(execution.status).toBe('success');
		expect(ids(execution, 'Good')).toEqual(['elser-ingest', undefined, 'e5-trial']);
		expect(execution.output('Good')[1]).toEqual(failed);
		expect(execution.runs('Bad')).toEqual([]);
	});

	it('ends the run red else, with what to do next and what was done before', async () => {
		const execution = await run({
			parameters: { ...one('update'), options: { maxConcurrency: 1 } },
		});
		expect(execution.status).toBe('error');
		expect(execution.error).toMatchObject({
			message: failed.error,
			description: expect.stringMatching(/check the spelling[^]+Done before this and not undone/),
			httpCode: '404',
			context: {
				itemIndex: 1,
				data: {
					done: [{ deployment_id: 'elser-ingest', action: 'update', changed: true }],
					failed: [failed],
				},
			},
		});
		expect(execution.runs('Good')).toEqual([]);
	});
});

function one(operation: string) {
	return { resource: 'deployment', operation, ...wanted };
}

describe("n8n's Retry On Fail", () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 };

	async function retried(id: string): Promise<Execution> {
		const fields = { ...wanted, deploymentId: byId(id) };
		const nodes = [manual, ours(credential, 'update', fields, retry)];
		return await rest.workflows.run(await givenWorkflow(draw('retry', nodes)));
	}

	it('does not repeat a success', async () => {
		const execution = await retried('elser-ingest');
		expect(execution.status).toBe('success');
		expect(writes(cluster)).toHaveLength(1);
	});

	it('repeats a failure as often as it is told', async () => {
		const execution = await retried('elser-injest');
		expect(execution.status).toBe('error');
		expect(writes(cluster)).toHaveLength(3);
	});
});

describe('A credential that is read-only', () => {
	it('lets nothing through that changes anything', async () => {
		credential = await givenCredential(cluster, { readOnly: true });
		const execution = await run({});
		expect(execution.error?.message).toBe('The credential is read-only, so nothing was sent');
		expect(writes(cluster)).toEqual([]);
	});
});
