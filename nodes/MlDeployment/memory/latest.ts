import type { IDataObject } from 'n8n-workflow';

/** The key of what a workflow remembers, in its global static data. */
export const KEY = 'mlDeployments';

/**
 * What runs in this process wrote last, by workflow. n8n writes static data whole, and a polling
 * trigger holds the copy of when its workflow was published: without this, each event would take
 * away what the workflow stopped since. Runs on a worker are in another process, but n8n gives
 * those no memory anyway.
 */
const written = new Map<string | undefined, IDataObject>();
const MOST_WORKFLOWS = 1_000;

/** Notes what a run wrote that n8n will save. */
export function noteWritten(workflowId: string | undefined, memory: IDataObject): void {
	if (workflowId === undefined) return;
	written.delete(workflowId);
	written.set(workflowId, memory);
	const [oldest] = written.keys();
	if (written.size > MOST_WORKFLOWS) written.delete(oldest);
}

/** Brings a trigger's copy of its workflow's global static data up to date. */
export function bringUpToDate(workflowId: string | undefined, staticData: IDataObject): void {
	const memory = written.get(workflowId);
	if (memory !== undefined && staticData[KEY] !== memory) staticData[KEY] = memory;
}
