/** Options that several operations share. What an absent one means is decided in code, not by its default. */

import type { INodeProperties } from 'n8n-workflow';

import { MOST_QUEUED, THREADS } from '../../elasticsearch/deployment/startLimits';
import { shownFor } from './fields';

/** An option of the Options collection. */
export type Option = INodeProperties;

/** The Options collection of one operation; sorted, as n8n's guide asks. */
export function optionsOf(operation: string, options: Option[]): INodeProperties {
	const all = [...options, requestTimeout, maxConcurrency, retries];
	return shownFor(operation, {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: all.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	});
}

/** An option that is shown only while a field outside the collection has a value. */
export function onlyWith(field: string, value: string, option: Option): Option {
	const show = { ...option.displayOptions?.show, [`/${field}`]: [value] };
	return { ...option, displayOptions: { show } };
}

const requestTimeout: Option = {
	displayName: 'Request Timeout (Seconds)',
	name: 'requestTimeout',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 1 },
	description:
		'Seconds that one request may take; 60 if not set, and 420 for a stop that finishes pending work',
};

const maxConcurrency: Option = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	default: 4,
	typeOptions: { minValue: 1 },
	noDataExpression: true,
	description:
		'How many items are worked on at the same time. Items for the same deployment, and patterns, keep their order anyway.',
};

const retries: Option = {
	displayName: 'Retries',
	name: 'retries',
	type: 'number',
	default: 3,
	typeOptions: { minValue: 0 },
	description:
		'How often a request is sent again after a lost connection, an overloaded cluster or a status of 502, 503 or 504. A stop is sent again only when it surely did not run.',
};

export const allowAgentUse: Option = {
	displayName: 'Allow Agent Use',
	name: 'allowAgentUse',
	type: 'boolean',
	default: true,
	noDataExpression: true,
	displayOptions: { show: { '@tool': [true] } },
	description:
		'Whether an AI agent may change deployments with this tool. Without it the agent is refused; patterns and Force are refused always.',
};

export const waitFor: Option = {
	displayName: 'Wait For',
	name: 'waitFor',
	type: 'options',
	default: 'fully_allocated',
	options: [
		{ name: 'Fully Allocated', value: 'fully_allocated', description: 'All allocations run' },
		{ name: 'Started', value: 'started', description: 'At least one allocation runs' },
	],
	description: 'Hand the result on only when the deployment has reached this state',
};

export const waitTimeout: Option = {
	displayName: 'Wait Timeout (Seconds)',
	name: 'waitTimeout',
	type: 'number',
	default: 300,
	typeOptions: { minValue: 1 },
	description: 'Seconds after which waiting ends with an error; the deployment goes on by itself',
};

export const noMaximum: Option = onlyWith('allocationMode', 'adaptive', {
	displayName: 'No Maximum',
	name: 'noMaximum',
	type: 'boolean',
	default: true,
	description: 'Whether to remove the stored upper bound; Elasticsearch then stops at 32',
});

export const whenAdaptive: Option = onlyWith('allocationMode', 'fixed', {
	displayName: 'When Adaptive',
	name: 'whenAdaptive',
	type: 'options',
	default: 'setBounds',
	options: [
		{
			name: 'Set Bounds',
			value: 'setBounds',
			description: 'Keep it adaptive with this number as minimum and maximum; works on Serverless',
		},
		{
			name: 'End With Error',
			value: 'error',
			description: 'Change nothing; this is also what happens without the option',
		},
		{
			name: 'Turn Off',
			value: 'turnOff',
			description: 'Switch adaptive allocations off and set the number in the same request',
		},
	],
	description: 'What to do where adaptive allocations are on, which rule out a fixed number',
});

export const whenEndpointOwned: Option = onlyWith('allocationMode', 'fixed', {
	displayName: 'When Endpoint-Owned',
	name: 'whenEndpointOwned',
	type: 'options',
	default: 'inferenceApi',
	options: [
		{
			name: 'End With Error',
			value: 'error',
			description: 'Change nothing; this is also what happens without the option',
		},
		{
			name: 'Use Inference API',
			value: 'inferenceApi',
			description: 'Resize the inference endpoint instead; the key needs manage_inference',
		},
	],
	description:
		'What to do with a deployment that an inference endpoint created, which Elasticsearch 9.2 and later resizes only through that endpoint',
});

export const startOptions: Option[] = [
	{
		displayName: 'Cache Size',
		name: 'cacheSize',
		type: 'string',
		default: '100mb',
		placeholder: 'e.g. 100mb',
		description:
			'How much memory caches answers, e.g. 100mb; 0 for none. Without it, the size of the model.',
	},
	{
		displayName: 'Priority',
		name: 'priority',
		type: 'options',
		default: 'low',
		options: [
			{
				name: 'Low',
				value: 'low',
				description: 'For trials: 1 allocation with 1 thread, after all others',
			},
			{ name: 'Normal', value: 'normal' },
		],
		description: 'Who gets processors first. Without it, normal.',
	},
	{
		displayName: 'Queue Capacity',
		name: 'queueCapacity',
		type: 'number',
		default: 10000,
		typeOptions: { minValue: 1, maxValue: MOST_QUEUED },
		description:
			"How many requests may wait before more are rejected. Without it, the cluster's default.",
	},
	{
		displayName: 'Threads per Allocation',
		name: 'threadsPerAllocation',
		type: 'options',
		default: 2,
		options: THREADS.map((value) => ({ name: String(value), value })),
		description: 'Processors for one allocation: more answer one request faster. Without it, 1.',
	},
];
