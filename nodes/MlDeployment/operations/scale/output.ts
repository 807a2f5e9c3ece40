import type { IDataObject } from 'n8n-workflow';

import { ABSENT, settingsOf, type Settings } from '../../../elasticsearch/deployment/deployment';
import type { Expected } from '../../../elasticsearch/deployment/judge';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import { isFailed, type Success, type Outcome, type RunContext } from '../../execution/operation';
import type { StopEntry } from '../../execution/stopEntry';
import { BREAKS_NOTHING, plan } from '../shared/dryRun';
import type { ScaleGoal } from './parameters';
import { recall } from '../stop/stopDeployment';
import { thenWait } from '../shared/awaitState';

/** The output for a skipped deployment. @param reason undefined if it already is as asked for */
export function skippedAsItIs(
	deployment: Deployment,
	reason: string | undefined,
	goal: ScaleGoal,
): Success {
	const before = settingsOf(deployment);
	const json: IDataObject = { deployment_id: deployment.id, action: 'none', changed: false };
	if (reason !== undefined) json.reason = reason;
	const threads = deployment.threadsPerAllocation;
	const shown = goal.dryRun && plan('none', undefined, before, before, threads, BREAKS_NOTHING);
	return { json: { ...json, before, after: before, ...shown } };
}

/** The output for a deployment that should be absent, and was so before. */
export function absentAlready(id: string, reason: string, goal: ScaleGoal): Success {
	const json: IDataObject = { deployment_id: id, action: 'none', changed: false, reason };
	const shown = goal.dryRun && plan('none', undefined, ABSENT, ABSENT, 1, BREAKS_NOTHING);
	return { json: { ...json, before: ABSENT, after: ABSENT, ...shown } };
}

/**
 * The outcome of a stop in the words of Scale, including what goes with a failure.
 * @param before the settings before the stop; undefined if there is only a failure
 */
export function asScaled(id: string, before: Settings = ABSENT, outcome: Outcome): Outcome {
	if (!isFailed(outcome)) return asScaledDone(id, before, outcome);
	return outcome.done === undefined
		? outcome
		: { ...outcome, done: asScaledDone(id, before, outcome.done) };
}

function asScaledDone(id: string, before: Settings, done: Success): Success {
	const { stopped, reason, ...rest } = done.json;
	delete rest.model_id;
	const changed = stopped === true;
	const gone = changed || reason === 'not_deployed';
	const json: IDataObject = {
		deployment_id: id,
		action: changed ? 'stop' : 'none',
		changed,
		...(reason !== undefined && { reason }),
		before,
		after: gone ? ABSENT : before,
		...rest,
	};
	return { ...done, json };
}

/** A stop of the journal, in the words of Scale. */
export function recallScaled(entry: StopEntry): Success {
	return asScaledDone(entry.id, entry.before, recall(entry));
}

/** Adds the wait to what was done, if the item asks for one and this is no dry run. */
export function waitIfAsked(
	context: RunContext,
	done: Success,
	id: string,
	{ waiting, dryRun }: ScaleGoal,
	expected: Expected,
): Success {
	const subject = { deploymentId: id };
	return dryRun ? done : thenWait(context, done, subject, waiting, expected);
}
