import type { INodeProperties } from 'n8n-workflow';

import { fixedNumber, type Allocations } from '../../../elasticsearch/deployment/allocations';
import type { ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import {
	allocationMode,
	deploymentId,
	dryRun,
	maxMatches,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	modelId,
	numberOfAllocations,
	pattern,
	restore,
	shownFor,
	target,
	type NumberField,
} from '../../parameters/fields';
import {
	allowAgentUse,
	exclude,
	force,
	noMaximum,
	optionsOf,
	waitFor,
	waitTimeout,
	whenAdaptive,
	whenEndpointOwned,
} from '../../parameters/options';
import type { ItemInput } from '../../parameters/itemParameters';
import { readAllocations, readResize } from '../../parameters/allocations';
import { readStartOptions, startOptions, withAllocations } from '../start/parameters';
import {
	finishPendingWork,
	ignoreMissing,
	includeEndpointOwned,
	minAgeMinutes,
	onlyIfIdleMinutes,
	readStop,
	type StopGoal,
} from '../stop/parameters';
import { readWaiting, type Waiting } from '../shared/awaitState';

const startIfAbsent: INodeProperties = {
	displayName: 'Start If Absent',
	name: 'startIfAbsent',
	type: 'boolean',
	default: false,
	description: 'Whether to start it when it is not deployed; otherwise that is an error',
};

/** A number here may be 0, which stops the deployment. */
const numberOrZero: NumberField = {
	...numberOfAllocations,
	typeOptions: { minValue: 0, numberPrecision: 0 },
	description: `${numberOfAllocations.description} 0 stops the deployment and hands on how to bring it back.`,
};

const one = { target: ['one'] };

export const scaleFields: INodeProperties[] = [
	shownFor('scale', target),
	shownFor('scale', deploymentId, one),
	shownFor('scale', pattern, { target: ['pattern'] }),
	shownFor('scale', maxMatches, { target: ['pattern'] }),
	shownFor('scale', allocationMode),
	shownFor('scale', numberOrZero, { allocationMode: ['fixed'] }),
	shownFor('scale', minNumberOfAllocations, { allocationMode: ['adaptive'] }),
	shownFor('scale', maxNumberOfAllocations, { allocationMode: ['adaptive'] }),
	shownFor('scale', startIfAbsent, one),
	shownFor(
		'scale',
		{
			...modelId,
			description: 'The model to deploy; empty for the one called like the deployment',
		},
		{ ...one, startIfAbsent: [true] },
	),
	shownFor(
		'scale',
		{
			...restore,
			displayName: 'Restore From',
			description:
				'Used only where the deployment is absent: the restore object of its stop, which brings back threads, queue and cache. Works without Start If Absent.',
		},
		one,
	),
	shownFor('scale', dryRun),
	optionsOf('scale', [
		whenAdaptive,
		whenEndpointOwned,
		noMaximum,
		force,
		finishPendingWork,
		exclude,
		includeEndpointOwned,
		ignoreMissing,
		onlyIfIdleMinutes,
		minAgeMinutes,
		...startOptions.map((option) => ({
			...option,
			displayOptions: { show: { '/startIfAbsent': [true] } },
		})),
		waitFor,
		waitTimeout,
		allowAgentUse,
	]),
];

/** The state that an item asks for. */
export interface ScaleGoal {
	/** Undefined for zero, which is a stop. */
	resize?: ResizeGoal;
	/** How to start it if it is absent; undefined if it should not be started. */
	startFrom?: { spec: StartSpec; cluster: string | null; modelGuessed: boolean };
	stop: StopGoal;
	byPattern: boolean;
	includeEndpointOwned: boolean;
	waiting: Waiting;
	retries: number;
	dryRun: boolean;
}

/** A goal with a size above zero. */
export type SizedGoal = ScaleGoal & { resize: ResizeGoal };

/** Whether the goal is a size above zero. */
export function isSized(goal: ScaleGoal): goal is SizedGoal {
	return goal.resize !== undefined;
}

/** Reads the state that an item asks for. @param id the deployment; undefined for a pattern */
export function readScale(input: ItemInput, id?: string): ScaleGoal {
	const allocations = readAllocations(input, numberOrZero, noMaximum);
	const zero = fixedNumber(allocations) === 0;
	return {
		resize: zero ? undefined : readResize(input, allocations),
		startFrom: zero || id === undefined ? undefined : readStartFrom(input, id, allocations),
		stop: readStop(input),
		byPattern: id === undefined,
		includeEndpointOwned: id !== undefined || input.optionalFlag(includeEndpointOwned, false),
		waiting: readWaiting(input),
		retries: input.requestSettings().retries,
		dryRun: input.flag(dryRun),
	};
}

function readStartFrom(
	input: ItemInput,
	id: string,
	allocations: Allocations,
): ScaleGoal['startFrom'] {
	const stored = input.field(restore);
	if (stored !== '' && stored !== undefined && stored !== null) {
		const { spec, cluster } = input.restored(restore);
		if (spec.deploymentId !== id) {
			input.refuse({
				message: `The restore object is for the deployment '${spec.deploymentId}', not for '${id}'`,
				next: 'Take both from the same item',
			});
		}
		return { spec: withAllocations(spec, allocations), cluster, modelGuessed: false };
	}
	if (!input.flag(startIfAbsent)) return undefined;
	const chosen = input.field(modelId);
	const modelGuessed = chosen === '' || chosen === undefined || chosen === null;
	const model = modelGuessed ? id : input.id(modelId, 'model');
	const spec = withAllocations({ modelId: model, deploymentId: id }, allocations);
	return { spec: readStartOptions(input, spec), cluster: null, modelGuessed };
}
