import type { IDataObject } from 'n8n-workflow';

import type { Settings } from '../../../elasticsearch/deployment/deployment';
import type { ApiRequest } from '../../../elasticsearch/transport/connection';

/** What stops working; null where the key may not read it. */
export interface Breaks {
	pipelines: string[] | null;
	aliases: string[] | null;
	inference_endpoints: string[] | null;
}

export const BREAKS_NOTHING: Breaks = { pipelines: [], aliases: [], inference_endpoints: [] };

/** What a dry run adds to the keys of the real run. */
export function plan(
	action: 'update' | 'stop' | 'start' | 'none',
	request: ApiRequest | undefined,
	before: Settings,
	after: Settings,
	threads: number,
	breaks: Breaks,
): IDataObject {
	return {
		dry_run: true,
		action,
		request: request === undefined ? null : shownRequest(request),
		before,
		after,
		vcpus_before: before.number_of_allocations * threads,
		vcpus_after: after.number_of_allocations * threads,
		breaks: { ...breaks },
	};
}

function shownRequest({ method, path, query, body }: ApiRequest): IDataObject {
	const search = new URLSearchParams(query).toString();
	const shown: IDataObject = { method, path: search === '' ? path : `${path}?${search}` };
	if (body !== undefined) shown.body = body;
	return shown;
}
