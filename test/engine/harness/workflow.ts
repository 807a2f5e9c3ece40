import {
	type INode,
	type INodeExecutionData,
	type IWorkflowBase,
	NodeConnectionTypes,
	Workflow,
} from 'n8n-workflow';

import { bindCredentials, credentialsOf } from './binding';
import { EngineCredentials } from './credentials';
import { DEFAULT_NODE_TYPE, latestVersion, toItems } from './nodes';
import type { NodePackages } from './packages';
import { startRun } from './run';
import { RunNodeTypes } from './runNodeTypes';
import type { NodeRunOptions, Run, RunSettings, WorkflowJson, WorkflowRunOptions } from './types';

const START = 'Start';

/** A file as the server would hold it; the caller's JSON stays as it is. */
function complete(json: WorkflowJson, timezone?: string): IWorkflowBase {
	const { nodes, connections, settings, staticData } = structuredClone(json);
	return {
		id: json.id ?? 'engine-workflow',
		name: json.name ?? 'Engine workflow',
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes,
		connections,
		staticData,
		settings: { ...settings, timezone: timezone ?? settings?.timezone ?? 'UTC' },
	};
}

/** Where the run begins: at the named node, else at the only trigger. */
function findStart(nodes: INode[], nodeTypes: RunNodeTypes, name?: string): INode {
	const isTrigger = ({ type, typeVersion, disabled }: INode) =>
		!disabled &&
		nodeTypes.getByNameAndVersion(type, typeVersion).description.group.includes('trigger');
	const candidates = nodes.filter((node) =>
		name === undefined ? isTrigger(node) : node.name === name,
	);
	if (candidates.length === 1) return candidates[0];
	const found = candidates.map((node) => `"${node.name}"`).join(', ') || 'none';
	throw new Error(`The workflow needs one node to start from (${name ?? 'a trigger'}): ${found}`);
}

interface Setup extends RunSettings {
	json: WorkflowJson;
	credentials: EngineCredentials;
	nodeTypes: RunNodeTypes;
	startNode?: string;
	items: INodeExecutionData[];
	asksTrigger?: boolean;
	stubbed: string[];
	/** The node that the result is about; else the one that ran last. */
	watched?: string;
}

function start({ json, credentials, nodeTypes, startNode, timezone, ...setup }: Setup): Run {
	const workflowData = complete(json, timezone);
	for (const node of workflowData.nodes) {
		bindCredentials(node, nodeTypes.getByNameAndVersion(node.type, node.typeVersion), credentials);
	}
	const staticData = structuredClone(setup.staticData ?? workflowData.staticData);
	const workflow = new Workflow({ ...workflowData, nodeTypes, staticData });
	const startsAt = findStart(workflowData.nodes, nodeTypes, startNode);
	return startRun({ ...setup, workflow, workflowData, startsAt, nodeTypes, credentials });
}

/** Runs one node behind a start node that hands over the items. */
export function runNode(packages: NodePackages, options: NodeRunOptions): Run {
	const { nodeType = DEFAULT_NODE_TYPE, onError, retryOnFail, maxTries } = options;
	const type = packages.getByNameAndVersion(nodeType, options.typeVersion);
	const name = options.name ?? String(type.description.defaults.name ?? 'Node');
	const node: INode = {
		id: 'node-under-test',
		name,
		type: nodeType,
		typeVersion: options.typeVersion ?? latestVersion(type),
		position: [200, 0],
		parameters: options.parameters,
		waitBetweenTries: options.waitBetweenTries ?? 1,
		...(onError && { onError }),
		...(retryOnFail && { retryOnFail, maxTries }),
		// An agent has its tools run this way: their output, an error too, goes back to the agent.
		...(nodeType.endsWith('Tool') && { rewireOutputLogTo: NodeConnectionTypes.AiTool }),
		...options.node,
	};
	const trigger: INode = {
		id: 'start',
		name: START,
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return start({
		...options,
		json: {
			...(options.workflowId && { id: options.workflowId }),
			nodes: [trigger, node],
			connections: { [START]: { main: [[{ node: name, type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		},
		credentials: new EngineCredentials(packages, credentialsOf(type, options.credentials)),
		nodeTypes: new RunNodeTypes(packages, {}),
		startNode: START,
		items: toItems(options.items),
		stubbed: [],
		watched: name,
	});
}

/** Runs a workflow from one of its nodes. */
export function runWorkflow(packages: NodePackages, options: WorkflowRunOptions): Run {
	const { workflow, stubs = {}, credentials = {}, startItems } = options;
	const unknown = Object.keys(stubs).filter(
		(name) => !workflow.nodes.some((node) => node.name === name),
	);
	if (unknown.length) throw new Error(`The workflow has no node "${unknown.join('", "')}" to stub`);
	return start({
		...options,
		json: workflow,
		credentials: new EngineCredentials(packages, credentials),
		nodeTypes: new RunNodeTypes(packages, stubs),
		items: toItems(startItems),
		stubbed: Object.keys(stubs),
	});
}
