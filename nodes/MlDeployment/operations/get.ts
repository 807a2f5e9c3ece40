import type { IDataObject } from 'n8n-workflow';

import {
	simplifyNotDeployed,
	simplifyNotDeployedInFull,
} from '../../elasticsearch/deployment/deployment';
import { lookUp } from '../../elasticsearch/api/deployments';
import { problem } from '../../elasticsearch/flows/failure';
import type { StatsEntry } from '../../elasticsearch/deployment/state';
import { isObject, numberOr } from '../../elasticsearch/transport/json';
import { deploymentId, output as outputField, shownFor, type Output } from '../parameters/fields';
import { optionsOf } from '../parameters/options';
import type { Operation, Outcome, RunContext } from '../execution/operation';
import { showDeployment, withId } from './shared/showDeployment';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a deployment',
		description: 'Read the state, size and use of one deployment',
	},
	changes: false,
	fields: [shownFor('get', deploymentId), shownFor('get', outputField), optionsOf('get', [])],
	prepare(input) {
		const id = input.deploymentId();
		const output = input.choice(outputField);
		const settings = input.requestSettings();
		return { scope: 'none', settings, run: (context) => read(context, id, output) };
	},
};

async function* read(context: RunContext, id: string, output: Output): AsyncGenerator<Outcome> {
	const subject = { deploymentId: id };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return yield { failure: look.failure, subject };
	const { value } = look;
	if (value.found === 'nothing' || value.found === 'other_ids') {
		return yield { failure: problem({ code: 'not_found', id, look: value }), subject };
	}
	yield {
		json:
			value.found === 'deployment'
				? await showDeployment(context, value.deployment, output)
				: showModel(value.entry, output),
	};
}

/** A model without a deployment. */
function showModel({ modelId, raw }: StatsEntry, output: Output): IDataObject {
	if (output === 'raw') return withId(raw, null);
	if (output === 'simplified') return simplifyNotDeployed(modelId);
	const size = isObject(raw.model_size_stats) ? raw.model_size_stats.model_size_bytes : undefined;
	return simplifyNotDeployedInFull(modelId, numberOr(size, null));
}
