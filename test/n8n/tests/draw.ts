import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { CredentialJson, WorkflowJson } from '../rest';
import { OURS } from '../rest/nodeTypes';

/** A node as a person draws it; ids and places come from its name and turn. */
export type Sketch = Pick<INode, 'name' | 'type' | 'typeVersion'> &
	Partial<Omit<INode, 'id' | 'position'>>;

type Ends = Array<string | string[]>;

/** Draws a workflow as the editor saves it: the nodes in a row, but for those whose outputs `branches` tells. */
export function draw(
	name: string,
	sketches: Sketch[],
	branches: Record<string, Ends> = {},
): WorkflowJson {
	const nodes: INode[] = sketches.map((sketch, turn) => ({
		parameters: {},
		...sketch,
		id: sketch.name.toLowerCase().replace(/\W+/g, '-'),
		position: [220 * turn, 0],
	}));
	const connections: IConnections = {};
	sketches.forEach((sketch, turn) => {
		const next = sketches.at(turn + 1);
		const ends = branches[sketch.name] ?? (next ? [next.name] : []);
		const main = ends.map((end) =>
			[end].flat().map((node) => ({ node, type: 'main' as const, index: 0 })),
		);
		if (main.length > 0) connections[sketch.name] = { main };
	});
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

export const manual: Sketch = {
	name: 'By Hand',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
};

export function noOp(name: string): Sketch {
	return { name, type: 'n8n-nodes-base.noOp', typeVersion: 1 };
}

/** Hands on these items. */
export function items(...jsons: unknown[]): Sketch {
	return {
		name: 'Items',
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		parameters: { jsCode: `return ${JSON.stringify(jsons.map((json) => ({ json })))}` },
	};
}

/** Our node. */
export function ours(
	credential: CredentialJson,
	operation: string,
	fields: INodeParameters = {},
	other: Partial<Sketch> = {},
): Sketch {
	const { id, name, type } = credential;
	return {
		name: 'ML Deployment',
		type: OURS,
		typeVersion: 1,
		parameters: { resource: 'deployment', operation, ...fields },
		credentials: { [type]: { id, name } },
		...other,
	};
}

export function byId(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}
