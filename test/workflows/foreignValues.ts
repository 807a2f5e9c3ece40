import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** Values that a field does not offer. n8n itself asks for none of this when a workflow is imported. */
export function foreignValues(description: INodeTypeDescription, node: INode): string[] {
	return inLevel(description.properties, node.parameters, node, description);
}

function inLevel(
	properties: INodeProperties[],
	values: INodeParameters,
	node: INode,
	description: INodeTypeDescription,
): string[] {
	const shown = properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, node, description, node.parameters),
	);
	return Object.entries(values).flatMap(([name, value]) => {
		const property = shown.find((each) => each.name === name);
		if (property === undefined || isExpression(value)) return [];
		const inner = innerLevels(property, value);
		if (inner === undefined) return fits(property, value) ? [] : [`${name}: ${String(value)}`];
		return inner.flatMap(([fields, level]) => inLevel(fields, level, node, description));
	});
}

function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

type Level = [INodeProperties[], INodeParameters];

/** The levels below a collection; undefined where the field holds a plain value. */
function innerLevels({ type, options = [] }: INodeProperties, value: unknown): Level[] | undefined {
	if (type === 'collection') return [[options as INodeProperties[], value as INodeParameters]];
	if (type !== 'fixedCollection') return undefined;
	return Object.entries(value as Record<string, INodeParameters | INodeParameters[]>).flatMap(
		([name, entries]) => {
			const group = (options as INodePropertyCollection[]).find((each) => each.name === name);
			return [entries].flat().map((entry): Level => [group?.values ?? [], entry]);
		},
	);
}

function fits({ type, options, typeOptions }: INodeProperties, value: unknown): boolean {
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean';
		case 'number':
			return typeof value === 'number';
		case 'options':
			if (typeOptions?.loadOptionsMethod !== undefined) return true;
			return (options as INodePropertyOptions[]).some((option) => option.value === value);
		default:
			return true;
	}
}
