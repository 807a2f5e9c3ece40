import { clearCache as send } from '../../elasticsearch/api/infer';
import type { Operation, Outcome, RunContext } from '../execution/operation';
import { deploymentId, shownFor } from '../parameters/fields';
import { allowAgentUse, optionsOf } from '../parameters/options';

export const clearCache: Operation = {
	option: {
		name: 'Clear Cache',
		value: 'clearCache',
		action: 'Clear the cache of a deployment',
		description: 'Forget the answers that a deployment keeps for texts that come again',
	},
	changes: true,
	past: 'cleared',
	fields: [shownFor('clearCache', deploymentId), optionsOf('clearCache', [allowAgentUse])],
	prepare(input) {
		const id = input.deploymentId();
		const settings = input.requestSettings();
		return { scope: { id }, settings, run: (context) => clear(context, id) };
	},
};

async function* clear({ connection }: RunContext, id: string): AsyncGenerator<Outcome> {
	const cleared = await send(connection, id);
	yield cleared.ok
		? { json: { deployment_id: id, cleared: true }, did: `cleared the cache of '${id}'` }
		: { failure: cleared.failure, subject: { deploymentId: id } };
}
