/** Makes sure that a deployment runs: for Start, and for Scale if the deployment is absent. */

import type { IDataObject } from 'n8n-workflow';

import {
	ABSENT,
	failureReason,
	settingsOf,
	type Settings,
} from '../../../elasticsearch/deployment/deployment';
import {
	lookUp,
	settingsOfAssignment,
	updateDeployment,
} from '../../../elasticsearch/api/deployments';
import type { Deadline } from '../../../elasticsearch/transport/clock';
import {
	expectedOf,
	expectedOfAssignment,
	type Expected,
} from '../../../elasticsearch/deployment/judge';
import { failed, success } from '../../../elasticsearch/transport/failure';
import {
	differences,
	type Difference,
	type StartSpec,
} from '../../../elasticsearch/deployment/startSpec';
import { problem, type FlowFailure, type FlowResult } from '../../../elasticsearch/flows/failure';
import { startDeployment } from '../../../elasticsearch/flows/start';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import { stillStopping } from '../../../elasticsearch/flows/watch';
import type { RunContext } from '../../execution/operation';

const BOUNDS_REMOVED = { min_number_of_allocations: null, max_number_of_allocations: null };

export interface StartGoal {
	spec: StartSpec;
	/** What to do if it runs with other settings; with `tell` the caller decides. */
	whenExists: 'error' | 'leave' | 'update' | 'tell';
	/** For the waits until a stopping one is gone, or a starting one is started. */
	deadline: Deadline;
	/** How often `_start` is sent again after a lost answer. */
	retries: number;
}

export interface EnsuredStart {
	changed: boolean;
	/** Null if it ran already, or the cluster's answer was lost. */
	assignment: IDataObject | null;
	/** What is known about it now. */
	expected: Expected;
	/** The deployment as it ran before, if it ran already. */
	found?: Deployment;
	/** Why nothing was changed. */
	reason?: 'as_asked' | 'left_as_it_is';
	/** The deployment, if it runs with other settings and the caller decides. */
	taken?: Deployment;
}

/** How a turn ended: with the result, or with the state to wait for before the next turn. */
type Turn =
	| { is: 'over'; result: FlowResult<EnsuredStart> }
	| { is: 'stopping' | 'starting'; deployment: Deployment };

/**
 * Starts the deployment, or finds that it runs as asked for, or changes what can be changed. A look
 * and its request are one turn, so that starts go out in the order of the items. Waits come between
 * turns, so that they hold no other item up.
 */
export async function ensureStarted(
	context: RunContext,
	goal: StartGoal,
): Promise<FlowResult<EnsuredStart>> {
	const { deadline } = goal;
	const id = goal.spec.deploymentId;
	let isStarted = false;
	for (let waits = 0; ; waits++) {
		const turn = await context.inTurn(async () => await takeTurn(context, goal, isStarted));
		if (turn.is === 'over') {
			if (turn.result.ok) noteStarted(context, id, turn.result.value);
			return turn.result;
		}
		if (turn.is === 'starting') {
			const { startTime } = expectedOf(turn.deployment);
			const started = await context.watch.until(id, 'started', deadline, { startTime });
			if (!started.ok) return started;
			isStarted = true;
		} else {
			if (waits > 0 && deadline.left(context.connection.clock) <= 0)
				return failed(stillStopping(id, deadline));
			const gone = await context.watch.untilGone(turn.deployment, deadline);
			if (!gone.ok) return gone;
		}
	}
}

/** Once the deployment runs as asked for, an earlier stop of it is history. */
function noteStarted(context: RunContext, id: string, start: EnsuredStart): void {
	if (start.changed) context.journal.started(id);
	// If somebody else started it with other settings, nobody else may know those of before.
	const isOther = start.taken !== undefined || start.reason === 'left_as_it_is';
	if (!isOther) context.memory.forget(id);
}

async function takeTurn(context: RunContext, goal: StartGoal, isStarted: boolean): Promise<Turn> {
	const { spec, retries } = goal;
	const over = (result: FlowResult<EnsuredStart>): Turn => ({ is: 'over', result });
	const look = await lookUp(context.connection, spec.deploymentId);
	if (!look.ok) return over(look);
	if (look.value.found === 'deployment') {
		return await adopt(context, look.value.deployment, goal, isStarted);
	}
	const begun = await startDeployment(context.connection, spec, retries);
	if (!begun.ok) return over(begun);
	if (begun.value.is === 'taken') {
		return await adopt(context, begun.value.deployment, goal, isStarted);
	}
	const { assignment, expected } = begun.value;
	return over(success({ changed: true, assignment, expected }));
}

/** What a start means for a deployment that has its id already. */
export type OnExisting =
	| { is: 'as_asked' | 'left_as_it_is' }
	| { is: 'failed_before'; failure: FlowFailure }
	| { is: 'to_update'; body: IDataObject }
	| { is: 'refused'; differences: Difference[] };

/** Decides what a start does to a deployment that exists and is not stopping. Pure. */
export function decideOnExisting(
	{ spec, whenExists }: Pick<StartGoal, 'spec' | 'whenExists'>,
	deployment: Deployment,
): OnExisting {
	if (deployment.state === 'failed') {
		return { is: 'failed_before', failure: failedBefore(deployment) };
	}
	const found = differences(spec, deployment);
	if (found.length === 0) return { is: 'as_asked' };
	if (whenExists === 'leave') return { is: 'left_as_it_is' };
	const mayUpdate = whenExists === 'update' && found.every(({ updatable }) => updatable);
	if (!mayUpdate) return { is: 'refused', differences: found };
	return { is: 'to_update', body: updateFor(spec, deployment) };
}

/** Takes over the deployment that has the id already, as far as the goal allows. */
async function adopt(
	context: RunContext,
	deployment: Deployment,
	goal: StartGoal,
	isStarted: boolean,
): Promise<Turn> {
	const over = (result: FlowResult<EnsuredStart>): Turn => ({ is: 'over', result });
	const { id, state } = deployment;
	if (state === 'stopping') return { is: 'stopping', deployment };
	const decision = decideOnExisting(goal, deployment);
	switch (decision.is) {
		case 'failed_before':
			return over(failed(decision.failure));
		case 'as_asked':
		case 'left_as_it_is':
			return over(success({ ...foundRunning(deployment), reason: decision.is }));
		case 'refused': {
			if (goal.whenExists === 'tell') {
				return over(success({ ...foundRunning(deployment), taken: deployment }));
			}
			return over(
				failed(problem({ code: 'other_settings', id, differences: decision.differences })),
			);
		}
		case 'to_update': {
			// `_update` takes only a started deployment
			// (docs/elasticsearch-behaviour.md, "Update: order of checks").
			if (state === 'starting' && !isStarted) return { is: 'starting', deployment };
			const updated = await updateDeployment(context.connection, id, decision.body, 'start');
			if (!updated.ok) return over(updated);
			const assignment = updated.value;
			const expected = expectedOfAssignment(assignment);
			return over(success({ changed: true, assignment, expected, found: deployment }));
		}
	}
}

function foundRunning(deployment: Deployment): EnsuredStart {
	return { changed: false, assignment: null, expected: expectedOf(deployment), found: deployment };
}

/** The body of the `_update` that turns the deployment into the spec. */
function updateFor(spec: StartSpec, deployment: Deployment): IDataObject {
	if (spec.adaptive?.enabled === true) {
		// A null removes a bound; a bound that is not sent stays as stored
		// (docs/elasticsearch-behaviour.md, "Update: parameters").
		const none = spec.exact === true && BOUNDS_REMOVED;
		return { adaptive_allocations: { ...none, ...spec.adaptive } };
	}
	const number = { number_of_allocations: spec.numberOfAllocations };
	if (deployment.adaptive?.enabled !== true) return number;
	return { ...number, adaptive_allocations: { enabled: false } };
}

/** The failure if the cluster gave up starting it before, and keeps it as failed. */
export function failedBefore(deployment: Deployment): FlowFailure {
	const reason = failureReason(deployment) ?? null;
	return problem({ code: 'failed_before', id: deployment.id, reason });
}

/** Its settings once it is started; an adaptive one begins at its minimum, or at 1. */
export function settingsOnceStarted(spec: StartSpec): Settings {
	const number =
		spec.numberOfAllocations ?? Math.max(1, spec.adaptive?.min_number_of_allocations ?? 1);
	return {
		state: 'started',
		number_of_allocations: number,
		threads_per_allocation: spec.threadsPerAllocation ?? 1,
		adaptive_allocations: spec.adaptive === undefined ? null : { ...spec.adaptive },
	};
}

/** The settings before a start and after it, as far as answers and looks tell them. */
export function settingsAround(
	spec: StartSpec,
	{ assignment, found }: EnsuredStart,
): { before: Settings; after: Settings } {
	const now = found === undefined ? settingsOnceStarted(spec) : settingsOf(found);
	return {
		before: found === undefined ? ABSENT : settingsOf(found),
		after: assignment === null ? now : settingsOfAssignment(assignment),
	};
}

/** Another cluster's restore only gives a warning: staging is often filled from production. */
export function clusterWarnings({ connection }: RunContext, cluster: string | null): string[] {
	if (cluster === null || cluster === connection.cluster) return [];
	return ['The restore was taken from another cluster, or from another address of this one'];
}
