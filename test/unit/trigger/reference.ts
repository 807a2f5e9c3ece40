import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { EVENTS, type EventName, type Rules } from '../../../nodes/MlDeploymentTrigger/events';

/** The deployments at one look, and when that was. */
export interface Shot {
	at: number;
	deployments: readonly Deployment[];
}

/**
 * The events of the last of these looks, by their definitions and from all looks at once. It keeps
 * nothing from one look to the next, which is what it is a reference for.
 * @returns "id: event", in order
 */
export function expectedEvents(shots: readonly Shot[], rules: Rules): string[] {
	const [last, before] = [shots.at(-1), shots.at(-2)];
	if (last === undefined || before === undefined) return [];
	const ids = new Set([...last.deployments, ...before.deployments].map(({ id }) => id));
	return [...ids]
		.sort((a, b) => (a < b ? -1 : 1))
		.flatMap((id) => namesOf(shots, id, rules).map((event) => `${id}: ${event}`));
}

function namesOf(shots: readonly Shot[], id: string, rules: Rules): EventName[] {
	const now = shown(shots.at(-1), id);
	const was = shown(shots.at(-2), id);
	if (now === undefined) return ['disappeared'];
	const run = sameStart(shots, id);
	const earlier = run.slice(0, -1);
	const isNew = (is: (run: readonly Moment[]) => boolean): boolean =>
		is(run) && !(earlier.length > 0 && is(earlier));
	const happened: Record<EventName, boolean> = {
		failed: isNew((moments) => lastOf(moments).is.state === 'failed'),
		disappeared: false,
		stuck: isNew((moments) => isStuck(moments, rules)),
		becameReady: isReady(now) && !(was !== undefined && isReady(was)),
		becameIdle: isNew((moments) => isIdle(moments, rules)),
		becameActive: !isIdle(run, rules) && earlier.length > 0 && isIdle(earlier, rules),
		allocationsChanged: was !== undefined && was.numberOfAllocations !== now.numberOfAllocations,
		rejecting: isNew((moments) => isRejecting(moments, rules)),
		queueFilling: isNew((moments) => pendingOf(lastOf(moments).is) >= rules.pendingThreshold),
		appeared: was === undefined,
	};
	return EVENTS.filter((event) => happened[event]);
}

/** A deployment at one look. */
interface Moment {
	at: number;
	is: Deployment;
}

function shown(shot: Shot | undefined, id: string): Deployment | undefined {
	return shot?.deployments.find((each) => each.id === id);
}

/** The last looks in a row that show the same start of the deployment. */
function sameStart(shots: readonly Shot[], id: string): Moment[] {
	const run: Moment[] = [];
	for (const shot of [...shots].reverse()) {
		const is = shown(shot, id);
		if (is === undefined || (run.length > 0 && is.startTime !== run[0].is.startTime)) break;
		run.unshift({ at: shot.at, is });
	}
	return run;
}

function lastOf<T>(list: readonly T[]): T {
	return list[list.length - 1];
}

const minutes = (from: number, to: number): number => (to - from) / 60_000;

const pendingOf = ({ routes }: Deployment): number =>
	routes.reduce((sum, { pendingRequests }) => sum + pendingRequests, 0);

function isReady({ state, numberOfAllocations: wanted, runningAllocations }: Deployment): boolean {
	return state === 'started' && wanted > 0 && runningAllocations >= wanted;
}

function wayOf({ state, routes }: Deployment): string | undefined {
	if (state === 'starting' || state === 'stopping') return state;
	return routes.some((route) => route.state === 'stopping') ? 'route' : undefined;
}

/** The looks in a row, up to the last one, that show the same way. */
function sameWay(moments: readonly Moment[]): Moment[] {
	const way = wayOf(lastOf(moments).is);
	const other = lastIndex(moments, ({ is }) => wayOf(is) !== way);
	return moments.slice(other + 1);
}

function isStuck(moments: readonly Moment[], { stuckMinutes }: Rules): boolean {
	if (wayOf(lastOf(moments).is) === undefined) return false;
	return minutes(sameWay(moments)[0].at, lastOf(moments).at) >= stuckMinutes;
}

function isRejecting(moments: readonly Moment[], { rejectedThreshold }: Rules): boolean {
	if (moments.length < 2) return false;
	const [before, now] = moments.slice(-2);
	return now.is.rejectedCount - before.is.rejectedCount >= rejectedThreshold;
}

function latest(times: Array<number | null>): number {
	return Math.max(0, ...times.map((time) => time ?? 0));
}

const accessOf = ({ routes }: Deployment): number => latest(routes.map((each) => each.lastAccess));
const moveOf = ({ routes }: Deployment): number => latest(routes.map((each) => each.startTime));

/** Whether a request was made between a look and the one before. */
function isUsed(moments: readonly Moment[], index: number): boolean {
	if (index === 0) return false;
	const [before, now] = [moments[index - 1].is, moments[index].is];
	return (
		accessOf(now) > accessOf(before) ||
		now.inferenceCount > before.inferenceCount ||
		now.routes.some((each) => each.pendingRequests > 0 || each.throughputLastMinute > 0)
	);
}

function isDisturbed(moments: readonly Moment[], index: number): boolean {
	if (index === 0 || isUsed(moments, index)) return true;
	const [before, now] = [moments[index - 1].is, moments[index].is];
	const started = now.routes.filter(({ state }) => state === 'started');
	const isUnknown =
		(started.length === 0 && !(now.state === 'started' && now.numberOfAllocations === 0)) ||
		started.some((each) => each.lastAccess === null && each.startTime === null);
	return isUnknown || moveOf(now) > moveOf(before);
}

/**
 * Idle: since the last use there was a time of so many minutes in which no look showed anything
 * but rest.
 */
function isIdle(moments: readonly Moment[], { idleMinutes }: Rules): boolean {
	const indexes = moments.map((_moment, index) => index);
	const lastUse = Math.max(
		0,
		lastIndex(indexes, (index) => isUsed(moments, index)),
	);
	return indexes.slice(lastUse).some((end) => {
		const begin = lastIndex(indexes.slice(0, end + 1), (index) => isDisturbed(moments, index));
		return minutes(moments[begin].at, moments[end].at) >= idleMinutes;
	});
}

/** -1 if there is none. */
function lastIndex<T>(list: readonly T[], is: (each: T) => boolean): number {
	return list.reduce((found, each, index) => (is(each) ? index : found), -1);
}
