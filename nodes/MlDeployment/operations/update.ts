import { lookUp, settingsOfAssignment } from '../../elasticsearch/api/deployments';
import { fixedNumber } from '../../elasticsearch/deployment/allocations';
import { expectedOfAssignment } from '../../elasticsearch/deployment/judge';
import { resize, type ResizeGoal } from '../../elasticsearch/flows/resize';
import {
	allocationMode,
	deploymentId,
	dryRun,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	numberOfAllocations,
	shownFor,
} from '../parameters/fields';
import {
	allowAgentUse,
	details,
	noMaximum,
	optionsOf,
	waitFor as waitForField,
	waitTimeout,
	whenAdaptive,
	whenEndpointOwned,
} from '../parameters/options';
import type { Success, Operation, Outcome, RunContext } from '../execution/operation';
import { readAllocations, readResize } from '../parameters/allocations';
import { deploymentOf } from './shared/notFound';
import { outputOf } from './shared/change';
import { showResize } from './shared/dryRun';
import { readWaiting, thenWait, type Waiting } from './shared/awaitState';

/** `_update` takes no 0, so a 0 is refused with the ways to zero. */
const WAYS_TO_ZERO =
	"To go to zero, use the operation Stop, the operation Scale with 0 in 'Number of Allocations', or here the 'Allocation Mode' Adaptive with a minimum of 0. Else enter 1 or more";

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update a deployment',
		description:
			'Change a deployment that runs: the number of its allocations, or their adaptive bounds',
	},
	changes: true,
	past: 'updated',
	fields: [
		shownFor('update', deploymentId),
		shownFor('update', allocationMode),
		shownFor('update', numberOfAllocations, { allocationMode: ['fixed'] }),
		shownFor('update', minNumberOfAllocations, { allocationMode: ['adaptive'] }),
		shownFor('update', maxNumberOfAllocations, { allocationMode: ['adaptive'] }),
		shownFor('update', dryRun),
		optionsOf('update', [
			whenAdaptive,
			whenEndpointOwned,
			noMaximum,
			waitForField,
			waitTimeout,
			details,
			allowAgentUse,
		]),
	],
	prepare(input) {
		const id = input.deploymentId();
		const goal = readResize(input, readAllocations(input, { noMaximum, ifZero: WAYS_TO_ZERO }));
		const waiting = readWaiting(input);
		const onlyShow = input.flag(dryRun);
		return {
			scope: { id },
			settings: input.requestSettings(),
			run: (context) => (onlyShow ? show(context, id, goal) : change(context, id, goal, waiting)),
		};
	},
};

async function* change(
	context: RunContext,
	id: string,
	goal: ResizeGoal,
	waiting: Waiting,
): AsyncGenerator<Outcome> {
	const subject = { deploymentId: id };
	const updated = await resize(context.connection, id, goal, context.endpoints);
	if (!updated.ok) return yield { failure: updated.failure, subject };
	const number = fixedNumber(goal.allocations);
	const assignment = updated.value;
	const done: Success = {
		...outputOf({
			id,
			action: 'update',
			after: assignment === null ? undefined : settingsOfAssignment(assignment),
			assignment,
			// The inference API answers with its endpoint, which holds no assignment.
			facts: assignment === null ? { changed_through: 'inference_api' } : undefined,
		}),
		did: `updated '${id}'`,
	};
	const expected =
		assignment === null ? { numberOfAllocations: number } : expectedOfAssignment(assignment);
	yield thenWait(context, done, subject, waiting, expected);
}

async function* show(context: RunContext, id: string, goal: ResizeGoal): AsyncGenerator<Outcome> {
	const subject = { deploymentId: id };
	const found = deploymentOf(id, await lookUp(context.connection, id));
	if (!found.ok) return yield { failure: found.failure, subject };
	const shown = await showResize(context, found.value, goal);
	if (!shown.ok) return yield { failure: shown.failure, subject };
	const { state } = found.value;
	const further =
		shown.value.action === 'update' && state !== 'started'
			? [
					state === 'unknown'
						? 'The cluster does not show its state, and may refuse this'
						: `The cluster would refuse it now: the deployment is ${state}, not started`,
				]
			: [];
	const warnings = [...(shown.value.warnings ?? []), ...further];
	yield outputOf({ ...shown.value, assignment: null, warnings });
}
