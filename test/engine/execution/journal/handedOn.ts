import type { IDataObject } from 'n8n-workflow';

import type { StoppedDeployment } from '../../../cluster';
import type { RunResult } from '../../harness';

/**
 * What the user gets to see of each deployment: output items, what failed ones say under `details.done`,
 * and where n8n drops the outputs, the list in the error. `context.details.done` repeats one of that list.
 */
export function handedOn({ outputs, error }: RunResult): IDataObject[] {
	const items = outputs.flat().flatMap(({ json }) => {
		const details = isRecord(json.details) ? json.details : {};
		return isRecord(details.done) ? [json, details.done] : [json];
	});
	const context = isRecord(error) && isRecord(error.context) ? error.context : {};
	const done: unknown[] = Array.isArray(context.done) ? context.done : [];
	return [...items, ...done.filter(isRecord)];
}

/** The restore objects in it, each place counted. */
export function restoresIn(result: RunResult): IDataObject[] {
	const restores: unknown[] = handedOn(result).map(({ restore }) => restore);
	return restores.filter(isRecord);
}

export function saysStopped(json: IDataObject): boolean {
	if (json.stopped === true) return true;
	return json.changed === true && isRecord(json.after) && json.after.state === 'not_deployed';
}

/** What a restore has to hold to bring a deployment back as it was. */
export function settingsOf(stop: StoppedDeployment): IDataObject {
	const adaptive = stop.adaptive_allocations;
	return {
		model: stop.model_id,
		threads: stop.threads_per_allocation,
		adaptive: adaptive && { ...adaptive },
		number: adaptive?.enabled === true ? null : Math.max(1, stop.number_of_allocations),
	};
}

export function settingsIn(restore: IDataObject): IDataObject {
	return {
		model: restore.model_id,
		threads: restore.threads_per_allocation,
		adaptive: restore.adaptive_allocations ?? null,
		number: restore.number_of_allocations ?? null,
	};
}

export function isRecord(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
