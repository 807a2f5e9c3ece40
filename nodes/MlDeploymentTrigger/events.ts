/** What happened to the deployments between two looks at the cluster. Pure. */

import { ageMinutes, failureReason, readiness } from '../elasticsearch/deployment/deployment';
import { matches, type Pattern } from '../elasticsearch/deployment/pattern';
import type { Deployment, StatsEntry } from '../elasticsearch/deployment/state';
import {
	isSameStart,
	pendingIn,
	restoreText,
	see,
	withSettingsOf,
	type Limits,
	type Seen,
} from './seen';

/** Every event, in the order in which those of one deployment come out. Public names. */
export const EVENTS = [
	'failed',
	'disappeared',
	'stuck',
	'becameReady',
	'becameIdle',
	'becameActive',
	'allocationsChanged',
	'rejecting',
	'queueFilling',
	'appeared',
] as const;

export type EventName = (typeof EVENTS)[number];

/** What a person asks for. */
export interface Rules extends Limits {
	events: readonly EventName[];
	/** Undefined for all deployments. */
	pattern?: Pattern;
	exclude?: Pattern;
	/** Deployments that were started less than so many minutes ago are passed over. */
	minAgeMinutes?: number;
}

/** What one look at the cluster showed. */
export interface Look {
	/** The connection's hash of the endpoint. */
	cluster: string;
	/** Epoch milliseconds, by n8n's clock. */
	at: number;
	/** All that `_stats` lists, models without a deployment included. */
	entries: readonly StatsEntry[];
}

/** What is kept of a look. */
export interface Kept {
	cluster: string;
	at: number;
	/** By deployment id. */
	deployments: ReadonlyMap<string, Seen>;
}

/** One event. Its keys are those of the output. */
export interface Happening {
	event: EventName;
	deployment_id: string;
	model_id: string;
	detected_at: string;
	/** Since when it lasts (stuck, idle); else the look before, after which it happened. */
	since: string;
	state: string;
	state_before: string;
	number_of_allocations: number;
	number_before: number;
	/** The cluster's words, or a code; null if there are none. */
	reason: string | null;
	/** JSON text. */
	restore: string;
}

export const NOT_DEPLOYED = 'not_deployed';

/** The deployments that the rules name, however old they are. */
export function namedIn({ entries }: Look, { pattern, exclude }: Rules): Deployment[] {
	return entries
		.flatMap((entry) => entry.deployment ?? [])
		.filter(({ id }) => pattern === undefined || matches(pattern, id))
		.filter(({ id }) => exclude === undefined || !matches(exclude, id));
}

/** Those of them that are old enough. */
export function watchedIn(look: Look, rules: Rules): Deployment[] {
	return namedIn(look, rules).filter((deployment) => !isYoung(deployment, look.at, rules));
}

/** Unknown is not young, so that nothing is missed. */
function isYoung(deployment: Deployment, at: number, { minAgeMinutes = 0 }: Rules): boolean {
	const age = ageMinutes(deployment, at);
	return age !== null && age < minAgeMinutes;
}

/**
 * Compares a look with what is kept of the one before.
 * @param before undefined if nothing is kept: then the look is only recorded
 * @returns the events that the rules ask for, by deployment id, and what to keep
 */
export function compare(
	before: Kept | undefined,
	look: Look,
	rules: Rules,
): { happenings: Happening[]; kept: Kept } {
	const { cluster, at } = look;
	const watched = watchedIn(look, rules).map((deployment) => {
		const was = before?.deployments.get(deployment.id);
		return { deployment, was, now: see(deployment, was, at, rules) };
	});
	const deployments = new Map(watched.map(({ deployment, now }) => [deployment.id, now]));
	const kept: Kept = { cluster, at, deployments };
	if (before === undefined) return { happenings: [], kept };
	const happenings = watched.flatMap(({ deployment, was, now }) =>
		eventsOf(deployment, was, now).map((event) =>
			happening(event, deployment, { was, now, before, look }),
		),
	);
	const listed = new Map(look.entries.map(({ deployment }) => [deployment?.id, deployment]));
	for (const [id, was] of before.deployments) {
		if (deployments.has(id)) continue;
		const young = listed.get(id);
		// It was started again just now, and is passed over until it is old enough.
		if (young !== undefined) deployments.set(id, withSettingsOf(young, was));
		else happenings.push(disappearance(id, was, before, look));
	}
	const asked = happenings.filter(({ event }) => rules.events.includes(event)).sort(byId);
	return { happenings: asked, kept };
}

/** What happened to a deployment that is there. @param was undefined if it is new */
function eventsOf(deployment: Deployment, was: Seen | undefined, now: Seen): EventName[] {
	const isSame = was !== undefined && isSameStart(was, deployment);
	const happened: Partial<Record<EventName, boolean>> = {
		failed: now.state === 'failed' && !(isSame && was.state === 'failed'),
		stuck: now.isStuck && !(isSame && was.isStuck),
		becameReady: now.isReady && was?.isReady !== true,
		becameIdle: now.isIdle && !(isSame && was.isIdle),
		becameActive: isSame && was.isIdle && !now.isIdle,
		allocationsChanged: was !== undefined && was.number !== now.number,
		rejecting: now.isRejecting && !(isSame && was.isRejecting),
		queueFilling: now.isQueueFull && !(isSame && was.isQueueFull),
		appeared: was === undefined,
	};
	return EVENTS.filter((event) => happened[event] === true);
}

interface Around {
	was: Seen | undefined;
	now: Seen;
	before: Kept;
	look: Look;
}

function happening(event: EventName, deployment: Deployment, around: Around): Happening {
	const { was, now, look } = around;
	return {
		event,
		deployment_id: deployment.id,
		model_id: now.modelId,
		detected_at: iso(look.at),
		since: iso(sinceWhen(event, around)),
		state: now.state,
		state_before: was?.state ?? NOT_DEPLOYED,
		number_of_allocations: now.number,
		number_before: was?.number ?? 0,
		reason: reasonFor(event, deployment, around),
		restore: restoreText(deployment.id, now, look.cluster, look.at),
	};
}

function sinceWhen(event: EventName, { was, now, before }: Around): number {
	const since: Partial<Record<EventName, number>> = {
		stuck: now.transit?.since,
		becameIdle: now.quietSince,
		becameActive: was?.quietSince,
	};
	return since[event] ?? before.at;
}

function reasonFor(event: EventName, deployment: Deployment, { was, now }: Around): string | null {
	const { reason } = readiness(deployment);
	const transit = now.transit?.is;
	const reasons: Partial<Record<EventName, string | null>> = {
		failed: failureReason(deployment),
		stuck: deployment.reason ?? (transit === 'route_stopping' ? transit : null),
		allocationsChanged: reason,
		rejecting: `${now.rejected - (was?.rejected ?? 0)} requests rejected`,
		queueFilling: `${pendingIn(deployment)} requests waiting`,
		appeared: reason,
	};
	return reasons[event] ?? null;
}

function disappearance(id: string, was: Seen, before: Kept, look: Look): Happening {
	const hasModel = look.entries.some((entry) => entry.modelId === was.modelId);
	return {
		event: 'disappeared',
		deployment_id: id,
		model_id: was.modelId,
		detected_at: iso(look.at),
		since: iso(before.at),
		state: NOT_DEPLOYED,
		state_before: was.state,
		number_of_allocations: 0,
		number_before: was.number,
		reason: hasModel ? NOT_DEPLOYED : 'model_deleted',
		restore: restoreText(id, was, look.cluster, before.at),
	};
}

/**
 * By id, letter by letter, so that the order depends on no language. The events of one deployment
 * keep their order, that of `EVENTS`.
 */
function byId(one: Happening, other: Happening): number {
	if (one.deployment_id < other.deployment_id) return -1;
	return one.deployment_id > other.deployment_id ? 1 : 0;
}

function iso(time: number): string {
	return new Date(time).toISOString();
}
