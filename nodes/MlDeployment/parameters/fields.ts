/** Fields that several operations share; each has one definition, so that they stay alike. */

import type { INodeProperties, INodePropertyOptions, INodePropertyTypeOptions } from 'n8n-workflow';

/** A field for a whole number; its readers take the minimum from it. */
export interface NumberField extends INodeProperties {
	typeOptions: INodePropertyTypeOptions & { minValue: number };
}

/** A field whose values its readers know. */
export interface Choice<T extends string> extends INodeProperties {
	options: Array<INodePropertyOptions & { value: T }>;
}

/** Shows a field for one operation, and only while the given fields have one of their values. */
export function shownFor(
	operation: string,
	field: INodeProperties,
	also: Record<string, Array<string | number | boolean>> = {},
): INodeProperties {
	return {
		...field,
		displayOptions: { show: { resource: ['deployment'], operation: [operation], ...also } },
	};
}

export const deploymentId: INodeProperties = {
	displayName: 'Deployment',
	name: 'deploymentId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The trained model deployment. Its ID is its model ID unless another was given at start.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a deployment...',
			typeOptions: { searchListMethod: 'searchDeployments', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. my_model_for_search' },
	],
};

export const target: Choice<'one' | 'pattern'> = {
	displayName: 'Apply To',
	name: 'target',
	type: 'options',
	default: 'one',
	noDataExpression: true,
	options: [
		{ name: 'One Deployment', value: 'one' },
		{
			name: 'All That Match a Pattern',
			value: 'pattern',
			description: 'Such as elser-*, or a list of IDs',
		},
	],
};

export const pattern: INodeProperties = {
	displayName: 'Pattern',
	name: 'pattern',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. elser-*',
	description:
		'Deployment IDs, where * stands for any characters; separate several with commas. _all means every deployment.',
};

export const maxMatches: NumberField = {
	displayName: 'Max Matches',
	name: 'maxMatches',
	type: 'number',
	default: 25,
	typeOptions: { minValue: 1 },
	description: 'If more deployments than this match, nothing is changed and the node says so',
};

export const allocationMode: Choice<'fixed' | 'adaptive'> = {
	displayName: 'Allocation Mode',
	name: 'allocationMode',
	type: 'options',
	default: 'fixed',
	options: [
		{ name: 'Fixed', value: 'fixed', description: 'A number that stays until it is changed' },
		{
			name: 'Adaptive',
			value: 'adaptive',
			description: 'Elasticsearch follows the load between two bounds (8.16 and later)',
		},
	],
};

/**
 * Its readers know the minimum. If it stood here, the editor would silently make the minimum of a
 * smaller number: 1 of a typed 0, or a stop of a typed -1.
 */
export const numberOfAllocations: INodeProperties = {
	displayName: 'Number of Allocations',
	name: 'numberOfAllocations',
	type: 'number',
	default: 1,
	typeOptions: { numberPrecision: 0 },
	hint: 'Copies of the model that work side by side',
	description:
		'How many copies of the model work side by side, over all machine learning nodes together. More raise the throughput, and each takes as many processors as it has threads.',
};

export const minNumberOfAllocations: NumberField = {
	displayName: 'Minimum Number of Allocations',
	name: 'minNumberOfAllocations',
	type: 'number',
	default: '',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	placeholder: 'e.g. 0',
	description:
		'The lower bound; 0 lets the deployment go to zero when it is idle for long. Empty keeps the stored bound.',
};

export const maxNumberOfAllocations: NumberField = {
	displayName: 'Maximum Number of Allocations',
	name: 'maxNumberOfAllocations',
	type: 'number',
	default: '',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	placeholder: 'e.g. 8',
	description: 'The upper bound. Empty keeps the stored bound; the option No Maximum removes it.',
};

export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether to only show what would be done: the request, the state before and after, and what would break',
};

/** How much an operation that reads puts out. */
export type Output = 'simplified' | 'full' | 'raw';

export const output: Choice<Output> = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: 'simplified',
	options: [
		{
			name: 'Simplified',
			value: 'simplified',
			description: 'The ten fields that most workflows need',
		},
		{ name: 'Full', value: 'full', description: 'The same, with use, limits and sizes' },
		{ name: 'Raw', value: 'raw', description: "Elasticsearch's own statistics, as they came" },
	],
};

export const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limit: NumberField = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	default: 50,
	typeOptions: { minValue: 1 },
	description: 'Max number of results to return',
};

export const modelId: INodeProperties = {
	displayName: 'Model',
	name: 'modelId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'The trained model to deploy; only PyTorch models can be',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a model...',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. .elser_model_2' },
	],
};

export const restore: INodeProperties = {
	displayName: 'Restore',
	name: 'restore',
	type: 'string',
	default: '={{ $json.restore }}',
	placeholder: 'e.g. {{ $json.restore }}',
	description: 'The restore that Stop, Scale, Get or Get Many gave, as text or as an object',
};
