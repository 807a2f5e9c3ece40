import type { IDataObject } from 'n8n-workflow';

import { settingsAfter, isAsDesired } from '../../../elasticsearch/deployment/allocations';
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
import { showResize } from '../shared/showResize';
import { absentAlready, asScaled, recallScaled, waitIfAsked, untouched } from './output';
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
			const wanted = readScale(input, id);
			const run = (session: RunContext): AsyncGenerator<Outcome> =>
				isSized(wanted) ? scaleOne(session, id, wanted) : stopOne(session, id, wanted);
			return { touches: { id }, settings, run };
		}
		const wanted = readScale(input);
		const pattern = input.pattern();
		// A morning's scale-up must not be green over an empty list.
		const rules = readRules(input);
		return {
			touches: 'many',
			settings,
			run: (session) =>
				isSized(wanted)
					? scaleMatching(session, pattern, rules, wanted)
					: stopMatching(session, pattern, rules, wanted),
		};
	},
};

async function* scaleOne(
	session: RunContext,
	id: string,
	wanted: SizedGoal,
): AsyncGenerator<Outcome> {
	const look = async (): Promise<Result<Lookup>> => await lookUp(session.connection, id);
	// What may have to be started takes its turn already for the look: starts go in input order.
	const looked = wanted.startFrom === undefined ? await look() : await session.inTurn(look);
	if (!looked.ok) return yield { failure: looked.failure, subject: { deploymentId: id } };
	yield await decide(session, id, looked.value, wanted);
}

/** Scales what a look showed. What somebody else started while we did is decided on anew. */
async function decide(
	session: RunContext,
	id: string,
	look: Lookup,
	wanted: SizedGoal,
	stopping?: Deployment,
): Promise<Outcome> {
	if (look.found === 'deployment') return await scaleSeen(session, look.deployment, wanted);
	const outcome = await scaleAbsent(session, id, look, wanted, stopping);
	return 'taken' in outcome ? await scaleSeen(session, outcome.taken, wanted) : outcome;
}

/** Scale to 0 of one deployment: a stop, in the words of Scale. */
async function* stopOne(
	session: RunContext,
	id: string,
	wanted: ScaleGoal,
): AsyncGenerator<Outcome> {
	yield inWords(await stopById(session, id, wanted.stop), wanted);
}

/** Scale to 0 of a pattern. */
async function* stopMatching(
	session: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	wanted: ScaleGoal,
): AsyncGenerator<Outcome> {
	const { stop, includeEndpointOwned } = wanted;
	const warnings: string[] = [];
	const excluded: Outcome[] = [];
	for await (const match of stopMatches(session, pattern, rules, stop, includeEndpointOwned)) {
		if (match.is === 'warning') warnings.push(match.text);
		else if (match.is === 'excluded') excluded.push(inWords(match, wanted));
		else {
			for (const each of excluded.splice(0)) yield warned(each, warnings);
			yield warned(inWords(match, wanted), warnings);
		}
	}
	const isNone = excluded.length > 0 && !isStopped(session, pattern);
	if (isNone) yield { failure: allExcluded(pattern) };
	else for (const each of excluded) yield warned(each, warnings);
}

/** Whether this run stopped something that the pattern means. */
function isStopped({ journal }: RunContext, pattern: Pattern): boolean {
	return journal.knownStops().some(({ id }) => matches(pattern, id));
}

function inWords(match: Exclude<Match, { is: 'warning' }>, wanted: ScaleGoal): Outcome {
	switch (match.is) {
		case 'stop': {
			const { id, outcome, entry, seen } = match;
			return asScaled(id, entry?.before ?? (seen && settingsOf(seen)), outcome);
		}
		case 'excluded':
		case 'endpoint_owned':
			return untouched(match.seen, match.is, wanted);
		case 'vanished':
			return absentAlready(match.seen.id, 'not_deployed', wanted);
		case 'absent':
			return absentAlready(match.id, match.reason, wanted);
		case 'no_match':
			return { failure: allExcluded([match.part]) };
		case 'failed':
			return { failure: match.failure, subject: { deploymentId: match.id } };
	}
}

async function* scaleMatching(
	session: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	wanted: SizedGoal,
): AsyncGenerator<Outcome> {
	const selection = await selectMatching(session, pattern, rules);
	if (!selection.ok) return yield { failure: selection.failure };
	const { matched, excluded } = selection.value;
	const warnings = warningsOf(selection.value);
	if (matched.length === 0) return yield { failure: allExcluded(pattern) };
	for (const each of excluded) yield warned(untouched(each, 'excluded', wanted), warnings);
	for (const { id } of matched) {
		for await (const outcome of scaleOne(session, id, wanted)) yield warned(outcome, warnings);
	}
}

function allExcluded(pattern: Pattern): FlowFailure {
	return problem({ code: 'all_excluded', pattern: pattern.join(',') });
}

async function scaleSeen(
	session: RunContext,
	deployment: Deployment,
	wanted: SizedGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const subject = { deploymentId: id };
	if (deployment.state === 'failed') return { failure: failedBefore(deployment), subject };
	if (deployment.state === 'stopping') {
		if (wanted.dryRun) {
			return await decide(session, id, { found: 'nothing' }, wanted, deployment);
		}
		const gone = await session.watch.untilGone(deployment, wanted.waiting.deadline);
		if (!gone.ok) return { failure: gone.failure, subject };
		// Somebody may have started it again, with settings of which nothing is known yet.
		const look = await lookUp(session.connection, id);
		if (!look.ok) return { failure: look.failure, subject };
		return await decide(session, id, look.value, wanted);
	}
	if (isAsDesired(deployment, wanted.resize.allocations, wanted.resize.whenAdaptive)) {
		const as = untouched(deployment, undefined, wanted);
		return waitIfAsked(session, as, id, wanted, expectedOf(deployment));
	}
	if (wanted.dryRun) return await show(session, deployment, wanted.resize);
	return await change(session, deployment, wanted.resize, wanted);
}

async function change(
	session: RunContext,
	deployment: Deployment,
	wanted: ResizeGoal,
	{ waiting, ...scale }: ScaleGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const subject = { deploymentId: id };
	if (deployment.state === 'starting') {
		// _update takes started ones only (docs/elasticsearch-behaviour.md, "Update: order of checks").
		const { startTime } = expectedOf(deployment);
		const started = await session.watch.until(id, 'started', waiting.deadline, { startTime });
		if (!started.ok) return { failure: started.failure, subject };
	}
	const resized = await resize(session.connection, id, wanted, session.endpoints);
	if (!resized.ok) return { failure: resized.failure, subject };
	const after =
		resized.value === null
			? settingsAfter(deployment, { number_of_allocations: numberOf(wanted) })
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
			? { ...expectedOf(deployment), numberOfAllocations: numberOf(wanted) }
			: expectedOfAssignment(resized.value);
	return waitIfAsked(session, done, id, { waiting, ...scale }, expected);
}

function numberOf({ allocations }: ResizeGoal): number | undefined {
	return allocations.mode === 'fixed' ? allocations.number : undefined;
}

async function show(
	session: RunContext,
	deployment: Deployment,
	wanted: ResizeGoal,
): Promise<Outcome> {
	const { id } = deployment;
	const shown = await showResize(session, deployment, wanted);
	if (!shown.ok) return { failure: shown.failure, subject: { deploymentId: id } };
	return { json: { deployment_id: id, changed: false, ...shown.value } };
}
