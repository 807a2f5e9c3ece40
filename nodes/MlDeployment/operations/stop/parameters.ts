import type { INodeProperties } from 'n8n-workflow';

import type { StopRun } from '../../../elasticsearch/flows/stop';
import type { Guards } from '../../../elasticsearch/deployment/selection';
import {
	deploymentId,
	dryRun,
	maxMatches,
	pattern,
	shownFor,
	target,
} from '../../parameters/fields';
import {
	allowAgentUse,
	details,
	exclude,
	FINISH_TIMEOUT_S,
	force,
	onlyWith,
	optionsOf,
	whenSomeMatchesFail,
	type Option,
} from '../../parameters/options';
import type { ItemInput } from '../../parameters/itemParameters';

/** How to stop, whichever deployments it is about. */
export interface StopGoal {
	run: StopRun;
	guards: Guards;
	requireRestore: boolean;
	ignoreMissing: boolean;
	dryRun: boolean;
}

/** Reads how to stop. */
export function readStop(input: ItemInput): StopGoal {
	const finishes = input.optionalFlag(finishPendingWork, false);
	return {
		run: {
			force: input.optionalFlag(force, false),
			finishPendingWork: finishes,
			...input.requestSettings(finishes ? FINISH_TIMEOUT_S : undefined),
		},
		guards: {
			onlyIfIdleMinutes: input.optionalMinutes(onlyIfIdleMinutes),
			minAgeMinutes: input.optionalMinutes(minAgeMinutes),
		},
		requireRestore: input.optionalFlag(requireRestore, true),
		ignoreMissing: input.optionalFlag(ignoreMissing, false),
		dryRun: input.flag(dryRun),
	};
}

export const allowNoMatch: Option = onlyWith('target', 'pattern', {
	displayName: 'Fail If Nothing Matches',
	name: 'allowNoMatch',
	type: 'options',
	default: false,
	// The name and its values are those of Elasticsearch's API; n8n's options ask the other way round.
	options: [
		{ name: 'Yes', value: false, description: 'End with an error before anything is stopped' },
		{ name: 'No', value: true, description: 'This is also what happens without the option' },
	],
	description: 'What to do if a pattern, or a part of a list, matches no deployment',
});

export const ignoreMissing: Option = onlyWith('target', 'one', {
	displayName: 'Ignore Unknown ID',
	name: 'ignoreMissing',
	type: 'boolean',
	default: true,
	description:
		'Whether an ID that the cluster does not know is a success. Beware: a typo then saves nothing and looks fine.',
});

export const finishPendingWork: Option = {
	displayName: 'Finish Pending Work',
	name: 'finishPendingWork',
	type: 'boolean',
	default: true,
	description:
		'Whether to work off queued requests first, which can take up to 6 minutes (Elasticsearch 8.11 and later). Otherwise they fail.',
};

export const includeEndpointOwned: Option = onlyWith('target', 'pattern', {
	displayName: 'Include What Inference Endpoints Own',
	name: 'includeEndpointOwned',
	type: 'boolean',
	default: true,
	description:
		'Whether to stop deployments that an inference endpoint created too. They are left alone otherwise; newer clusters stop them only with Force.',
});

export const onlyIfIdleMinutes: Option = {
	displayName: 'Only If Idle (Minutes)',
	name: 'onlyIfIdleMinutes',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description: 'Leave it alone if it had a request within so many minutes, or has requests waiting',
};

export const minAgeMinutes: Option = {
	displayName: 'Minimum Age (Minutes)',
	name: 'minAgeMinutes',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description: 'Leave it alone if it was started less than so many minutes ago',
};

export const requireRestore: Option = {
	displayName: 'Fail If Settings Cannot Be Saved',
	name: 'requireRestore',
	type: 'boolean',
	default: false,
	description:
		'Whether to stop only what can be restored later. Without this option that is so; switch it off for a key that may stop but not read statistics.',
};

export const stopFields: INodeProperties[] = [
	shownFor('stop', target),
	shownFor('stop', deploymentId, { target: ['one'] }),
	shownFor('stop', pattern, { target: ['pattern'] }),
	shownFor('stop', maxMatches, { target: ['pattern'] }),
	shownFor('stop', dryRun),
	optionsOf('stop', [
		allowNoMatch,
		ignoreMissing,
		force,
		finishPendingWork,
		exclude,
		includeEndpointOwned,
		onlyIfIdleMinutes,
		minAgeMinutes,
		requireRestore,
		whenSomeMatchesFail,
		details,
		allowAgentUse,
	]),
];
