import type { INodeProperties } from 'n8n-workflow';

import type { Allocations } from '../../../elasticsearch/deployment/allocations';
import type { RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import type { Pattern } from '../../../elasticsearch/deployment/pattern';
import { bytesOf } from '../../../elasticsearch/deployment/restore';
import { accepted, refused } from '../../../elasticsearch/transport/check';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import {
	excesses,
	MOST_QUEUED,
	PRIORITIES,
	THREADS,
} from '../../../elasticsearch/deployment/startLimits';
import type { AdaptiveAllocations } from '../../../elasticsearch/deployment/state';
import {
	allocationMode,
	dryRun,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	modelId,
	numberOfAllocations,
	pattern,
	restore,
	shownFor,
	type Choice,
	type NumberField,
} from '../../parameters/fields';
import {
	allowAgentUse,
	details,
	onlyWith,
	optionsOf,
	probe,
	waitFor,
	waitTimeout,
	whenSomeFail,
	type Option,
} from '../../parameters/options';
import { shown, wholeNumber, type Read } from '../../parameters/values';
import type { ItemInput } from '../../parameters/itemParameters';
import { readAllocations } from '../../parameters/allocations';
import { whenModelDeleted } from './remembered';

const startFrom: Choice<'fields' | 'restore' | 'remembered'> = {
	displayName: 'Start From',
	name: 'startFrom',
	type: 'options',
	default: 'fields',
	noDataExpression: true,
	options: [
		{ name: 'Model and Settings', value: 'fields', description: 'Choose them here' },
		{
			name: 'Restore',
			value: 'restore',
			description: 'Bring a deployment back as it was, from the restore that Stop or Get gave',
		},
		{
			name: 'What This Workflow Stopped',
			value: 'remembered',
			description: 'Bring back all that Stop and Scale of this workflow stopped, or some of it',
		},
	],
};

/** Which of the remembered deployments to start. */
const rememberedPattern: INodeProperties = { ...pattern, default: '*' };

const cacheSize: Option = {
	displayName: 'Cache Size',
	name: 'cacheSize',
	type: 'string',
	default: '100mb',
	placeholder: 'e.g. 100mb',
	description:
		'How much memory caches answers, e.g. 100mb; 0 for none. Without it, the size of the model.',
};

const priority: Choice<(typeof PRIORITIES)[number]> = {
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
};

const queueCapacity: NumberField = {
	displayName: 'Queue Capacity',
	name: 'queueCapacity',
	type: 'number',
	default: 10000,
	typeOptions: { minValue: 1, maxValue: MOST_QUEUED },
	description:
		"How many requests may wait before more are rejected. Without it, the cluster's default.",
};

const threadsPerAllocation: Option = {
	displayName: 'Threads per Allocation',
	name: 'threadsPerAllocation',
	type: 'options',
	default: 2,
	options: THREADS.map((value) => ({ name: String(value), value })),
	description: 'Processors for one allocation: more answer one request faster. Without it, 1.',
};

export const startOptions: Option[] = [cacheSize, priority, queueCapacity, threadsPerAllocation];

const newDeploymentId: Option = {
	displayName: 'New Deployment ID',
	name: 'newDeploymentId',
	type: 'string',
	default: '',
	placeholder: 'e.g. my_model_for_search',
	description:
		'Under which ID it runs, so that one model can have several deployments (Elasticsearch 8.8 and later). Without it, the ID of the model.',
};

export const whenExists: Choice<'error' | 'leave' | 'update'> = {
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
		{ name: 'Leave It as It Is', value: 'leave', description: 'Count it as started' },
		{ name: 'Update', value: 'update', description: 'Change its allocations to what is asked for' },
	],
	description:
		'What to do if it runs already with other settings. With the same ones it is a success.',
};

export const startFields: INodeProperties[] = [
	shownFor('start', startFrom),
	shownFor('start', { ...modelId, required: true }, { startFrom: ['fields'] }),
	shownFor('start', { ...restore, required: true }, { startFrom: ['restore'] }),
	shownFor('start', rememberedPattern, { startFrom: ['remembered'] }),
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
		probe,
		waitFor,
		waitTimeout,
		onlyWith('startFrom', 'remembered', whenSomeFail),
		onlyWith('startFrom', 'remembered', whenModelDeleted),
		details,
		allowAgentUse,
	]),
];

/** What an item asks to start. */
export type StartGiven =
	| { from: 'item'; restored: RestoredStart }
	/** Its restore is null. @param id of the deployment, if the item names it */
	| { from: 'nothing'; id: string | null }
	| { from: 'memory'; pattern: Pattern };

/** Reads what an item asks to start. */
export function readStart(input: ItemInput): StartGiven {
	const way = input.choice(startFrom);
	if (way === 'remembered') return { from: 'memory', pattern: input.pattern() };
	if (way === 'restore') {
		const restored = input.restored(restore);
		if (restored !== undefined) return { from: 'item', restored };
		return { from: 'nothing', id: input.deploymentIdOfItem() };
	}
	const model = input.id(modelId, 'model');
	const id = input.optionalId(newDeploymentId, 'deployment', model);
	const allocations = readAllocations(input);
	const spec = withAllocations({ modelId: model, deploymentId: id }, allocations);
	return { from: 'item', restored: { spec: readStartOptions(input, spec), cluster: null } };
}

/**
 * Adds the allocations. A bound that is not given stays as in the restore object; without one, the
 * cluster decides.
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

/** Adds threads, priority, queue and cache from the options, checked as Elasticsearch does. */
export function readStartOptions(input: ItemInput, spec: StartSpec): StartSpec {
	const result: StartSpec = {
		...spec,
		threadsPerAllocation: input.optional(threadsPerAllocation, threadsOf, undefined),
		queueCapacity: input.optionalNumber(queueCapacity, undefined),
		priority: input.optionalChoice(priority, undefined, PRIORITIES),
		cacheSize: input.optional(cacheSize, cacheOf, undefined),
	};
	refuseExcesses(input, result);
	return result;
}

function threadsOf(value: unknown, label: string): Read<number> {
	const number = wholeNumber(value, label, 1);
	if (number.ok && THREADS.includes(number.value)) return number;
	return refused({
		message: `'${label}' is ${shown(value)}`,
		next: `Elasticsearch takes ${THREADS.slice(0, -1).join(', ')} or ${THREADS.at(-1)}`,
	});
}

function cacheOf(value: unknown, label: string): Read<string> {
	const size = typeof value === 'number' ? String(value) : value;
	if (typeof size === 'string' && bytesOf(size) !== undefined) return accepted(size.trim());
	return refused({
		message: `'${label}' is ${shown(value)}, which is no size`,
		next: "Enter a size such as 100mb, or 0 for no cache; remove the option for the model's size",
	});
}

/** Refuses what no version of Elasticsearch starts; the cluster's version is not known yet. */
function refuseExcesses(input: ItemInput, spec: StartSpec): void {
	const found = excesses(spec, null);
	const queue = found.find(({ setting }) => setting === 'queue_capacity');
	if (queue !== undefined) {
		input.refuse({
			message: `'${queueCapacity.displayName}' is ${queue.is}, more than ${queue.most}`,
			next: `Enter ${queue.most} or less in '${queueCapacity.displayName}'`,
		});
	}
	if (found.length > 0) {
		input.refuse({
			message: 'Low priority allows exactly 1 allocation with 1 thread',
			next: `Set both to 1, or remove the option '${priority.displayName}'`,
		});
	}
}
