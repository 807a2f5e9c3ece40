/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/**
 * Lets time pass so many times as fast, for all that waits in this process: the node, n8n and the
 * embedded cluster. Sockets keep the real time, so what is on its way is not late.
 */
export function quickenTime(times: number): void {
	const now = performance.now.bind(performance);
	const timer = setTimeout;
	const begun = now();
	const day = Date.now();
	const passed = (): number => (now() - begun) * times;
	jest.spyOn(performance, 'now').mockImplementation(() => begun + passed());
	jest.spyOn(Date, 'now').mockImplementation(() => Math.round(day + passed()));
	const quick = (work: () => void, ms = 0, ...given: []): NodeJS.Timeout =>
		timer(work, ms / times, ...given);
	jest.spyOn(globalThis, 'setTimeout').mockImplementation(quick as typeof setTimeout);
}
