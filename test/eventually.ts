/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
const PAUSE_MS = 20;

export { pause };

/** Waits until something holds, and gives up after some time: no test looks for ever. */
export async function eventually(
	holds: () => boolean | Promise<boolean>,
	patienceMs = PATIENCE_MS,
): Promise<void> {
	const deadline = Date.now() + patienceMs;
	while (!(await holds())) {
		if (Date.now() > deadline) {
			throw new Error(`After ${patienceMs / 1000} s this does not hold: ${holds.toString()}`);
		}
		await pause(PAUSE_MS);
	}
}
