/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as delay } from 'node:timers/promises';

const LOOKS = 750;
const PAUSE_MS = 20;

/** Waits until something holds, and gives up after some time: no test looks for ever. */
export async function eventually(holds: () => boolean): Promise<void> {
	for (let looks = 0; looks < LOOKS; looks++) {
		if (holds()) return;
		await delay(PAUSE_MS);
	}
	throw new Error('It did not come true');
}
