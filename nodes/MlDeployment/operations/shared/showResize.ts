import type { IDataObject } from 'n8n-workflow';

import { settingsAfter } from '../../../elasticsearch/deployment/allocations';
import { settingsOf } from '../../../elasticsearch/deployment/deployment';
import { plannedResize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import { success } from '../../../elasticsearch/transport/failure';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { RunContext } from '../../execution/operation';
import { BREAKS_NOTHING, plan } from './dryRun';

/** What a dry run of Update and Scale shows of a deployment that runs. */
export async function showResize(
	session: RunContext,
	deployment: Deployment,
	wanted: ResizeGoal,
): Promise<FlowResult<IDataObject>> {
	const { id, threadsPerAllocation: threads } = deployment;
	const endpoints = await session.endpoints();
	const owner = endpoints?.find((each) => each.owner && each.deploymentId === id);
	const planned = plannedResize(deployment, wanted, owner);
	if (!planned.ok) return planned;
	const before = settingsOf(deployment);
	const after = settingsAfter(deployment, planned.body);
	const action = JSON.stringify(before) === JSON.stringify(after) ? 'none' : 'update';
	const shown = plan(action, planned.request, before, after, threads, BREAKS_NOTHING);
	if (owner === undefined || planned.request.method === 'PUT') return success(shown);
	const warning = `The inference endpoint '${owner.id}' created it: Elasticsearch 9.2 and later refuse this`;
	return success({ ...shown, warnings: [warning] });
}
