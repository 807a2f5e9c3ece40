import { type ExecuteContext, RoutingNode } from 'n8n-core';
import {
	type EngineResponse,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	isNodeClassInstance,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { isTrigger } from './nodes';
import type { NodePackages } from './packages';
import type { Stub } from './types';

/** Stands for a type that is not installed here, so that a workflow with it can be loaded. */
function unknownType(name: string): INodeType {
	return {
		description: {
			name,
			displayName: name,
			group: [],
			description: '',
			version: 1,
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		execute: async () => {
			throw new Error(`The node type "${name}" is not installed: give the node a stub`);
		},
	};
}

/** The node types of one run: counts what is executed and puts stubs in place. */
export class RunNodeTypes implements INodeTypes {
	private readonly types = new Map<string, INodeType>();

	private readonly executions = new Map<string, number>();

	constructor(
		private readonly packages: NodePackages,
		private readonly stubs: Record<string, Stub>,
	) {}

	/** How often a node was executed, tries of Retry On Fail included. */
	executionsOf(nodeName: string): number {
		return this.executions.get(nodeName) ?? 0;
	}

	getByName(nodeType: string) {
		return this.packages.getByName(nodeType);
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		const key = `${nodeType}@${version ?? 'default'}`;
		const type = this.types.get(key) ?? this.prepare(nodeType, version);
		this.types.set(key, type);
		return type;
	}

	getKnownTypes() {
		return this.packages.getKnownTypes();
	}

	private prepare(nodeType: string, version?: number): INodeType {
		const type = this.packages.recognizes(nodeType)
			? this.packages.getByNameAndVersion(nodeType, version)
			: unknownType(nodeType);
		if (isTrigger(type)) return type;

		const run = async (context: ExecuteContext, response?: EngineResponse) =>
			await this.execute(type, context, response);
		// A node of the newer kind gets its context as an argument, the others as `this`.
		const execute = isNodeClassInstance(type)
			? run
			: async function (this: ExecuteContext, response?: EngineResponse) {
					return await run(this, response);
				};
		return Object.create(type, { execute: { value: execute, enumerable: true } }) as INodeType;
	}

	private async execute(type: INodeType, context: ExecuteContext, response?: EngineResponse) {
		const { name } = context.getNode();
		this.executions.set(name, this.executionsOf(name) + 1);
		const stub = this.stubs[name];
		if (stub) return await this.callStub(stub, context);
		if (isNodeClassInstance(type) && type.execute) return await type.execute(context, response);
		if (type.execute) return await type.execute.call(context, response);
		return (await new RoutingNode(context, type).runNode()) ?? [];
	}

	private async callStub(stub: Stub, context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await stub(structuredClone(context.getInputData()), context);
	}
}
