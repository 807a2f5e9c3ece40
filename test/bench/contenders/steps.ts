import type { IDataObject } from 'n8n-workflow';

import type { Access } from '../cluster/orders';
import { ML_DEPLOYMENT, type Step } from '../flow';

/** Our node. */
export function ours(operation: string, fields: IDataObject): Step {
	const parameters = { resource: 'deployment', operation, ...fields };
	return { name: 'ML Deployment', type: ML_DEPLOYMENT, typeVersion: 1, parameters };
}

/** n8n's HTTP Request node with our credential. It sends the requests of all items at once. */
export function httpRequest(
	{ endpoint }: Access,
	method: 'GET' | 'POST',
	path: string,
	jsonBody?: string,
): Step {
	return {
		name: `HTTP ${method}`,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method,
			url: `=${endpoint}${path}`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'elasticsearchMlApi',
			...(jsonBody !== undefined && { sendBody: true, specifyBody: 'json', jsonBody }),
			options: {},
		},
	};
}
