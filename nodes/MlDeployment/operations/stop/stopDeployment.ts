import type { IDataObject } from 'n8n-workflow';

import { settingsOf } from '../../../elasticsearch/deployment/deployment';
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
import { endpointWarnings, skipped, showStop } from './output';

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
	if (reason !== undefined) return skipped(id, modelId, reason, goal, deployment);
	const warnings = await endpointWarnings(context, id);
	const toEnter = (snapshot: Snapshot): Entered => entered(context, snapshot, warnings);
	if (goal.dryRun) return await showStop(context, deployment, recorded(toEnter(first)), goal);
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
			const done = skipped(id, modelId, outcome.reason, goal, now);
			return outcome.lost
				? { ...done, json: { ...done.json, ...keptRestore(entry) }, stop: entry.at }
				: done;
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
	const done = stopped(entry);
	const warnings = [
		...entry.warnings,
		`${explain(again).message}. It was not stopped a second time`,
	];
	return { ...done, json: { ...done.json, warnings } };
}

function stopped(entry: StopEntry, confirmedBy?: 'stats'): Success {
	entry.state = 'stopped';
	const confirmed = confirmedBy && { confirmed_by: confirmedBy };
	return {
		json: { ...recorded(entry), stopped: true, ...confirmed },
		did: `stopped '${entry.id}'`,
		stop: entry.at,
	};
}

function gone(entry: StopEntry): Success {
	return { json: { ...recorded(entry), reason: 'not_deployed' }, stop: entry.at };
}

/** If two items name the same deployment, the second refers to the output of the first. */
function toldBy({ id, modelId, item }: StopEntry): Success {
	const warnings = [
		`Item ${item} of this run was about the same deployment, which is stopped by now: its output holds the restore`,
	];
	const json = { deployment_id: id, model_id: modelId, stopped: false, reason: 'not_deployed' };
	return { json: { ...json, warnings } };
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
	return { json: { ...recorded(entry), reason: 'unknown_outcome' }, stop: entry.at };
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

function recorded({ id, modelId, restore, warnings }: Entered): IDataObject {
	const json: IDataObject = { deployment_id: id, model_id: modelId, stopped: false, restore };
	return warnings.length === 0 ? json : { ...json, warnings };
}

/** The restore object of a skipped deployment, in case an earlier stop, now lost, still comes. */
function keptRestore({ restore, warnings }: StopEntry): IDataObject {
	const lost =
		'A stop was sent before, and its answer got lost: should it still come, this is its restore';
	return { restore, warnings: [...warnings, lost] };
}
