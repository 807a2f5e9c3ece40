import type { Deadline, Timing } from './clock';

/** Pauses that grow, in milliseconds: each is `factor` times as long as the one before it. */
export interface Pauses {
	first: number;
	factor: number;
	longest: number;
}

/** @param count how many pauses there were before this one */
export function growingPause(count: number, { first, factor, longest }: Pauses): number {
	return Math.min(first * factor ** count, longest);
}

/**
 * The turns of a poll, one after each pause; the last one comes when the deadline has passed. After
 * a cancel there is no pause: whatever is sent in the next turn then ends as cancelled.
 * @param atOnce whether the first turn comes before the first pause
 * @yields the milliseconds that are left
 */
export async function* pollUntil(
	deadline: Deadline,
	pauses: Pauses,
	{ clock, cancel }: Timing,
	atOnce = false,
): AsyncGenerator<number> {
	let left = deadline.left(clock);
	if (atOnce) yield left;
	for (let count = 0; left > 0; count++) {
		await clock.pause(Math.min(growingPause(count, pauses), deadline.left(clock)), cancel);
		left = deadline.left(clock);
		yield left;
	}
}
