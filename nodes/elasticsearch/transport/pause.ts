import { sleep } from 'n8n-workflow';

import { monotonicMs } from './clock';

/** `sleep` keeps its timer after a cancel; slices keep that leftover short. */
const SLICE_MS = 500;

/**
 * Waits, but ends at once when the execution is cancelled.
 * n8n's own abortable sleep is not in every version (n8n-workflow 2.36 dropped it).
 * @param ms how long
 */
export async function pause(ms: number, cancel?: AbortSignal): Promise<void> {
	const end = monotonicMs() + ms;
	for (let left = ms; left > 0 && cancel?.aborted !== true; left = end - monotonicMs()) {
		await sliceOrCancel(Math.min(left, SLICE_MS), cancel);
	}
}

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
