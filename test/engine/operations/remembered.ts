import type { IDataObject } from 'n8n-workflow';

import { restoreIn } from './outputs';

/** What n8n keeps for the node, and which deployments are in it. */
interface Remembered {
	version: number;
	clusters: string[];
	stopped: string[];
	dropped: IDataObject[];
}

/** What the workflow's static data holds of the node; undefined if nothing. */
export function memoryIn(staticData: IDataObject): Remembered | undefined {
	const { mlDeployments } = (staticData.global ?? {}) as { mlDeployments?: Remembered };
	return mlDeployments;
}

/** Ids that the workflow remembers to have stopped, oldest first. */
export function remembered(staticData: IDataObject): unknown[] {
	const texts = memoryIn(staticData)?.stopped ?? [];
	return texts.map((restore) => restoreIn({ restore }).deployment_id);
}
