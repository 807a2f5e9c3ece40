import type { Lookup } from '../../../elasticsearch/api/deployments';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Failure, Result } from '../../../elasticsearch/transport/failure';
import { failed, success } from '../../../elasticsearch/transport/failure';

/** The deployment that was looked up, or why there is none under this id. */
export function deploymentOf(id: string, look: Result<Lookup>): Result<Deployment> {
	if (!look.ok) return look;
	const { value } = look;
	return value.found === 'deployment'
		? success(value.deployment)
		: failed(explainNotFound(id, value));
}

/** Why an id names no deployment. The commonest slip is a model's id where its deployments have their own. */
export function explainNotFound(
	id: string,
	look: Exclude<Lookup, { found: 'deployment' }>,
): Failure {
	const status = 404;
	switch (look.found) {
		case 'nothing':
			return {
				kind: 'outcome',
				status,
				message: `No deployment and no model is called '${id}'`,
				next: 'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment that had an ID of its own is gone from the cluster',
			};
		case 'not_deployed':
			return {
				kind: 'outcome',
				status,
				message: `The model '${id}' is not deployed`,
				next: 'Start it first',
			};
		case 'other_ids': {
			const what = look.modelId === id ? 'a model' : `an alias of the model '${look.modelId}'`;
			const ids = look.deploymentIds.map((each) => `'${each}'`).join(', ');
			return {
				kind: 'outcome',
				status,
				message: `'${id}' is ${what}, not a deployment`,
				next:
					ids === '' ? `The model is not deployed` : `Use the ID of its deployment instead: ${ids}`,
			};
		}
	}
}
