import { readRestore, type RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import { matches, unmatchedParts, type Pattern } from '../../../elasticsearch/deployment/pattern';
import { problem, type FlowFailure, type FlowResult } from '../../../elasticsearch/flows/failure';
import { stillStopping } from '../../../elasticsearch/flows/watch';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Deadline } from '../../../elasticsearch/transport/clock';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { lookUp } from '../../../elasticsearch/api/deployments';
import type { Outcome, RunContext } from '../../execution/operation';
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

/** What a pattern means and the workflow does not remember. */
export type Forgotten =
	/** One deployment. @param failure if it does not run */
	{ id: string; failure: FlowFailure } | { outcome: Outcome };

/**
 * What the pattern means and the workflow does not remember. A part with a `*` that means nothing
 * is fine if everything was started again; an exact id has to run. What was dropped because the
 * memory was full is a failure.
 */
export function forgottenIn(
	{ memory }: RunContext,
	pattern: Pattern,
	{ dryRun }: Waits,
): Forgotten[] {
	const dropped = memory.dropped();
	const without = unmatchedParts(pattern, [...memory.stopped().map(({ id }) => id), ...dropped]);
	const forgotten: Forgotten[] = [
		...dropped
			.filter((id) => matches(pattern, id))
			.map((id) => ({ id, failure: problem({ code: 'dropped', id }) })),
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
	return problem({ code: 'not_remembered', id, isNewer: memory.isNewer, isElsewhere });
}
