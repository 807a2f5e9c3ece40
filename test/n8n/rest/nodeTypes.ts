import type { ICredentialType, INodeParameters, INodeTypeDescription } from 'n8n-workflow';

import type { CredentialJson } from './credentials';
import type { Http } from './http';

/** An entry of a list that a person picks from. */
export interface ListEntry {
	name: string;
	value: string;
	url?: string;
	description?: string;
}

export interface ListRequest {
	/** The field, e.g. `deploymentId`. */
	field: string;
	method: string;
	credential: CredentialJson;
	parameters?: INodeParameters;
	/** What the person has typed. */
	filter?: string;
	paginationToken?: string;
}

export const OURS = 'n8n-nodes-elasticsearch-ml.mlDeployment';

export class NodeTypes {
	constructor(private readonly http: Http) {}

	/** All descriptions, as the editor loads them. */
	async all(): Promise<INodeTypeDescription[]> {
		return JSON.parse(await this.http.text('GET', '/types/nodes.json')) as INodeTypeDescription[];
	}

	async credentialTypes(): Promise<ICredentialType[]> {
		return JSON.parse(await this.http.text('GET', '/types/credentials.json')) as ICredentialType[];
	}

	/** What a resource locator's list offers. */
	async list(request: ListRequest): Promise<{ results: ListEntry[]; paginationToken?: string }> {
		const { field, method, credential, parameters = {}, filter, paginationToken } = request;
		return await this.http.ask('POST', '/dynamic-node-parameters/resource-locator-results', {
			path: `parameters.${field}`,
			nodeTypeAndVersion: { name: OURS, version: 1 },
			methodName: method,
			currentNodeParameters: parameters,
			credentials: { [credential.type]: { id: credential.id, name: credential.name } },
			filter,
			paginationToken,
		});
	}
}
