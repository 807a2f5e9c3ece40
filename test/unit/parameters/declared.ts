import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { MlDeployment } from '../../../nodes/MlDeployment/MlDeployment.node';
import { operations } from '../../../nodes/MlDeployment/operations';

export const { description } = new MlDeployment();

const NODE = { typeVersion: 1 };

/** The values of operations, as a workflow saves them. */
export const OPERATIONS = operations.map(({ option }) => String(option.value));

/** The fields of an operation, shown or not. */
export function fieldsOf(operation: string): INodeProperties[] {
	return description.properties.filter(({ displayOptions }) =>
		displayOptions?.show?.operation?.includes(operation),
	);
}

/** What lies in a collection. */
export function inside({ type, options = [] }: INodeProperties): INodeProperties[] {
	return type === 'collection' ? (options as INodeProperties[]) : [];
}

/** The values that a person can choose from. */
export function choicesOf({ type, options = [] }: INodeProperties): INodePropertyOptions[] {
	return type === 'options' ? (options as INodePropertyOptions[]) : [];
}

/** The options of the collection Options, shown or not. */
export function optionsIn(operation: string): INodeProperties[] {
	return fieldsOf(operation)
		.filter(({ name }) => name === 'options')
		.flatMap(inside);
}

/** Fields and options of all operations, those of n8n's own two fields too. */
export function everything(): INodeProperties[] {
	return description.properties.flatMap((field) => [field, ...inside(field)]);
}

/**
 * The fields that the editor shows of an operation, with the values that they have without a
 * person's choice, as n8n itself works them out.
 * @param chosen what a person chose
 */
export function shown(operation: string, chosen: INodeParameters = {}): INodeParameters {
	const { properties } = description;
	const asked = { resource: 'deployment', operation };
	const values = { ...asked, ...chosen };
	const all = NodeHelpers.getNodeParameters(properties, values, true, false, NODE, description);
	const own = Object.entries(all ?? {}).filter(([name]) => !(name in asked));
	return Object.fromEntries(own);
}

/** The names of the options that the editor offers of an operation, each sorted by its label. */
export function offered(
	operation: string,
	chosen: INodeParameters = {},
	nodeName = description.name,
): string[] {
	const type = { ...description, name: nodeName };
	const values = { resource: 'deployment', operation, ...shown(operation, chosen), ...chosen };
	return optionsIn(operation)
		.filter((option) => NodeHelpers.displayParameter({}, option, NODE, type, values))
		.map(({ name }) => name);
}
