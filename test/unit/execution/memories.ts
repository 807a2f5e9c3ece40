import { ObservableObject, type IDataObject } from 'n8n-workflow';

import { openMemory, type Memory, type Places } from '../../../nodes/MlDeployment/execution/memory';

/** The names of two clusters. */
export const HERE = '3fef7ba456df';
export const THERE = 'b0c8d1a2e3f4';

/** A restore object as a stop makes it. */
export function restore(id: string, allocations = 1, cluster = HERE): IDataObject {
	return {
		schema: 1,
		cluster,
		model_id: 'e5',
		deployment_id: id,
		number_of_allocations: allocations,
	};
}

/** It as text, which is how the memory keeps it. */
export const textOf = (id: string, allocations = 1, cluster = HERE): string =>
	JSON.stringify(restore(id, allocations, cluster));

/** The memory in n8n's own watched object, as a node gets it, and whether n8n would save it. */
export function open(
	stored?: unknown,
	{ began, flow = {} }: Partial<Places> = {},
): { memory: Memory; saved: () => unknown; isSaved: () => boolean } {
	const root = ObservableObject.create(
		{ global: stored === undefined ? {} : { mlDeployments: stored as IDataObject } },
		undefined,
		{ ignoreEmptyOnFirstChild: true },
	);
	const staticData = root.global as IDataObject;
	return {
		memory: openMemory({ staticData, flow, began }),
		saved: () => JSON.parse(JSON.stringify(staticData.mlDeployments ?? null)) as unknown,
		isSaved: () => root.__dataChanged === true,
	};
}
