import { listStats } from '../../elasticsearch/api/deployments';
import { listInferenceEndpoints } from '../../elasticsearch/api/inference';
import { nearId } from '../../elasticsearch/deployment/ids';
import { refusalIn } from '../../elasticsearch/flows/failure';
import type { Connection } from '../../elasticsearch/transport/connection';
import type { Failed } from './operation';

/** A guess is worth no longer wait. */
const LOOK = { timeoutMs: 10_000, retries: 0 };

interface Unknown {
	id: string;
	/** Whether only a model could be meant. */
	isModel?: boolean;
}

/**
 * Adds to failures over an unknown id the endpoint that misses this deployment, or the id that was
 * perhaps meant. The lists are asked for only here, once a run and when all else has ended, because
 * `_stats` is heavy for the cluster.
 */
export async function guessMeant(
	failures: readonly Failed[],
	connection: Connection,
): Promise<void> {
	const unknown = failures.flatMap((failed) => {
		const found = unknownId(failed);
		return found === undefined ? [] : { failed, ...found };
	});
	if (unknown.length === 0) return;
	await findOrphans(unknown, connection);
	const open = unknown.filter(({ failed }) => failed.subject?.endpoint === undefined);
	if (open.length === 0) return;
	const stats = await listStats(connection, LOOK);
	if (!stats.ok) return;
	for (const { failed, id, isModel } of open) {
		const ids = stats.value.flatMap(({ modelId, deployment }) =>
			isModel === true || deployment === undefined ? [modelId] : [modelId, deployment.id],
		);
		failed.subject = { ...failed.subject, meant: nearId(id, ids) };
	}
}

/** An endpoint can be there without its deployment. */
async function findOrphans(
	unknown: ReadonlyArray<Unknown & { failed: Failed }>,
	connection: Connection,
): Promise<void> {
	if (unknown.every(({ isModel }) => isModel === true)) return;
	const send: Connection['send'] = async (request) => await connection.send(request, LOOK);
	const endpoints = await listInferenceEndpoints({ ...connection, send });
	if (!endpoints.ok) return;
	for (const { failed, id, isModel } of unknown) {
		if (isModel === true) continue;
		const endpoint = endpoints.value?.find((each) => each.isLocal && each.deploymentId === id);
		if (endpoint !== undefined) failed.subject = { ...failed.subject, endpoint };
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
