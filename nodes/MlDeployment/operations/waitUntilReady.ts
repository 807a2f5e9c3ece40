import type { Deadline } from '../../elasticsearch/transport/clock';
import { lookUp } from '../../elasticsearch/api/deployments';
import { WAIT_FOR, type WaitFor } from '../../elasticsearch/deployment/judge';
import { deploymentId, output as outputField, shownFor, type Output } from '../parameters/fields';
import {
	optionsOf,
	probe as probeField,
	waitFor as waitForField,
	waitTimeout,
} from '../parameters/options';
import type { Operation, Outcome, RunContext } from '../execution/operation';
import { deploymentOf } from './shared/notFound';
import { readDeadline, readProbe, waitFor } from './shared/awaitState';
import { probe, withProbe } from './shared/probe';
import { showDeployment } from './shared/showDeployment';

export const waitUntilReady: Operation = {
	option: {
		name: 'Wait Until Ready',
		value: 'waitUntilReady',
		action: 'Wait until a deployment is ready',
		description: 'Go on when all allocations of a deployment run, or say why they never will',
	},
	changes: false,
	fields: [
		shownFor('waitUntilReady', deploymentId),
		shownFor('waitUntilReady', waitForField),
		shownFor('waitUntilReady', outputField),
		optionsOf('waitUntilReady', [probeField, waitTimeout]),
	],
	prepare(input) {
		const id = input.deploymentId();
		const state = input.choice(waitForField, WAIT_FOR);
		const deadline = readDeadline(input);
		const text = readProbe(input);
		const output = input.choice(outputField);
		const settings = input.requestSettings();
		return {
			scope: 'none',
			settings,
			run: (context) => wait(context, { id, state, text, deadline, output }),
		};
	},
};

const LONGEST_LOOK_MS = 30_000;

/** What an item waits for. */
interface Goal {
	id: string;
	state: WaitFor;
	/** What it has to answer then; nothing if undefined. */
	text?: string;
	deadline: Deadline;
	output: Output;
}

async function* wait(
	context: RunContext,
	{ id, state, text, deadline, output }: Goal,
): AsyncGenerator<Outcome> {
	const subject = { deploymentId: id };
	// This look tells a wrong id from a deployment that vanishes during the wait.
	const look = await lookUp(context.connection, id, {
		timeoutMs: Math.min(deadline.left(context.connection.clock), LONGEST_LOOK_MS),
		retries: 0,
	});
	const found = deploymentOf(id, look);
	// A failed look is no answer yet; the wait looks again.
	if (look.ok && !found.ok) return yield { failure: found.failure, subject };
	const startTime = found.ok ? (found.value.startTime ?? undefined) : undefined;
	// The request goes out now, so that its answer is there when the wait ends.
	if (output !== 'raw') void context.endpoints();
	const waited = await waitFor(context, id, state, deadline, { startTime });
	if (!waited.ok) return yield { failure: waited.failure, subject };
	const answered =
		text === undefined ? undefined : await probe(context, waited.value, text, deadline);
	if (answered?.ok === false) return yield { failure: answered.failure, subject };
	const json = await showDeployment(context, waited.value, output);
	yield { json: withProbe(json, answered?.value) };
}
