import type { Expected, GivenDeployment } from '../case';
import { Like } from '../shape';

/** What several cases need: the same words, so that a run can keep it from one to the next. */

/** One allocation. On Serverless, where every deployment is adaptive, from 1 to 1. */
export const FIXED: GivenDeployment[] = [{ name: 'fixed', number_of_allocations: 1 }];

export const ADAPTIVE: GivenDeployment[] = [
	{
		name: 'adaptive',
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 2,
		},
	},
];

export const LOW: GivenDeployment[] = [{ name: 'low', priority: 'low', number_of_allocations: 1 }];

export const VALIDATION = 'action_request_validation_exception';
export const CANNOT_BE_SET =
	'Validation Failed: 1: [number_of_allocations] cannot be set if adaptive allocations is enabled';

/** A refusal: status, type and how the reason begins. */
export const refused = (status: number, type: string, reason: string): Expected => ({
	status,
	type,
	reason,
});

/** 404 of `_update` and `_stop`. */
export const unknown = (name: string): Expected =>
	refused(
		404,
		'resource_not_found_exception',
		`No known model deployment with id [${/^[a-z]+$/.test(name) ? `{${name}}` : name}]`,
	);

/** 200 with an assignment of this number. */
export const numbered = (number: number): Expected => ({
	status: 200,
	shape: { assignment: { task_parameters: { number_of_allocations: number } } },
});

/** 200 with an assignment of these adaptive settings. */
export const adaptiveAnswer = (
	settings: Record<string, number | boolean | Like> | null,
): Expected => ({ status: 200, shape: { assignment: { adaptive_allocations: settings } } });

/** 200 `{"stopped":true}`. */
export const STOPPED: Expected = { status: 200, shape: { stopped: true } };
