import type { IDataObject } from 'n8n-workflow';

import { simplify, simplifyNotDeployed } from '../../elasticsearch/deployment/deployment';
import { lookUp } from '../../elasticsearch/api/deployments';
import { ownerOf } from '../../elasticsearch/api/inference';
import { problem } from '../../elasticsearch/flows/failure';
import { isObject, numberOr } from '../../elasticsearch/transport/json';
import { deploymentId, shownFor, simplifyField } from '../parameters/fields';
import { optionsOf } from '../parameters/options';
import type { Operation, Outcome, RunContext } from '../execution/operation';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a deployment',
		description: 'Read the state, size and use of one deployment',
	},
	changes: false,
	fields: [shownFor('get', deploymentId), shownFor('get', simplifyField), optionsOf('get', [])],
	prepare(input) {
		const id = input.deploymentId();
		const simple = input.flag(simplifyField);
		const settings = input.requestSettings();
		return { scope: 'none', settings, run: (context) => read(context, id, simple) };
	},
};

async function* read(context: RunContext, id: string, simple: boolean): AsyncGenerator<Outcome> {
	const subject = { deploymentId: id };
	const look = await lookUp(context.connection, id);
	if (!look.ok) return yield { failure: look.failure, subject };
	const { value } = look;
	if (value.found === 'nothing' || value.found === 'other_ids') {
		return yield { failure: problem({ code: 'not_found', id, look: value }), subject };
	}
	const raw = value.found === 'deployment' ? value.deployment.raw : value.entry.raw;
	if (!simple) return yield { json: withId(raw, value.found === 'deployment' ? id : null) };
	if (value.found === 'not_deployed') {
		const size = isObject(raw.model_size_stats) ? raw.model_size_stats.model_size_bytes : undefined;
		return yield { json: simplifyNotDeployed(id, numberOr(size, null)) };
	}
	const endpoint = ownerOf(id, await context.endpoints());
	const around = { cluster: context.connection.cluster, now: Date.now(), endpoint };
	yield { json: simplify(value.deployment, around) };
}

/** Adds the id at the top of a raw entry, because every output item has it there. */
export function withId(raw: IDataObject, id: string | null): IDataObject {
	return { deployment_id: id, ...raw };
}
