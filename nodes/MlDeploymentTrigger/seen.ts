/** What the trigger keeps of a deployment from one look at the cluster to the next. Pure. */

import { idleMinutes, readiness } from '../elasticsearch/deployment/deployment';
import { restoreOf, type Restore } from '../elasticsearch/deployment/restore';
import type { Deployment } from '../elasticsearch/deployment/state';

const MINUTE_MS = 60_000;

/** From which values on something is an event. */
export interface Limits {
	stuckMinutes: number;
	idleMinutes: number;
	/** Requests rejected from one look to the next. */
	rejectedThreshold: number;
	/** Requests that wait at the moment of a look. */
	pendingThreshold: number;
}

/** The part of a restore object that tells how to start the deployment. */
export type Settings = Omit<Restore, (typeof BESIDE)[number]>;

const BESIDE = ['schema', 'cluster', 'taken_at', 'model_id', 'deployment_id'] as const;

/**
 * What should pass soon: the deployment starts or stops, or one of its routes stops
 * (docs/elasticsearch-behaviour.md, "Stop: duration and work in flight").
 */
export type Transit = 'starting' | 'stopping' | 'route_stopping';

/** A transit, and the first look that showed it. */
interface Underway {
	is: Transit;
	since: number;
}

/**
 * One deployment as a look showed it. How long something lasts is measured between looks, by
 * n8n's clock alone, so that a cluster whose clock is wrong makes no event. Times are epoch
 * milliseconds.
 */
export interface Seen {
	modelId: string;
	/** By the cluster's clock. It tells one start of a deployment from the next; null if unknown. */
	startTime: number | null;
	state: string;
	transit: Underway | null;
	isStuck: boolean;
	isReady: boolean;
	/** How many allocations are asked for. */
	number: number;
	/** The latest access and the latest start of a route, by the cluster's clock; 0 if unknown. */
	lastAccess: number;
	routeStart: number;
	inferences: number;
	/** The last look that showed a request, or a start or a move since the look before. */
	quietSince: number;
	/** Idle for long enough. It stays so until the next request: a move of the model is no use. */
	isIdle: boolean;
	rejected: number;
	isRejecting: boolean;
	isQueueFull: boolean;
	settings: Settings;
}

/**
 * What to keep of a deployment.
 * @param before what the look before showed; undefined if it did not show the deployment
 * @param at epoch milliseconds of this look, by n8n's clock
 */
export function see(
	deployment: Deployment,
	before: Seen | undefined,
	at: number,
	limits: Limits,
): Seen {
	const { modelId, state, startTime, routes } = deployment;
	const known = before !== undefined && isSameStart(before, deployment) ? before : undefined;
	const transit = underway(deployment, known?.transit, at);
	const lastAccess = Math.max(0, ...routes.map((route) => route.lastAccess ?? 0));
	const routeStart = Math.max(0, ...routes.map((route) => route.startTime ?? 0));
	const isUsed = known !== undefined && wasUsed(deployment, lastAccess, known);
	const isIdle = known?.isIdle === true && !isUsed;
	const isDisturbed =
		known === undefined ||
		isUsed ||
		(!isIdle && (routeStart > known.routeStart || idleMinutes(deployment, at) === null));
	const quietSince = isDisturbed ? at : Math.min(known.quietSince, at);
	const { rejectedCount } = deployment;
	const rejections = known === undefined ? 0 : rejectedCount - known.rejected;
	return {
		modelId,
		startTime: startTime ?? known?.startTime ?? null,
		state,
		transit,
		isStuck: transit !== null && at - transit.since >= limits.stuckMinutes * MINUTE_MS,
		isReady: readiness(deployment).ready,
		number: deployment.numberOfAllocations,
		lastAccess,
		routeStart,
		inferences: deployment.inferenceCount,
		quietSince,
		isIdle: isIdle || (!isDisturbed && at - quietSince >= limits.idleMinutes * MINUTE_MS),
		rejected: rejectedCount,
		isRejecting: rejections >= limits.rejectedThreshold,
		isQueueFull: pendingIn(deployment) >= limits.pendingThreshold,
		settings: settingsOf(deployment),
	};
}

/** How many requests wait at all nodes together. */
export function pendingIn({ routes }: Deployment): number {
	return routes.reduce((sum, route) => sum + route.pendingRequests, 0);
}

/** What is kept, but with what now tells how to start it again, should it vanish. */
export function withSettingsOf(deployment: Deployment, before: Seen): Seen {
	return { ...before, modelId: deployment.modelId, settings: settingsOf(deployment) };
}

/** Whether it is still the same start of the deployment, as far as the cluster tells. */
export function isSameStart(before: Seen, { startTime }: Deployment): boolean {
	return before.startTime === null || startTime === null || before.startTime === startTime;
}

function underway(
	deployment: Deployment,
	before: Underway | null | undefined,
	at: number,
): Underway | null {
	const is = transitOf(deployment);
	if (is === null) return null;
	return { is, since: before?.is === is ? Math.min(before.since, at) : at };
}

function transitOf({ state, routes }: Deployment): Transit | null {
	if (state === 'starting' || state === 'stopping') return state;
	return routes.some((route) => route.state === 'stopping') ? 'route_stopping' : null;
}

/** Counters and times that went back belong to a node that left: they show no request. */
function wasUsed(deployment: Deployment, lastAccess: number, known: Seen): boolean {
	return (
		lastAccess > known.lastAccess ||
		deployment.inferenceCount > known.inferences ||
		deployment.routes.some((route) => route.pendingRequests > 0 || route.throughputLastMinute > 0)
	);
}

/** The settings as `restoreOf` finds them, without what is kept beside them or for all together. */
function settingsOf(deployment: Deployment): Settings {
	const settings: Partial<Restore> = restoreOf(deployment, '', 0);
	for (const key of BESIDE) delete settings[key];
	return settings as Settings;
}

/**
 * The JSON text of the restore object with these settings.
 * @param takenAt epoch milliseconds of the look that showed them
 */
export function restoreText(
	id: string,
	{ modelId, settings }: Pick<Seen, 'modelId' | 'settings'>,
	cluster: string,
	takenAt: number,
): string {
	const restore: Restore = {
		schema: 1,
		cluster,
		taken_at: new Date(takenAt).toISOString(),
		model_id: modelId,
		deployment_id: id,
		...settings,
	};
	return JSON.stringify(restore);
}
