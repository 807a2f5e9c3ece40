import type { IDataObject } from 'n8n-workflow';

import { ownerOf } from '../../../elasticsearch/api/inference';
import { simplify, simplifyInFull } from '../../../elasticsearch/deployment/deployment';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { RunContext } from '../../execution/operation';
import type { Output } from '../../parameters/fields';

/** The deployment as outputs show it, with the inference endpoint that owns it. */
export async function showDeployment(
	context: RunContext,
	deployment: Deployment,
	output: Output,
): Promise<IDataObject> {
	if (output === 'raw') return withId(deployment.raw, deployment.id);
	const endpoint = ownerOf(deployment.id, await context.endpoints());
	const around = { cluster: context.connection.cluster, now: Date.now(), endpoint };
	return output === 'full' ? simplifyInFull(deployment, around) : simplify(deployment, around);
}

/** Adds the id at the top of a raw entry, because every output item has it there. */
export function withId(raw: IDataObject, id: string | null): IDataObject {
	return { deployment_id: id, ...raw };
}
