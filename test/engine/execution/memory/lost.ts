/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster, StoppedDeployment } from '../../../cluster';
import { theEngine } from '../../given';
import type { RunResult } from '../../harness';
import { memoryIn } from '../../operations/remembered';
import { restoresIn, settingsIn, settingsOf } from '../journal/handedOn';
import type { Step } from './history';

/** What a run did. */
export interface Run {
	ids: string[];
	result: RunResult;
	stops: StoppedDeployment[];
	/** What was remembered before the run, and is now. */
	held: Map<string, IDataObject>;
	now: Map<string, IDataObject>;
}

/** The restores that the workflow remembers, by deployment. */
export function memoryOf(staticData: IDataObject): Map<string, IDataObject> {
	const texts = memoryIn(staticData)?.stopped ?? [];
	const restores = texts.map((text) => JSON.parse(text) as IDataObject);
	return new Map(restores.map((each) => [String(each.deployment_id), settingsIn(each)]));
}

/** Whether n8n's log holds the restore of a stop. */
function isLogged({
	deployment_id: id,
	number_of_allocations: number,
}: StoppedDeployment): boolean {
	const restore = new RegExp(`deployment_id: '${id}'[^}]*observed_allocations: ${number}\\b`);
	return theEngine().logs.some((line) => line.startsWith('warn') && restore.test(line));
}

/** What a person could not bring back after a run as it was before. */
export function missing(
	cluster: EmbeddedCluster,
	{ byHand }: Pick<Step, 'byHand'>,
	{ ids, result, stops, held, now }: Run,
): string[] {
	const isCanceled = result.status === 'canceled';
	const isGone = (id: string): boolean => cluster.deployment(id) === undefined;
	const handedOn = restoresIn(result).map(settingsIn);
	const untold = stops.filter((stop, index) => {
		const isLast = !stops
			.slice(index + 1)
			.some((each) => each.deployment_id === stop.deployment_id);
		if (isCanceled) return isLast && isGone(stop.deployment_id) && !isLogged(stop);
		return !handedOn.some((each) => isDeepStrictEqual(each, settingsOf(stop)));
	});
	const forgotten = ids.filter((id) => {
		const last = stops.filter((each) => each.deployment_id === id).at(-1);
		const isSaved = !byHand && !isCanceled;
		const due = last !== undefined && isSaved ? settingsOf(last) : held.get(id);
		return isGone(id) && due !== undefined && !isDeepStrictEqual(now.get(id), due);
	});
	return [
		...untold.map((stop) => `the stop of '${stop.deployment_id}' is told nowhere`),
		...forgotten.map((id) => `'${id}' is not remembered`),
	];
}
