import type { IDataObject } from 'n8n-workflow';

import { Deadline } from '../../../elasticsearch/transport/clock';
import { simplify } from '../../../elasticsearch/deployment/deployment';
import type { Subject } from '../../errors/rule';
import { ownerOf } from '../../../elasticsearch/api/inference';
import { WAIT_FOR, type Expected, type WaitFor } from '../../../elasticsearch/deployment/judge';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { ItemInput } from '../../parameters/itemParameters';
import { waitFor as waitForField, waitTimeout, WAIT_TIMEOUT_S } from '../../parameters/options';
import type { Success, RunContext } from '../../execution/operation';

/** What to wait for, and how long. */
export interface Waiting {
	/** Undefined: don't wait. */
	waitFor?: WaitFor;
	/** One for the item, whatever it waits for on its way. */
	deadline: Deadline;
}

export function readWaiting(input: ItemInput, absent?: WaitFor): Waiting {
	return {
		waitFor: input.optionalChoice(waitForField, absent, WAIT_FOR),
		deadline: readDeadline(input),
	};
}

export function readDeadline(input: ItemInput): Deadline {
	return new Deadline(input.optionalNumber(waitTimeout, WAIT_TIMEOUT_S) * 1000);
}

/** Waits, and gives the deployment as it stands then, simplified. */
export async function waitFor(
	context: RunContext,
	id: string,
	state: WaitFor,
	deadline: Deadline,
	expected: Expected,
): Promise<FlowResult<IDataObject>> {
	// Asked for now, so that it is there when the waiting ends.
	void context.endpoints();
	const waited = await context.watch.until(id, state, deadline, expected);
	if (!waited.ok) return waited;
	const { deployment, seconds } = waited.value;
	const { runningAllocations, numberOfAllocations } = deployment;
	const last = `${deployment.state}, ${runningAllocations} of ${numberOfAllocations} allocations`;
	context.waited({ id, reached: state, seconds, last });
	return { ok: true, value: await simplified(context, deployment) };
}

/**
 * What was done, with the waiting that is to follow where it was asked for. What was done is kept
 * where that takes too long.
 * @param expected what is known of the deployment by now
 */
export function thenWait(
	context: RunContext,
	changed: Success,
	subject: Subject & { deploymentId: string },
	{ waitFor: state, deadline }: Waiting,
	expected: Expected,
): Success {
	if (state === undefined) return changed;
	return {
		...changed,
		wait: async (done) => {
			const waited = await waitFor(context, subject.deploymentId, state, deadline, expected);
			if (!waited.ok) return { failure: waited.failure, subject, done };
			return { ...done, json: { ...done.json, deployment: waited.value } };
		},
	};
}

export async function simplified(
	context: RunContext,
	deployment: Deployment,
): Promise<IDataObject> {
	const endpoint = ownerOf(deployment.id, await context.endpoints());
	return simplify(deployment, { cluster: context.connection.cluster, now: Date.now(), endpoint });
}
