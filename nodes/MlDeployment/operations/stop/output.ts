import type { IDataObject } from 'n8n-workflow';

import { ABSENT, settingsOf } from '../../../elasticsearch/deployment/deployment';
import { stopRequest } from '../../../elasticsearch/api/deployments';
import { modelAliases } from '../../../elasticsearch/api/models';
import type { SkipReason } from '../../../elasticsearch/deployment/selection';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, RunContext } from '../../execution/operation';
import { BREAKS_NOTHING, plan } from '../shared/dryRun';
import type { StopGoal } from './parameters';

const OWNER_UNKNOWN = 'Whether an inference endpoint uses this deployment is not known';

type Reason = SkipReason | 'excluded' | 'endpoint_owned' | 'not_deployed' | 'unknown_id';

/** The output for a skipped id. @param deployment as the look showed it, if there is one */
export function skipped(
	id: string,
	modelId: string | null,
	reason: Reason,
	goal: StopGoal,
	deployment?: Deployment,
): Success {
	const json: IDataObject = { deployment_id: id, model_id: modelId, stopped: false, reason };
	return { json: { ...json, ...planOfNothing(goal, deployment) } };
}

/** The output for a pattern, or a part of one, that is allowed to match nothing and does so. */
export function noMatch(requested: string, goal: StopGoal): Success {
	const json: IDataObject = {
		deployment_id: null,
		requested,
		stopped: false,
		matched: 0,
		reason: 'no_match',
	};
	return { json: { ...json, ...planOfNothing(goal) } };
}

/** The outputs of a dry run have the same keys, whatever it would do. */
function planOfNothing(goal: StopGoal, deployment?: Deployment): IDataObject {
	if (!goal.dryRun) return {};
	const now = deployment === undefined ? ABSENT : settingsOf(deployment);
	const threads = deployment?.threadsPerAllocation ?? 1;
	return plan('none', undefined, now, now, threads, BREAKS_NOTHING);
}

/** Warns if an inference endpoint uses the deployment, or if that cannot be read. */
export async function endpointWarnings(context: RunContext, id: string): Promise<string[]> {
	const read = await context.endpointsOnce();
	if (!read.ok) return [`${OWNER_UNKNOWN}: the inference endpoints could not be read this time`];
	if (read.value === null) {
		return [`${OWNER_UNKNOWN}: the API key lacks the cluster privilege monitor_inference`];
	}
	const endpoints = read.value.filter((each) => each.deploymentId === id);
	return endpoints.map((endpoint) =>
		endpoint.isDefault && endpoint.owner
			? `The inference endpoint '${endpoint.id}' is one of Elasticsearch's own: its first request starts this deployment again, so stopping it may save nothing. ` +
				"To save, let its adaptive allocations go to zero by themselves (the cluster's scale_to_zero_time, 24 hours by default from 9.1 on)"
			: `The inference endpoint '${endpoint.id}' uses this deployment: its requests fail until it is started again as '${id}'`,
	);
}

/** The output of a dry run. It reads what would break, and changes nothing. */
export async function showStop(
	context: RunContext,
	deployment: Deployment,
	json: IDataObject,
	goal: StopGoal,
): Promise<Success> {
	const { id, modelId, pipelines, threadsPerAllocation } = deployment;
	const endpoints = await context.endpoints();
	const using = endpoints?.filter((each) => each.deploymentId === id).map((each) => each.id);
	const breaks = {
		pipelines,
		aliases: await modelAliases(context.connection, modelId),
		inference_endpoints: using ?? null,
	};
	const request = stopRequest(id, goal.run);
	const before = settingsOf(deployment);
	const planned = plan('stop', request, before, ABSENT, threadsPerAllocation, breaks);
	const users = [...(pipelines ?? []), ...(using ?? [])].map((each) => `'${each}'`);
	if (users.length === 0 || goal.run.force) return { json: { ...json, ...planned } };
	const warning = `The cluster may refuse it without the option 'Force', because it is used by ${users.join(', ')}`;
	const warnings = [...((json.warnings as string[] | undefined) ?? []), warning];
	return { json: { ...json, ...planned, warnings } };
}
