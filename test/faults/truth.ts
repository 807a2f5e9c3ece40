/* eslint-disable @n8n/community-nodes/no-restricted-imports */
/** Whether a report tells what really happened in the cluster. */

import { isDeepStrictEqual } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import type { DeploymentView, EmbeddedCluster } from '../cluster';
import type { Performed } from './perform';
import { purposeOf } from './expected';
import { BYSTANDER } from './operations';
import { restores } from './restored';

/** The deployments of a cluster, as far as a report tells of them: their number by their id. */
export type Numbers = ReadonlyMap<string, number>;

export function numbersOf(cluster: EmbeddedCluster): Numbers {
	const entries = cluster
		.deployments()
		.map((view): [string, number] => [view.deployment_id, view.number_of_allocations]);
	return new Map(entries);
}

/** Says that a change was made or may have been made, and where to look. */
const DOUBT = /operation Get\b|is not known|may (?:still )?have|goes on/;
const DENIAL = /was left as it was|was not (?:stopped|started|changed)(?! for sure)/;

/** What is wrong with a report; empty if nothing is. */
export function untruths(before: Numbers, cluster: EmbeddedCluster, run: Performed): string[] {
	const now = numbersOf(cluster);
	const { text } = run;
	const told = [...run.items, ...((run.data.done ?? []) as IDataObject[])];
	const wrong: string[] = [];
	for (const id of new Set([...before.keys(), ...now.keys()])) {
		const item = told.find((each) => each.deployment_id === id && each.action !== undefined);
		const isChanged = before.get(id) !== now.get(id);
		if (item?.changed === true) {
			if (!isChanged) wrong.push(`'${id}' is as before, but told as changed`);
			else if (item.number_of_allocations !== (now.get(id) ?? 0))
				wrong.push(`the number of '${id}'`);
		} else if (isChanged) {
			const isOpen = item?.reason === 'unknown_outcome' || DOUBT.test(text);
			if (!isOpen) wrong.push(`'${id}' was changed in silence`);
			if (DENIAL.test(text)) wrong.push(`'${id}' was changed, which the message denies: ${text}`);
		}
	}
	return [
		...wrong,
		...meddlings(before, now, run),
		...lostRestores(cluster.stopped, told),
		...twice(cluster, run),
	];
}

/** What nobody meant stays as it is, and is asked to change nothing. */
function meddlings(before: Numbers, now: Numbers, { sent }: Performed): string[] {
	const toOne = sent.filter(({ method, path }) => method !== 'GET' && path.includes(BYSTANDER));
	const isChanged = before.get(BYSTANDER) !== now.get(BYSTANDER);
	return [
		...toOne.map(({ method, path }) => `${method} ${path} is about what nobody meant`),
		...(isChanged ? [`'${BYSTANDER}' was changed, and nobody meant it`] : []),
	];
}

/** Whatever was stopped can be started again from the report. */
function lostRestores(stopped: readonly DeploymentView[], told: IDataObject[]): string[] {
	return stopped
		.filter((view) => !told.some(({ restore }) => restores(restore, view)))
		.map(({ deployment_id: id }) => `the restore of '${id}' is lost`);
}

/** What starts or stops may reach the cluster once only. */
function twice({ stopped }: EmbeddedCluster, { sent }: Performed): string[] {
	const reached = sent.filter((each) => each.reached).map(({ path }) => path);
	const changes = reached.filter((path) => ['start', 'stop'].includes(purposeOf(path)));
	const ids = stopped.map(({ deployment_id: id }) => id);
	return [...changes, ...ids].filter((each, place, all) => all.indexOf(each) < place);
}

/** Whether two outputs say the same, but for what a lost answer leaves out and for the time. */
export function isAlike(one: IDataObject[], other: IDataObject[]): boolean {
	return isDeepStrictEqual(one.map(lasting), other.map(lasting));
}

function lasting({ deployment_id, action, changed, reason, number_of_allocations }: IDataObject) {
	return { deployment_id, action, changed, reason, number_of_allocations };
}
