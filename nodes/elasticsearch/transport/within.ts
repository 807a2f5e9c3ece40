import type { Timing } from './clock';

/** How work with a time limit ended. */
export type Ended<T> =
	{ is: 'done'; value: T } | { is: 'thrown'; error: unknown } | { is: 'late' } | { is: 'canceled' };

/**
 * Runs work with a limit on its total time.
 * @param work gets a signal that fires when its time is up or the execution is stopped
 */
export async function within<T>(
	ms: number,
	{ clock, cancel }: Timing,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<Ended<T>> {
	const isStopped = (): boolean => cancel?.aborted === true;
	if (isStopped()) return { is: 'canceled' };
	const over = new AbortController();
	// Without a reason of ours, each end would make an error with a stack that nobody reads.
	const end = (): void => over.abort('over');
	cancel?.addEventListener('abort', end);
	try {
		const ended = await Promise.race([
			endOf(work, over.signal),
			clock.pause(ms, over.signal).then((): Ended<T> => ({ is: 'late' })),
		]);
		return isStopped() && ended.is !== 'done' ? { is: 'canceled' } : ended;
	} finally {
		cancel?.removeEventListener('abort', end);
		// This ends the pause, or the work that nobody waits for any more.
		end();
	}
}

/** Never rejects: once the time is up, nobody would handle the rejection. */
async function endOf<T>(
	work: (signal: AbortSignal) => Promise<T>,
	signal: AbortSignal,
): Promise<Ended<T>> {
	try {
		return { is: 'done', value: await work(signal) };
	} catch (error) {
		return { is: 'thrown', error };
	}
}
