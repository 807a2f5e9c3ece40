import type { INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../engine/harness';

/** The node of a workflow of one node. */
export const TYPE = { name: 'ML Deployment', type: 'n8n-nodes-elasticsearch-ml.mlDeployment' };

/** A workflow of one node behind a start node. */
export function workflowOf(parameters: INodeParameters, other: Partial<INode> = {}): WorkflowJson {
	const start: INode = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const node: INode = {
		id: 'node',
		...TYPE,
		typeVersion: 1,
		position: [200, 0],
		parameters,
		...other,
	};
	return {
		nodes: [start, node],
		connections: { Start: { main: [[{ node: TYPE.name, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
