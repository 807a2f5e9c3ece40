import { readRestore, type RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import { matches, unmatchedParts, type Pattern } from '../../../elasticsearch/deployment/pattern';
import {
	problem,
	refusalIn,
	type FlowFailure,
	type FlowResult,
} from '../../../elasticsearch/flows/failure';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import { stillStopping } from '../../../elasticsearch/flows/watch';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Deadline } from '../../../elasticsearch/transport/clock';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { lookUp } from '../../../elasticsearch/api/deployments';
import type { Unexpected } from '../../errors/rule';
import { isFailed, type Failed, type Outcome, type RunContext } from '../../execution/operation';
import type { Choice } from '../../parameters/fields';
import { outputOf, unchanged } from '../shared/change';
import { notThere } from '../stop/output';
import { failedBefore } from './ensureStarted';

/** What the workflow remembers under an id, or the failure that says where else to look. */
export function fromMemory({ memory }: RunContext, id: string): FlowResult<RestoredStart> {
	const text = memory.recall(id);
	const read = text === undefined ? undefined : readRestore(text);
	return read?.ok === true ? success(read.value) : failed(notRemembered(memory, [id]));
}

/** What the workflow remembers and the pattern means, oldest first. */
export function rememberedIn(context: RunContext, pattern: Pattern): RestoredStart[] {
	return context.memory
		.stopped()
		.filter(({ id }) => matches(pattern, id))
		.flatMap(({ id }) => {
			const restored = fromMemory(context, id);
			return restored.ok ? restored.value : [];
		});
}

export const whenModelDeleted: Choice<'error' | 'forget'> = {
	displayName: 'If Its Model Was Deleted',
	name: 'whenModelDeleted',
	type: 'options',
	default: 'forget',
	options: [
		{
			name: 'End With Error',
			value: 'error',
			description: 'Keep it in the memory; this is also what happens without the option',
		},
		{
			name: 'Forget It',
			value: 'forget',
			description: 'Output its restore, and remove it from the memory when the run succeeds',
		},
	],
	description: 'What to do with a deployment whose model is no longer in the cluster',
};

/** The failure of a start from the memory if it is that the model is gone; undefined for others. */
export function modelDeleted(
	{ memory }: RunContext,
	{ deploymentId: id, modelId }: StartSpec,
	failure: FlowFailure | Unexpected,
): Failed | undefined {
	if (failure.kind !== 'response' || refusalIn(failure) !== 'unknown_model') return undefined;
	return {
		failure: problem({ code: 'model_deleted', id, modelId }, failure),
		subject: { deploymentId: id, modelId },
		restore: memory.recall(id),
	};
}

/** The outcome of a start from the memory, if its model may be gone. */
export function ifModelDeleted(
	context: RunContext,
	spec: StartSpec,
	outcome: Outcome,
	{ forgets, dryRun }: { forgets: boolean; dryRun: boolean },
): Outcome {
	const deleted = isFailed(outcome) ? modelDeleted(context, spec, outcome.failure) : undefined;
	if (deleted === undefined || !forgets) return deleted ?? outcome;
	const { deploymentId: id, modelId } = spec;
	if (!dryRun) context.memory.giveUp(id);
	const warnings = [
		`The model '${modelId}' is no longer in the cluster. This restore leaves the memory of the workflow when a run ends without an error, so keep it from here if it may be needed`,
	];
	const gone = { id, modelId, restore: deleted.restore, assignment: null, warnings };
	return notThere(gone, 'model_deleted', { dryRun });
}

/** What a pattern means and the workflow does not remember. */
export type Forgotten =
	/** One deployment. @param failure if it does not run */
	{ id: string; failure: FlowFailure } | { outcome: Outcome };

/**
 * What the pattern means and the workflow does not remember. A part with a `*` that means nothing
 * is fine if everything was started again; an exact id has to run. What was dropped because the
 * memory was full is a failure, and so is what only a newer version can read.
 */
export function forgottenIn(
	{ memory }: RunContext,
	pattern: Pattern,
	{ dryRun }: Waits,
): Forgotten[] {
	const dropped = memory.dropped();
	const unread = memory.unread();
	const stopped = memory.stopped().map(({ id }) => id);
	const without = unmatchedParts(pattern, [...stopped, ...dropped, ...unread]);
	const forgotten: Forgotten[] = [
		...dropped
			.filter((id) => matches(pattern, id))
			.map((id) => ({ id, failure: problem({ code: 'dropped', id }) })),
		...unread
			.filter((id) => matches(pattern, id))
			.map((id) => ({ id, failure: notRemembered(memory, [id]) })),
		...without.filter(isExact).map((id) => ({ id, failure: notRemembered(memory, [id]) })),
	];
	const vague = without.filter((part) => !isExact(part));
	if (vague.length === 0) return forgotten;
	if (!memory.isUsed() || memory.isNewer) {
		forgotten.push({ outcome: { failure: notRemembered(memory, vague) } });
	} else if (without.length === pattern.length) {
		const nothing = notThere({ id: null, assignment: null }, 'nothing_to_restore', { dryRun });
		forgotten.push({ outcome: nothing });
	}
	return forgotten;
}

function isExact(part: string): boolean {
	return part !== '_all' && !part.includes('*');
}

/** Until when to wait for one that is stopping; a dry run waits for nothing. */
interface Waits {
	deadline: Deadline;
	dryRun: boolean;
}

/** Tells of what cannot be restored: if it runs, there is nothing to do. */
export async function tellForgotten(
	context: RunContext,
	forgotten: Forgotten,
	waits: Waits,
): Promise<Outcome> {
	if ('outcome' in forgotten) return forgotten.outcome;
	const { id, failure } = forgotten;
	const subject = { deploymentId: id };
	const look = await lookOnceSettled(context, id, waits);
	if (!look.ok) return { failure: look.failure, subject };
	const deployment = look.value;
	if (deployment === undefined) return { failure, subject };
	if (deployment.state === 'failed') return { failure: failedBefore(deployment), subject };
	if (!waits.dryRun) context.memory.forget(id);
	const same = unchanged(deployment, 'nothing_to_restore', waits.dryRun);
	return outputOf({ ...same, assignment: null });
}

/** The deployment once it is not stopping any more; undefined if it is gone, or will be. */
async function lookOnceSettled(
	{ connection, watch }: RunContext,
	id: string,
	{ deadline, dryRun }: Waits,
): Promise<FlowResult<Deployment | undefined>> {
	for (let looks = 1; ; looks++) {
		const look = await lookUp(connection, id);
		if (!look.ok) return look;
		if (look.value.found !== 'deployment') return success(undefined);
		const { deployment } = look.value;
		if (deployment.state !== 'stopping') return success(deployment);
		if (dryRun) return success(undefined);
		if (looks > 1 && deadline.left(connection.clock) <= 0) {
			return failed(stillStopping(id, deadline));
		}
		const gone = await watch.untilGone(deployment, deadline);
		if (!gone.ok) return gone;
	}
}

function notRemembered(memory: RunContext['memory'], parts: Pattern): ReturnType<typeof problem> {
	const id = parts.join(',');
	const isElsewhere = memory.isKnownElsewhere((each) => matches(parts, each));
	// Only a newer version writes what this one cannot read.
	const isNewer = memory.isNewer || memory.unread().some((each) => matches(parts, each));
	return problem({ code: 'not_remembered', id, isNewer, isElsewhere });
}
