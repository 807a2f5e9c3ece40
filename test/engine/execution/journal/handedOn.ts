import type { IDataObject } from 'n8n-workflow';

import type { StoppedDeployment } from '../../../cluster';
import type { RunResult } from '../../harness';

/**
 * What the user gets to see of each deployment: output items, what failed ones say under `details.done`,
 * and where n8n drops the outputs, the list in the error's data.
 */
export function handedOn({ outputs, error }: RunResult): IDataObject[] {
	const items = outputs.flat().flatMap(({ json }) => {
		const details = isRecord(json.details) ? json.details : {};
		return isRecord(details.done) ? [json, details.done] : [json];
	});
	const context = isRecord(error) && isRecord(error.context) ? error.context : {};
	const data = isRecord(context.data) ? context.data : {};
	const done: unknown[] = Array.isArray(data.done) ? data.done : [];
	return [...items, ...done.filter(isRecord)];
}

/**
 * The restore objects of stops, each place counted. What was left alone has one too, and so has a
 * second item for what the first one stopped: these do not report a stop.
 */
export function restoresIn(result: RunResult): IDataObject[] {
	return handedOn(result).flatMap(({ restore, action, warnings }) => {
		const reportsLost = JSON.stringify(warnings ?? []).includes('its answer got lost');
		if (typeof restore !== 'string' || (action !== 'stop' && !reportsLost)) return [];
		return [JSON.parse(restore) as IDataObject];
	});
}

export function saysStopped(json: IDataObject): boolean {
	return json.action === 'stop' && json.changed === true;
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
