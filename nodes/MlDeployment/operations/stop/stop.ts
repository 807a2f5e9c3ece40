import { isAbsent } from '../../../elasticsearch/api/refusals';
import type { Pattern } from '../../../elasticsearch/deployment/pattern';
import type { Failure } from '../../../elasticsearch/transport/failure';
import type { SelectionRules } from '../../../elasticsearch/deployment/selection';
import { problem } from '../../../elasticsearch/flows/failure';
import { stopBlind } from '../../../elasticsearch/flows/stop';
import type { Operation, Outcome, RunContext } from '../../execution/operation';
import { target } from '../../parameters/fields';
import { readRules, warned } from '../shared/selectMatching';
import {
	allowNoMatch,
	includeEndpointOwned,
	readStop,
	requireRestore,
	stopFields,
	type StopGoal,
} from './parameters';
import { stopById, stopMatches, type Match } from './stopMatching';
import { skipped, noMatch } from './output';
import { recall } from './stopDeployment';

export const stop: Operation = {
	option: {
		name: 'Stop',
		value: 'stop',
		action: 'Stop a deployment',
		description:
			'Stop one deployment, or all that match a pattern, and record how to bring them back',
	},
	changes: true,
	fields: stopFields,
	recall,
	prepare(input) {
		const goal: StopGoal = {
			...readStop(input),
			requireRestore: input.optionalFlag(requireRestore, true),
		};
		const settings = input.requestSettings();
		if (input.choice(target) === 'one') {
			const id = input.deploymentId();
			return { scope: { id }, settings, run: (context) => stopOne(context, id, goal) };
		}
		const pattern = input.pattern();
		const rules: SelectionRules = {
			...readRules(input),
			allowNoMatch: input.optionalFlag(allowNoMatch, true),
		};
		const owned = input.optionalFlag(includeEndpointOwned, false);
		return {
			scope: 'any',
			settings,
			run: (context) => stopMatching(context, pattern, rules, owned, goal),
		};
	},
};

async function* stopOne(context: RunContext, id: string, goal: StopGoal): AsyncGenerator<Outcome> {
	const match = await stopById(context, id, goal);
	const unread = match.is === 'failed' && match.failure.kind === 'response' && match.failure;
	const isUnseen = unread !== false && unread.status === 403;
	yield isUnseen ? await stopUnseen(context, id, unread, goal) : inWords(match, goal);
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
		if (isMissing) return skipped(id, null, 'unknown_id', goal);
		return { failure: stopped.failure, subject };
	}
	const warnings = ['The API key may not read statistics, so there is no restore object'];
	return {
		json: { deployment_id: id, model_id: null, stopped: true, restore: null, warnings },
		did: `stopped '${id}'`,
	};
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
		else yield warned(inWords(match, goal), warnings);
	}
}

function inWords(match: Exclude<Match, { is: 'warning' }>, goal: StopGoal): Outcome {
	switch (match.is) {
		case 'stop':
			return match.outcome;
		case 'excluded':
		case 'endpoint_owned':
			return skipped(match.seen.id, match.seen.modelId, match.is, goal, match.seen);
		case 'vanished':
			return skipped(match.seen.id, match.seen.modelId, 'not_deployed', goal);
		case 'absent':
			return skipped(match.id, match.modelId, match.reason, goal);
		case 'no_match':
			return noMatch(match.part, goal);
		case 'failed':
			return { failure: match.failure, subject: { deploymentId: match.id } };
	}
}
