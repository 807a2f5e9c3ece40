import {
	fixedNumber,
	settingsAfter,
	isAsDesired,
} from '../../../elasticsearch/deployment/allocations';
import { settingsOf } from '../../../elasticsearch/deployment/deployment';
import { isAbsent } from '../../../elasticsearch/api/refusals';
import { lookUp, settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { expectedOf, expectedOfAssignment } from '../../../elasticsearch/deployment/judge';
import { matches, type Pattern } from '../../../elasticsearch/deployment/pattern';
import { resize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { Result } from '../../../elasticsearch/transport/failure';
import { problem, type FlowFailure } from '../../../elasticsearch/flows/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import type { Deployment, Lookup } from '../../../elasticsearch/deployment/state';
import type { Success, Operation, Outcome, RunContext } from '../../execution/operation';
import { target } from '../../parameters/fields';
import { failedBefore } from '../start/ensureStarted';
import { outputOf, unchanged } from '../shared/change';
import { readRules, selectMatching, warned, warningsOf } from '../shared/selectMatching';
import { showResize } from '../shared/dryRun';
import { waitIfAsked } from '../shared/awaitState';
import { leftAlone, notThere } from '../stop/output';
import { includeEndpointOwned } from '../stop/parameters';
import { prepareStop } from '../stop/stop';
import { recall } from '../stop/stopDeployment';
import { isOwnedIn, ownersFor } from '../stop/stopMatching';
import { ifUnchanged } from './ifUnchanged';
import { scaleAbsent } from './whenAbsent';
import { readScale, scaleFields, type ScaleGoal } from './parameters';
import { allocationsFor } from './size';

export const scale: Operation = {
	option: {
		name: 'Scale',
		value: 'scale',
		action: 'Scale a deployment',
		description:
			'Bring deployments to a wanted size: start, update or stop (0) as needed; a second run changes nothing',
	},
	changes: true,
	past: 'scaled',
	fields: scaleFields,
	recall,
	prepare(input) {
		const settings = input.requestSettings();
		const id = input.choice(target) === 'one' ? input.deploymentId() : undefined;
		const goal = readScale(input, id);
		if (goal === undefined) return prepareStop(input);
		if (id !== undefined) {
			return { scope: { id }, settings, run: (context) => scaleOne(context, id, goal) };
		}
		const pattern = input.pattern();
		// There is no `allowNoMatch`: a scale-up in the morning must not succeed on an empty list.
		const rules = readRules(input);
		const owned =
			input.optionalFlag(includeEndpointOwned, false) ||
			goal.resize.whenEndpointOwned === 'inferenceApi';
		return {
			scope: 'any',
			settings,
			run: (context) => scaleMatching(context, pattern, rules, owned, goal),
		};
	},
};

async function* scaleOne(
	context: RunContext,
	id: string,
	goal: ScaleGoal,
): AsyncGenerator<Outcome> {
	const look = async (): Promise<Result<Lookup>> => await lookUp(context.connection, id);
	// If it may have to be started, the look already takes a turn: starts go out in input order.
	const looked = goal.startFrom.from === 'nothing' ? await look() : await context.inTurn(look);
	if (!looked.ok) return yield { failure: looked.failure, subject: { deploymentId: id } };
	yield await decide(context, id, looked.value, goal);
}

/** Scales what a look showed. If somebody else started it meanwhile, that is decided anew. */
async function decide(
	context: RunContext,
	id: string,
	look: Lookup,
	goal: ScaleGoal,
	stopping?: Deployment,
): Promise<Outcome> {
	if (look.found === 'deployment') return await scaleSeen(context, look.deployment, goal);
	const outcome = await scaleAbsent(context, id, look, goal, stopping);
	return 'taken' in outcome ? await scaleSeen(context, outcome.taken, goal) : outcome;
}

async function* scaleMatching(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	includeOwned: boolean,
	goal: ScaleGoal,
): AsyncGenerator<Outcome> {
	const remembered =
		goal.startFrom.from === 'memory'
			? [...context.memory.stopped().map(({ id }) => id), ...context.memory.unread()]
			: [];
	const toStart = remembered.filter((id) => matches(pattern, id) && !matches(rules.exclude, id));
	const selection = await selectMatching(context, pattern, rules, toStart);
	if (!selection.ok) return yield { failure: selection.failure };
	const { matched, excluded } = selection.value;
	const warnings = warningsOf(selection.value);
	const ids = new Set([...matched.map(({ id }) => id), ...toStart]);
	if (ids.size === 0) {
		return yield { failure: problem({ code: 'all_excluded', pattern: pattern.join(',') }) };
	}
	if (ids.size > rules.maxMatches) {
		// What is remembered is no deployment yet, so the selection could not count it.
		const { maxMatches: most } = rules;
		const found = { code: 'too_many' as const, pattern, ids: [...ids], most };
		return yield { failure: { kind: 'selection', problem: found, mayAllow: false } };
	}
	const owners = await ownersFor(context, includeOwned);
	if (!owners.ok) return yield { failure: owners.failure };
	for (const each of excluded) yield warned(leftAlone(context, each, 'excluded', goal), warnings);
	const isLeft = (id: string): boolean => !includeOwned && isOwnedIn(owners.value, id);
	for (const id of [...ids].filter(isLeft)) {
		ids.delete(id);
		const seen = matched.find((each) => each.id === id);
		const restore = context.memory.recall(id);
		const left =
			seen === undefined
				? notThere({ id, restore }, 'endpoint_owned', goal)
				: leftAlone(context, seen, 'endpoint_owned', goal);
		yield warned(left, warnings);
	}
	for (const id of ids) {
		for await (const outcome of scaleOne(context, id, goal)) yield warned(outcome, warnings);
	}
}

async function scaleSeen(
	context: RunContext,
	deployment: Deployment,
	goal: ScaleGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const subject = { deploymentId: id };
	if (deployment.state === 'failed') return { failure: failedBefore(deployment), subject };
	if (deployment.state === 'stopping') {
		if (goal.dryRun) {
			return await decide(context, id, { found: 'nothing' }, goal, deployment);
		}
		const gone = await context.watch.untilGone(deployment, goal.waiting.deadline);
		if (!gone.ok) return { failure: gone.failure, subject };
		// Somebody may have started it again, with settings that are not known yet.
		return await lookAgain(context, id, goal);
	}
	const allocations = allocationsFor(deployment, goal);
	if (allocations === undefined || isAsDesired(deployment, allocations, goal.resize.whenAdaptive)) {
		const as = outputOf(unchanged(deployment, 'as_asked', goal.dryRun));
		return waitIfAsked(context, as, subject, goal, expectedOf(deployment));
	}
	const to: ResizeGoal = { ...goal.resize, allocations };
	if (goal.dryRun) {
		const shown = await showResize(context, deployment, to);
		return shown.ok ? outputOf(shown.value) : { failure: shown.failure, subject };
	}
	if (deployment.state === 'starting') return await onceStarted(context, deployment, goal);
	return await change(context, deployment, to, goal);
}

async function lookAgain(context: RunContext, id: string, goal: ScaleGoal): Promise<Outcome> {
	const look = await lookUp(context.connection, id);
	if (!look.ok) return { failure: look.failure, subject: { deploymentId: id } };
	return await decide(context, id, look.value, goal);
}

/**
 * Waits until it is started, because `_update` takes no other state
 * (docs/elasticsearch-behaviour.md, "Update: order of checks").
 * Somebody may have changed or stopped it meanwhile, so what the wait saw is decided anew.
 */
async function onceStarted(
	context: RunContext,
	deployment: Deployment,
	goal: ScaleGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const { startTime } = expectedOf(deployment);
	const { deadline } = goal.waiting;
	const waited = await context.watch.until(id, 'started', deadline, { startTime });
	if (waited.ok) return await scaleSeen(context, waited.value.deployment, goal);
	const { failure } = waited;
	const isGone = failure.kind === 'problem' && failure.problem.code === 'stopped_meanwhile';
	return isGone ? await lookAgain(context, id, goal) : { failure, subject: { deploymentId: id } };
}

function wasAbsent(failure: FlowFailure): boolean {
	return failure.kind === 'response' && isAbsent(failure);
}

async function change(
	context: RunContext,
	deployment: Deployment,
	to: ResizeGoal,
	goal: ScaleGoal,
): Promise<Outcome> {
	const { id, modelId } = deployment;
	const subject = { deploymentId: id };
	let other: Deployment | undefined;
	const isAsAsked = (now: Deployment): boolean => isAsDesired(now, to.allocations, to.whenAdaptive);
	const connection =
		goal.rule === 'exactly'
			? context.connection
			: ifUnchanged(context.connection, deployment, isAsAsked, (now) => (other = now));
	const resized = await resize(connection, id, to, context.endpoints);
	if (!resized.ok) {
		const { failure } = resized;
		if (other !== undefined) return await scaleSeen(context, other, goal);
		// If somebody stopped it just now, that is decided as for any other that is absent.
		const look = wasAbsent(failure) ? await lookUp(context.connection, id) : undefined;
		const isGone = look?.ok === true && look.value.found !== 'deployment';
		return isGone ? await decide(context, id, look.value, goal) : { failure, subject };
	}
	const number = fixedNumber(to.allocations);
	// The inference API answers with its endpoint, which holds no assignment.
	const assignment = resized.value;
	const after =
		assignment === null
			? settingsAfter(deployment, { number_of_allocations: number })
			: settingsOfAssignment(assignment);
	const done: Success = {
		...outputOf({
			id,
			modelId,
			action: 'update',
			before: settingsOf(deployment),
			after,
			facts: assignment === null ? { changed_through: 'inference_api' } : undefined,
		}),
		did: `scaled '${id}'`,
	};
	const expected =
		assignment === null
			? { ...expectedOf(deployment), numberOfAllocations: number }
			: expectedOfAssignment(assignment);
	return waitIfAsked(context, done, subject, goal, expected);
}
