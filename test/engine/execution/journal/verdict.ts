/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';

import type { StoppedDeployment } from '../../../cluster';
import { asksFor, isBad, isByPattern, matches, mayStop } from './asked';
import { handedOn, restoresIn, saysStopped, settingsIn, settingsOf } from './handedOn';
import {
	everThere,
	instanceAt,
	isBirthOf,
	isBornAmongStops,
	isStopOf,
	stopsOf,
	wasSeen,
	type Played,
} from './history';
import { GUARD_MINUTES, IDS } from './schedule';

const MINUTE = 60_000;

/** What is wrong with a run. */
export type Rule =
	| 'a restore is missing'
	| 'a restore is stale'
	| 'a restore is wrong'
	| 'a restore is there twice'
	| 'stopped again'
	| 'stopped unasked'
	| 'stopped without a match'
	| 'stopped in spite of a bad field'
	| 'stopped though excluded'
	| 'stopped though an endpoint owns it'
	| 'stopped though too young'
	| 'stopped though restarted'
	| 'stopped though busy'
	| 'said to be stopped, and runs';

export interface Violation {
	rule: Rule;
	id: string;
	says: string;
}

/** All that is wrong with a run. */
export function judge(played: Played): Violation[] {
	return IDS.flatMap((id) => [
		...stopsOf(played, id).flatMap((stop, index) =>
			brokenBy(played, stop, index).map((rule) => ({ rule, id, says: `since ${since(stop)}` })),
		),
		...judgeRestores(played, id),
		...judgeClaims(played, id),
	]);
}

/** Nothing is stopped that is not meant, or that something protects. */
function brokenBy(played: Played, stop: StoppedDeployment, index: number): Rule[] {
	const { schedule } = played;
	const { exclude, includeEndpointOwned } = schedule.options;
	const { deployment_id: id } = stop;
	const broken: Rule[] = [];
	// Whoever started it wants it, and this very run had stopped it already.
	if (index > 0) broken.push('stopped again');
	const asking = schedule.items.filter((item) => asksFor(item, id));
	if (asking.length === 0) broken.push('stopped unasked');
	else if (!asking.some((item) => mayStop(schedule, item, everThere(played)))) {
		broken.push('stopped without a match');
	}
	if (schedule.onError === 'stopWorkflow' && schedule.items.some(isBad)) {
		broken.push('stopped in spite of a bad field');
	}
	if (isByPattern(schedule)) {
		if (exclude !== undefined && matches(exclude, id)) broken.push('stopped though excluded');
		if (includeEndpointOwned !== true && stop.created_by_endpoint) {
			broken.push('stopped though an endpoint owns it');
		}
	}
	return [...broken, ...brokenGuards(played, stop, index, asking.length)];
}

/** @param turns how many items ask for it */
function brokenGuards(
	played: Played,
	stop: StoppedDeployment,
	index: number,
	turns: number,
): Rule[] {
	const { minAgeMinutes, onlyIfIdleMinutes } = played.schedule.options;
	const broken: Rule[] = [];
	if (minAgeMinutes !== undefined) {
		// Seen by another item or by a further try, an earlier start time is just an old one.
		const isSameTurn = turns === 1 && played.result.tries === 1;
		if (stop.at - stop.start_time < minAgeMinutes * MINUTE) broken.push('stopped though too young');
		else if (isSameTurn && isBornAmongStops(played, stop, index)) {
			broken.push('stopped though restarted');
		}
	}
	if (onlyIfIdleMinutes !== undefined) {
		const idleMs = stop.at - (stop.last_access ?? 0);
		const isBusy = stop.pending_requests > 0 || idleMs < GUARD_MINUTES * MINUTE;
		if (isBusy && wasSeen(played, stop.deployment_id, index)) broken.push('stopped though busy');
	}
	return broken;
}

/** Each deployment that the node stopped can be brought back as it was, and is handed on once. */
function judgeRestores(played: Played, id: string): Violation[] {
	const restores = restoresIn(played.result)
		.filter((restore) => restore.deployment_id === id)
		.map((restore) => ({
			settings: settingsIn(restore),
			instance: instanceAt(played, id, Date.parse(String(restore.taken_at))),
		}));
	const stops = stopsOf(played, id);
	return stops.flatMap((stop): Violation[] => {
		const expected = settingsOf(stop);
		const mine = restores.filter(({ instance }) => instance === stop.start_time);
		const isOfStopped = (instance?: number): boolean =>
			stops.some(({ start_time }) => start_time === instance);
		const found = JSON.stringify(restores.map(({ settings }) => settings));
		const says = `since ${since(stop)} with ${JSON.stringify(expected)}, and handed on is ${found}`;
		if (mine.length > 1) return [{ rule: 'a restore is there twice', id, says }];
		if (mine.length === 1) {
			const isRight = isDeepStrictEqual(mine[0].settings, expected);
			return isRight ? [] : [{ rule: 'a restore is wrong', id, says }];
		}
		const isStale = restores.some(({ instance }) => !isOfStopped(instance));
		return [{ rule: isStale ? 'a restore is stale' : 'a restore is missing', id, says }];
	});
}

/** What is said to be stopped does not run, unless somebody started it anew. */
function judgeClaims({ steps, after, result }: Played, id: string): Violation[] {
	const claims = handedOn(result).filter((json) => json.deployment_id === id && saysStopped(json));
	const now = after.find((each) => each.deployment_id === id);
	if (claims.length === 0 || now === undefined || now.state === 'stopping') return [];
	const firstStop = steps.findIndex((step) => isStopOf(step, id));
	const birth = steps.findIndex((step) => isBirthOf(step, id, now.start_time));
	if (firstStop >= 0 && birth > firstStop) return [];
	return [{ rule: 'said to be stopped, and runs', id, says: JSON.stringify(claims) }];
}

function since(stop: StoppedDeployment): string {
	return new Date(stop.start_time).toISOString();
}
