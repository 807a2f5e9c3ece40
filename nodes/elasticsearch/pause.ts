import { sleep } from 'n8n-workflow';

/** `sleep` keeps its timer after a cancel; slices keep that leftover short. */
const SLICE_MS = 500;

/**
 * Waits, but ends at once when the execution is cancelled.
 * n8n's own abortable sleep is not in every version (n8n-workflow 2.36 dropped it).
 * @param ms how long
 */
export async function pause(ms: number, cancel?: AbortSignal): Promise<void> {
	const end = Date.now() + ms;
	for (let left = ms; left > 0 && cancel?.aborted !== true; left = end - Date.now()) {
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
