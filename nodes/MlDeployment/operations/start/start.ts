import type { RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import type { Pattern } from '../../../elasticsearch/deployment/pattern';
import { readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { lookUp } from '../../../elasticsearch/api/deployments';
import type { Success, Job, Operation, Outcome, RunContext } from '../../execution/operation';
import { dryRun } from '../../parameters/fields';
import type { ItemInput } from '../../parameters/itemParameters';
import { outputOf } from '../shared/change';
import { readProbing, thenWait, type Waiting } from '../shared/awaitState';
import { clusterWarnings, ensureStarted, settingsAround, type StartGoal } from './ensureStarted';
import { showExisting, showStart } from './dryRun';
import { readStart, startFields, whenExists } from './parameters';
import {
	forgottenIn,
	ifModelDeleted,
	rememberedIn,
	tellForgotten,
	whenModelDeleted,
} from './remembered';

export const start: Operation = {
	option: {
		name: 'Start',
		value: 'start',
		action: 'Start a deployment',
		description: 'Deploy a trained model, or bring back what was stopped',
	},
	changes: true,
	past: 'started',
	fields: startFields,
	prepare(input) {
		const from = readStart(input);
		const how = readHow(input);
		const settings = input.requestSettings();
		if (from.from === 'memory') {
			const { pattern } = from;
			return { scope: 'any', settings, run: (context) => startAll(context, pattern, how) };
		}
		if (from.from === 'nothing') {
			const { id } = from;
			return { scope: 'none', settings, run: () => passOver(id, how) };
		}
		const { restored } = from;
		const scope = { id: restored.spec.deploymentId };
		return { scope, settings, run: (context) => startOne(context, restored, how) };
	},
};

/** How to start, whichever deployments it is about. */
interface How extends Omit<StartGoal, 'spec'> {
	waiting: Waiting;
	/** Whether to forget what is remembered but has no model any more. */
	forgets: boolean;
	dryRun: boolean;
}

function readHow(input: ItemInput): How {
	const waiting = readProbing(input, 'started');
	return {
		whenExists: input.optionalChoice(whenExists, 'error'),
		deadline: waiting.deadline,
		retries: input.requestSettings().retries,
		waiting,
		forgets: input.optionalChoice(whenModelDeleted, 'error') === 'forget',
		dryRun: input.flag(dryRun),
	};
}

/** Nothing was stopped, so there is nothing to bring back. Nobody looks whether it runs. */
async function* passOver(id: string | null, how: How): ReturnType<Job['run']> {
	const plan = how.dryRun && { plan: {} };
	yield outputOf({ id, action: 'none', reason: 'nothing_to_restore', assignment: null, ...plan });
}

/** Starts what the workflow remembers and the pattern means, one after the other. */
async function* startAll(context: RunContext, pattern: Pattern, how: How): AsyncGenerator<Outcome> {
	// What is forgotten is decided before a start takes something out of the memory, but told last:
	// it may have to wait.
	const forgotten = forgottenIn(context, pattern, how);
	const remembered = rememberedIn(context, pattern);
	for (const restored of remembered) {
		for await (const outcome of startOne(context, restored, how)) {
			yield ifModelDeleted(context, restored.spec, outcome, how);
		}
	}
	for (const each of forgotten) yield await tellForgotten(context, each, how);
}

async function* startOne(
	context: RunContext,
	{ spec, cluster }: RestoredStart,
	how: How,
): AsyncGenerator<Outcome> {
	const goal: StartGoal = { ...how, spec };
	const warnings = clusterWarnings(context, cluster);
	yield how.dryRun
		? await show(context, goal, warnings)
		: await begin(context, goal, warnings, how.waiting);
}

const KEPT_ADAPTIVE =
	"This cluster keeps adaptive allocations on (Serverless does), so the number will follow the load: use 'Allocation Mode' Adaptive, with equal bounds to hold a number";

async function begin(
	context: RunContext,
	goal: StartGoal,
	warnings: string[],
	waiting: Waiting,
): Promise<Outcome> {
	const { deploymentId: id, modelId } = goal.spec;
	const subject = { deploymentId: id, modelId };
	// This asks for a turn before anything is awaited, so that turns have the order of the items.
	const up = await ensureStarted(context, goal);
	if (!up.ok) return { failure: up.failure, subject };
	const { changed, assignment, expected, found, reason } = up.value;
	const adaptive = readAdaptive(assignment?.adaptive_allocations);
	const isKept = goal.spec.adaptive === undefined && adaptive?.enabled === true;
	const output = outputOf({
		id,
		modelId,
		action: !changed ? 'none' : found === undefined ? 'start' : 'update',
		reason,
		...settingsAround(goal.spec, up.value),
		assignment,
		warnings: isKept ? [...warnings, KEPT_ADAPTIVE] : warnings,
	});
	const done: Success = changed ? { ...output, did: `started '${id}'` } : output;
	// It sleeps as it did before, which is how it should be, unless somebody wants it awake.
	const isAsleep = !changed && found?.numberOfAllocations === 0 && !waiting.isAskedFor;
	return isAsleep ? done : thenWait(context, done, subject, waiting, expected);
}

async function show(context: RunContext, goal: StartGoal, warnings: string[]): Promise<Outcome> {
	const { spec } = goal;
	const { deploymentId: id, modelId } = spec;
	const subject = { deploymentId: id, modelId };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return { failure: look.failure, subject };
	const deployment = look.value.found === 'deployment' ? look.value.deployment : undefined;
	const shown =
		deployment === undefined || deployment.state === 'stopping'
			? await showStart(context, spec, deployment)
			: showExisting(goal, deployment);
	if (!shown.ok) return { failure: shown.failure, subject };
	const further = shown.value.warnings ?? [];
	return outputOf({ ...shown.value, assignment: null, warnings: [...warnings, ...further] });
}
