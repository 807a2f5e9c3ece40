/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import Module from 'node:module';
import path from 'node:path';

import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeCredentialTestResult,
	INodeParameters,
	INodeType,
	IRun,
	IRunExecutionData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { failedTest, passedTest } from '../../engine/harness/credentialTestRules';
import { PROJECT } from '../places';

type Core = typeof import('n8n-core');
type Workflows = typeof import('n8n-workflow');
type ResolveFilename = (request: string, ...rest: unknown[]) => string;

const PACKAGE = 'n8n-nodes-elasticsearch-ml';
const CREDENTIAL = 'elasticsearchMlApi';
const START = 'Start';
const NODE = 'ML Deployment';
const INSTANCE = 'http://localhost:5678/';

export interface Ran {
	status: string;
	items: IDataObject[];
	message?: string;
	description?: string;
	hints: string[];
}

export interface Running {
	result: Promise<Ran>;
	cancel(): void;
}

/** One version of n8n's engine with the built package in it. */
export interface VersionedEngine {
	begin(
		parameters: INodeParameters,
		data: ICredentialDataDecryptedObject,
		item?: IDataObject,
	): Running;
	testCredential(data: ICredentialDataDecryptedObject): Promise<INodeCredentialTestResult>;
}

/** In a real n8n the package gets n8n's own copy of n8n-workflow; here it would find the project's. */
function shareCopyOf(folder: string): void {
	const core = Module.createRequire(Module.createRequire(`${folder}/`).resolve('n8n-core'));
	const copy = core.resolve('n8n-workflow');
	const loader = Module as unknown as { _resolveFilename: ResolveFilename };
	const resolve = loader._resolveFilename;
	loader._resolveFilename = function (request, ...rest) {
		return request === 'n8n-workflow' ? copy : resolve.call(this, request, ...rest);
	};
}

function node(name: string, type: string, parameters: INodeParameters = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function startType(name: string): INodeType {
	return {
		description: {
			name,
			displayName: START,
			group: ['input'],
			description: '',
			version: 1,
			defaults: {},
			inputs: [],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			return [this.getInputData()];
		},
	};
}

/** What the server around the engine provides; the names are those of all versions. */
function additionalData(credentialsHelper: unknown): IWorkflowExecuteAdditionalData {
	const addresses = ['form', 'formWaiting', 'formTest', 'webhook', 'webhookWaiting', 'webhookTest'];
	return {
		...Object.fromEntries(addresses.map((name) => [`${name}BaseUrl`, `${INSTANCE}${name}`])),
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: INSTANCE,
		restApiUrl: `${INSTANCE}rest`,
		executionId: '1',
		logAiEvent: () => {},
		getRunExecutionData: async () => undefined,
	} as unknown as IWorkflowExecuteAdditionalData;
}

function runData(start: INode, item: IDataObject): IRunExecutionData {
	return {
		version: 1,
		startData: {},
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: [{ node: start, data: { main: [[{ json: item }]] }, source: null }],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	} as unknown as IRunExecutionData;
}

function read({ status, data }: IRun): Ran {
	const [task] = data.resultData.runData[NODE]?.slice(-1) ?? [];
	const error = data.resultData.error ?? task?.error;
	return {
		// An old engine leaves "running" beside an error, and the server around it makes "error" of that.
		status: error === undefined ? status : 'error',
		items: (task?.data?.main[0] ?? []).map(({ json }) => json),
		message: error?.message,
		description: error?.description ?? undefined,
		hints: (task?.hints ?? []).map(({ message }) => message),
	};
}

/** Loads the engine that is installed in a folder. It can't be unloaded, so one for each process. */
export async function loadEngine(folder: string): Promise<VersionedEngine> {
	shareCopyOf(folder);
	const load = Module.createRequire(path.join(folder, 'package.json'));
	const core = load('n8n-core') as Core;
	const { Workflow, ICredentialsHelper } = load('n8n-workflow') as Workflows;

	const packages = new core.PackageDirectoryLoader(PROJECT);
	await packages.loadAll();
	const type = packages.getNode('mlDeployment').type as INodeType;
	const credentialType = packages.getCredential(CREDENTIAL).type;

	const typesWith = (extra: INodeType) => ({
		getByName: (name: string) => (name.startsWith(PACKAGE) ? type : extra),
		getByNameAndVersion: (name: string) => (name.startsWith(PACKAGE) ? type : extra),
		getKnownTypes: () => ({}),
	});

	/** The credential that is stored, and what n8n's server does with it. */
	const helperFor = (data: ICredentialDataDecryptedObject) => {
		const abstract = ICredentialsHelper as unknown as new () => object;
		const helper = new abstract();
		return Object.assign(helper, {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getDecrypted: async () => structuredClone(data),
			authenticate: async (
				credentials: ICredentialDataDecryptedObject,
				_type: string,
				options: IHttpRequestOptions,
			) => {
				if (typeof credentialType.authenticate !== 'function') throw new Error('Not a function');
				return await credentialType.authenticate(credentials, options);
			},
			preAuthentication: async () => undefined,
			runPreAuthentication: async () => undefined,
		});
	};

	const begin: VersionedEngine['begin'] = (parameters, data, item = {}) => {
		const start = node(START, 'start');
		const ours = {
			...node(NODE, `${PACKAGE}.mlDeployment`, { resource: 'deployment', ...parameters }),
			credentials: { [CREDENTIAL]: { id: '1', name: 'Cluster' } },
		};
		const json = {
			id: 'workflow',
			name: 'Workflow',
			active: false,
			nodes: [start, ours],
			connections: { [START]: { main: [[{ node: NODE, type: 'main' as const, index: 0 }]] } },
			settings: { executionOrder: 'v1' as const },
		};
		const workflow = new Workflow({ ...json, nodeTypes: typesWith(startType('start')) });
		const server = additionalData(helperFor(data));
		const hooks = core.ExecutionLifecycleHooks;
		server.hooks = new hooks('trigger', '1', json as unknown as IWorkflowBase);
		const execution = new core.WorkflowExecute(server, 'trigger', runData(start, item));
		const running = execution.processRunExecutionData(workflow);
		return { result: Promise.resolve(running).then(read), cancel: () => running.cancel() };
	};

	const testCredential: VersionedEngine['testCredential'] = async (data) => {
		const test = credentialType.test as ICredentialTestRequest;
		const tested: INodeType = startType('credential-test');
		tested.description.credentials = [{ name: CREDENTIAL, required: true }];
		tested.description.properties = [
			{
				displayName: 'Temp',
				name: 'temp',
				type: 'string',
				routing: { request: test.request },
				default: '',
			},
		];
		const temp = {
			...node('Temp', 'credential-test'),
			credentials: { [CREDENTIAL]: { id: '1', name: 'Cluster' } },
		};
		const workflow = new Workflow({
			nodes: [temp],
			connections: {},
			active: false,
			nodeTypes: typesWith(tested),
		});
		const context = new core.ExecuteContext(
			workflow,
			temp,
			additionalData(helperFor(data)),
			'internal',
			runData(temp, {}),
			0,
			[],
			{ main: [[{ json: {} }]] },
			{ node: temp, data: {}, source: null },
			[],
		);
		const stored = { id: '1', name: 'Cluster', type: CREDENTIAL, data };
		return await new core.RoutingNode(context, tested, stored).runNode().then(
			(output) => passedTest(output?.[0]?.[0]?.json, test.rules),
			(error: unknown) => failedTest(error, test.rules),
		);
	};

	return { begin, testCredential };
}
