import { settingsAfter } from '../../../elasticsearch/deployment/allocations';
import { ABSENT, settingsOf } from '../../../elasticsearch/deployment/deployment';
import { checkModel } from '../../../elasticsearch/api/models';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { startRequest, updateRequest } from '../../../elasticsearch/api/deployments';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { RunContext } from '../../execution/operation';
import { unchanged, type Change } from '../shared/change';
import { decideOnExisting, settingsOnceStarted, type StartGoal } from './ensureStarted';

const STILL_STOPPING = 'It is stopping now: the start would wait until it is gone';

/**
 * What a dry run of Start or Scale shows for a deployment that is absent. It waits for nothing.
 * @param stopping the deployment, if it is still there but stopping
 */
export async function showStart(
	context: RunContext,
	spec: StartSpec,
	stopping?: Deployment,
): Promise<FlowResult<Change>> {
	const possible = await checkModel(context.connection, spec.modelId);
	if (!possible.ok) return possible;
	const refusal = possible.value;
	if (refusal !== undefined) return failed({ kind: 'foreseen', refusal, purpose: 'start' });
	return success({
		id: spec.deploymentId,
		modelId: spec.modelId,
		action: 'start',
		before: stopping === undefined ? ABSENT : settingsOf(stopping),
		after: settingsOnceStarted(spec),
		plan: { request: startRequest(spec) },
		warnings: stopping === undefined ? [] : [STILL_STOPPING],
	});
}

/** What a dry run of Start shows for a deployment that exists. */
export function showExisting(goal: StartGoal, deployment: Deployment): FlowResult<Change> {
	const decision = decideOnExisting(goal, deployment);
	if (decision.is === 'failed_before') return failed(decision.failure);
	switch (decision.is) {
		case 'as_asked':
		case 'left_as_it_is':
			return success(unchanged(deployment, decision.is, true));
		case 'refused': {
			const warnings = decision.differences.map(
				({ setting, is, wanted }) =>
					`It runs already, and ${setting} is ${is}, not ${wanted}: the start would be refused`,
			);
			return success({ ...unchanged(deployment, 'refused', true), warnings });
		}
		case 'to_update': {
			const { id, modelId } = deployment;
			const before = settingsOf(deployment);
			const after = settingsAfter(deployment, decision.body);
			const plan = { request: updateRequest(id, decision.body) };
			return success({ id, modelId, action: 'update', before, after, plan });
		}
	}
}
