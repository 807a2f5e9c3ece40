import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';

import type { NodePackages } from './packages';
import type { SearchEntry } from './types';

const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

function optionsOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return (options as INodePropertyOptions[]).filter(({ value }) => value !== CUSTOM_API_CALL);
}

/** The editor takes the operations of a resource from the field that is shown for it. */
function actionsOf({ properties, group }: INodeTypeDescription): string[] {
	if (group.includes('trigger')) return [];
	const operations = properties.filter(({ name }) => name === 'operation');
	const resources = properties.filter(({ name }) => name === 'resource').flatMap(optionsOf);
	if (!resources.length) {
		return operations
			.slice(0, 1)
			.flatMap(optionsOf)
			.map((option) => option.action ?? option.name);
	}
	return resources.flatMap((resource) => {
		const field = operations.find(
			({ displayOptions }) =>
				displayOptions?.show?.resource?.includes(resource.value) ?? resources.length === 1,
		);
		return (field ? optionsOf(field) : []).map(
			({ action, name }) => action ?? `${resource.name} ${name}`,
		);
	});
}

/** What a user finds the nodes of the package under test by. */
export function searchData(packages: NodePackages): SearchEntry[] {
	return packages.ownNodes.map((nodeType) => {
		const description = packages.description(nodeType);
		return {
			name: nodeType,
			displayName: description.displayName,
			description: description.description,
			alias: description.codex?.alias ?? [],
			categories: description.codex?.categories ?? [],
			actions: actionsOf(description),
		};
	});
}
