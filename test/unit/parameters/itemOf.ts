import type { IDataObject, IExecuteFunctions, INode } from 'n8n-workflow';

import { ItemInput } from '../../../nodes/MlDeployment/parameters/itemParameters';

/** What a user chose in a picker, as n8n saves it. */
export function picked(value: unknown): IDataObject {
	return { __rl: true, mode: 'id', value } as IDataObject;
}

const node = { name: 'ML Deployment', type: 'mlDeployment', parameters: {} } as unknown as INode;

/**
 * The third item of a run, with these fields. Only what n8n does with the fields of a node that it
 * has resolved already; the engine's own way there is test/engine's.
 */
export function itemOf(fields: IDataObject, json: IDataObject = {}): ItemInput {
	const getNodeParameter = (
		name: string,
		_index: number,
		absent?: unknown,
		{ extractValue = false } = {},
	): unknown => {
		const value = name in fields ? fields[name] : absent;
		const isPicked = extractValue && typeof value === 'object' && value !== null && '__rl' in value;
		return isPicked ? (value as IDataObject).value : value;
	};
	const getInputData = () => [{ json: {} }, { json: {} }, { json }];
	const host = { getNodeParameter, getInputData, getNode: () => node };
	return new ItemInput(host as unknown as IExecuteFunctions, 2);
}

/** What a reader throws. */
export function refusalOf(read: () => unknown): { message: string; description?: string } {
	try {
		read();
	} catch (error) {
		return error as { message: string; description?: string };
	}
	throw new Error('It was taken');
}
