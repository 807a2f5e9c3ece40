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

/** A deployment that is left as it is: it is as asked for, or something speaks against it. */
export function untouched(
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

/** One that was not there, and is not to be. */
export function absentAlready(id: string, reason: string, goal: ScaleGoal): Success {
	const json: IDataObject = { deployment_id: id, action: 'none', changed: false, reason };
	const shown = goal.dryRun && plan('none', undefined, ABSENT, ABSENT, 1, BREAKS_NOTHING);
	return { json: { ...json, before: ABSENT, after: ABSENT, ...shown } };
}

/**
 * What a stop did, in the words of Scale; what goes with a failure too.
 * @param before the deployment as it was before; undefined where only a failure is told
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

/** What was done, with the waiting where that was asked for. */
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
