import { readRestore, type RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import { matches, unmatchedParts, type Pattern } from '../../../elasticsearch/deployment/pattern';
import { problem, type FlowFailure, type FlowResult } from '../../../elasticsearch/flows/failure';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { lookUp } from '../../../elasticsearch/api/deployments';
import type { Outcome, RunContext } from '../../execution/operation';
import { outputOf, unchanged } from '../shared/change';
import { notThere } from '../stop/output';

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

/**
 * The outcomes for what the pattern means and the workflow does not remember. A part with a `*`
 * that means nothing is fine if everything was started again; an exact id has to run. What was
 * dropped because the memory was full is a failure.
 */
export async function* tellForgotten(
	context: RunContext,
	pattern: Pattern,
	dryRun: boolean,
): AsyncGenerator<Outcome> {
	const { memory } = context;
	for (const id of memory.dropped().filter((each) => matches(pattern, each))) {
		yield await tellExact(context, id, dryRun, problem({ code: 'dropped', id }));
	}
	const remembered = [...memory.stopped().map(({ id }) => id), ...memory.dropped()];
	const without = unmatchedParts(pattern, remembered);
	for (const id of without.filter(isExact)) {
		yield await tellExact(context, id, dryRun, notRemembered(memory, [id]));
	}
	const vague = without.filter((part) => !isExact(part));
	if (vague.length === 0) return;
	if (!memory.isUsed() || memory.isNewer) {
		yield { failure: notRemembered(memory, vague) };
	} else if (without.length === pattern.length) {
		yield notThere({ id: null, assignment: null }, 'nothing_to_restore', { dryRun });
	}
}

function isExact(part: string): boolean {
	return part !== '_all' && !part.includes('*');
}

/** Tells of an id that cannot be restored: if it runs, there is nothing to do. */
async function tellExact(
	context: RunContext,
	id: string,
	dryRun: boolean,
	failure: FlowFailure,
): Promise<Outcome> {
	const subject = { deploymentId: id };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return { failure: look.failure, subject };
	if (look.value.found !== 'deployment') {
		return { failure, subject };
	}
	if (!dryRun) context.memory.forget(id);
	const same = unchanged(look.value.deployment, 'nothing_to_restore', dryRun);
	return outputOf({ ...same, assignment: null });
}

function notRemembered(memory: RunContext['memory'], parts: Pattern): ReturnType<typeof problem> {
	const id = parts.join(',');
	const isElsewhere = memory.isKnownElsewhere((each) => matches(parts, each));
	return problem({ code: 'not_remembered', id, isNewer: memory.isNewer, isElsewhere });
}
