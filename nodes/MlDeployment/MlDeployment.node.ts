import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { runItems } from './execution/runItems';
import { searchDeployments, searchModels } from './listSearch';
import { operationNamed, operations } from './operations';
import { shown } from './parameters/values';
import { subtitleOf } from './subtitle';

/** n8n adds this operation to every node whose credential authenticates requests. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: 'deployment',
	options: [{ name: 'Deployment', value: 'deployment' }],
};

const operationOptions = operations.map(({ option }) => option);

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	// A node without a saved operation must not change anything.
	default: 'getMany',
	displayOptions: { show: { resource: ['deployment'] } },
	options: operationOptions,
};

/**
 * The node is programmatic, not declarative, because it waits, reads before it writes, resolves
 * patterns, retries, and says in each error what to do next.
 */
export class MlDeployment implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ML Deployment',
		name: 'mlDeployment',
		icon: { light: 'file:mlDeployment.svg', dark: 'file:mlDeployment.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(operationOptions),
		description: 'Scale, stop, start and watch Elasticsearch trained model deployments',
		defaults: { name: 'ML Deployment' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'elasticsearchMlApi', required: true }],
		properties: [
			resourceField,
			operationField,
			...operations.flatMap((operation) => operation.fields),
		],
	};

	methods = { listSearch: { searchDeployments, searchModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const name = this.getNodeParameter('operation', 0);
		const operation = operationNamed(name);
		if (operation === undefined) {
			throw new NodeOperationError(
				this.getNode(),
				name === CUSTOM_API_CALL
					? 'Custom API calls are made with the HTTP Request node'
					: `This version of the node has no operation ${shown(name)}`,
				{
					itemIndex: 0,
					description:
						name === CUSTOM_API_CALL
							? "Add an HTTP Request node, choose 'Predefined Credential Type' and 'Elasticsearch ML API'"
							: 'Choose an operation from the list, or update the package',
				},
			);
		}
		return await runItems(this, operation);
	}
}
