import type { IDataObject } from 'n8n-workflow';

import { ABSENT, settingsOf } from '../../../elasticsearch/deployment/deployment';
import { restoreOf, restoreWarnings } from '../../../elasticsearch/deployment/restore';
import { problem, type FlowFailure } from '../../../elasticsearch/flows/failure';
import { reasonToSkip } from '../../../elasticsearch/deployment/selection';
import {
	restarted,
	settleStop,
	stopAndConfirm,
	type Snapshot,
} from '../../../elasticsearch/flows/stop';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import { explain } from '../../errors/explain';
import type { Stop as Entered, StopEntry } from '../../execution/stopEntry';
import { RunEnded, type Success, type Outcome, type RunContext } from '../../execution/operation';
import type { StopGoal } from './parameters';
import { outputOf, type Reason } from '../shared/change';
import { endpointWarnings, leftAlone, notThere, showStop } from './output';

/**
 * Stops one deployment right after a look at it. The restore object is made from the snapshot of
 * the `_stop` that counts, so it is never stale. The caller has looked the endpoints up already, so
 * nothing is read between snapshot and `_stop`.
 */
export async function stopDeployment(
	context: RunContext,
	deployment: Deployment,
	goal: StopGoal,
): Promise<Outcome> {
	const { id, modelId } = deployment;
	const { journal } = context;
	const first: Snapshot = { deployment, takenAt: Date.now() };
	const reason = reasonToSkip(deployment, goal.guards, first.takenAt);
	if (reason !== undefined) return leftAlone(context, deployment, reason, goal);
	const warnings = await endpointWarnings(context, id);
	const toEnter = (snapshot: Snapshot): Entered => entered(context, snapshot, warnings);
	if (goal.dryRun) {
		const planned = toEnter(first);
		return await showStop(context, deployment, planned.restore, planned.warnings, goal);
	}
	let entry: StopEntry | undefined;
	const sending = (snapshot: Snapshot, completes: boolean): void => {
		if (!completes && context.isHalted()) {
			// If a `_stop` was sent before, it surely never ran.
			if (entry !== undefined) entry.state = 'not_stopped';
			context.connection.log(`The stop of '${id}' is held back: the run has ended with a failure`);
			throw new RunEnded();
		}
		if (entry === undefined) entry = journal.enter(toEnter(snapshot));
		else journal.renew(entry, toEnter(snapshot));
	};
	const { run, guards } = goal;
	const outcome = await stopAndConfirm(context.connection, first, run, guards, sending);
	if (entry === undefined) throw new Error('a stop was sent that is not in the journal');
	const subject = { deploymentId: id, modelId };
	switch (outcome.is) {
		case 'stopped':
			return stopped(entry, outcome.confirmedBy);
		case 'already':
			entry.state = 'gone';
			return gone(entry);
		case 'skipped': {
			const { deployment: now } = outcome.snapshot;
			if (!outcome.lost) entry.state = 'not_stopped';
			const done = leftAlone(context, now, outcome.reason, goal);
			return outcome.lost ? withKept(done, entry) : done;
		}
		case 'refused':
			entry.state = 'not_stopped';
			return { failure: outcome.failure, subject };
		case 'restarted':
			entry.state = 'restarted';
			return failedStop(entry, outcome.failure);
		case 'unknown':
			return failedStop(entry, outcome.failure);
	}
}

/**
 * Finds out what became of a stop that this run sent before, in an earlier try or for another item.
 * No guard applies, because the stop is under way or done. This item reports it from now on.
 * @returns undefined if it never ran, so that the caller decides anew
 */
export async function settleOpen(
	{ connection, journal }: RunContext,
	entry: StopEntry,
	{ run }: Pick<StopGoal, 'run'>,
): Promise<Outcome | undefined> {
	const late = await settleStop(connection, entry, run.timeoutMs);
	if (late.is === 'not_stopped') {
		entry.state = 'not_stopped';
		return undefined;
	}
	journal.adopt(entry);
	if (late.is === 'stopped') return stopped(entry, 'stats');
	if (late.is === 'restarted') entry.state = 'restarted';
	return failedStop(entry, late.failure);
}

/**
 * The outcome for a deployment that this run stopped before, in another item or an earlier try, if
 * the end of that stop is known. If the deployment runs again, it is not stopped a second time.
 * @param look the deployment as the last look shows it; undefined if it is absent
 * @returns undefined if this run did nothing that rules out a stop
 */
export function tellAgain(
	{ journal }: RunContext,
	entry: StopEntry | undefined,
	look: Deployment | undefined,
): Outcome | undefined {
	if (entry === undefined || entry.state === 'not_stopped' || entry.state === 'open') {
		return undefined;
	}
	// If the look shows the start time of what was stopped, the look is older than the stop.
	const isOld = look?.startTime != null && look.startTime === entry.startTime;
	const now = isOld ? undefined : look;
	const isOwn = journal.isOwn(entry);
	if (entry.state === 'restarted') {
		const failure =
			now === undefined ? problem({ code: 'restarted_and_gone', id: entry.id }) : restarted(now);
		return failedStop(entry, failure, isOwn);
	}
	if (now === undefined) {
		if (!isOwn) return toldBy(entry);
		return entry.state === 'gone' ? gone(entry) : stopped(entry);
	}
	if (entry.state === 'gone') return undefined;
	const again = restarted(now, 'stopped');
	if (!isOwn) return failedStop(entry, again, false);
	const further = `${explain(again).message}. It was not stopped a second time`;
	return stopped({ ...entry, warnings: [...entry.warnings, further] });
}

function stopped(entry: StopEntry, confirmedBy?: 'stats'): Success {
	entry.state = 'stopped';
	return {
		...recorded(entry, 'stop', undefined, confirmedBy && { confirmed_by: confirmedBy }),
		did: `stopped '${entry.id}'`,
	};
}

function gone(entry: StopEntry): Success {
	return recorded(entry, 'none', 'not_deployed');
}

/** If two items name the same deployment, the second one found it stopped by the first. */
function toldBy({ id, modelId, item, restore }: StopEntry): Success {
	const warnings = [
		`Item ${item} of this run was about the same deployment, which is stopped by now`,
	];
	const text = JSON.stringify(restore);
	return notThere({ id, modelId, restore: text, warnings }, 'not_deployed', { dryRun: false });
}

/** The failure of a stop. The deployment may be gone, so the restore object goes with it. */
function failedStop(entry: StopEntry, failure: FlowFailure, withRestore = true): Outcome {
	const { id, modelId } = entry;
	const subject = { deploymentId: id, modelId };
	return withRestore ? { failure, subject, done: recall(entry) } : { failure, subject };
}

/** The output for a stop as far as its end is known. */
export function recall(entry: StopEntry): Success {
	if (entry.state === 'stopped') return stopped(entry);
	return recorded(entry, 'stop', 'unknown_outcome');
}

function entered(
	context: RunContext,
	{ deployment, takenAt }: Snapshot,
	warnings: string[],
): Entered {
	return {
		id: deployment.id,
		modelId: deployment.modelId,
		startTime: deployment.startTime,
		before: settingsOf(deployment),
		restore: { ...restoreOf(deployment, context.connection.cluster, takenAt) },
		warnings: [...restoreWarnings(deployment), ...warnings],
	};
}

function recorded(
	{ at, id, modelId, before, restore, warnings }: StopEntry,
	action: 'stop' | 'none',
	reason?: Reason,
	facts?: IDataObject,
): Success {
	const isKnown = reason !== 'unknown_outcome';
	const after = isKnown ? ABSENT : undefined;
	const output = outputOf({ id, modelId, action, reason, before, after, restore, warnings, facts });
	return { ...output, stop: at };
}

/** Adds the restore object of a stop whose answer got lost, in case it still comes. */
function withKept(done: Success, { at, restore, warnings }: StopEntry): Success {
	const lost =
		'A stop was sent before, and its answer got lost: should it still come, this is its restore';
	const kept = { restore: JSON.stringify(restore), warnings: [...warnings, lost] };
	return { ...done, json: { ...done.json, ...kept }, stop: at };
}
