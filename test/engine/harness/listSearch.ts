import { LoadOptionsContext } from 'n8n-core';
import { type INode, type INodeListSearchResult, Workflow } from 'n8n-workflow';

import { additionalDataFor } from './additionalData';
import { bindCredentials, credentialsOf } from './binding';
import { EngineCredentials } from './credentials';
import { DEFAULT_NODE_TYPE, latestVersion } from './nodes';
import type { NodePackages } from './packages';
import type { ListSearchOptions } from './types';

/** Calls a picker's list method as the editor does when a user opens or searches the picker. */
export async function listSearch(
	packages: NodePackages,
	method: string,
	options: ListSearchOptions,
): Promise<INodeListSearchResult> {
	const { nodeType = DEFAULT_NODE_TYPE, parameters = {}, filter, paginationToken } = options;
	const type = packages.getByNameAndVersion(nodeType, options.typeVersion);
	const list = type.methods?.listSearch?.[method];
	if (!list) throw new Error(`The node "${nodeType}" has no list method "${method}"`);

	const credentials = new EngineCredentials(packages, credentialsOf(type, options.credentials));
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: nodeType,
		typeVersion: options.typeVersion ?? latestVersion(type),
		position: [0, 0],
		parameters: structuredClone(parameters),
	};
	bindCredentials(node, type, credentials);
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: packages,
	});
	const additionalData = additionalDataFor(credentials, { currentNodeParameters: parameters });
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	return await list.call(context, filter, paginationToken);
}
