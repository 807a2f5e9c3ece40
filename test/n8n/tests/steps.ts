import type { IDataObject, INode, INodeParameterResourceLocator } from 'n8n-workflow';

import type { WorkflowJson } from '../rest';

/** What an example's set-up steps ask a person to do. */
export interface SetUp {
	/** Whether Dry Run stays on, as shipped. */
	dryRun?: boolean;
	/** What is picked in the empty list of a node, by the node's name. */
	picks?: Record<string, string>;
	/** Fields of the node "Settings". */
	settings?: IDataObject;
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
	const { dryRun = true, picks = {}, settings = {}, credentials = {} } = steps;
	for (const node of workflow.nodes) {
		const { name, parameters } = node;
		if ('dryRun' in parameters) parameters.dryRun = dryRun;
		if (name in picks) pick(node, picks[name]);
		if (name === 'Settings') fillIn(node, settings);
		if (name in credentials) node.credentials = credentials[name];
	}
	return workflow;
}

function pick({ name, parameters }: INode, value: string): void {
	const list = Object.values(parameters).find(isEmptyList);
	if (list === undefined) throw new Error(`'${name}' has no empty list to pick from`);
	list.value = value;
}

function fillIn({ parameters }: INode, settings: IDataObject): void {
	const { assignments } = parameters.assignments as { assignments: IDataObject[] };
	for (const each of assignments) {
		if (String(each.name) in settings) each.value = settings[String(each.name)];
	}
}
