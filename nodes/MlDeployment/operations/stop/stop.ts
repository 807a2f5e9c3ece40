import { isAbsent, isUnprivileged } from '../../../elasticsearch/api/refusals';
import type { Pattern } from '../../../elasticsearch/deployment/pattern';
import type { Failure } from '../../../elasticsearch/transport/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import { ABSENT } from '../../../elasticsearch/deployment/deployment';
import { problem } from '../../../elasticsearch/flows/failure';
import { stopBlind } from '../../../elasticsearch/flows/stop';
import type { Job, Operation, Outcome, RunContext } from '../../execution/operation';
import { target } from '../../parameters/fields';
import type { ItemInput } from '../../parameters/itemParameters';
import { outputOf } from '../shared/change';
import { readRules, warned } from '../shared/selectMatching';
import {
	allowNoMatch,
	includeEndpointOwned,
	readStop,
	stopFields,
	type StopGoal,
} from './parameters';
import { stopById, stopMatches, type Match } from './stopMatching';
import { leftAlone, notThere } from './output';
import { recall } from './stopDeployment';

export const stop: Operation = {
	option: {
		name: 'Stop',
		value: 'stop',
		action: 'Stop a deployment',
		description: 'Stop one deployment, or all that match a pattern, and keep what brings them back',
	},
	changes: true,
	past: 'stopped',
	fields: stopFields,
	recall,
	prepare: (input) => prepareStop(input, input.optionalFlag(allowNoMatch, true)),
};

/**
 * Reads a stop, for Stop and for Scale to 0.
 * @param mayMatchNothing whether a pattern may match nothing; undefined if no option allows it
 */
export function prepareStop(input: ItemInput, mayMatchNothing?: boolean): Job {
	const goal = readStop(input);
	const settings = input.requestSettings();
	if (input.choice(target) === 'one') {
		const id = input.deploymentId();
		return { scope: { id }, settings, run: (context) => stopOne(context, id, goal) };
	}
	const pattern = input.pattern();
	const rules: SelectionRules = { ...readRules(input), allowNoMatch: mayMatchNothing };
	const owned = input.optionalFlag(includeEndpointOwned, false);
	return {
		scope: 'any',
		settings,
		run: (context) => stopMatching(context, pattern, rules, owned, goal),
	};
}

async function* stopOne(context: RunContext, id: string, goal: StopGoal): AsyncGenerator<Outcome> {
	const match = await stopById(context, id, goal);
	const unread = match.is === 'failed' && match.failure.kind === 'response' && match.failure;
	const isUnseen = unread !== false && isUnprivileged(unread);
	yield isUnseen ? await stopUnseen(context, id, unread, goal) : outcomeOf(context, match, goal);
}

/** Stops with a key that may not read, but only if the user gave up the restore object. */
async function stopUnseen(
	context: RunContext,
	id: string,
	unread: Failure,
	goal: StopGoal,
): Promise<Outcome> {
	const subject = { deploymentId: id };
	const { onlyIfIdleMinutes: idle, minAgeMinutes: age } = goal.guards;
	if (goal.requireRestore || goal.dryRun || idle !== undefined || age !== undefined) {
		return { failure: problem({ code: 'cannot_record', id }, unread), subject };
	}
	const stopped = await stopBlind(context.connection, id, goal.run);
	if (!stopped.ok) {
		const isMissing = goal.ignoreMissing && isAbsent(stopped.failure);
		if (isMissing) return notThere({ id }, 'unknown_id', goal);
		return { failure: stopped.failure, subject };
	}
	const warnings = ['The API key may not read statistics, so there is no restore object'];
	const output = outputOf({ id, action: 'stop', after: ABSENT, warnings });
	return { ...output, did: `stopped '${id}'` };
}

async function* stopMatching(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	includeEndpointOwned: boolean,
	goal: StopGoal,
): AsyncGenerator<Outcome> {
	const warnings: string[] = [];
	for await (const match of stopMatches(context, pattern, rules, goal, includeEndpointOwned)) {
		if (match.is === 'warning') warnings.push(match.text);
		else yield warned(outcomeOf(context, match, goal), warnings);
	}
}

function outcomeOf(
	context: RunContext,
	match: Exclude<Match, { is: 'warning' }>,
	goal: StopGoal,
): Outcome {
	switch (match.is) {
		case 'stop':
			return match.outcome;
		case 'excluded':
		case 'endpoint_owned':
			return leftAlone(context, match.seen, match.is, goal);
		case 'vanished': {
			const { id, modelId } = match.seen;
			return notThere({ id, modelId }, 'not_deployed', goal);
		}
		case 'absent':
			return notThere(
				{ id: match.id, modelId: match.modelId, restore: match.restore },
				match.reason,
				goal,
			);
		case 'no_match': {
			const warnings = [`Nothing matches '${match.part}'`];
			const output = notThere({ id: null, warnings }, 'no_match', goal);
			return { ...output, unmatched: match.part };
		}
		case 'failed':
			return { failure: match.failure, subject: { deploymentId: match.id } };
	}
}
