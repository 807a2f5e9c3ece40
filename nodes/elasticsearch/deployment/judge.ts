/** How far a deployment is on its way to the state that a wait is for. Pure. */

import type { IDataObject } from 'n8n-workflow';

import { failureReason, readiness } from './deployment';
import { isObject, numberOr, textOr } from '../transport/json';
import { readAdaptive } from './allocations';
import type { AdaptiveAllocations, Deployment } from './state';

/** `started`: at least one allocation runs. `fully_allocated`: all allocations asked for run. */
export const WAIT_FOR = ['started', 'fully_allocated'] as const;
export type WaitFor = (typeof WAIT_FOR)[number];

/** Why the state will not be reached. @param reason the cluster's; null if it gives none */
export type Hopeless =
	| { code: 'stopped_meanwhile'; id: string }
	| { code: 'failed_to_start'; id: string; reason: string | null }
	/** Its minimum is zero, so it starts no allocation by itself. */
	| { code: 'scaled_to_zero'; id: string };

export type Verdict<T> =
	| { is: 'reached'; value: T }
	/** @param isStopping whether it will not get there by itself */
	| { is: 'pending'; last: string; isStopping?: true }
	| { is: 'hopeless'; problem: Hopeless };

/**
 * What the answer to a change says about the deployment. Looks that contradict it are outdated:
 * behind a load balancer, a look may come from a node that does not know of the change yet.
 */
export interface Expected {
	/** Epoch milliseconds. */
	startTime?: number;
	/** Only if the number is fixed: an adaptive one follows the load. */
	numberOfAllocations?: number;
}

/**
 * What to expect after the answer to a change. Its start time is a text
 * (docs/elasticsearch-behaviour.md, "Update: the answer").
 */
export function expectedOfAssignment(assignment: IDataObject): Expected {
	const startTime = Date.parse(textOr(assignment.start_time, ''));
	const parameters = isObject(assignment.task_parameters) ? assignment.task_parameters : {};
	const isAdaptive = readAdaptive(assignment.adaptive_allocations)?.enabled === true;
	const number = numberOr(parameters.number_of_allocations, undefined);
	return {
		startTime: Number.isNaN(startTime) ? undefined : startTime,
		numberOfAllocations: isAdaptive ? undefined : number,
	};
}

/** What to expect after a look that found the deployment as asked for. */
export function expectedOf({ startTime, adaptive, numberOfAllocations }: Deployment): Expected {
	return {
		startTime: startTime ?? undefined,
		numberOfAllocations: adaptive?.enabled === true ? undefined : numberOfAllocations,
	};
}

export interface Wanted {
	id: string;
	waitFor: WaitFor;
	expected: Expected;
}

/** It counts as gone after so many looks without it: one alone may be from before its start. */
const GONE_AFTER = 2;

/**
 * How far a deployment is on its way to the state that a wait is for.
 * @param looksWithout how many looks in a row, this one included, did not show it
 */
export function judge(
	{ id, waitFor, expected }: Wanted,
	deployment: Deployment | undefined,
	looksWithout: number,
): Verdict<Deployment> {
	if (deployment === undefined) {
		if (looksWithout < GONE_AFTER) return { is: 'pending', last: 'the cluster does not show it' };
		return { is: 'hopeless', problem: { code: 'stopped_meanwhile', id } };
	}
	const outdated = whyOutdated(deployment, expected);
	if (outdated !== undefined) return { is: 'pending', last: outdated };
	if (deployment.state === 'failed') {
		const reason = failureReason(deployment);
		return { is: 'hopeless', problem: { code: 'failed_to_start', id, reason } };
	}
	const { minimum, maximum } = boundsOf(deployment);
	const { state, numberOfAllocations: wanted } = deployment;
	const runs = state === 'started' && deployment.runningAllocations > 0;
	if (waitFor === 'started' && runs) return { is: 'reached', value: deployment };
	if (state === 'started' && wanted < minimum) {
		return { is: 'pending', last: `the scaler has not raised it to its minimum of ${minimum} yet` };
	}
	if (state === 'started' && wanted > maximum) {
		return {
			is: 'pending',
			last: `the scaler has not lowered it to its maximum of ${maximum} yet`,
		};
	}
	if (state === 'started' && wanted === 0) {
		return { is: 'hopeless', problem: { code: 'scaled_to_zero', id } };
	}
	const { ready, reason } = readiness(deployment);
	if (ready) return { is: 'reached', value: deployment };
	const pending: Verdict<Deployment> = { is: 'pending', last: reason ?? state };
	return state === 'stopping' ? { ...pending, isStopping: true } : pending;
}

/** Why a look must be older than the last change, in words; undefined if it need not be. */
function whyOutdated(deployment: Deployment, expected: Expected): string | undefined {
	const { startTime, numberOfAllocations: shown } = deployment;
	const { startTime: since, numberOfAllocations: set } = expected;
	if ((startTime ?? Infinity) < (since ?? 0)) {
		return 'the cluster shows it as it was before its start';
	}
	if (set === undefined || shown === set) return undefined;
	return `the cluster shows ${shown} allocations asked for, not ${set} yet`;
}

/**
 * A stopping deployment is gone when a look does not show it, or shows that it was started again.
 * A look that shows it as it ran before is older than the stop.
 */
export function judgeStopping(
	stopping: Deployment,
	deployment: Deployment | undefined,
): Verdict<true> {
	if (deployment === undefined || isNewer(deployment, stopping)) {
		return { is: 'reached', value: true };
	}
	return { is: 'pending', last: deployment.state };
}

function isNewer(deployment: Deployment, than: Deployment): boolean {
	if (deployment.startTime === null || than.startTime === null) {
		return deployment.state !== 'stopping' && deployment.state !== 'unknown';
	}
	return deployment.startTime > than.startTime;
}

/**
 * The bounds within which the scaler keeps the number. New bounds move it only at the scaler's
 * next look (docs/elasticsearch-behaviour.md, "Adaptive allocations and time").
 */
function boundsOf({ adaptive }: Deployment): { minimum: number; maximum: number } {
	const {
		min_number_of_allocations: minimum = 0,
		max_number_of_allocations: maximum = Infinity,
	}: Partial<AdaptiveAllocations> = adaptive?.enabled === true ? adaptive : {};
	return { minimum, maximum };
}
