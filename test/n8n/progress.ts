/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console */

const HEARTBEAT_MS = 15_000;

export type Say = (text: string) => void;

export function seconds(since: number): string {
	return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** Plain lines: they read the same in a terminal and in the log of a CI run. */
export const say: Say = (text) => console.log(text);

/** Says what begins, that it still goes on, and how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
	const began = Date.now();
	say(`${title} ...`);
	const heartbeat = setInterval(() => say(`  still at it: ${seconds(began)}`), HEARTBEAT_MS);
	try {
		const result = await work();
		say(`  done in ${seconds(began)}`);
		return result;
	} finally {
		clearInterval(heartbeat);
	}
}
