import type { INode, INodeParameterResourceLocator } from 'n8n-workflow';

import type { WorkflowJson } from '../rest';

/** What an example's set-up steps ask a person to do. */
export interface SetUp {
	/** Whether Dry Run stays on, as shipped. */
	dryRun?: boolean;
	/** What is picked in the empty lists of a node, in their order, by the node's name. */
	picks?: Record<string, string | string[]>;
	/** Credentials of nodes that are not ours. */
	credentials?: Record<string, INode['credentials']>;
}

function isEmptyList(value: unknown): value is INodeParameterResourceLocator {
	return (
		typeof value === 'object' &&
		value !== null &&
		'__rl' in value &&
		'value' in value &&
		value.value === ''
	);
}

/** Does it. */
export function setUp(workflow: WorkflowJson, steps: SetUp): WorkflowJson {
	const { dryRun = true, picks = {}, credentials = {} } = steps;
	for (const node of workflow.nodes) {
		const { name, parameters } = node;
		if ('dryRun' in parameters && !dryRun) parameters.dryRun = false;
		if (name in picks) pick(node, [picks[name]].flat());
		if (name in credentials) node.credentials = credentials[name];
	}
	return workflow;
}

function pick({ name, parameters }: INode, values: string[]): void {
	const lists = Object.values(parameters).filter(isEmptyList);
	if (lists.length < values.length) throw new Error(`'${name}' has no empty list to pick from`);
	values.forEach((value, index) => (lists[index].value = value));
}
