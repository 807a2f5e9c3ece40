import { sleep } from 'n8n-workflow';

/** Time as the flows know it. Tests drive one of their own, so that nothing sleeps. */
export interface Clock {
	/** Milliseconds on a clock that nobody sets: the wall clock jumps, by hand or when it is corrected. */
	monotonicMs(): number;
	/** Epoch milliseconds, for what is compared with times of the cluster. */
	now(): number;
	/** Waits so many milliseconds, but ends at once when the execution is cancelled. */
	pause(ms: number, cancel?: AbortSignal): Promise<void>;
}

/** What every wait goes by. */
export interface Timing {
	readonly clock: Clock;
	/** Fires when the user stops the execution. */
	readonly cancel?: AbortSignal;
}

/** `sleep` keeps its timer after a cancel; slices keep that leftover short. */
const SLICE_MS = 500;

export const realClock: Clock = {
	monotonicMs: () => performance.now(),
	now: () => Date.now(),
	// n8n's own abortable sleep is not in every version (n8n-workflow 2.36 dropped it).
	pause: async (ms, cancel) => {
		const end = performance.now() + ms;
		for (let left = ms; left > 0 && cancel?.aborted !== true; left = end - performance.now()) {
			await sliceOrCancel(Math.min(left, SLICE_MS), cancel);
		}
	},
};

async function sliceOrCancel(ms: number, cancel?: AbortSignal): Promise<void> {
	if (cancel === undefined) return await sleep(ms);
	await new Promise<void>((resolve) => {
		const done = (): void => {
			cancel.removeEventListener('abort', done);
			resolve();
		};
		cancel.addEventListener('abort', done);
		void sleep(ms).then(done);
	});
}

/** How long one item may wait in all, over everything that it waits for. */
export class Deadline {
	private end: number | undefined;

	constructor(readonly ms: number) {}

	/** Milliseconds that are left. It begins with the first wait, so with the first call. */
	left(clock: Clock): number {
		const now = clock.monotonicMs();
		this.end ??= now + this.ms;
		return this.end - now;
	}
}
