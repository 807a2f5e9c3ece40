/** Options that several operations share. Code, not the default, says what an absent one means. */

import type { INodeProperties } from 'n8n-workflow';

import type { WaitFor } from '../../elasticsearch/deployment/judge';
import type { WhenAdaptive } from '../../elasticsearch/deployment/allocations';
import type { WhenEndpointOwned } from '../../elasticsearch/flows/resize';
import { DEFAULT_SETTINGS } from '../../elasticsearch/transport/connection';
import { shownFor, type Choice, type NumberField } from './fields';

export const REQUEST_TIMEOUT_S = DEFAULT_SETTINGS.timeoutMs / 1000;
/**
 * Finishing pending work takes up to 6 minutes, and the answer through a proxy a little more
 * (docs/elasticsearch-behaviour.md, "Stop: duration and work in flight").
 */
export const FINISH_TIMEOUT_S = 420;
export const RETRIES = DEFAULT_SETTINGS.retries;
export const WAIT_TIMEOUT_S = 300;
export const CONCURRENCY = 4;

/** An option of the Options collection. */
export type Option = INodeProperties;

/** The Options collection of one operation; n8n's guide asks to sort it. */
export function optionsOf(operation: string, options: Option[]): INodeProperties {
	const all = [...options, requestTimeout, maxConcurrency, retries];
	return shownFor(operation, {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: all.sort(byLabel),
	});
}

/** Not by `localeCompare`, whose first call takes half of the time that loading the node takes. */
function byLabel(a: Option, b: Option): number {
	return a.displayName.toLowerCase() < b.displayName.toLowerCase() ? -1 : 1;
}

/** An option that is shown only while a field outside the collection has one of some values. */
export function onlyWith<T extends Option>(
	field: string,
	value: string | Array<string | number>,
	option: T,
): T {
	const show = { ...option.displayOptions?.show, [`/${field}`]: [value].flat() };
	return { ...option, displayOptions: { show } };
}

export const requestTimeout: NumberField = {
	displayName: 'Request Timeout (Seconds)',
	name: 'requestTimeout',
	type: 'number',
	default: REQUEST_TIMEOUT_S,
	typeOptions: { minValue: 1 },
	description: `Seconds that one request may take; ${REQUEST_TIMEOUT_S} if not set, and ${FINISH_TIMEOUT_S} for a stop that finishes pending work`,
};

export const maxConcurrency: NumberField = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	default: CONCURRENCY,
	typeOptions: { minValue: 1 },
	noDataExpression: true,
	description:
		'How many items are worked on at the same time. Items for the same deployment, and patterns, keep their order anyway.',
};

export const retries: NumberField = {
	displayName: 'Retries',
	name: 'retries',
	type: 'number',
	default: RETRIES,
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

export const force: Option = {
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: true,
	description:
		'Whether to stop it even if ingest pipelines or inference endpoints use it. They fail until it is started again under the same ID.',
};

export const exclude: Option = onlyWith('target', 'pattern', {
	displayName: 'Exclude',
	name: 'exclude',
	type: 'string',
	default: '',
	placeholder: 'e.g. prod-*,elser_model_2',
	description: 'IDs and patterns, separated by commas, that are never touched',
});

export const details: Option = {
	displayName: 'Add Details',
	name: 'details',
	type: 'boolean',
	default: true,
	description:
		'Whether each output also holds its model, the settings before and after, and how the end was found out',
};

export const whenSomeFail: Choice<'endAfterAll' | 'goOn'> = {
	displayName: 'If Some Fail',
	name: 'whenSomeFail',
	type: 'options',
	default: 'goOn',
	options: [
		{
			name: 'End After All',
			value: 'endAfterAll',
			description: 'Try all, then end with an error; this is also what happens without the option',
		},
		{ name: 'Go On', value: 'goOn', description: 'Output each failure as an item of its own' },
	],
	description: 'What to do if the cluster refuses some of the deployments that match',
};

/** The same for the operations whose pattern hangs on Apply To. */
export const whenSomeMatchesFail = onlyWith('target', 'pattern', whenSomeFail);

export const waitFor: Choice<WaitFor> = {
	displayName: 'Wait For',
	name: 'waitFor',
	type: 'options',
	default: 'fully_allocated',
	options: [
		{ name: 'Fully Allocated', value: 'fully_allocated', description: 'All allocations run' },
		{ name: 'Started', value: 'started', description: 'At least one allocation runs' },
	],
	description: 'Output the result only when the deployment has reached this state',
};

export const waitTimeout: NumberField = {
	displayName: 'Wait Timeout (Seconds)',
	name: 'waitTimeout',
	type: 'number',
	default: WAIT_TIMEOUT_S,
	typeOptions: { minValue: 1 },
	description: 'Seconds after which waiting ends with an error; the deployment goes on by itself',
};

export const probe: Option = {
	displayName: 'Probe',
	name: 'probe',
	type: 'string',
	default: 'Is anybody there?',
	description:
		'A text that the model has to answer, once it has started, before the node goes on: the proof that it works',
};

export const noMaximum: Option = onlyWith('allocationMode', 'adaptive', {
	displayName: 'No Maximum',
	name: 'noMaximum',
	type: 'boolean',
	default: true,
	description: 'Whether to remove the stored upper bound; Elasticsearch then stops at 32',
});

export const whenAdaptive: Choice<WhenAdaptive> = onlyWith('allocationMode', 'fixed', {
	displayName: 'If Adaptive Allocations Are On',
	name: 'whenAdaptive',
	type: 'options',
	default: 'setBounds',
	options: [
		{
			name: 'Set Bounds',
			value: 'setBounds',
			description:
				'Keep it adaptive with this number as minimum and maximum; the way for Serverless',
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
	description: 'What to do with a deployment whose adaptive allocations rule out a fixed number',
});

export const whenEndpointOwned: Choice<WhenEndpointOwned> = onlyWith('allocationMode', 'fixed', {
	displayName: 'If an Inference Endpoint Owns It',
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
