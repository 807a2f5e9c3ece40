/** Where a deployment stands on its way to a state that is waited for. Pure. */

import type { IDataObject } from 'n8n-workflow';

import { failureReason, readiness } from './deployment';
import { isObject, numberOr, textOr } from '../transport/json';
import { readAdaptive } from './allocations';
import type { Deployment } from './state';

/** `started`: at least one allocation runs. `fully_allocated`: all that are asked for run. */
export const WAIT_FOR = ['started', 'fully_allocated'] as const;
export type WaitFor = (typeof WAIT_FOR)[number];

/** Why a state will not be reached. @param reason what the cluster says; null where it says nothing */
export type Hopeless =
	| { code: 'stopped_meanwhile'; id: string }
	| { code: 'failed_to_start'; id: string; reason: string | null }
	/** Its minimum is zero, so no allocation comes by itself. */
	| { code: 'scaled_to_zero'; id: string };

export type Verdict<T> =
	| { is: 'reached'; value: T }
	| { is: 'pending'; last: string }
	| { is: 'hopeless'; problem: Hopeless };

/**
 * What is known of a deployment before it is waited for, from the answer to its change. Behind a
 * load balancer the next look may come from a node that has not heard of the change yet.
 */
export interface Expected {
	/** Epoch milliseconds. */
	startTime?: number;
	/** Only where a fixed number was set: an adaptive one follows the load. */
	numberOfAllocations?: number;
}

/** What the answer to a change says of the looks to come. Its start time is a text (docs/elasticsearch-behaviour.md, "Update: the answer"). */
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

/** What a look that found it as it is wanted says of the looks to come. */
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

/** So often in a row it has to be missing: once may be an answer from before its start. */
const GONE_AFTER = 2;

/**
 * Where a deployment stands on its way to the state waited for.
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
		const reason = failureReason(deployment) ?? null;
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
	return ready ? { is: 'reached', value: deployment } : { is: 'pending', last: reason ?? state };
}

/** What shows that a look is older than what is known already. */
function whyOutdated(deployment: Deployment, expected: Expected): string | undefined {
	const { startTime, numberOfAllocations: shown } = deployment;
	const { startTime: since, numberOfAllocations: set } = expected;
	if (since !== undefined && startTime !== null && startTime < since) {
		return 'the cluster shows it as it was before its start';
	}
	if (set === undefined || shown === set) return undefined;
	return `the cluster shows ${shown} allocations asked for, not ${set} yet`;
}

/**
 * One that is stopping is gone when it is absent, or when its id runs anew. A look that shows it
 * as it ran before is older than the stop.
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
		return deployment.state !== 'stopping';
	}
	return deployment.startTime > than.startTime;
}

/** Where the scaler keeps the number of allocations; new bounds move it only at its next look (docs/elasticsearch-behaviour.md, "Adaptive allocations and time"). */
function boundsOf({ adaptive }: Deployment): { minimum: number; maximum: number } {
	if (adaptive?.enabled !== true) return { minimum: 0, maximum: Infinity };
	const { min_number_of_allocations: minimum = 0, max_number_of_allocations: maximum = Infinity } =
		adaptive;
	return { minimum, maximum };
}
