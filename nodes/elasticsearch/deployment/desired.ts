/** Whether a deployment is what Scale asks for, and what it is after a change. Pure. */

import type { IDataObject } from 'n8n-workflow';

import type { Allocations, WhenAdaptive } from './allocations';
import type { Settings } from './deployment';
import { isObject, numberOr, textOr } from '../transport/json';
import { readAdaptive, type Deployment } from '../api/stats';

/** A second Scale finds this true, so it changes nothing. */
export function isAsDesired(
	deployment: Pick<Deployment, 'adaptive' | 'numberOfAllocations'>,
	wanted: Allocations,
	whenAdaptive: WhenAdaptive,
): boolean {
	const { adaptive } = deployment;
	const { min_number_of_allocations: min, max_number_of_allocations: max } = adaptive ?? {};
	if (wanted.mode === 'adaptive') {
		return (
			adaptive?.enabled === true &&
			(wanted.min === undefined || wanted.min === min) &&
			(wanted.max === undefined || (wanted.max ?? undefined) === max)
		);
	}
	if (adaptive?.enabled !== true) return deployment.numberOfAllocations === wanted.number;
	// Bounds that leave only this number hold it, unless adaptive is to be off.
	return whenAdaptive !== 'turnOff' && min === wanted.number && max === wanted.number;
}

/** The settings that an assignment shows. */
export function settingsOfAssignment(assignment: IDataObject): Settings {
	const parameters = isObject(assignment.task_parameters) ? assignment.task_parameters : {};
	const adaptive = readAdaptive(assignment.adaptive_allocations);
	return {
		state: textOr(assignment.assignment_state, 'starting'),
		number_of_allocations: numberOr(parameters.number_of_allocations, 0),
		adaptive_allocations: adaptive === null ? null : { ...adaptive },
	};
}
