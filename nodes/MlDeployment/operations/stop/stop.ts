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
		const wanted: StopGoal = {
			...readStop(input),
			requireRestore: input.optionalFlag(requireRestore, true),
		};
		const settings = input.requestSettings();
		if (input.choice(target) === 'one') {
			const id = input.deploymentId();
			return { touches: { id }, settings, run: (session) => stopOne(session, id, wanted) };
		}
		const pattern = input.pattern();
		const rules: SelectionRules = {
			...readRules(input),
			allowNoMatch: input.optionalFlag(allowNoMatch, true),
		};
		const owned = input.optionalFlag(includeEndpointOwned, false);
		return {
			touches: 'many',
			settings,
			run: (session) => stopMatching(session, pattern, rules, owned, wanted),
		};
	},
};

async function* stopOne(
	session: RunContext,
	id: string,
	wanted: StopGoal,
): AsyncGenerator<Outcome> {
	const match = await stopById(session, id, wanted);
	const unread = match.is === 'failed' && match.failure.kind === 'response' && match.failure;
	const isUnseen = unread !== false && unread.status === 403;
	yield isUnseen ? await stopUnseen(session, id, unread, wanted) : inWords(match, wanted);
}

/** A key that may stop but not read: only where the user gave up the restore. */
async function stopUnseen(
	session: RunContext,
	id: string,
	unread: Failure,
	wanted: StopGoal,
): Promise<Outcome> {
	const subject = { deploymentId: id };
	const { onlyIfIdleMinutes: idle, minAgeMinutes: age } = wanted.guards;
	if (wanted.requireRestore || wanted.dryRun || idle !== undefined || age !== undefined) {
		return { failure: problem({ code: 'cannot_record', id }, unread), subject };
	}
	const stopped = await stopBlind(session.connection, id, wanted.run);
	if (!stopped.ok) {
		const isMissing = wanted.ignoreMissing && isAbsent(stopped.failure);
		if (isMissing) return skipped(id, null, 'unknown_id', wanted);
		return { failure: stopped.failure, subject };
	}
	const warnings = ['The API key may not read statistics, so there is no restore object'];
	return {
		json: { deployment_id: id, model_id: null, stopped: true, restore: null, warnings },
		did: `stopped '${id}'`,
	};
}

async function* stopMatching(
	session: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	includeEndpointOwned: boolean,
	wanted: StopGoal,
): AsyncGenerator<Outcome> {
	const warnings: string[] = [];
	for await (const match of stopMatches(session, pattern, rules, wanted, includeEndpointOwned)) {
		if (match.is === 'warning') warnings.push(match.text);
		else yield warned(inWords(match, wanted), warnings);
	}
}

function inWords(match: Exclude<Match, { is: 'warning' }>, wanted: StopGoal): Outcome {
	switch (match.is) {
		case 'stop':
			return match.outcome;
		case 'excluded':
		case 'endpoint_owned':
			return skipped(match.seen.id, match.seen.modelId, match.is, wanted, match.seen);
		case 'vanished':
			return skipped(match.seen.id, match.seen.modelId, 'not_deployed', wanted);
		case 'absent':
			return skipped(match.id, match.modelId, match.reason, wanted);
		case 'no_match':
			return noMatch(match.part, wanted);
		case 'failed':
			return { failure: match.failure, subject: { deploymentId: match.id } };
	}
}
