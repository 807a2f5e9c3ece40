/** What the trigger keeps between polls, in n8n's static data of its node. */

import type { IDataObject } from 'n8n-workflow';

import { isObject, parsed, timeOrNull } from '../elasticsearch/transport/json';
import type { Kept, Rules } from './events';
import type { Seen, Settings, Transit } from './seen';

const KEY = 'seen';
const VERSION = 1;
/** The most deployments that one trigger keeps, and so watches. */
export const MOST_DEPLOYMENTS = 1_000;

function storedIn(staticData: unknown): unknown {
	return isObject(staticData) ? staticData[KEY] : undefined;
}

/** Whether a look is kept, of whatever cluster and rules. */
export function holdsLook(staticData: unknown): boolean {
	return storedIn(staticData) !== undefined;
}

/**
 * The last look, if it was kept for the same question and the same cluster. Anything that this
 * version cannot read whole is no memory: a deployment missed in it would seem to have appeared.
 * @param staticData of the node, as n8n gives it
 */
export function recall(staticData: unknown, rules: Rules, cluster: string): Kept | undefined {
	const stored = storedIn(staticData);
	if (!isObject(stored) || stored.version !== VERSION || stored.cluster !== cluster)
		return undefined;
	if (stored.rules !== JSON.stringify(rules) || !isNumber(stored.at)) return undefined;
	const { deployments, settings } = stored;
	if (!Array.isArray(deployments) || deployments.length > MOST_DEPLOYMENTS) return undefined;
	if (!Array.isArray(settings)) return undefined;
	const read = deployments.map((each) => readSeen(each, settings));
	const whole = read.filter((each) => each !== undefined);
	if (whole.length < read.length) return undefined;
	return { cluster, at: stored.at, deployments: new Map(whole) };
}

/** Keeps a look in place of the one before. n8n stores it when the trigger emits, and at activation. */
export function remember(staticData: IDataObject, rules: Rules, kept: Kept): void {
	// Most deployments have the settings of others, so each different one is stored once.
	const settings: string[] = [];
	const places = new Map<string, number>();
	const placeOf = (text: string): number => {
		const place = places.get(text) ?? settings.push(text) - 1;
		places.set(text, place);
		return place;
	};
	staticData[KEY] = {
		version: VERSION,
		cluster: kept.cluster,
		at: kept.at,
		rules: JSON.stringify(rules),
		deployments: [...kept.deployments].map(([id, seen]) =>
			storedOf(id, seen, placeOf(JSON.stringify(seen.settings))),
		),
		settings,
	};
}

/** Short keys, and none for what is usual, because there can be a thousand of it. */
function storedOf(id: string, seen: Seen, settings: number): IDataObject {
	const { modelId, transit, state } = seen;
	const stored: IDataObject = { id, settings, state, number: seen.number };
	if (modelId !== id) stored.model = modelId;
	if (seen.startTime !== null) stored.start = seen.startTime;
	if (transit !== null) stored.transit = [transit.is, transit.since];
	stored.quiet = seen.quietSince;
	if (seen.lastAccess > 0) stored.used = seen.lastAccess;
	if (seen.routeStart > 0) stored.route = seen.routeStart;
	if (seen.inferences > 0) stored.count = seen.inferences;
	if (seen.rejected > 0) stored.rejected = seen.rejected;
	const flags = FLAGS.filter((flag) => seen[flag]);
	if (flags.length > 0) stored.is = flags;
	return stored;
}

const FLAGS = ['isStuck', 'isReady', 'isIdle', 'isRejecting', 'isQueueFull'] as const;
const TRANSITS: readonly unknown[] = ['starting', 'stopping', 'route_stopping'];

function readSeen(value: unknown, allSettings: unknown[]): [string, Seen] | undefined {
	if (!isObject(value)) return undefined;
	const { id, model = id, state, start = null, number, quiet, transit } = value;
	const { used = 0, route = 0, count = 0, rejected = 0, is = [] } = value;
	const place = value.settings;
	const settings = isNumber(place) ? readSettings(allSettings[place]) : undefined;
	if (typeof id !== 'string' || typeof model !== 'string' || typeof state !== 'string')
		return undefined;
	if (!isNumber(number) || !isNumber(quiet) || !(start === null || isNumber(start)))
		return undefined;
	if (!isNumber(used) || !isNumber(route) || !isNumber(count) || !isNumber(rejected))
		return undefined;
	if (!(transit === undefined || isTransit(transit))) return undefined;
	if (!Array.isArray(is) || settings === undefined) return undefined;
	const seen: Seen = {
		modelId: model,
		startTime: start,
		state,
		transit: transit === undefined ? null : { is: transit[0], since: transit[1] },
		isStuck: is.includes('isStuck'),
		isReady: is.includes('isReady'),
		number,
		lastAccess: used,
		routeStart: route,
		inferences: count,
		quietSince: quiet,
		isIdle: is.includes('isIdle'),
		rejected,
		isRejecting: is.includes('isRejecting'),
		isQueueFull: is.includes('isQueueFull'),
		settings,
	};
	return [id, seen];
}

function isTransit(value: unknown): value is [Transit, number] {
	return Array.isArray(value) && TRANSITS.includes(value[0]) && isNumber(value[1]);
}

/** Start checks a restore object when it reads it, so this only looks at its shape. */
function readSettings(value: unknown): Settings | undefined {
	if (typeof value !== 'string') return undefined;
	const read = parsed(value);
	return isObject(read) && isNumber(read.observed_allocations)
		? (read as unknown as Settings)
		: undefined;
}

/** A time, or a count, which is never beyond the last time. */
function isNumber(value: unknown): value is number {
	return timeOrNull(value) !== null;
}
