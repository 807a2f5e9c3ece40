/** A checked input, or what is wrong with it: a code, with the data that its message needs. */
export type Checked<T, P> = { ok: true; value: T } | { ok: false; problem: P };

/** Wraps an input that passed its check. */
export function accepted<T>(value: T): { ok: true; value: T } {
	return { ok: true, value };
}

/** Wraps what is wrong with an input. */
export function refused<P>(problem: P): { ok: false; problem: P } {
	return { ok: false, problem };
}
