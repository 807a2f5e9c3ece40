import { settingsAfter } from '../../../elasticsearch/deployment/allocations';
import { settingsOf } from '../../../elasticsearch/deployment/deployment';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import { plannedResize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import { success } from '../../../elasticsearch/transport/failure';
import type { RunContext } from '../../execution/operation';
import type { Change } from './change';

/** What a dry run of Update or Scale shows for a running deployment. */
export async function showResize(
	context: RunContext,
	deployment: Deployment,
	goal: ResizeGoal,
): Promise<FlowResult<Change>> {
	const { id, modelId } = deployment;
	const endpoints = await context.endpoints();
	const owner = endpoints?.find((each) => each.owner && each.deploymentId === id);
	const planned = plannedResize(deployment, goal, owner);
	if (!planned.ok) return planned;
	const { request, body } = planned;
	const before = settingsOf(deployment);
	const after = settingsAfter(deployment, body);
	const isSame = JSON.stringify(before) === JSON.stringify(after);
	const warnings: string[] = [];
	if (owner !== undefined && request.method !== 'PUT') {
		warnings.push(
			`The inference endpoint '${owner.id}' created it: Elasticsearch 9.2 and later refuse this`,
		);
	}
	return success({
		id,
		modelId,
		action: isSame ? 'none' : 'update',
		reason: isSame ? 'as_asked' : undefined,
		before,
		after,
		plan: { request },
		warnings,
	});
}
