import { lookUp } from '../../elasticsearch/deployments';
import { isLeftToEndpoint } from '../../elasticsearch/inference';
import { matches, type Pattern } from '../../elasticsearch/pattern';
import { isEndpointOwned } from '../../elasticsearch/resize';
import type { Failure } from '../../elasticsearch/result';
import type { SelectionRules } from '../../elasticsearch/selection';
import { stopBlind } from '../../elasticsearch/stop';
import type { Deployment } from '../../elasticsearch/types';
import { isUndone, type Operation, type Outcome, type Session } from '../operation';
import { absence } from './lookedUp';
import { readRules, selectMatching } from './matching';
import { readStop, stopFields, type Stop } from './stopFields';
import { cannotRecord, cannotTellOwner, left, noMatch } from './stopOutcomes';
import { settled, stopSeen } from './stopSeen';

export const stop: Operation = {
	option: {
		name: 'Stop',
		value: 'stop',
		action: 'Stop a deployment',
		description:
			'Stop one deployment, or all that match a pattern, and record how to bring them back',
	},
	changes: true,
	fields: stopFields,
	prepare(input) {
		const wanted = readStop(input);
		const settings = input.requestSettings();
		if (input.choice('target', 'Target', ['one', 'pattern']) === 'one') {
			const id = input.deploymentId();
			return { touches: { id }, settings, run: (session) => stopOne(session, id, wanted) };
		}
		const pattern = input.pattern();
		const rules: SelectionRules = {
			...readRules(input),
			allowNoMatch: input.optionalFlag('allowNoMatch', 'Allow No Match', true),
			ifItMayBe: "remove the option 'Allow No Match' or switch it on",
		};
		const owned = input.optionalFlag('includeEndpointOwned', 'Include Endpoint-Owned', false);
		return {
			touches: 'many',
			settings,
			run: (session) => stopMatching(session, pattern, rules, owned, wanted),
		};
	},
};

async function* stopOne(session: Session, id: string, wanted: Stop): AsyncGenerator<Outcome> {
	// Before the look, so that nothing comes between the look and the stop.
	await session.endpoints();
	const look = await lookUp(session.connection, id);
	if (!look.ok) return yield await stopUnseen(session, id, look, wanted);
	const { value } = look;
	if (value.found === 'deployment') return yield await stopSeen(session, value.deployment, wanted);
	const before = settled(session, id);
	if (before !== undefined) return yield before;
	if (value.found === 'not_deployed') {
		return yield left(id, value.modelId, 'not_deployed', wanted);
	}
	if (wanted.ignoreMissing) return yield left(id, null, 'unknown_id', wanted);
	const failure = absence(id, value);
	const next = `${failure.next}. If it may be missing, turn on the option 'Ignore Missing'`;
	yield { failure: { ...failure, next }, subject: { doing: 'stop', deploymentId: id } };
}

/** A key that may stop but not read: only where the user gave up the restore. */
async function stopUnseen(
	session: Session,
	id: string,
	look: { ok: false; failure: Failure },
	wanted: Stop,
): Promise<Outcome> {
	const subject = { doing: 'stop', deploymentId: id } as const;
	if (look.failure.status !== 403 || look.failure.kind !== 'response') {
		return { failure: look.failure, subject: { ...subject, doing: 'read' } };
	}
	const { onlyIfIdleMinutes: idle, minAgeMinutes: age } = wanted.guards;
	if (wanted.requireRestore || wanted.dryRun || idle !== undefined || age !== undefined) {
		return { failure: cannotRecord(id, look.failure), subject };
	}
	const stopped = await stopBlind(session.connection, id, wanted.run);
	if (!stopped.ok) return { failure: stopped.failure, subject };
	const warnings = ['The API key may not read statistics, so there is no restore object'];
	return {
		json: { deployment_id: id, model_id: null, stopped: true, restore: null, warnings },
		did: `stopped '${id}'`,
	};
}

async function* stopMatching(
	session: Session,
	pattern: Pattern,
	rules: SelectionRules,
	includeEndpointOwned: boolean,
	wanted: Stop,
): AsyncGenerator<Outcome> {
	const endpoints = await session.endpointsForSure();
	if (!endpoints.ok && !includeEndpointOwned) {
		return yield { failure: endpoints.failure, subject: { doing: 'read' } };
	}
	const known = endpoints.ok ? endpoints.value : null;
	const lenient = { ...rules, allowNoMatch: rules.allowNoMatch || session.isRetry };
	const selection = await selectMatching(session, pattern, lenient);
	if (!selection.ok) return yield { failure: selection.failure, subject: { doing: 'read' } };
	const { matched, excluded, unmatched } = selection.value;
	const none = matched.length + excluded.length === 0;
	for (const part of none ? [pattern.join(',')] : unmatched) yield noMatch(part, wanted);
	for (const each of excluded) yield left(each.id, each.modelId, 'excluded', wanted, each);
	for (const id of session.unsettled.keys()) {
		const before = matches(pattern, id) && !matched.some((each) => each.id === id);
		if (before) yield* settledItems(session, id);
	}
	if (known === null && !includeEndpointOwned && wanted.run.force && matched.length > 0) {
		return yield { failure: cannotTellOwner(), subject: { doing: 'stop' } };
	}
	for (const seen of matched) {
		const { id, modelId } = seen;
		if (!includeEndpointOwned && isLeftToEndpoint(id, known)) {
			yield left(id, modelId, 'endpoint_owned', wanted, seen);
			continue;
		}
		// Looked at again: the list is stale by the time that earlier ones are stopped.
		const look = await lookUp(session.connection, id);
		if (!look.ok) yield { failure: look.failure, subject: { doing: 'read', deploymentId: id } };
		else if (look.value.found !== 'deployment') yield left(id, modelId, 'not_deployed', wanted);
		else yield unlessOwned(await stopSeen(session, look.value.deployment, wanted), seen, wanted);
	}
}

function* settledItems(session: Session, id: string): Generator<Outcome> {
	const before = settled(session, id);
	if (before !== undefined) yield before;
}

/** What the cluster itself protects is left alone by a pattern, not a failure of it. */
function unlessOwned(outcome: Outcome, seen: Deployment, wanted: Stop): Outcome {
	const refused = isUndone(outcome) && isEndpointOwned(outcome.failure);
	return refused ? left(seen.id, seen.modelId, 'endpoint_owned', wanted, seen) : outcome;
}
