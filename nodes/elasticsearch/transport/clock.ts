import { sleep } from 'n8n-workflow';

/** Time as the flows know it. Tests drive a clock of their own, so that nothing sleeps. */
export interface Clock {
	/** Milliseconds on a clock that never jumps; the wall clock does when somebody corrects it. */
	monotonicMs(): number;
	/** Epoch milliseconds, to compare with times of the cluster. */
	now(): number;
	/** Waits so many milliseconds; it ends at once when the execution is cancelled. */
	pause(ms: number, cancel?: AbortSignal): Promise<void>;
}

/** What every wait needs: a clock, and the cancel signal. */
export interface Timing {
	readonly clock: Clock;
	/** Fires when the user stops the execution. */
	readonly cancel?: AbortSignal;
}

/** The timer of `sleep` outlives a cancel; slices keep the rest of it short. */
const SLICE_MS = 500;

export const realClock: Clock = {
	monotonicMs: () => performance.now(),
	now: () => Date.now(),
	// Not every version of n8n has an abortable sleep (n8n-workflow 2.36 dropped it).
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

/** The total time that one item may wait, over all its waits. */
export class Deadline {
	private end: number | undefined;

	constructor(readonly ms: number) {}

	/** Milliseconds that are left. The time runs from the first call, which is the first wait. */
	left(clock: Clock): number {
		const now = clock.monotonicMs();
		this.end ??= now + this.ms;
		return this.end - now;
	}
}
