import type { IDataObject } from 'n8n-workflow';

import { problem, type FlowFailure, type FlowResult } from '../../../elasticsearch/flows/failure';
import { infer, passing, passingInAWait } from '../../../elasticsearch/flows/infer';
import type { Targets } from '../../../elasticsearch/flows/target';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Deadline } from '../../../elasticsearch/transport/clock';
import type { Connection } from '../../../elasticsearch/transport/connection';
import { failed, success, type Result } from '../../../elasticsearch/transport/failure';
import { pollUntil } from '../../../elasticsearch/transport/poll';
import { isFinal } from '../../../elasticsearch/transport/retry';
import type { RunContext } from '../../execution/operation';

/** The cluster gives up one try after so long; there is another one until the deadline. */
const MOST_SECONDS = 10;
/** An answer of the cluster that it timed out needs time to come, too. */
const SPARE_MS = 2_000;

const PAUSES = { first: 1_000, factor: 2, longest: 10_000 };

/**
 * Asks a deployment that reached its state for one inference, until it answers or the deadline has
 * passed; it is asked once even then.
 * @returns what outputs show of the probe
 */
export async function probe(
	{ connection, targets, mayWake }: RunContext,
	deployment: Deployment,
	text: string,
	deadline: Deadline,
): Promise<FlowResult<IDataObject>> {
	const { id, modelId } = deployment;
	if (deployment.numberOfAllocations === 0 && !mayWake) {
		return failed(problem({ code: 'may_not_wake', id }));
	}
	const { clock } = connection;
	/** It repeats nothing, since another try follows, and keeps to the deadline. */
	const hurried: Connection = {
		...connection,
		send: async (request) => {
			const leftMs = Math.min(MOST_SECONDS * 1000, Math.max(0, deadline.left(clock)));
			return await connection.send(request, { retries: 0, timeoutMs: leftMs + SPARE_MS });
		},
	};
	const field = await fieldOf(hurried, targets, modelId, deadline);
	if (!field.ok) {
		const { failure } = field;
		return failure.kind === 'response' && passing(failure) === 'no'
			? field
			: failed(inWords(failure, id, deadline));
	}
	const left = Math.ceil(deadline.left(clock) / 1000);
	const timeoutS = Math.min(MOST_SECONDS, Math.max(1, left));
	const asked = await infer(
		hurried,
		{ deployment },
		{ text, inputField: field.value, timeoutS },
		// Like the wait before it, it goes on even if the run has ended with another failure.
		{ deadline, retries: Infinity, judge: passingInAWait, isOver: () => false },
	);
	if (asked.ok) return success({ answered: true, took_ms: asked.value.tookMs });
	return failed(inWords(asked.failure, id, deadline));
}

/** The field that the model reads; a look that fails is judged as a wait judges it. */
async function fieldOf(
	connection: Connection,
	targets: Targets,
	modelId: string,
	deadline: Deadline,
): Promise<Result<string>> {
	const turns = pollUntil(deadline, PAUSES, connection);
	for (;;) {
		const field = await targets.inputField(connection, modelId);
		if (field.ok || passingInAWait(field.failure) === 'no') return field;
		if ((await turns.next()).done === true) return field;
	}
}

/** Says of a failure that the deployment runs, where that is what the failure tells. */
function inWords(failure: FlowFailure, id: string, { ms }: Deadline): FlowFailure {
	const seconds = Math.round(ms / 1000);
	if (failure.kind === 'timeout') {
		return problem({ code: 'probe_unanswered', id, seconds }, failure);
	}
	if (failure.kind !== 'response' || isFinal(failure)) return failure;
	const stays = passing(failure) === 'no';
	return problem({ code: 'probe_unanswered', id, seconds: stays ? null : seconds }, failure);
}

/** Puts the probe where its key belongs: in front of the warnings. */
export function withProbe(
	{ warnings, ...json }: IDataObject,
	shown: IDataObject | undefined,
): IDataObject {
	return {
		...json,
		...(shown !== undefined && { probe: shown }),
		...(warnings !== undefined && { warnings }),
	};
}
