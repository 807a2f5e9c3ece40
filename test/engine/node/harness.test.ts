/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { NodeConnectionTypes, VersionedNodeType } from 'n8n-workflow';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Engine, loadEngine, type WorkflowJson } from '../harness';

const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';
const NOWHERE = 'http://127.0.0.1:1/';

let engine: Engine;
let server: Server;
let address: string;
let requests: IncomingMessage[] = [];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
	engine = await loadEngine();
	server = createServer((request, response) => {
		requests.push(request);
		response.setHeader('content-type', 'application/json');
		answer(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => await new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
	requests = [];
	answer = (response) => response.end('{"ok":true}');
});

function set(value: string) {
	return {
		nodeType: 'n8n-nodes-base.set',
		parameters: {
			assignments: { assignments: [{ id: '1', name: 'greeting', value, type: 'string' }] },
		},
	};
}

describe('one node', () => {
	it('resolves an expression for each item and pairs the output with it', async () => {
		const items = [{ name: 'Ada' }, { name: 'Grace' }];
		const result = await engine.runNode({ ...set('=Hi {{ $json.name }}'), items });

		expect(result.status).toBe('success');
		expect(result.error).toBeUndefined();
		expect(result.items).toEqual([{ greeting: 'Hi Ada' }, { greeting: 'Hi Grace' }]);
		expect(result.outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
	});

	it('knows its workflow, its execution and its timezone', async () => {
		const run = engine.runNode({
			...set('={{ $workflow.id }} {{ $execution.id }} {{ $now.zoneName }}'),
			workflowId: 'nightly',
			executionId: '4711',
			timezone: 'Europe/Berlin',
		});

		expect(run.executionId).toBe('4711');
		expect((await run).items).toEqual([{ greeting: 'nightly 4711 Europe/Berlin' }]);
	});

	it('ends with the error that the node threw', async () => {
		const result = await engine.runNode({
			nodeType: 'n8n-nodes-base.stopAndError',
			parameters: { errorMessage: 'Enough' },
		});

		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({ name: 'NodeOperationError', message: 'Enough' });
		expect(result.items).toEqual([]);
	});

	it('does not begin while a required field is empty', async () => {
		const result = await engine.runNode({ nodeType: HTTP_REQUEST, parameters: { url: '' } });

		expect(result.status).toBe('error');
		expect(result.error?.message).toContain('"URL" is required');
		expect(result.tries).toBe(0);
	});

	it('sends a failed item to the error output, together with its input', async () => {
		const result = await engine.runNode({
			nodeType: HTTP_REQUEST,
			parameters: { url: '={{ $json.url }}' },
			items: [{ url: NOWHERE }, { url: `${address}/fine` }],
			onError: 'continueErrorOutput',
		});

		expect(result.status).toBe('success');
		expect(result.items).toEqual([{ ok: true }]);
		expect(result.errors).toEqual([expect.objectContaining({ url: NOWHERE })]);
		expect(result.errors[0].error).toBeDefined();
	});

	it('is tried again with Retry On Fail', async () => {
		answer = (response) => {
			response.statusCode = requests.length < 3 ? 503 : 200;
			response.end('{"ok":true}');
		};
		const result = await engine.runNode({
			nodeType: HTTP_REQUEST,
			parameters: { url: address },
			retryOnFail: true,
			maxTries: 4,
		});

		expect(result).toMatchObject({ status: 'success', tries: 3, items: [{ ok: true }] });
	});

	it('gets the cancel signal of the execution', async () => {
		const run = engine.runNode({
			nodeType: 'n8n-nodes-base.wait',
			parameters: { amount: 60, unit: 'seconds' },
		});
		setTimeout(() => run.cancel(), 20);

		expect((await run).status).toBe('canceled');
	});

	it('aborts a request that is under way when it is cancelled', async () => {
		answer = () => run.cancel();
		const run = engine.runNode({
			nodeType: 'n8n-nodes-base.n8n',
			parameters: { resource: 'workflow', operation: 'getAll' },
			credentials: { apiKey: 'abc', baseUrl: address },
		});

		// The server never answers.
		expect((await run).status).toBe('canceled');
		expect(requests).toHaveLength(1);
	});

	it('runs as the tool of an agent, whose answer an error is, too', async () => {
		const run = async () =>
			await engine.runNode({
				nodeType: 'n8n-nodes-base.elasticsearchTool',
				parameters: {
					resource: 'index',
					operation: 'get',
					indexId: "={{ $fromAI('index', 'name of the index') }}",
				},
				items: [{ index: 'books' }],
				credentials: { baseUrl: address },
			});
		expect(engine.description('n8n-nodes-base.elasticsearchTool')).toMatchObject({
			displayName: 'Elasticsearch Tool',
			outputs: [NodeConnectionTypes.AiTool],
		});

		expect((await run()).items).toEqual([{ id: 'books' }]);
		expect(requests[0].url).toBe('/books');

		answer = (response) => response.writeHead(404).end('{}');
		const { items, error } = await run();
		expect(error?.message).toContain('could not be found');
		expect(items).toEqual([{ error: error?.message }]);
	});
});

describe('a workflow', () => {
	const node = (name: string, type: string, typeVersion: number, parameters = {}) => ({
		id: name,
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		parameters,
		position: [0, 0] as [number, number],
	});
	const to = (name: string) => [{ node: name, type: NodeConnectionTypes.Main, index: 0 }];
	const isBig = {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			conditions: [
				{
					id: '1',
					leftValue: '={{ $json.size }}',
					rightValue: 10,
					operator: { type: 'number', operation: 'gt' },
				},
			],
			combinator: 'and',
		},
	};
	const workflow: WorkflowJson = {
		nodes: [
			node('Every Night', 'scheduleTrigger', 1.2),
			node('Note', 'stickyNote', 1, { content: 'Why this is here' }),
			node('Big?', 'if', 2.2, isBig),
			node('Tell', 'slack', 2.3, { text: "={{ $('Every Night').item.json.size }} is big" }),
		],
		connections: { 'Every Night': { main: [to('Big?')] }, 'Big?': { main: [to('Tell')] } },
	};

	it('runs from its trigger, with stubs where the outside world would be', async () => {
		const told: unknown[] = [];
		const result = await engine.runWorkflow({
			workflow,
			startItems: [{ size: 3 }, { size: 30 }],
			stubs: {
				Tell: (items, context) => {
					told.push(...items.map((_, index) => context.getNodeParameter('text', index)));
					return [items];
				},
			},
		});

		expect(result.error).toBeUndefined();
		expect(told).toEqual(['30 is big']);
		expect(result.node('Big?').map((branch) => branch.map(({ json }) => json))).toEqual([
			[{ size: 30 }],
			[{ size: 3 }],
		]);
		expect(result.items).toEqual([{ size: 30 }]);
		expect(result.node('Note')).toEqual([]);
	});

	it('refuses a stub for a node that it does not have', () => {
		expect(() => engine.runWorkflow({ workflow, stubs: { Slack: () => [] } })).toThrow(
			'no node "Slack"',
		);
	});

	it('remembers from one run to the next, but not what a run by hand writes', async () => {
		const staticData = {};
		const count = async (mode: 'trigger' | 'manual') => {
			await engine.runWorkflow({
				workflow,
				startItems: [{ size: 30 }],
				mode,
				staticData,
				stubs: {
					Tell: (items, context) => {
						const kept = context.getWorkflowStaticData('global');
						kept.runs = { count: ((kept.runs as { count?: number })?.count ?? 0) + 1 };
						return [items];
					},
				},
			});
			return staticData;
		};
		expect(await count('trigger')).toEqual({ global: { runs: { count: 1 } } });
		expect(await count('manual')).toEqual({ global: { runs: { count: 1 } } });
		expect(await count('trigger')).toEqual({ global: { runs: { count: 2 } } });
	});

	it('does not change the JSON that it was given', async () => {
		const before = structuredClone(workflow);
		await engine.runWorkflow({ workflow, startItems: [{ size: 1 }] });
		expect(workflow).toEqual(before);
	});
});

describe('credentials', () => {
	const data = () => ({ username: 'elastic', password: 'pa55word', baseUrl: address });

	it('are tested as the editor tests them', async () => {
		const test = async (changes = {}) =>
			await engine.testCredential('elasticsearchApi', { ...data(), ...changes });

		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(requests[0].url).toBe('/_xpack?human=false');
		expect(requests[0].headers.authorization).toBe(`Basic ${btoa('elastic:pa55word')}`);

		answer = (response) => response.writeHead(401).end('{}');
		expect(await test()).toEqual({ status: 'Error', message: 'Unauthorized' });
		expect(await test({ baseUrl: NOWHERE })).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it('reach the requests of a node, and no line of the log', async () => {
		answer = (response) => response.writeHead(400).end('{"error":{"reason":"bad"}}');
		engine.logs.length = 0;
		const result = await engine.runNode({
			nodeType: 'n8n-nodes-base.elasticsearch',
			parameters: { resource: 'index', operation: 'get', indexId: 'books' },
			credentials: data(),
		});

		expect(result.error?.message).toContain('Bad request');
		expect(requests[0].headers.authorization).toBe(`Basic ${btoa('elastic:pa55word')}`);
		expect(engine.logs.join('\n')).toContain('Bad request');
		expect(engine.logs.join('\n')).not.toContain('pa55word');
	});

	it('are used by the list of a picker', async () => {
		answer = (response) => response.end('{"data":[{"id":"7","name":"Nightly"}]}');
		const list = await engine.listSearch('searchWorkflows', {
			nodeType: 'n8n-nodes-base.n8n',
			credentials: { apiKey: 'abc', baseUrl: address },
		});

		expect(list.results).toEqual([{ name: 'Nightly (#7)', value: '7' }]);
		expect(requests[0].headers['x-n8n-api-key']).toBe('abc');
	});
});

it('shares one copy of n8n-workflow with the nodes', () => {
	const type = engine.nodeTypes.getByName('n8n-nodes-base.set');
	expect(type).toBeInstanceOf(VersionedNodeType);
});
