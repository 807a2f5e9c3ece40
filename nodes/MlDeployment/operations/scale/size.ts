/** What the size of a goal means for a deployment that runs, or that is started again. Pure. */

import {
	fixedNumber,
	isAsDesired,
	limited,
	overAdaptive,
	type Allocations,
} from '../../../elasticsearch/deployment/allocations';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { withAllocations } from '../start/parameters';
import type { ScaleGoal } from './parameters';

/** The allocations that bring a size to the goal; undefined if it fits. */
export function allocationsFor(
	size: Parameters<typeof limited>[0],
	{ rule, resize }: Pick<ScaleGoal, 'rule' | 'resize'>,
): Allocations | undefined {
	const limit = fixedNumber(resize.allocations);
	if (rule === 'exactly' || limit === undefined) return resize.allocations;
	return limited(size, rule, limit);
}

/**
 * What to start so that it has the size of the goal and otherwise is as it was. A fixed number for
 * what was adaptive is decided as for what runs.
 */
export function sized(spec: StartSpec, goal: ScaleGoal): FlowResult<StartSpec> {
	const allocations = allocationsFor(spec, goal);
	if (allocations === undefined) return success(spec);
	const number = fixedNumber(allocations);
	if (number === undefined || spec.adaptive?.enabled !== true) {
		return success(withAllocations(spec, allocations));
	}
	const { whenAdaptive } = goal.resize;
	if (isAsDesired(spec, allocations, whenAdaptive)) return success(spec);
	if (whenAdaptive === 'error') {
		return failed(problem({ code: 'recorded_adaptive', id: spec.deploymentId }));
	}
	return success(withAllocations(spec, overAdaptive(number, whenAdaptive)));
}
