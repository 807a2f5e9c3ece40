import { ABSENT, settingsOf } from '../../../elasticsearch/deployment/deployment';
import { restoreOf } from '../../../elasticsearch/deployment/restore';
import { stopRequest } from '../../../elasticsearch/api/deployments';
import { modelAliases } from '../../../elasticsearch/api/models';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, RunContext } from '../../execution/operation';
import { outputOf, unchanged, type Change, type Reason } from '../shared/change';
import type { StopGoal } from './parameters';

const OWNER_UNKNOWN = 'Whether an inference endpoint uses this deployment is not known';

/** What is known of a deployment that is absent. */
interface AbsentOne {
	id: string | null;
	modelId?: string | null;
	/** The JSON text of the restore object, if the workflow remembers one. */
	restore?: string;
	warnings?: readonly string[];
	/** Of the operations that output the cluster's answer. */
	assignment?: null;
}

/** The output for what is not there, so that there was nothing to stop. */
export function notThere(
	absent: AbsentOne,
	reason: Reason,
	{ dryRun }: Pick<StopGoal, 'dryRun'>,
): Success {
	const settings = absent.id === null ? {} : { before: ABSENT, after: ABSENT };
	return outputOf({ ...absent, action: 'none', reason, ...settings, ...(dryRun && { plan: {} }) });
}

/**
 * The output for a deployment that was left alone although it runs. It holds a restore object too,
 * so that a later Start of all outputs finds it running as it was.
 */
export function leftAlone(
	context: RunContext,
	deployment: Deployment,
	reason: Reason,
	{ dryRun }: Pick<StopGoal, 'dryRun'>,
): Success {
	const restore = { ...restoreOf(deployment, context.connection.cluster, Date.now()) };
	return outputOf({ ...unchanged(deployment, reason, dryRun), restore });
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
	restore: Change['restore'],
	warnings: readonly string[],
	goal: StopGoal,
): Promise<Success> {
	const { id, modelId, pipelines } = deployment;
	const endpoints = await context.endpoints();
	const using = endpoints?.filter((each) => each.deploymentId === id).map((each) => each.id);
	const breaks = {
		pipelines,
		aliases: await modelAliases(context.connection, modelId),
		inference_endpoints: using ?? null,
	};
	const users = [...(pipelines ?? []), ...(using ?? [])].map((each) => `'${each}'`);
	const mayBeRefused = users.length > 0 && !goal.run.force;
	return outputOf({
		id,
		modelId,
		action: 'stop',
		before: settingsOf(deployment),
		after: ABSENT,
		restore,
		plan: { request: stopRequest(id, goal.run), breaks },
		warnings: mayBeRefused
			? [
					...warnings,
					`The cluster may refuse it without the option 'Force', because it is used by ${users.join(', ')}`,
				]
			: warnings,
	});
}
