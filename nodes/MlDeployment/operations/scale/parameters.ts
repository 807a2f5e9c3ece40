import type { INodeProperties } from 'n8n-workflow';

import {
	fixedNumber,
	type Allocations,
	type SizeRule,
} from '../../../elasticsearch/deployment/allocations';
import type { RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
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
	type Choice,
} from '../../parameters/fields';
import {
	allowAgentUse,
	details,
	exclude,
	force,
	noMaximum,
	onlyWith,
	optionsOf,
	probe,
	waitFor,
	waitTimeout,
	whenAdaptive,
	whenEndpointOwned,
	whenSomeMatchesFail,
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
	requireRestore,
} from '../stop/parameters';
import { readProbing, type Waiting } from '../shared/awaitState';

type IfNotRunning = 'error' | 'startModel' | 'startFromRestore' | 'startRemembered';

const sizeRule: Choice<SizeRule> = {
	displayName: 'Size Rule',
	name: 'sizeRule',
	type: 'options',
	default: 'exactly',
	options: [
		{ name: 'At Least', value: 'atLeast', description: 'Only enlarge what is smaller' },
		{ name: 'At Most', value: 'atMost', description: 'Only shrink what is larger' },
		{ name: 'Exactly', value: 'exactly' },
	],
	description:
		'With adaptive allocations, At Least and At Most move the bounds instead of the number',
};

/** A number here may be 0, which stops the deployment. */
const numberOrZero: INodeProperties = {
	...numberOfAllocations,
	hint: '0 stops the deployment; Start brings it back',
};

const ifNotRunning: Choice<IfNotRunning> = {
	displayName: 'If Not Running',
	name: 'ifNotRunning',
	type: 'options',
	default: 'error',
	options: [
		{ name: 'Fail', value: 'error' },
		{ name: 'Start From a Restore', value: 'startFromRestore', description: 'As it was before' },
		{
			name: 'Start From What This Workflow Stopped',
			value: 'startRemembered',
			description: 'As it was before this workflow stopped it',
		},
		{ name: 'Start Its Model', value: 'startModel', description: 'With the settings chosen here' },
	],
};

const one = { target: ['one'] };

/** At Most starts nothing, so what is absent is small enough. */
function onlyIfMayStart(field: INodeProperties): INodeProperties {
	const hide = { sizeRule: ['atMost'] };
	return { ...field, displayOptions: { ...field.displayOptions, hide } };
}

/**
 * Only a literal 0, or an expression that may give one, makes use of what a stop can do. n8n drops
 * an option that is not shown, so each way to write zero that is read as 0 stands here.
 */
const stopOptions = [
	force,
	finishPendingWork,
	ignoreMissing,
	onlyIfIdleMinutes,
	minAgeMinutes,
	requireRestore,
].map((option) => onlyWith('numberOfAllocations', [0, '0'], option));

export const scaleFields: INodeProperties[] = [
	shownFor('scale', target),
	shownFor('scale', deploymentId, one),
	shownFor('scale', pattern, { target: ['pattern'] }),
	shownFor('scale', maxMatches, { target: ['pattern'] }),
	shownFor('scale', allocationMode),
	shownFor('scale', sizeRule, { allocationMode: ['fixed'] }),
	shownFor('scale', numberOrZero, { allocationMode: ['fixed'] }),
	shownFor('scale', minNumberOfAllocations, { allocationMode: ['adaptive'] }),
	shownFor('scale', maxNumberOfAllocations, { allocationMode: ['adaptive'] }),
	onlyIfMayStart(shownFor('scale', ifNotRunning)),
	shownFor(
		'scale',
		{
			...modelId,
			description: 'The model to deploy; empty for the one called like the deployment',
		},
		{ ...one, ifNotRunning: ['startModel'] },
	),
	shownFor('scale', restore, { ...one, ifNotRunning: ['startFromRestore'] }),
	shownFor('scale', dryRun),
	optionsOf('scale', [
		whenAdaptive,
		whenEndpointOwned,
		noMaximum,
		exclude,
		includeEndpointOwned,
		...stopOptions,
		...startOptions.map((option) => onlyWith('ifNotRunning', 'startModel', option)),
		probe,
		waitFor,
		waitTimeout,
		whenSomeMatchesFail,
		details,
		allowAgentUse,
	]),
];

/** How to start a deployment that is absent. */
export type StartFrom =
	| { from: 'nothing' | 'memory' }
	/** @param modelGuessed whether the model has the deployment's id because none was named */
	| { from: 'model'; spec: StartSpec; modelGuessed: boolean }
	/** Undefined if nothing was stopped. */
	| { from: 'restore'; restored?: RestoredStart };

/** The size above zero that an item asks for. */
export interface ScaleGoal {
	rule: SizeRule;
	resize: ResizeGoal;
	startFrom: StartFrom;
	byPattern: boolean;
	waiting: Waiting;
	retries: number;
	dryRun: boolean;
}

/**
 * Reads the size that an item asks for; undefined for zero, which is a stop.
 * @param id the deployment; undefined for a pattern
 */
export function readScale(input: ItemInput, id?: string): ScaleGoal | undefined {
	const allocations = readAllocations(input, { least: 0, noMaximum });
	const rule = allocations.mode === 'fixed' ? input.choice(sizeRule, RULES) : 'exactly';
	if (fixedNumber(allocations) === 0) {
		if (rule === 'exactly') return undefined;
		input.refuse({
			message: `'${numberOrZero.displayName}' is 0, but '${sizeRule.displayName}' is not Exactly`,
			next: `To stop it, set '${sizeRule.displayName}' to Exactly. Else enter 1 or more`,
		});
	}
	return {
		rule,
		resize: readResize(input, allocations),
		startFrom: rule === 'atMost' ? { from: 'nothing' } : readStartFrom(input, id, allocations),
		byPattern: id === undefined,
		waiting: readProbing(input),
		retries: input.requestSettings().retries,
		dryRun: input.flag(dryRun),
	};
}

const RULES = ['exactly', 'atLeast', 'atMost'] as const;

function readStartFrom(
	input: ItemInput,
	id: string | undefined,
	allocations: Allocations,
): StartFrom {
	const way = input.choice(ifNotRunning);
	if (way === 'error') return { from: 'nothing' };
	if (way === 'startRemembered') return { from: 'memory' };
	if (id === undefined) {
		input.refuse({
			message: `With a pattern, '${ifNotRunning.displayName}' can only be Fail or Start From What This Workflow Stopped`,
			next: `Choose one of these, or set '${target.displayName}' to One Deployment`,
		});
	}
	if (way === 'startFromRestore') {
		const restored = input.restored(restore);
		if (restored !== undefined && restored.spec.deploymentId !== id) {
			input.refuse({
				message: `The restore object is for the deployment '${restored.spec.deploymentId}', not for '${id}'`,
				next: 'Take both from the same item',
			});
		}
		return { from: 'restore', restored };
	}
	const chosen = input.field(modelId);
	const modelGuessed = chosen === '' || chosen === undefined || chosen === null;
	const model = modelGuessed ? id : input.id(modelId, 'model');
	const spec = withAllocations({ modelId: model, deploymentId: id }, allocations);
	return { from: 'model', spec: readStartOptions(input, spec), modelGuessed };
}
