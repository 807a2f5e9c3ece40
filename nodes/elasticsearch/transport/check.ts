/** An input that was checked, or what is wrong with it: a code, with the data that its words need. */
export type Checked<T, P> = { ok: true; value: T } | { ok: false; problem: P };

export function accepted<T>(value: T): { ok: true; value: T } {
	return { ok: true, value };
}

export function refused<P>(problem: P): { ok: false; problem: P } {
	return { ok: false, problem };
}
