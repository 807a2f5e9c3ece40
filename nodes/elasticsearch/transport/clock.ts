/** Milliseconds on a clock that nobody sets: the wall clock jumps, by hand or when it is corrected. */
export function monotonicMs(): number {
	return performance.now();
}

/** How long one item may wait in all, over everything that it waits for. */
export class Deadline {
	private end: number | undefined;

	constructor(readonly ms: number) {}

	/** Milliseconds that are left. It begins with the first wait, so with the first call. */
	left(): number {
		const now = monotonicMs();
		this.end ??= now + this.ms;
		return this.end - now;
	}
}
