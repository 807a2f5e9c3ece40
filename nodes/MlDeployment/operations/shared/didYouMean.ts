import { listStats } from '../../../elasticsearch/api/deployments';
import { nearId } from '../../../elasticsearch/deployment/ids';
import { refusalIn } from '../../../elasticsearch/flows/failure';
import {
	isFailed,
	type Failed,
	type Operation,
	type Outcome,
	type RunContext,
} from '../../execution/operation';
import type { Subject } from '../../errors/rule';

/** A guess is worth no longer wait. */
const LOOK = { timeoutMs: 10_000, retries: 0 };

interface Unknown {
	id: string;
	/** Whether only a model could be meant. */
	isModel?: boolean;
}

/** The operation, whose failures over an unknown id name the one that was perhaps meant. */
export function withDidYouMean(operation: Operation): Operation {
	return {
		...operation,
		prepare(input) {
			const job = operation.prepare(input);
			return { ...job, run: (context) => guess(context, job.run(context)) };
		},
	};
}

async function* guess(
	context: RunContext,
	outcomes: AsyncGenerator<Outcome, void, undefined>,
): AsyncGenerator<Outcome, void, undefined> {
	for await (const outcome of outcomes) {
		const unknown = isFailed(outcome) ? unknownId(outcome) : undefined;
		if (!isFailed(outcome) || unknown === undefined) {
			yield outcome;
			continue;
		}
		const subject: Subject = { ...outcome.subject };
		try {
			yield { ...outcome, subject };
		} finally {
			// The failure is out, so that no other item begins anything while the list is read.
			subject.meant = await idMeant(context, unknown);
		}
	}
}

/** What the cluster does not know; undefined if the failure is another one. */
function unknownId({ failure, subject }: Failed): Unknown | undefined {
	if (failure.kind === 'problem') {
		const { problem } = failure;
		// What a pattern matched was there a moment ago.
		const isTyped = 'look' in problem && !('byPattern' in problem && problem.byPattern);
		return isTyped && problem.look.found === 'nothing' ? { id: problem.id } : undefined;
	}
	if (failure.kind !== 'response') return undefined;
	const refusal = refusalIn(failure);
	if (refusal !== 'unknown_model' && refusal !== 'unknown_deployment') return undefined;
	const isModel = failure.purpose === 'start';
	const id = isModel ? subject?.modelId : subject?.deploymentId;
	return id === undefined ? undefined : { id, isModel };
}

/** The list of ids is asked for only here, because `_stats` is heavy for the cluster. */
async function idMeant(
	{ connection }: RunContext,
	{ id, isModel }: Unknown,
): Promise<string | undefined> {
	const stats = await listStats(connection, LOOK);
	if (!stats.ok) return undefined;
	const ids = stats.value.flatMap(({ modelId, deployment }) =>
		isModel === true || deployment === undefined ? [modelId] : [modelId, deployment.id],
	);
	return nearId(id, ids);
}
