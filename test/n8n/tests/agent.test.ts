import type { INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import type { CredentialJson, Execution, WorkflowJson } from '../rest';
import { OURS } from '../rest/nodeTypes';
import { draw, manual, type Sketch } from './draw';
import { givenCluster, givenCredential, givenWorkflow, lines, rest, writes } from './given';
import { startModel, type ModelServer, type Turn } from './modelServer';

let cluster: EmbeddedCluster;
let credential: CredentialJson;
const models: ModelServer[] = [];

beforeEach(async () => {
	cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'batch', model_id: '.elser_model_2' });
	credential = await givenCredential(cluster);
});

afterAll(() => models.forEach((model) => model.close()));

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
/** What the editor writes where a person lets the model fill a field. */
const idFromModel = {
	__rl: true,
	mode: 'id',
	value: "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Deployment', ``, 'string') }}",
};

async function chatModel(model: ModelServer): Promise<Sketch> {
	const data = { apiKey: 'sk-scripted', url: model.url };
	const { id, name } = await rest.credentials.create('openAiApi', 'Scripted model', data);
	return {
		name: 'Model',
		type: `${LANGCHAIN}.lmChatOpenAi`,
		typeVersion: 1.2,
		parameters: { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
		credentials: { openAiApi: { id, name } },
	};
}

function agentWorkflow(model: Sketch, tool: Sketch): WorkflowJson {
	const agent: Sketch = {
		name: 'Agent',
		type: `${LANGCHAIN}.agent`,
		typeVersion: 3.1,
		parameters: { promptType: 'define', text: 'Save money on our cluster.', options: {} },
	};
	const workflow = draw('agent', [manual, agent, model, tool], {
		Agent: [],
		[model.name]: [],
		[tool.name]: [],
	});
	const to = (type: 'ai_languageModel' | 'ai_tool') => ({
		[type]: [[{ node: 'Agent', type, index: 0 }]],
	});
	workflow.connections[model.name] = to('ai_languageModel');
	workflow.connections[tool.name] = to('ai_tool');
	return workflow;
}

/** Lets an agent whose model follows the script work with our tool. */
async function run(
	operation: string,
	fields: INodeParameters,
	...script: Turn[]
): Promise<{ execution: Execution; model: ModelServer }> {
	const model = await startModel(...script);
	models.push(model);
	const { id, name, type } = credential;
	const tool: Sketch = {
		name: 'ML Deployment',
		type: `${OURS}Tool`,
		typeVersion: 1,
		parameters: { resource: 'deployment', operation, ...fields },
		credentials: { [type]: { id, name } },
	};
	const workflow = await givenWorkflow(agentWorkflow(await chatModel(model), tool));
	const execution = await rest.workflows.run(workflow);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return { execution, model };
}

describe('An AI agent with the node as its tool', () => {
	it('is told what the tool does', async () => {
		const { model } = await run('stop', { deploymentId: idFromModel }, { say: 'Nothing to do.' });
		const [tool] = model.requests[0].tools ?? [];
		expect(tool.function.name).toBe('ML_Deployment');
		expect(tool.function.description).toMatch(/stop/i);
		expect(tool.function.parameters).toMatchObject({
			properties: { Deployment: { type: 'string' } },
			required: ['Deployment'],
		});
	});

	it('reads', async () => {
		const { execution, model } = await run(
			'get',
			{ deploymentId: idFromModel },
			{ call: { Deployment: 'elser-ingest' } },
			{ say: 'It has 2 allocations.' },
		);
		const [seen] = model.toolAnswers();
		expect(JSON.parse(seen)).toEqual([
			expect.objectContaining({ deployment_id: 'elser-ingest', number_of_allocations: 2 }),
		]);
		expect(execution.output('Agent')).toEqual([{ output: 'It has 2 allocations.' }]);
		expect(writes(cluster)).toEqual([]);
	});

	it('is refused a stop until a person allows it', async () => {
		const fields = { deploymentId: idFromModel };
		const stop = { call: { Deployment: 'batch' } };

		const refused = await run('stop', fields, stop, { say: 'I may not.' });

		const [said] = refused.model.toolAnswers();
		expect(said).toContain('An agent may not change deployments with this tool');
		expect(said).toContain("Ask a person to turn on the option 'Allow Agent Use'");
		expect(cluster.requests).toEqual([]);

		const options = { allowAgentUse: true };
		const allowed = await run('stop', { ...fields, options }, stop, { say: 'Stopped.' });

		expect(JSON.parse(allowed.model.toolAnswers()[0])).toEqual([
			expect.objectContaining({ deployment_id: 'batch', action: 'stop', changed: true }),
		]);
		expect(lines(writes(cluster))).toEqual(['POST /_ml/trained_models/batch/deployment/_stop']);
	});

	it('cannot allow it to itself: an expression gives no permission', async () => {
		const allowAgentUse = "={{ $fromAI('Allow', ``, 'boolean') }}";
		const fields = { deploymentId: idFromModel, options: { allowAgentUse } };
		const stop = { call: { Deployment: 'batch', Allow: true } };
		const { model } = await run('stop', fields, stop, { say: 'I may not.' });
		expect(model.toolAnswers()[0]).toContain('An agent may not change deployments');
		expect(cluster.requests).toEqual([]);
	});

	it('may look at what a stop would do', async () => {
		const fields = { deploymentId: idFromModel, dryRun: true };
		const stop = { call: { Deployment: 'elser-ingest' } };
		const { model } = await run('stop', fields, stop, { say: 'It would break a pipeline.' });
		expect(JSON.parse(model.toolAnswers()[0])).toEqual([
			expect.objectContaining({ dry_run: true, action: 'stop' }),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('reads the next step where an id is wrong', async () => {
		const wrong = { call: { Deployment: 'elser-injest' } };
		const { model } = await run('get', { deploymentId: idFromModel }, wrong, { say: 'Hm.' });
		expect(model.toolAnswers()[0]).toMatch(/'elser-injest'[^]+check the spelling/);
	});
});
