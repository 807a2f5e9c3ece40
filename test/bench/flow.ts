import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Engine, RunResult, Stub, WorkflowJson } from '../engine/harness';
import { credentialFor } from '../given';
import type { Access } from './cluster/orders';

export const ML_DEPLOYMENT = 'n8n-nodes-elasticsearch-ml.mlDeployment';

/** A node of a workflow, as a person sets it up. */
export interface Step {
	name: string;
	type: string;
	typeVersion: number;
	parameters: IDataObject;
	/** In the place of the node's own code. */
	stub?: Stub;
	/** What its outputs lead to, by output; the next step when absent. */
	leadsTo?: string[][];
}

type Connections = WorkflowJson['connections'];

const START = 'Start';

function workflowOf(steps: Step[]): WorkflowJson {
	const trigger = { name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
	const all: Step[] = [{ ...trigger, parameters: {} }, ...steps];
	const connections: Connections = {};
	for (const [place, { name, leadsTo }] of all.entries()) {
		const next = all[place + 1]?.name;
		const outputs = leadsTo ?? [next === undefined ? [] : [next]];
		connections[name] = {
			main: outputs.map((names) => names.map((node) => ({ node, type: 'main', index: 0 }))),
		};
	}
	return {
		nodes: all.map(({ name, type, typeVersion, parameters }) => ({
			id: name,
			name,
			type,
			typeVersion,
			position: [0, 0],
			parameters: parameters as INodeParameters,
		})),
		connections,
		settings: { executionOrder: 'v1' },
	};
}

/** Runs steps behind a start node in n8n's engine, with every credential that a step may use. */
export async function runSteps(
	engine: Engine,
	access: Access,
	steps: Step[],
	startItems: IDataObject[],
): Promise<RunResult> {
	// What was logged in earlier runs would only fill the memory.
	engine.logs.length = 0;
	const { username, password } = access.user;
	const result = await engine.runWorkflow({
		workflow: workflowOf(steps),
		startItems,
		credentials: {
			elasticsearchMlApi: credentialFor(access),
			elasticsearchApi: { username, password, baseUrl: access.endpoint, ignoreSSLIssues: true },
		},
		stubs: Object.fromEntries(steps.flatMap(({ name, stub }) => (stub ? [[name, stub]] : []))),
	});
	if (result.status === 'success') return result;
	throw new Error(`The run ended with ${result.status}: ${result.error?.message ?? ''}`);
}

/** What is measured counts only if it was done. */
export function expectCount(what: string, count: number, expected: number): void {
	if (count !== expected) throw new Error(`${what}: ${count} in place of ${expected}`);
}
