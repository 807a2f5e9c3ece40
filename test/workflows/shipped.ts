/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject, INodeParameterResourceLocator } from 'n8n-workflow';

import type { RunResult, WorkflowJson } from '../engine/harness';

const FOLDER = path.resolve(__dirname, '../../workflows');

export const OURS = 'n8n-nodes-elasticsearch-ml.mlDeployment';
export const STICKY = 'n8n-nodes-base.stickyNote';

/** Every shipped workflow. */
export const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** As it stands in the file, with what an export holds beside nodes and connections. */
export type ShippedWorkflow = WorkflowJson & { active: boolean; pinData: IDataObject };

export function textOf(file: string): string {
	return readFileSync(path.join(FOLDER, file), 'utf8');
}

export function shipped(file: string): ShippedWorkflow {
	return JSON.parse(textOf(file)) as ShippedWorkflow;
}

export function isLocator(value: unknown): value is INodeParameterResourceLocator {
	return typeof value === 'object' && value !== null && '__rl' in value;
}

/** A list from which nothing is picked yet. */
export function isEmptyList(value: unknown): value is INodeParameterResourceLocator {
	return isLocator(value) && value.value === '';
}

/** What the set-up steps ask a person to do. */
export interface SetUp {
	/** Whether Dry Run stays as shipped; absent: it is turned off. */
	dryRun?: boolean;
	/** What is picked in the empty lists of a node, in their order, by the node's name. */
	picks?: Record<string, string | string[]>;
}

/** A shipped workflow after its set-up. */
export function setUp(file: string, { dryRun = false, picks = {} }: SetUp = {}): ShippedWorkflow {
	const workflow = shipped(file);
	for (const { name, parameters } of workflow.nodes) {
		if (!dryRun && 'dryRun' in parameters) parameters.dryRun = false;
		const picked = [picks[name] ?? []].flat();
		const lists = Object.values(parameters).filter(isEmptyList);
		picked.forEach((value, index) => (lists[index].value = value));
	}
	return workflow;
}

/** What a node handed on at one of its outputs. */
export function outputOf(result: RunResult, node: string, output = 0): IDataObject[] {
	return (result.node(node)[output] ?? []).map(({ json }) => json);
}

/** How often a node ran. */
export function runsOf(result: RunResult, node: string): number {
	return result.raw.data.resultData.runData[node]?.length ?? 0;
}
