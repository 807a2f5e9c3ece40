import type { INodeType, INodeTypeDescription, INodeTypes } from 'n8n-workflow';

/** A world with a single node type in it, whatever name is asked for. */
export function onlyType(type: { description: Partial<INodeTypeDescription> }): INodeTypes {
	const nodeType = type as INodeType;
	return {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
}
