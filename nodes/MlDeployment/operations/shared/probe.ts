import type { IDataObject } from 'n8n-workflow';

import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { infer, passing, passingInAWait } from '../../../elasticsearch/flows/infer';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Deadline } from '../../../elasticsearch/transport/clock';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { isFinal } from '../../../elasticsearch/transport/retry';
import type { RunContext } from '../../execution/operation';

/** The cluster gives up one try after so long; there is another one until the deadline. */
const MOST_SECONDS = 10;

/**
 * Asks a deployment that reached its state for one inference, until it answers or the deadline has
 * passed; it is asked once even then.
 * @returns what outputs show of the probe
 */
export async function probe(
	{ connection, targets }: RunContext,
	deployment: Deployment,
	text: string,
	deadline: Deadline,
): Promise<FlowResult<IDataObject>> {
	const { id, modelId } = deployment;
	const field = await targets.inputField(connection, modelId);
	if (!field.ok) return field;
	const left = Math.ceil(deadline.left(connection.clock) / 1000);
	const timeoutS = Math.min(MOST_SECONDS, Math.max(1, left));
	const asked = await infer(
		connection,
		{ deployment },
		{ text, inputField: field.value, timeoutS },
		// Like the wait before it, it goes on even if the run has ended with another failure.
		{ deadline, retries: Infinity, judge: passingInAWait, isOver: () => false },
	);
	if (asked.ok) return success({ answered: true, took_ms: asked.value.tookMs });
	const { failure } = asked;
	if (failure.kind !== 'response' || isFinal(failure)) return asked;
	const seconds = passing(failure) === 'no' ? null : Math.round(deadline.ms / 1000);
	return failed(problem({ code: 'probe_unanswered', id, seconds }, failure));
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
