import { lookUp, type Lookup } from '../../../elasticsearch/api/deployments';
import { isLeftToEndpoint, type InferenceEndpoint } from '../../../elasticsearch/api/inference';
import { matches, type Pattern } from '../../../elasticsearch/deployment/pattern';
import { isEndpointOwned } from '../../../elasticsearch/flows/resize';
import { success, type Failure, type Result } from '../../../elasticsearch/transport/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { StopEntry } from '../../execution/stopEntry';
import { isFailed, type Outcome, type RunContext } from '../../execution/operation';
import { selectMatching, warningsOf } from '../shared/selectMatching';
import type { StopGoal } from './parameters';
import { cannotTellOwner } from './output';
import { settleOpen, stopDeployment, tellAgain } from './stopDeployment';

/** What a pattern that stops means for one deployment, or for one part of the pattern. */
export type Match =
	/** A stop that was decided on, or told of again. @param deployment undefined where it is gone */
	| { is: 'stop'; outcome: Outcome; entry: StopEntry | undefined; seen: Deployment | undefined }
	| { is: 'excluded' | 'endpoint_owned'; seen: Deployment }
	/** Matched a moment ago, and gone by the time that its turn came. */
	| { is: 'vanished'; seen: Deployment }
	| { is: 'no_match'; part: string }
	/** Not an item of its own, but to be said with the next one. */
	| { is: 'warning'; text: string }
	| { is: 'failed'; failure: Failure; id?: string };

/**
 * Stops what a pattern means, one deployment after the other; Stop and Scale put it in their own
 * words. What this run sent before comes first, since it may be gone by now: a part of the pattern
 * may name it, and its end is found out.
 */
export async function* stopMatches(
	session: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	wanted: StopGoal,
	includeEndpointOwned: boolean,
): AsyncGenerator<Match, void, undefined> {
	const { journal, connection } = session;
	const settled = new Set<string>();
	for (const entry of earlierStops(session, pattern, rules.exclude)) {
		const outcome = await settleOpen(session, entry, wanted);
		if (outcome === undefined) continue;
		settled.add(entry.id);
		yield { is: 'stop', outcome, entry, seen: undefined };
	}
	let owners = await ownersFor(session, includeEndpointOwned);
	if (!owners.ok) return yield { is: 'failed', failure: owners.failure };
	const selection = await selectMatching(session, pattern, rules, knownIds(session, rules.exclude));
	if (!selection.ok) return yield { is: 'failed', failure: selection.failure };
	const { matched, excluded, unmatched } = selection.value;
	for (const text of warningsOf(selection.value)) yield { is: 'warning', text };
	const isNone = matched.length + excluded.length === 0 && unmatched.length === pattern.length;
	for (const part of isNone ? [pattern.join(',')] : unmatched) yield { is: 'no_match', part };
	for (const seen of excluded) yield { is: 'excluded', seen };
	const isEmpty = matched.length + excluded.length + unmatched.length + settled.size === 0;
	for (const entry of toTellAgain(session, pattern, rules.exclude, isEmpty)) {
		if (settled.has(entry.id) || matched.some(({ id }) => id === entry.id)) continue;
		const outcome = tellAgain(session, entry, undefined);
		if (outcome !== undefined) yield { is: 'stop', outcome, entry, seen: undefined };
	}
	if (owners.value === 'unknown' && wanted.run.force && matched.length > 0) {
		return yield { is: 'failed', failure: cannotTellOwner() };
	}
	for (const seen of matched) {
		const { id } = seen;
		if (settled.has(id)) continue;
		const isOwned = (): boolean =>
			!includeEndpointOwned && owners.ok && isLeftToEndpoint(id, knownIn(owners.value));
		if (isOwned()) {
			yield { is: 'endpoint_owned', seen };
			continue;
		}
		// Looked at again: the list is stale by the time that earlier ones are stopped.
		let look = await lookUp(connection, id);
		if (look.ok && isOther(seen, look.value)) {
			// Somebody started it anew, perhaps by making an inference endpoint.
			owners = await ownersFor(session, includeEndpointOwned);
			if (!owners.ok) return yield { is: 'failed', failure: owners.failure, id };
			if (isOwned()) {
				yield { is: 'endpoint_owned', seen };
				continue;
			}
			// Nothing comes between the look and the stop.
			look = await lookUp(connection, id);
		}
		if (!look.ok) yield { is: 'failed', failure: look.failure, id };
		else if (look.value.found !== 'deployment') yield { is: 'vanished', seen };
		else {
			const { deployment } = look.value;
			const entry = journal.lastStop(id);
			const outcome =
				tellAgain(session, entry, deployment) ??
				(await stopDeployment(session, deployment, wanted));
			// What the cluster itself protects is left alone by a pattern, not a failure of it.
			const isProtected = isFailed(outcome) && isEndpointOwned(outcome.failure);
			if (isProtected) yield { is: 'endpoint_owned', seen };
			else yield { is: 'stop', outcome, entry: journal.lastStop(id), seen: deployment };
		}
	}
}

function isOther(seen: Deployment, look: Lookup): boolean {
	return look.found === 'deployment' && look.deployment.startTime !== seen.startTime;
}

/** Stops whose end is not known: this item's own, and those of other items that the pattern means too. */
function earlierStops({ journal }: RunContext, pattern: Pattern, exclude: Pattern): StopEntry[] {
	return journal
		.openStops()
		.filter(
			(entry) =>
				journal.isOwn(entry) || (matches(pattern, entry.id) && !matches(exclude, entry.id)),
		);
}

/** What this run stopped, or may have stopped: a part of a pattern may name it though it is gone. */
function knownIds({ journal }: RunContext, exclude: Pattern): string[] {
	const ids = journal.knownStops().map(({ id }) => id);
	return ids.filter((id) => !matches(exclude, id));
}

/**
 * Stops whose end is known and that the pattern means. What this item itself stopped in an earlier
 * try is told already; what other items stopped is told only where there is nothing else to tell,
 * so that overlapping patterns tell of each deployment once.
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

function knownIn(owners: InferenceEndpoint[] | 'unknown'): InferenceEndpoint[] | null {
	return owners === 'unknown' ? null : owners;
}

/** The endpoints where they decide what is left alone; "unknown" where the key may not read them. */
async function ownersFor(
	session: RunContext,
	includeEndpointOwned: boolean,
): Promise<Result<InferenceEndpoint[] | 'unknown'>> {
	if (includeEndpointOwned) return success((await session.endpoints()) ?? []);
	const endpoints = await session.endpointsForSure();
	if (!endpoints.ok) return endpoints;
	return success(endpoints.value ?? 'unknown');
}
