import type { DeploymentView, LoggedRequest, StoppedDeployment } from '../../../cluster';
import type { RunResult } from '../../harness';
import { IDS, type Intervention, type Schedule } from './schedule';

/** What happened, in order. */
export type Step = { at: number } & (
	| {
			kind: 'request';
			request: LoggedRequest;
			/** How often a `_stop` had stopped each deployment when the request came in. */
			stopped: Record<string, number>;
	  }
	| {
			kind: 'deed';
			intervention: Intervention;
			/** Of the deployment that it left. */
			startTime?: number;
	  }
	| { kind: 'cancel' }
);

/** One run, as seen from all sides. */
export interface Played {
	schedule: Schedule;
	begunAt: number;
	result: RunResult;
	/** The requests, and what others did meanwhile: that stands behind the request during which it was done. */
	steps: Step[];
	/** What the node's `_stop` requests really stopped. */
	stopped: StoppedDeployment[];
	/** The cluster before and after. */
	before: DeploymentView[];
	after: DeploymentView[];
}

/** The deployments that a request looks at. */
export function seenBy({ method, path }: LoggedRequest): readonly string[] {
	if (method !== 'GET') return [];
	if (path === '/_ml/trained_models/_stats') return IDS;
	return IDS.filter((id) => path === `/_ml/trained_models/${id}/_stats`);
}

export function isStopOf(step: Step, id: string): boolean {
	return step.kind === 'request' && step.request.path.endsWith(`/${id}/deployment/_stop`);
}

/** Whether somebody started an instance, this one where its start time is given. */
export function isBirthOf(step: Step, id: string, startTime?: number): boolean {
	if (step.kind !== 'deed' || step.intervention.id !== id) return false;
	const { deed } = step.intervention;
	if (deed.do !== 'restart' && deed.do !== 'startOther') return false;
	return startTime === undefined || step.startTime === startTime;
}

export function stopsOf({ stopped }: Played, id: string): StoppedDeployment[] {
	return stopped.filter((each) => each.deployment_id === id);
}

/** All deployments that were there at some time. */
export function everThere({ before, steps }: Played): string[] {
	return IDS.filter(
		(id) =>
			before.some((each) => each.deployment_id === id) || steps.some((step) => isBirthOf(step, id)),
	);
}

/** The start time of the instance that was there at some time: the latest that had been started. */
export function instanceAt(
	{ before, steps }: Played,
	id: string,
	time: number,
): number | undefined {
	const first = before.find((each) => each.deployment_id === id)?.start_time;
	return steps.reduce(
		(instance, step) =>
			step.kind === 'deed' && step.at <= time && isBirthOf(step, id) ? step.startTime : instance,
		first,
	);
}

/**
 * The place of the `_stop` that carried out a stop: the last that came in while there were so many.
 * @param index which stop of this deployment
 */
function carrierOf({ steps }: Played, id: string, index: number): number {
	return lastIndex(
		steps,
		(step) => isStopOf(step, id) && step.kind === 'request' && step.stopped[id] === index,
	);
}

/** Whether the node got an answer before its `_stop` that showed what others had done to the deployment by then. */
export function wasSeen(played: Played, id: string, index: number): boolean {
	const before = played.steps.slice(0, carrierOf(played, id, index));
	const deed = lastIndex(before, (step) => step.kind === 'deed' && step.intervention.id === id);
	const during = lastIndex(before.slice(0, Math.max(0, deed)), ({ kind }) => kind === 'request');
	return before
		.slice(Math.max(0, during))
		.some(
			(step) =>
				step.kind === 'request' && step.request.status === 200 && seenBy(step.request).includes(id),
		);
}

/** Whether the instance was started between the node's first `_stop` for this id and the one that stopped it. */
export function isBornAmongStops(
	played: Played,
	{ deployment_id: id, start_time: startTime }: StoppedDeployment,
	index: number,
): boolean {
	const birth = played.steps.findIndex((step) => isBirthOf(step, id, startTime));
	const first = played.steps.findIndex((step) => isStopOf(step, id));
	return birth > first && birth < carrierOf(played, id, index);
}

function lastIndex(steps: readonly Step[], is: (step: Step) => boolean): number {
	return steps.reduce((last, step, index) => (is(step) ? index : last), -1);
}
