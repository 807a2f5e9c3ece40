import {
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

const DESCRIPTION_TYPE: INodeProperties = {
	displayName: 'Tool Description',
	name: 'descriptionType',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Set Automatically', value: 'auto' },
		{ name: 'Set Manually', value: 'manual' },
	],
	default: 'auto',
};

function descriptionField(text: string, hasOperations: boolean): INodeProperties {
	return {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: text,
		required: true,
		typeOptions: { rows: 2 },
		...(hasOperations && { displayOptions: { show: { descriptionType: ['manual'] } } }),
	};
}

function toolProperties({ properties, description }: INodeTypeDescription): INodeProperties[] {
	if (properties.some(({ name }) => name === 'toolDescription')) return properties;
	const hasOperations = properties.some(({ name }) => ['resource', 'operation'].includes(name));
	const afterCallouts = properties.map(({ type }) => type).lastIndexOf('callout') + 1;
	return [
		...properties.slice(0, afterCallouts),
		...(hasOperations ? [DESCRIPTION_TYPE] : []),
		descriptionField(description, hasOperations),
		...properties.slice(afterCallouts),
	];
}

function toolDescription(description: INodeTypeDescription): INodeTypeDescription {
	const { usableAsTool, codex, ...rest } = description;
	const base = {
		...rest,
		...(typeof usableAsTool === 'object' ? usableAsTool.replacements : {}),
	};
	return {
		...base,
		name: `${base.name}Tool`,
		displayName: `${base.displayName} Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
		properties: toolProperties(base),
		codex: {
			categories: ['AI'],
			subcategories: { AI: ['Tools'], Tools: codex?.subcategories?.Tools ?? ['Other Tools'] },
			resources: codex?.resources ?? {},
			...(codex?.alias && { alias: codex.alias }),
		},
	};
}

/** What n8n makes of a node with `usableAsTool` for its agents: the same code, described anew. */
export function toolVariant(node: INodeType): INodeType {
	if (!node.description.usableAsTool) {
		throw new Error(`The node "${node.description.name}" cannot be used as a tool`);
	}
	return Object.create(node, {
		description: { value: toolDescription(node.description), enumerable: true },
	}) as INodeType;
}
