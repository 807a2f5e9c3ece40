/** What a run says: the outputs, the data of its error, and its words. */

import type { IDataObject } from 'n8n-workflow';

import { handedOn, isRecord } from '../../engine/execution/journal/handedOn';
import type { RunResult } from '../../engine/harness';
import { boundsOf, type Size } from './world';

/** What a run says of one deployment. */
export interface Claim {
	id: string;
	/** Null if it tells no size. */
	size: Size | null;
	/** What it says that it did; null if it says that it did nothing. */
	did: 'start' | 'stop' | 'update' | null;
}

/** All that a run says, in the order of its outputs: of one deployment, the last word counts. */
export function claimsOf(result: RunResult): Claim[] {
	return handedOn(result).flatMap((json): Claim[] => {
		const { deployment_id: id, action, changed } = json;
		if (typeof id !== 'string' || typeof json.state !== 'string') return [];
		const did = changed === true ? (action as Claim['did']) : null;
		return [{ id, size: sizeIn(json), did }];
	});
}

function sizeIn(json: IDataObject): Size | null {
	if (json.state === 'not_deployed' || json.state === 'missing') return undefined;
	// Get and Get Many show the bounds, the others as a detail.
	if (typeof json.adaptive === 'string') return json.adaptive;
	const details = isRecord(json.details) ? json.details : {};
	const after = isRecord(details.after) ? details.after : {};
	const { adaptive_allocations: adaptive } = after;
	if (isRecord(adaptive) && adaptive.enabled === true) {
		return boundsOf(adaptive.min_number_of_allocations, adaptive.max_number_of_allocations);
	}
	const { number_of_allocations: number } = json;
	return typeof number === 'number' ? number : null;
}

/** The deployments of which the run says that something was not done, or that nobody knows. */
export function failedIn({ outputs, error }: RunResult): Set<unknown> {
	const items = outputs.flat().map(({ json }) => json);
	const context = isRecord(error) && isRecord(error.context) ? error.context : {};
	const data = isRecord(context.data) ? context.data : {};
	const ending: unknown[] = Array.isArray(data.failed) ? data.failed : [];
	const failed = [...items.filter((json) => 'error' in json), ...ending.filter(isRecord)];
	return new Set(failed.map(({ details }) => isRecord(details) && details.deployment_id));
}
