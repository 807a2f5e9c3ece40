import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { theEngine } from '../engine/given';
import type { Stub } from '../engine/harness';

/**
 * n8n's own node, which gets a part of the server that the engine alone does not have: its
 * fields are read and its answers made as in production.
 */
export function withServerPart(partsOf: (context: IExecuteFunctions) => object): Stub {
	return async (_items, context) => {
		const { type, typeVersion } = context.getNode();
		const { execute } = theEngine().nodeTypes.getByNameAndVersion(type, typeVersion);
		if (execute === undefined) throw new Error(`${type} cannot be executed`);
		const withParts = Object.assign(Object.create(context), partsOf(context)) as IExecuteFunctions;
		return (await execute.call(withParts)) as INodeExecutionData[][];
	};
}
