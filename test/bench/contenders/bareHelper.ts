import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Stub } from '../../engine/harness';
import { atOnce } from './atOnce';

const PICKER = 'deploymentId';

/**
 * A node that does nothing but hand each item to n8n's helper: the floor for every community node,
 * since the helper is their only way out that brings the credential, proxy, TLS and cancel.
 * @param fields that it has n8n read for each item, without a use for them
 */
export function bareHelper(
	limit: number,
	requestOf: (json: IDataObject) => IHttpRequestOptions,
	fields: readonly string[] = [],
): Stub {
	return async (items, context) => {
		const { httpRequestWithAuthentication: send } = context.helpers;
		// What n8n itself needs to read fields, if a node has some. Only pickers have a value to extract.
		items.forEach((_item, index) => {
			for (const name of fields) {
				const read = name === PICKER ? { extractValue: true } : undefined;
				context.getNodeParameter(name, index, undefined, read);
			}
		});
		const answers = await atOnce(
			limit,
			items,
			async ({ json }): Promise<unknown> =>
				await send.call(context, 'elasticsearchMlApi', requestOf(json)),
		);
		return [answers.map((json, item) => ({ json: json as IDataObject, pairedItem: { item } }))];
	};
}
