import type { IDataObject } from 'n8n-workflow';

import { settingsAfter } from '../../../elasticsearch/deployment/allocations';
import { settingsOf, type Settings } from '../../../elasticsearch/deployment/deployment';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import { plannedResize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { ApiRequest } from '../../../elasticsearch/transport/connection';
import { success } from '../../../elasticsearch/transport/failure';
import type { RunContext } from '../../execution/operation';

/** What stops working, by ids; null if the key may not read it. */
export interface Breaks {
	pipelines: string[] | null;
	aliases: string[] | null;
	inference_endpoints: string[] | null;
}

export const BREAKS_NOTHING: Breaks = { pipelines: [], aliases: [], inference_endpoints: [] };

/**
 * The keys that a dry run adds to those of the real run.
 * @param threads per allocation, before and after
 */
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

/** What a dry run of Update or Scale shows for a running deployment. */
export async function showResize(
	context: RunContext,
	deployment: Deployment,
	goal: ResizeGoal,
): Promise<FlowResult<IDataObject>> {
	const { id, threadsPerAllocation: threads } = deployment;
	const endpoints = await context.endpoints();
	const owner = endpoints?.find((each) => each.owner && each.deploymentId === id);
	const planned = plannedResize(deployment, goal, owner);
	if (!planned.ok) return planned;
	const before = settingsOf(deployment);
	const after = settingsAfter(deployment, planned.body);
	const action = JSON.stringify(before) === JSON.stringify(after) ? 'none' : 'update';
	const shown = plan(action, planned.request, before, after, threads, BREAKS_NOTHING);
	if (owner === undefined || planned.request.method === 'PUT') return success(shown);
	const warning = `The inference endpoint '${owner.id}' created it: Elasticsearch 9.2 and later refuse this`;
	return success({ ...shown, warnings: [warning] });
}
