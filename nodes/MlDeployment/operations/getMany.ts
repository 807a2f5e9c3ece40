import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	costsWhileIdle,
	idleMinutes,
	missing,
	simplifyNotDeployed,
	simplifyNotDeployedInFull,
} from '../../elasticsearch/deployment/deployment';
import { listStats } from '../../elasticsearch/api/deployments';
import { orphansAmong, type InferenceEndpoint } from '../../elasticsearch/api/inference';
import { problem } from '../../elasticsearch/flows/failure';
import { matches, type Pattern } from '../../elasticsearch/deployment/pattern';
import type { Deployment, StatsEntry } from '../../elasticsearch/deployment/state';
import {
	limit,
	output as outputField,
	returnAll,
	shownFor,
	type Choice,
	type Output,
} from '../parameters/fields';
import { listed } from '../execution/hints';
import { optionsOf } from '../parameters/options';
import type { ItemInput } from '../parameters/itemParameters';
import type { Operation, Outcome, RunContext } from '../execution/operation';
import { showDeployment } from './shared/showDeployment';

const STATES = ['failed', 'missing', 'started', 'starting', 'stopping', 'unknown'] as const;

/** What is said of a state that its name does not tell. */
const DESCRIPTIONS: Partial<Record<(typeof STATES)[number], string>> = {
	missing: 'An inference endpoint needs it, and it is not there',
};

interface Filters {
	pattern?: Pattern;
	state?: string;
	modelId?: string;
	adaptive?: boolean;
	costsWhileIdle?: boolean;
	idleMinutes?: number;
}

const adaptiveFilter: INodeProperties = {
	displayName: 'Adaptive',
	name: 'adaptive',
	type: 'boolean',
	default: true,
	description: 'Whether adaptive allocations are on',
};

const costsFilter: INodeProperties = {
	displayName: 'Costs While Idle',
	name: 'costsWhileIdle',
	type: 'boolean',
	default: true,
	description:
		'Whether it takes processors although nobody asks: it is not adaptive, or its minimum is 1 or more',
};

const idleFilter: INodeProperties = {
	displayName: 'Idle for (Minutes)',
	name: 'idleMinutes',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description: 'Only what had no request for at least so many minutes',
};

const modelFilter: INodeProperties = {
	displayName: 'Model ID',
	name: 'modelId',
	type: 'string',
	default: '',
	placeholder: 'e.g. .elser_model_2',
	description: 'Only deployments of this model',
};

const patternFilter: INodeProperties = {
	displayName: 'Pattern',
	name: 'pattern',
	type: 'string',
	default: '',
	placeholder: 'e.g. elser-*',
	description: 'Only deployments whose ID matches; * stands for any characters',
};

const stateFilter: Choice<(typeof STATES)[number]> = {
	displayName: 'State',
	name: 'state',
	type: 'options',
	default: 'started',
	options: STATES.map((state) => ({
		name: state.charAt(0).toUpperCase() + state.slice(1),
		value: state,
		description: DESCRIPTIONS[state],
	})),
};

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [adaptiveFilter, costsFilter, idleFilter, modelFilter, patternFilter, stateFilter],
};

export const getMany: Operation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many deployments',
		description: 'List deployments with their state, size and use',
	},
	changes: false,
	fields: [
		shownFor('getMany', returnAll),
		shownFor('getMany', limit, { returnAll: [false] }),
		shownFor('getMany', outputField),
		shownFor('getMany', filters),
		optionsOf('getMany', []),
	],
	prepare(input) {
		const filter = readFilters(input);
		const all = input.flag(returnAll);
		const most = all ? Infinity : input.number(limit);
		const output = input.choice(outputField);
		const settings = input.requestSettings();
		const find = filter.state === 'missing' ? listMissing : list;
		return { scope: 'none', settings, run: (context) => find(context, filter, most, output) };
	},
};

function readFilters(input: ItemInput): Filters {
	const set = input.within(filters);
	return {
		pattern: set.optionalPattern(patternFilter, 'use a Filter node behind this one'),
		state: set.optionalChoice(stateFilter, undefined),
		modelId: set.optionalId(modelFilter, 'model', undefined),
		adaptive: set.optionalFlag(adaptiveFilter, undefined),
		costsWhileIdle: set.optionalFlag(costsFilter, undefined),
		idleMinutes: set.optionalMinutes(idleFilter),
	};
}

function fits(deployment: Deployment, filter: Filters, now: number): boolean {
	const idle = filter.idleMinutes === undefined ? null : idleMinutes(deployment, now);
	return (
		(filter.pattern === undefined || matches(filter.pattern, deployment.id)) &&
		(filter.state === undefined || deployment.state === filter.state) &&
		(filter.modelId === undefined || deployment.modelId === filter.modelId) &&
		(filter.adaptive === undefined ||
			(deployment.adaptive?.enabled ?? false) === filter.adaptive) &&
		(filter.costsWhileIdle === undefined || costsWhileIdle(deployment) === filter.costsWhileIdle) &&
		(filter.idleMinutes === undefined || (idle !== null && idle >= filter.idleMinutes))
	);
}

async function* list(
	context: RunContext,
	filter: Filters,
	most: number,
	output: Output,
): AsyncGenerator<Outcome> {
	const stats = await listStats(context.connection);
	if (!stats.ok) return yield { failure: stats.failure };
	const now = Date.now();
	const found = stats.value
		.flatMap((entry) => entry.deployment ?? [])
		.filter((deployment) => fits(deployment, filter, now))
		.slice(0, most);
	for (const [place, deployment] of found.entries()) {
		const json = await showDeployment(context, deployment, output);
		const isLast = place === found.length - 1;
		// The endpoints are known by now, unless the output is raw.
		const hint =
			isLast && output !== 'raw'
				? sayOrphans(await context.endpoints(), stats.value, filter)
				: undefined;
		yield { json, hint };
	}
}

/** Whether the filters may mean a deployment that is missing: it has no size, and no idle time. */
function mayBeMissing({ adaptive, costsWhileIdle: costs, idleMinutes: idle }: Filters): boolean {
	return adaptive !== true && costs !== true && idle === undefined;
}

/** Lists what inference endpoints need and is not there, by the id under which to start it. */
async function* listMissing(
	context: RunContext,
	filter: Filters,
	most: number,
	output: Output,
): AsyncGenerator<Outcome> {
	const stats = await listStats(context.connection);
	if (!stats.ok) return yield { failure: stats.failure };
	const endpoints = await context.endpointsForSure();
	if (!endpoints.ok) return yield { failure: endpoints.failure };
	if (endpoints.value === null) {
		return yield { failure: problem({ code: 'endpoints_unreadable' }) };
	}
	const found = orphansAmong(endpoints.value, idsOf(stats.value)).filter(
		({ deploymentId: id, modelId }) =>
			mayBeMissing(filter) &&
			(filter.pattern === undefined || matches(filter.pattern, id)) &&
			(filter.modelId === undefined || modelId === filter.modelId),
	);
	for (const each of found.slice(0, most)) yield { json: showMissing(each, output) };
}

/** Nothing came of it from the cluster's statistics, so raw output is as simple as the other. */
function showMissing(
	{ id, deploymentId, modelId }: InferenceEndpoint,
	output: Output,
): IDataObject {
	const none =
		output === 'full' ? simplifyNotDeployedInFull(modelId, null) : simplifyNotDeployed(modelId);
	return missing(none, deploymentId, id);
}

function idsOf(entries: readonly StatsEntry[]): ReadonlySet<string> {
	return new Set(entries.flatMap(({ deployment }) => deployment?.id ?? []));
}

function sayOrphans(
	endpoints: readonly InferenceEndpoint[] | null,
	entries: readonly StatsEntry[],
	{ pattern }: Filters,
): string | undefined {
	const orphans = orphansAmong(endpoints ?? [], idsOf(entries)).filter(
		({ deploymentId }) => pattern === undefined || matches(pattern, deploymentId),
	);
	if (orphans.length === 0) return undefined;
	const ids = listed(orphans.map(({ id }) => id));
	return `Inference endpoints without their deployment, whose requests fail: ${ids}.`;
}
