import { lookUp } from '../../../elasticsearch/api/deployments';
import { isLeftToEndpoint, type InferenceEndpoint } from '../../../elasticsearch/api/inference';
import { matches, unmatchedParts, type Pattern } from '../../../elasticsearch/deployment/pattern';
import {
	problem,
	refusalIn,
	type FlowFailure,
	type FlowResult,
} from '../../../elasticsearch/flows/failure';
import { success } from '../../../elasticsearch/transport/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import type { Deployment, Lookup } from '../../../elasticsearch/deployment/state';
import type { StopEntry } from '../../execution/stopEntry';
import { isFailed, type Outcome, type RunContext } from '../../execution/operation';
import { selectMatching, warningsOf } from '../shared/selectMatching';
import type { StopGoal } from './parameters';
import { settleOpen, stopDeployment, tellAgain } from './stopDeployment';

/** What became of one deployment, or of one part of a pattern, in a stop. */
export type Match =
	/** It was stopped, or its earlier stop is reported. @param seen undefined if it is gone */
	| { is: 'stop'; id: string; outcome: Outcome; entry?: StopEntry; seen?: Deployment }
	| { is: 'excluded' | 'endpoint_owned'; seen: Deployment }
	/** It matched, and was gone when its turn came. */
	| { is: 'vanished'; seen: Deployment }
	/** An id names no deployment, which is no failure here. @param restore as the workflow remembers it */
	| {
			is: 'absent';
			id: string;
			modelId: string | null;
			reason: 'not_deployed' | 'unknown_id';
			restore?: string;
	  }
	| { is: 'no_match'; part: string }
	/** It is no output of its own, but goes into the next one. */
	| { is: 'warning'; text: string }
	| { is: 'failed'; failure: FlowFailure; id?: string };

/** Stops one deployment by its id. If this run sent a stop before, it first finds out its end. */
export async function stopById(
	context: RunContext,
	id: string,
	goal: StopGoal,
): Promise<Exclude<Match, { is: 'warning' }>> {
	if (!goal.dryRun) context.memory.visit();
	// The endpoints come before the look, so that nothing comes between the look and the stop.
	await context.endpoints();
	const entry = context.journal.lastStop(id);
	const settled = entry?.state === 'open' && (await settleOpen(context, entry, goal));
	if (settled) return { is: 'stop', id, outcome: settled, entry };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return { is: 'failed', failure: look.failure, id };
	const { value } = look;
	const seen = value.found === 'deployment' ? value.deployment : undefined;
	const told = tellAgain(context, entry, seen);
	// If another item reports the stop, the deployment was already absent for this one.
	const isOthers = told !== undefined && !isFailed(told) && told.stop === undefined;
	if (told !== undefined) {
		return { is: 'stop', id, outcome: told, entry: isOthers ? undefined : entry };
	}
	if (value.found === 'deployment') {
		const { deployment } = value;
		const outcome = await stopDeployment(context, deployment, goal);
		return { is: 'stop', id, outcome, seen: deployment };
	}
	const restore = context.memory.recall(id);
	if (value.found === 'not_deployed') {
		return { is: 'absent', id, modelId: value.modelId, reason: 'not_deployed', restore };
	}
	if (restore !== undefined) {
		return { is: 'absent', id, modelId: null, reason: 'not_deployed', restore };
	}
	if (goal.ignoreMissing) return { is: 'absent', id, modelId: null, reason: 'unknown_id' };
	const failure = problem({ code: 'not_found', id, look: value, mayBeIgnored: true });
	return { is: 'failed', failure, id };
}

/** A pattern skips what the cluster itself protects; that is no failure. */
function isEndpointOwned(outcome: Outcome): boolean {
	const { failure } = isFailed(outcome) ? outcome : {};
	return (
		failure !== undefined &&
		failure.kind !== 'unexpected' &&
		refusalIn(failure) === 'endpoint_owned'
	);
}

/**
 * Stops what a pattern means, one deployment after the other; Stop and Scale word the outputs. It
 * first finds out the end of this run's earlier stops, because a part of the pattern may name a
 * deployment that is gone by now.
 */
export async function* stopMatches(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	goal: StopGoal,
	includeEndpointOwned: boolean,
): AsyncGenerator<Match, void, undefined> {
	const { journal, connection } = context;
	if (!goal.dryRun) context.memory.visit();
	const settled = new Set<string>();
	for (const entry of earlierStops(context, pattern, rules.exclude)) {
		const outcome = await settleOpen(context, entry, goal);
		if (outcome === undefined) continue;
		settled.add(entry.id);
		yield { is: 'stop', id: entry.id, outcome, entry };
	}
	const remembered = rememberedIn(context, pattern, rules.exclude);
	const known = [...knownIds(context, rules.exclude), ...remembered.map(({ id }) => id)];
	const selection = await selectMatching(context, pattern, rules, known);
	if (!selection.ok) return yield { is: 'failed', failure: selection.failure };
	// After the list, or an endpoint that came in between would lose its deployment.
	const read = await ownersFor(context, includeEndpointOwned);
	if (!read.ok) return yield { is: 'failed', failure: read.failure };
	let owners = read.value;
	const { matched, excluded, unmatched } = selection.value;
	for (const text of warningsOf(selection.value)) yield { is: 'warning', text };
	const isNone = matched.length + excluded.length === 0 && unmatched.length === pattern.length;
	for (const part of isNone ? [pattern.join(',')] : unmatched) yield { is: 'no_match', part };
	for (const seen of excluded) yield { is: 'excluded', seen };
	// Where a part means only what was stopped before, that is told instead of a part without a match.
	const found = [...matched, ...excluded].map(({ id }) => id);
	const without = unmatchedParts(pattern, found);
	for (const { id, restore } of remembered) {
		if (found.includes(id) || !matches(without, id) || journal.lastStop(id) !== undefined) continue;
		yield { is: 'absent', id, modelId: null, reason: 'not_deployed', restore };
	}
	const isEmpty = matched.length + excluded.length + unmatched.length + settled.size === 0;
	for (const entry of toTellAgain(context, pattern, rules.exclude, isEmpty)) {
		if (settled.has(entry.id) || matched.some(({ id }) => id === entry.id)) continue;
		const outcome = tellAgain(context, entry, undefined);
		if (outcome !== undefined) yield { is: 'stop', id: entry.id, outcome, entry };
	}
	if (owners === 'unknown' && goal.run.force && matched.length > 0) {
		return yield { is: 'failed', failure: problem({ code: 'owners_unknown' }) };
	}
	for (const seen of matched) {
		const { id } = seen;
		if (settled.has(id)) continue;
		const isOwned = (): boolean => !includeEndpointOwned && isOwnedIn(owners, id);
		if (isOwned()) {
			yield { is: 'endpoint_owned', seen };
			continue;
		}
		// It looks again, because the list is stale once other deployments have been stopped.
		let look = await lookUp(connection, id);
		if (look.ok && isOther(seen, look.value)) {
			// Somebody started it again, perhaps by creating an inference endpoint.
			const now = await ownersFor(context, includeEndpointOwned);
			if (!now.ok) {
				yield { is: 'failed', failure: now.failure, id };
				continue;
			}
			owners = now.value;
			if (isOwned()) {
				yield { is: 'endpoint_owned', seen };
				continue;
			}
			// It looks once more, so that nothing comes between the look and the stop.
			look = await lookUp(connection, id);
		}
		if (!look.ok) yield { is: 'failed', failure: look.failure, id };
		else if (look.value.found !== 'deployment') yield { is: 'vanished', seen };
		else {
			const { deployment } = look.value;
			const entry = journal.lastStop(id);
			const outcome =
				tellAgain(context, entry, deployment) ?? (await stopDeployment(context, deployment, goal));
			if (isEndpointOwned(outcome)) yield { is: 'endpoint_owned', seen };
			else yield { is: 'stop', id, outcome, entry: journal.lastStop(id), seen: deployment };
		}
	}
}

/** What the workflow remembers of earlier runs and the pattern means. */
function rememberedIn(
	{ memory }: RunContext,
	pattern: Pattern,
	exclude: Pattern,
): ReturnType<RunContext['memory']['stopped']> {
	return memory.stopped().filter(({ id }) => matches(pattern, id) && !matches(exclude, id));
}

function isOther(seen: Deployment, look: Lookup): boolean {
	return look.found === 'deployment' && look.deployment.startTime !== seen.startTime;
}

/** Stops whose end is not known: those of this item, and others that the pattern means too. */
function earlierStops({ journal }: RunContext, pattern: Pattern, exclude: Pattern): StopEntry[] {
	return journal
		.openStops()
		.filter(
			(entry) =>
				journal.isOwn(entry) || (matches(pattern, entry.id) && !matches(exclude, entry.id)),
		);
}

/** Ids that this run stopped or may have stopped: a part may name them although they are gone. */
function knownIds({ journal }: RunContext, exclude: Pattern): string[] {
	const ids = journal.knownStops().map(({ id }) => id);
	return ids.filter((id) => !matches(exclude, id));
}

/**
 * Stops that the pattern means and whose end is known. This item's results hold what it stopped in
 * an earlier try. The stops of other items are reported only if there is nothing else to report,
 * so that overlapping patterns report each deployment once.
 */
function toTellAgain(
	{ journal }: RunContext,
	pattern: Pattern,
	exclude: Pattern,
	ofOthers: boolean,
): StopEntry[] {
	return journal.knownStops().filter((entry) => {
		if (!matches(pattern, entry.id) || matches(exclude, entry.id)) return false;
		if (journal.isOwn(entry)) return entry.state === 'gone' || entry.state === 'restarted';
		return ofOthers && entry.state !== 'open';
	});
}

/** Whether a pattern leaves a deployment to the inference endpoint that owns it. */
export function isOwnedIn(owners: InferenceEndpoint[] | 'unknown', id: string): boolean {
	return isLeftToEndpoint(id, owners === 'unknown' ? null : owners);
}

/** The endpoints, which decide what is skipped; "unknown" if the key may not read them. */
export async function ownersFor(
	context: RunContext,
	includeEndpointOwned: boolean,
): Promise<FlowResult<InferenceEndpoint[] | 'unknown'>> {
	if (includeEndpointOwned) return success((await context.endpoints()) ?? []);
	const endpoints = await context.endpointsForSure();
	if (!endpoints.ok) return endpoints;
	return success(endpoints.value ?? 'unknown');
}
