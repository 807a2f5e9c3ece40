import type { IDataObject } from 'n8n-workflow';

import { simplify } from '../../elasticsearch/deployment';
import { ownerOf } from '../../elasticsearch/inference';
import type { Result } from '../../elasticsearch/result';
import type { Deployment } from '../../elasticsearch/types';
import { WAIT_FOR, type WaitFor } from '../../elasticsearch/wait';
import type { ItemInput } from '../itemInput';
import type { Session } from '../operation';

/** What to wait for, and how long. */
export interface Waiting {
	/** Undefined: don't wait. */
	waitFor?: WaitFor;
	timeoutMs: number;
}

export function readWaiting(input: ItemInput, absent?: WaitFor): Waiting {
	return {
		waitFor: input.optionalChoice('waitFor', 'Wait For', WAIT_FOR, absent),
		timeoutMs: input.optionalNumber('waitTimeout', 'Wait Timeout (Seconds)', 1, 300) * 1000,
	};
}

/** Waits, and gives the deployment as it stands then, simplified. */
export async function waitFor(
	session: Session,
	id: string,
	state: WaitFor,
	timeoutMs: number,
): Promise<Result<IDataObject>> {
	// Asked for now, so that it is there when the waiting ends.
	void session.endpoints();
	const waited = await session.watch.until(id, state, timeoutMs);
	if (!waited.ok) return waited;
	const { deployment, seconds } = waited.value;
	const { runningAllocations, numberOfAllocations } = deployment;
	const last = `${deployment.state}, ${runningAllocations} of ${numberOfAllocations} allocations`;
	session.waited({ id, reached: state, seconds, last });
	return { ok: true, value: await simplified(session, deployment) };
}

export async function simplified(session: Session, deployment: Deployment): Promise<IDataObject> {
	const endpoint = ownerOf(deployment.id, await session.endpoints());
	return simplify(deployment, { cluster: session.connection.cluster, now: Date.now(), endpoint });
}
