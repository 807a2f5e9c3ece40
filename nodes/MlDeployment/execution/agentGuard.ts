import { NodeOperationError, type IExecuteFunctions, type INode } from 'n8n-workflow';

import { isObject } from '../../elasticsearch/transport/json';
import { dryRun } from '../parameters/fields';
import type { ItemInput } from '../parameters/itemParameters';
import { allowAgentUse, force } from '../parameters/options';
import type { Operation, WriteScope } from './operation';

/**
 * Whether an AI agent runs the node, and no person allowed it to change anything. n8n's
 * `isToolExecution()` is false when an agent runs a tool, so the end of the node type tells. The
 * permission is read unresolved: no expression and no model can give it.
 */
export function isAgentBound({ type, parameters }: INode): boolean {
	const stored: unknown = parameters.options;
	const isAllowed = isObject(stored) && stored[allowAgentUse.name] === true;
	return type.endsWith('Tool') && !isAllowed;
}

/**
 * Keeps an AI agent from changing anything unless a person allowed it in the node; throws a
 * NodeOperationError.
 */
export function refuseAgent(
	host: IExecuteFunctions,
	operation: Operation,
	input: ItemInput,
	scope: WriteScope,
): void {
	const node = host.getNode();
	if (!node.type.endsWith('Tool') || !operation.changes) return;
	const refuse = (message: string, description: string): never => {
		throw new NodeOperationError(node, message, { itemIndex: input.index, description });
	};
	if (scope === 'any') {
		refuse(
			'An agent may change one deployment at a time, not a pattern',
			'Call this with one deployment id',
		);
	}
	if (input.optionalFlag(force, false)) {
		refuse(
			'An agent may not force a stop',
			'Ask a person to stop this deployment, since something depends on it',
		);
	}
	if (isAgentBound(node) && !input.flag(dryRun)) {
		refuse(
			'An agent may not change deployments with this tool',
			"Ask a person to turn on the option 'Allow Agent Use' in the tool's node",
		);
	}
}
