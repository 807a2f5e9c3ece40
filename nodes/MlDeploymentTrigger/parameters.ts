/** The fields of the trigger, and how they are read. */

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { readPattern, type Pattern } from '../elasticsearch/deployment/pattern';
import { accepted, refused } from '../elasticsearch/transport/check';
import { isObject } from '../elasticsearch/transport/json';
import { explainPattern } from '../MlDeployment/errors/inputErrors';
import type { Choice, NumberField } from '../MlDeployment/parameters/fields';
import type { Explanation } from '../MlDeployment/errors/rule';
import { minutes, oneOf, text, wholeNumber, type Read } from '../MlDeployment/parameters/values';
import { EVENTS, type EventName, type Rules } from './events';

type EventOption = INodePropertyOptions & { value: EventName };

const eventOptions: EventOption[] = [
	{
		name: 'Allocations Changed',
		value: 'allocationsChanged',
		description: 'Its number of allocations changed: by hand, by a workflow or by itself',
	},
	{ name: 'Appeared', value: 'appeared', description: 'It is there, and was not before' },
	{
		name: 'Became Active',
		value: 'becameActive',
		description: 'It was idle, and has a request again',
	},
	{
		name: 'Became Idle',
		value: 'becameIdle',
		description: 'It had no request for some time, as far as this trigger has watched it',
	},
	{
		name: 'Became Ready',
		value: 'becameReady',
		description: 'All allocations run, at least one, and did not before',
	},
	{
		name: 'Disappeared',
		value: 'disappeared',
		description:
			'It is gone: somebody stopped it, or the cluster lost it. The event holds its last settings.',
	},
	{ name: 'Failed', value: 'failed', description: 'Elasticsearch gave up on it' },
	{
		name: 'Queue Filling',
		value: 'queueFilling',
		description: 'More requests wait than it should have',
	},
	{
		name: 'Rejecting',
		value: 'rejecting',
		description: 'It turned requests away since the last look',
	},
	{
		name: 'Stuck',
		value: 'stuck',
		description: 'It is starting or stopping, or one of its nodes is stopping it, for too long',
	},
];

/** What the editor calls each event. */
export const eventNames = Object.fromEntries(eventOptions.map(({ name, value }) => [value, name]));

const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	default: ['failed', 'disappeared'],
	required: true,
	noDataExpression: true,
	options: eventOptions,
	description: 'What starts the workflow. Each event is one item.',
};

/** A field that is shown only while an event is chosen. */
function shownWith<T extends INodeProperties>(event: EventName, field: T): T {
	return { ...field, displayOptions: { show: { events: [event] } } };
}

const stuckMinutes: NumberField = shownWith('stuck', {
	displayName: 'Stuck After (Minutes)',
	name: 'stuckMinutes',
	type: 'number',
	default: 15,
	typeOptions: { minValue: 1 },
	description: 'Minutes of starting or stopping after which a deployment counts as stuck',
});

const idleMinutes: NumberField = {
	displayName: 'Idle for (Minutes)',
	name: 'idleMinutes',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 1 },
	displayOptions: { show: { events: ['becameIdle', 'becameActive'] } },
	description:
		'Minutes without a request after which a deployment counts as idle, counted from when this trigger began to watch it',
};

const rejectedThreshold: NumberField = shownWith('rejecting', {
	displayName: 'Rejected Requests',
	name: 'rejectedThreshold',
	type: 'number',
	default: 1,
	typeOptions: { minValue: 1 },
	description: 'How many requests have to be rejected from one look to the next',
});

const pendingThreshold: NumberField = shownWith('queueFilling', {
	displayName: 'Waiting Requests',
	name: 'pendingThreshold',
	type: 'number',
	default: 100,
	typeOptions: { minValue: 1 },
	description: 'How many requests have to wait at the moment of a look',
});

const deployments: Choice<'all' | 'pattern'> = {
	displayName: 'Deployments',
	name: 'deployments',
	type: 'options',
	default: 'all',
	noDataExpression: true,
	options: [
		{ name: 'All', value: 'all' },
		{ name: 'All That Match a Pattern', value: 'pattern' },
	],
};

const pattern: INodeProperties = {
	displayName: 'Pattern',
	name: 'pattern',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. elser-*',
	displayOptions: { show: { deployments: ['pattern'] } },
	description:
		'Deployment IDs, where * stands for any characters; separate several with commas. _all means every deployment.',
};

const exclude: INodeProperties = {
	displayName: 'Exclude',
	name: 'exclude',
	type: 'string',
	default: '',
	placeholder: 'e.g. test-*,trial',
	description: 'IDs and patterns, separated by commas, that are never watched',
};

const minAgeMinutes: INodeProperties = {
	displayName: 'Minimum Age (Minutes)',
	name: 'minAgeMinutes',
	type: 'number',
	default: 30,
	typeOptions: { minValue: 0 },
	description: 'Pass over what was started less than so many minutes ago, until it is older',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [exclude, minAgeMinutes],
};

/** All fields, in the order of the panel. */
export const fields: INodeProperties[] = [
	events,
	stuckMinutes,
	idleMinutes,
	rejectedThreshold,
	pendingThreshold,
	deployments,
	pattern,
	options,
];

/**
 * Reads the fields, or says what is wrong with the first wrong one. Fields that are not shown keep
 * their defaults, whatever was typed before.
 * @param valueOf the value of a field by its name; its default where there is none
 */
export function readRules(valueOf: (field: INodeProperties) => unknown): Read<Rules> {
	const problems: Explanation[] = [];
	const take = <T>(read: Read<T>, otherwise: T): T => {
		if (read.ok) return read.value;
		problems.push(read.problem);
		return otherwise;
	};
	const chosen = take(eventsOf(valueOf(events)), []);
	const limit = (field: NumberField, ...of: EventName[]): number => {
		const isShown = of.some((event) => chosen.includes(event));
		const value = isShown ? valueOf(field) : field.default;
		return take(wholeNumber(value, field.displayName, field.typeOptions.minValue), 0);
	};
	const given = valueOf(options);
	const added = isObject(given) ? given : {};
	const rules: Rules = {
		events: chosen,
		stuckMinutes: limit(stuckMinutes, 'stuck'),
		idleMinutes: limit(idleMinutes, 'becameIdle', 'becameActive'),
		rejectedThreshold: limit(rejectedThreshold, 'rejecting'),
		pendingThreshold: limit(pendingThreshold, 'queueFilling'),
	};
	const which = take(
		oneOf(valueOf(deployments), deployments.displayName, ['all', 'pattern']),
		'all',
	);
	if (which === 'pattern') rules.pattern = take(patternOf(valueOf(pattern), pattern), []);
	if (exclude.name in added) rules.exclude = take(patternOf(added.exclude, exclude), []);
	if (minAgeMinutes.name in added) {
		rules.minAgeMinutes = take(minutes(added.minAgeMinutes, minAgeMinutes.displayName), 0);
	}
	return problems.length === 0 ? accepted(rules) : refused(problems[0]);
}

function eventsOf(value: unknown): Read<readonly EventName[]> {
	if (!Array.isArray(value) || value.length === 0) {
		return refused({
			message: "No event is chosen in 'Events'",
			next: "Choose in 'Events' what should start the workflow",
		});
	}
	const wrong = value.map((each) => oneOf(each, events.displayName, EVENTS)).find(({ ok }) => !ok);
	if (wrong !== undefined && !wrong.ok) return wrong;
	return accepted(EVENTS.filter((event) => value.includes(event)));
}

function patternOf(value: unknown, { displayName }: INodeProperties): Read<Pattern> {
	const given = text(value, displayName);
	if (!given.ok) return given;
	const read = readPattern(given.value);
	if (read.ok) return read;
	return refused(explainPattern(read.problem, "name it in the option 'Exclude'"));
}
