import type { INodeProperties } from 'n8n-workflow';

import type { Allocations } from '../../../elasticsearch/deployment/allocations';
import { exactId } from '../../../elasticsearch/deployment/ids';
import { readRestore, type RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import { bytesOf } from '../../../elasticsearch/deployment/restore';
import { accepted, refused, type Checked } from '../../../elasticsearch/transport/failure';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import { excesses, PRIORITIES, THREADS } from '../../../elasticsearch/deployment/startLimits';
import type { AdaptiveAllocations } from '../../../elasticsearch/deployment/state';
import {
	allocationMode,
	dryRun,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	modelId,
	numberOfAllocations,
	restore,
	shownFor,
} from '../../parameters/fields';
import {
	allowAgentUse,
	onlyWith,
	optionsOf,
	startOptions,
	waitFor,
	waitTimeout,
	type Option,
} from '../../parameters/options';
import { text } from '../../parameters/values';
import type { ItemInput } from '../../parameters/itemParameters';
import { readAllocations } from '../../parameters/allocations';

const startFrom: INodeProperties = {
	displayName: 'Start From',
	name: 'startFrom',
	type: 'options',
	default: 'fields',
	noDataExpression: true,
	options: [
		{ name: 'Model and Settings', value: 'fields', description: 'Choose them here' },
		{
			name: 'Restore Object of a Stop',
			value: 'restore',
			description: 'Bring a deployment back as it was, from what Stop or Get handed on',
		},
	],
};

const newDeploymentId: Option = {
	displayName: 'New Deployment ID',
	name: 'newDeploymentId',
	type: 'string',
	default: '',
	placeholder: 'e.g. my_model_for_search',
	description:
		'Under which ID it runs, so that one model can have several deployments (Elasticsearch 8.8 and later). Without it, the ID of the model.',
};

const whenExists: Option = {
	displayName: 'When Already Running',
	name: 'whenExists',
	type: 'options',
	default: 'update',
	options: [
		{
			name: 'End With Error',
			value: 'error',
			description: 'Name the differences; this is also what happens without the option',
		},
		{ name: 'Update', value: 'update', description: 'Change its allocations to what is asked for' },
	],
	description:
		'What to do where it runs already with other settings. With the same ones it is a success.',
};

export const startFields: INodeProperties[] = [
	shownFor('start', startFrom),
	shownFor('start', { ...modelId, required: true }, { startFrom: ['fields'] }),
	shownFor('start', { ...restore, required: true }, { startFrom: ['restore'] }),
	shownFor('start', allocationMode, { startFrom: ['fields'] }),
	shownFor('start', numberOfAllocations, { startFrom: ['fields'], allocationMode: ['fixed'] }),
	shownFor(
		'start',
		{
			...minNumberOfAllocations,
			description:
				'The lower bound; 0 lets the deployment go to zero when it is idle for long. Empty leaves it to Elasticsearch.',
		},
		{ startFrom: ['fields'], allocationMode: ['adaptive'] },
	),
	shownFor(
		'start',
		{
			...maxNumberOfAllocations,
			description: 'The upper bound. Empty leaves it to Elasticsearch, which stops at 32.',
		},
		{ startFrom: ['fields'], allocationMode: ['adaptive'] },
	),
	shownFor('start', dryRun),
	optionsOf('start', [
		...[newDeploymentId, ...startOptions].map((option) => onlyWith('startFrom', 'fields', option)),
		whenExists,
		waitFor,
		waitTimeout,
		allowAgentUse,
	]),
];

/** What an item asks to start; the cluster it was taken from, where that is known. */
export function readStart(input: ItemInput): RestoredStart {
	if (input.choice('startFrom', 'Start From', ['fields', 'restore']) === 'restore') {
		return input.take(readRestore(input.field('restore')));
	}
	const model = readModelId(input);
	const id = 'newDeploymentId' in input.options ? readNewId(input) : model;
	const spec = withAllocations({ modelId: model, deploymentId: id }, readAllocations(input));
	return { spec: readStartOptions(input, spec), cluster: null };
}

export function readModelId(input: ItemInput): string {
	return input.take(exactId(input.take(text(input.field('modelId'), 'Model')), 'model'));
}

function readNewId(input: ItemInput): string {
	const id = input.take(text(input.options.newDeploymentId, 'New Deployment ID'));
	return input.take(exactId(id, 'deployment'));
}

/**
 * Adds the allocations. A bound that is not given stays as the restore object has it, and is left to
 * the cluster where there is none.
 */
export function withAllocations(spec: StartSpec, allocations: Allocations): StartSpec {
	if (allocations.mode === 'fixed') {
		return { ...spec, numberOfAllocations: allocations.number, adaptive: undefined };
	}
	const adaptive: AdaptiveAllocations = { ...spec.adaptive, enabled: true };
	if (allocations.min !== undefined) adaptive.min_number_of_allocations = allocations.min;
	if (allocations.max === null) delete adaptive.max_number_of_allocations;
	else if (allocations.max !== undefined) adaptive.max_number_of_allocations = allocations.max;
	return { ...spec, numberOfAllocations: undefined, adaptive };
}

/** Adds threads, priority, queue and cache from the options, each checked as Elasticsearch would. */
export function readStartOptions(input: ItemInput, spec: StartSpec): StartSpec {
	const { options } = input;
	const threads = optional(options, 'threadsPerAllocation', (value) => threadsOf(value));
	const result: StartSpec = { ...spec };
	if (threads !== undefined) result.threadsPerAllocation = input.take(threads);
	if ('queueCapacity' in options) {
		result.queueCapacity = input.optionalNumber('queueCapacity', 'Queue Capacity', 1, 1);
	}
	result.priority = input.optionalChoice('priority', 'Priority', PRIORITIES, undefined);
	const cache = optional(options, 'cacheSize', (value) => cacheOf(value));
	if (cache !== undefined) result.cacheSize = input.take(cache);
	input.take(withinLimits(result));
	return result;
}

function optional<T>(
	options: Record<string, unknown>,
	name: string,
	read: (value: unknown) => Checked<T>,
): Checked<T> | undefined {
	return name in options ? read(options[name]) : undefined;
}

function threadsOf(value: unknown): Checked<number> {
	const number = Number(value);
	if (THREADS.includes(number) && value !== true) return accepted(number);
	return refused(
		`'Threads per Allocation' is ${JSON.stringify(value) ?? 'nothing (undefined)'}`,
		`Elasticsearch takes ${THREADS.slice(0, -1).join(', ')} or ${THREADS.at(-1)}`,
	);
}

function cacheOf(value: unknown): Checked<string> {
	const size = typeof value === 'number' ? String(value) : value;
	if (typeof size === 'string' && bytesOf(size) !== undefined) return accepted(size.trim());
	return refused(
		`'Cache Size' is ${JSON.stringify(value) ?? 'nothing (undefined)'}, which is no size`,
		"Enter a size such as 100mb, or 0 for no cache; remove the option for the model's size",
	);
}

/** Refuses what no version of Elasticsearch starts; the cluster's version is not known yet. */
function withinLimits(spec: StartSpec): Checked<undefined> {
	const found = excesses(spec, null);
	const queue = found.find(({ setting }) => setting === 'queue_capacity');
	if (queue !== undefined) {
		return refused(
			`'Queue Capacity' is ${queue.is}, more than ${queue.most}`,
			`Enter ${queue.most} or less in 'Queue Capacity'`,
		);
	}
	if (found.length === 0) return accepted(undefined);
	return refused(
		'Low priority allows exactly 1 allocation with 1 thread',
		"Set both to 1, or remove the option 'Priority'",
	);
}
