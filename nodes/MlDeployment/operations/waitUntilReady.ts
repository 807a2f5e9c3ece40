import { lookUp } from '../../elasticsearch/deployments';
import { WAIT_FOR, type WaitFor } from '../../elasticsearch/wait';
import { deploymentId, shownFor } from '../fields';
import { optionsOf, waitFor as waitForField, waitTimeout } from '../options';
import type { Operation, Outcome, Session } from '../operation';
import { deploymentOf } from './lookedUp';
import { waitFor } from './waiting';

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
		optionsOf('waitUntilReady', [waitTimeout]),
	],
	prepare(input) {
		const id = input.deploymentId();
		const state = input.choice('waitFor', 'Wait For', WAIT_FOR);
		const timeoutMs = input.optionalNumber('waitTimeout', 'Wait Timeout (Seconds)', 1, 300) * 1000;
		const settings = input.requestSettings();
		return { touches: 'nothing', settings, run: (session) => wait(session, id, state, timeoutMs) };
	},
};

async function* wait(
	session: Session,
	id: string,
	state: WaitFor,
	timeoutMs: number,
): AsyncGenerator<Outcome> {
	const subject = { doing: 'read', deploymentId: id } as const;
	// Tells a wrong id from one that vanished while it was waited for.
	const look = await lookUp(session.connection, id, {
		timeoutMs: Math.min(timeoutMs, 30_000),
		retries: 0,
	});
	const found = deploymentOf(id, look);
	// A look that failed is no answer yet; the waiting looks again.
	if (look.ok && !found.ok) return yield { failure: found.failure, subject };
	const waited = await waitFor(session, id, state, timeoutMs);
	yield waited.ok ? { json: waited.value } : { failure: waited.failure, subject };
}
