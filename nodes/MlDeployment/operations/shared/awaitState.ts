import { Deadline } from '../../../elasticsearch/transport/clock';
import type { Subject } from '../../errors/rule';
import { WAIT_FOR, type Expected, type WaitFor } from '../../../elasticsearch/deployment/judge';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import { success } from '../../../elasticsearch/transport/failure';
import type { ItemInput } from '../../parameters/itemParameters';
import {
	probe as probeField,
	waitFor as waitForField,
	waitTimeout,
	WAIT_TIMEOUT_S,
} from '../../parameters/options';
import type { Success, RunContext } from '../../execution/operation';
import { asSeen } from './change';
import { probe, withProbe } from './probe';

/** What an item waits for, and how long. */
export interface Waiting {
	/** If it is undefined, the item does not wait. */
	waitFor?: WaitFor;
	/** Whether the item asks for it, and not only its operation. */
	isAskedFor: boolean;
	/** A text that the deployment has to answer once it has reached the state. */
	probe?: string;
	/** One deadline for all waits of the item. */
	deadline: Deadline;
}

/** Reads the wait options. @param absent the state to wait for without the option */
export function readWaiting(input: ItemInput, absent?: WaitFor): Waiting {
	const asked = input.optionalChoice(waitForField, undefined, WAIT_FOR);
	return {
		waitFor: asked ?? absent,
		isAskedFor: asked !== undefined,
		deadline: readDeadline(input),
	};
}

/** Reads the wait options and the probe, which waits for a first allocation if nothing else is said. */
export function readProbing(input: ItemInput, absent?: WaitFor): Waiting {
	const waiting = readWaiting(input, absent);
	const text = readProbe(input);
	if (text === undefined) return waiting;
	return {
		...waiting,
		waitFor: waiting.waitFor ?? 'started',
		isAskedFor: true,
		probe: text,
	};
}

/** Reads the text of the probe. */
export function readProbe(input: ItemInput): string | undefined {
	return input.optionalFilledText(probeField);
}

/** Reads how long the item may wait. */
export function readDeadline(input: ItemInput): Deadline {
	return new Deadline(input.optionalNumber(waitTimeout, WAIT_TIMEOUT_S) * 1000);
}

/** Waits for a state, and returns the deployment as it is then. */
export async function waitFor(
	context: RunContext,
	id: string,
	state: WaitFor,
	deadline: Deadline,
	expected: Expected,
): Promise<FlowResult<Deployment>> {
	const waited = await context.watch.until(id, state, deadline, expected);
	if (!waited.ok) return waited;
	const { deployment, seconds } = waited.value;
	const { runningAllocations, numberOfAllocations } = deployment;
	const last = `${deployment.state}, ${runningAllocations} of ${numberOfAllocations} allocations`;
	context.waited({ id, reached: state, seconds, last });
	return success(deployment);
}

/**
 * Adds the wait to a change, and behind it the probe, if the item asks for them. If one of them
 * fails, its failure carries the change.
 * @param expected what the answer to the change says about the deployment
 */
export function thenWait(
	context: RunContext,
	changed: Success,
	subject: Subject & { deploymentId: string },
	{ waitFor: state, probe: text, deadline }: Waiting,
	expected: Expected,
): Success {
	if (state === undefined) return changed;
	return {
		...changed,
		wait: async (done) => {
			const waited = await waitFor(context, subject.deploymentId, state, deadline, expected);
			if (!waited.ok) return { failure: waited.failure, subject, done };
			const reached = asSeen(done, waited.value);
			if (text === undefined) return reached;
			const answered = await probe(context, waited.value, text, deadline);
			if (!answered.ok) return { failure: answered.failure, subject, done: reached };
			return { ...reached, json: withProbe(reached.json, answered.value) };
		},
	};
}

/** Adds the wait unless this is a dry run. */
export function waitIfAsked(
	context: RunContext,
	done: Success,
	subject: Subject & { deploymentId: string },
	{ waiting, dryRun }: { waiting: Waiting; dryRun: boolean },
	expected: Expected,
): Success {
	return dryRun ? done : thenWait(context, done, subject, waiting, expected);
}
