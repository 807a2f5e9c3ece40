import type { IDataObject } from 'n8n-workflow';

import {
	fixedNumber,
	settingsAfter,
	isAsDesired,
} from '../../../elasticsearch/deployment/allocations';
import { settingsOf } from '../../../elasticsearch/deployment/deployment';
import { lookUp, settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { expectedOf, expectedOfAssignment } from '../../../elasticsearch/deployment/judge';
import { matches, type Pattern } from '../../../elasticsearch/deployment/pattern';
import { resize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { Result } from '../../../elasticsearch/transport/failure';
import { problem, type FlowFailure } from '../../../elasticsearch/flows/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import type { Deployment, Lookup } from '../../../elasticsearch/deployment/state';
import {
	type Success,
	type Operation,
	type Outcome,
	type RunContext,
} from '../../execution/operation';
import { target } from '../../parameters/fields';
import { failedBefore } from '../start/ensureStarted';
import { readRules, selectMatching, warned, warningsOf } from '../shared/selectMatching';
import { scaleAbsent } from './whenAbsent';
import { isSized, readScale, scaleFields, type ScaleGoal, type SizedGoal } from './parameters';
import { showResize } from '../shared/dryRun';
import { absentAlready, asScaled, recallScaled, waitIfAsked, skippedAsItIs } from './output';
import { stopById, stopMatches, type Match } from '../stop/stopMatching';

export const scale: Operation = {
	option: {
		name: 'Scale',
		value: 'scale',
		action: 'Scale a deployment',
		description:
			'Bring deployments to a wanted size: start, update or stop (0) as needed; a second run changes nothing',
	},
	changes: true,
	fields: scaleFields,
	recall: recallScaled,
	prepare(input) {
		const settings = input.requestSettings();
		if (input.choice(target) === 'one') {
			const id = input.deploymentId();
			const goal = readScale(input, id);
			const run = (context: RunContext): AsyncGenerator<Outcome> =>
				isSized(goal) ? scaleOne(context, id, goal) : stopOne(context, id, goal);
			return { scope: { id }, settings, run };
		}
		const goal = readScale(input);
		const pattern = input.pattern();
		// There is no `allowNoMatch`: a scale-up in the morning must not succeed on an empty list.
		const rules = readRules(input);
		return {
			scope: 'any',
			settings,
			run: (context) =>
				isSized(goal)
					? scaleMatching(context, pattern, rules, goal)
					: stopMatching(context, pattern, rules, goal),
		};
	},
};

async function* scaleOne(
	context: RunContext,
	id: string,
	goal: SizedGoal,
): AsyncGenerator<Outcome> {
	const look = async (): Promise<Result<Lookup>> => await lookUp(context.connection, id);
	// If it may have to be started, the look already takes a turn: starts go out in input order.
	const looked = goal.startFrom === undefined ? await look() : await context.inTurn(look);
	if (!looked.ok) return yield { failure: looked.failure, subject: { deploymentId: id } };
	yield await decide(context, id, looked.value, goal);
}

/** Scales what a look showed. If somebody else started it meanwhile, that is decided anew. */
async function decide(
	context: RunContext,
	id: string,
	look: Lookup,
	goal: SizedGoal,
	stopping?: Deployment,
): Promise<Outcome> {
	if (look.found === 'deployment') return await scaleSeen(context, look.deployment, goal);
	const outcome = await scaleAbsent(context, id, look, goal, stopping);
	return 'taken' in outcome ? await scaleSeen(context, outcome.taken, goal) : outcome;
}

/** Scales one deployment to 0: that is a stop, in the words of Scale. */
async function* stopOne(context: RunContext, id: string, goal: ScaleGoal): AsyncGenerator<Outcome> {
	yield inWords(await stopById(context, id, goal.stop), goal);
}

/** Scales a pattern to 0. */
async function* stopMatching(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	goal: ScaleGoal,
): AsyncGenerator<Outcome> {
	const { stop, includeEndpointOwned } = goal;
	const warnings: string[] = [];
	const excluded: Outcome[] = [];
	for await (const match of stopMatches(context, pattern, rules, stop, includeEndpointOwned)) {
		if (match.is === 'warning') warnings.push(match.text);
		else if (match.is === 'excluded') excluded.push(inWords(match, goal));
		else {
			for (const each of excluded.splice(0)) yield warned(each, warnings);
			yield warned(inWords(match, goal), warnings);
		}
	}
	const isNone = excluded.length > 0 && !isStopped(context, pattern);
	if (isNone) yield { failure: allExcluded(pattern) };
	else for (const each of excluded) yield warned(each, warnings);
}

/** Whether this run stopped, or may have stopped, something that the pattern means. */
function isStopped({ journal }: RunContext, pattern: Pattern): boolean {
	return journal.knownStops().some(({ id }) => matches(pattern, id));
}

function inWords(match: Exclude<Match, { is: 'warning' }>, goal: ScaleGoal): Outcome {
	switch (match.is) {
		case 'stop': {
			const { id, outcome, entry, seen } = match;
			return asScaled(id, entry?.before ?? (seen && settingsOf(seen)), outcome);
		}
		case 'excluded':
		case 'endpoint_owned':
			return skippedAsItIs(match.seen, match.is, goal);
		case 'vanished':
			return absentAlready(match.seen.id, 'not_deployed', goal);
		case 'absent':
			return absentAlready(match.id, match.reason, goal);
		case 'no_match':
			return { failure: allExcluded([match.part]) };
		case 'failed':
			return { failure: match.failure, subject: { deploymentId: match.id } };
	}
}

async function* scaleMatching(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	goal: SizedGoal,
): AsyncGenerator<Outcome> {
	const selection = await selectMatching(context, pattern, rules);
	if (!selection.ok) return yield { failure: selection.failure };
	const { matched, excluded } = selection.value;
	const warnings = warningsOf(selection.value);
	if (matched.length === 0) return yield { failure: allExcluded(pattern) };
	for (const each of excluded) yield warned(skippedAsItIs(each, 'excluded', goal), warnings);
	for (const { id } of matched) {
		for await (const outcome of scaleOne(context, id, goal)) yield warned(outcome, warnings);
	}
}

function allExcluded(pattern: Pattern): FlowFailure {
	return problem({ code: 'all_excluded', pattern: pattern.join(',') });
}

async function scaleSeen(
	context: RunContext,
	deployment: Deployment,
	goal: SizedGoal,
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
		const look = await lookUp(context.connection, id);
		if (!look.ok) return { failure: look.failure, subject };
		return await decide(context, id, look.value, goal);
	}
	if (isAsDesired(deployment, goal.resize.allocations, goal.resize.whenAdaptive)) {
		const as = skippedAsItIs(deployment, undefined, goal);
		return waitIfAsked(context, as, id, goal, expectedOf(deployment));
	}
	if (goal.dryRun) return await show(context, deployment, goal.resize);
	return await change(context, deployment, goal);
}

async function change(
	context: RunContext,
	deployment: Deployment,
	goal: SizedGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const subject = { deploymentId: id };
	if (deployment.state === 'starting') {
		// `_update` takes only a started deployment
		// (docs/elasticsearch-behaviour.md, "Update: order of checks").
		const { startTime } = expectedOf(deployment);
		const started = await context.watch.until(id, 'started', goal.waiting.deadline, { startTime });
		if (!started.ok) return { failure: started.failure, subject };
	}
	const resized = await resize(context.connection, id, goal.resize, context.endpoints);
	if (!resized.ok) return { failure: resized.failure, subject };
	const after =
		resized.value === null
			? settingsAfter(deployment, { number_of_allocations: fixedNumber(goal.resize.allocations) })
			: settingsOfAssignment(resized.value);
	const json: IDataObject = { deployment_id: id, action: 'update', changed: true };
	// The inference API answers with its endpoint, which holds no assignment.
	if (resized.value === null) json.changed_through = 'inference_api';
	const done: Success = {
		json: { ...json, before: settingsOf(deployment), after },
		did: `scaled '${id}'`,
	};
	const expected =
		resized.value === null
			? { ...expectedOf(deployment), numberOfAllocations: fixedNumber(goal.resize.allocations) }
			: expectedOfAssignment(resized.value);
	return waitIfAsked(context, done, id, goal, expected);
}

async function show(
	context: RunContext,
	deployment: Deployment,
	goal: ResizeGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const shown = await showResize(context, deployment, goal);
	if (!shown.ok) return { failure: shown.failure, subject: { deploymentId: id } };
	return { json: { deployment_id: id, changed: false, ...shown.value } };
}
