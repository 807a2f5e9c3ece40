import type { Deadline, Timing } from './clock';

/** Pauses that grow, in milliseconds: each is `factor` times as long as the one before. */
export interface Pauses {
	first: number;
	factor: number;
	longest: number;
}

/** Milliseconds of one pause. @param count how many pauses came before it */
export function growingPause(count: number, { first, factor, longest }: Pauses): number {
	return Math.min(first * factor ** count, longest);
}

/**
 * The turns of a poll, one after each pause; the last turn comes when the deadline has passed.
 * After a cancel the pauses take no time, and a request of the next turn ends as cancelled.
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
