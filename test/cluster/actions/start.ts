import { applyPlan, planFor } from '../state/allocation';
import { mergeAdaptive } from './adaptive';
import { assignmentAnswer } from './assignment';
import { printDuration } from '../settings/durations';
import { ElasticError, refusal } from '../rest/errors';
import { loseSleeping } from '../state/losing';
import { requireMaster } from '../settings/master';
import { newDeployment } from '../state/newDeployment';
import { refuseStart, requireLicence } from './startRules';
import type { StartRequest } from './startRequest';
import { allocationStatus } from './stats';
import type { ClusterState, Deployment } from '../state/state';

const ORDER = ['starting', 'started', 'fully_allocated'] as const;

/** Starts a deployment and waits as asked (docs/elasticsearch-behaviour.md, "Start"). */
export async function start(state: ClusterState, request: StartRequest): Promise<object> {
	requireLicence(state);
	await requireMaster(state, request.masterTimeoutMs);
	const model = refuseStart(state, request);
	const adaptive = mergeAdaptive(null, request.adaptive ?? undefined);
	const deployment = newDeployment(state, {
		deployment_id: request.deploymentId,
		model_id: model.model_id,
		number_of_allocations: request.number ?? Math.max(1, adaptive?.min_number_of_allocations ?? 1),
		threads_per_allocation: request.threads,
		queue_capacity: request.queueCapacity,
		priority: request.priority,
		cache_size: request.cacheSize,
		adaptive_allocations: adaptive,
	});
	deployment.assignment_state = 'starting';
	allocate(state, deployment);
	await waitFor(state, deployment, request);
	return assignmentAnswer(deployment, state.features);
}

/** Places it, or leaves nothing behind: 429. */
export function allocate(state: ClusterState, deployment: Deployment): void {
	const id = deployment.deployment_id;
	const plan = planFor(state, [...state.deployments.values(), deployment]);
	const places = plan.allocations.get(id) ?? new Map<string, number>();
	const placed = [...places.values()].reduce((sum, count) => sum + count, 0);
	const shortfall = plan.shortfalls.get(id);
	if (shortfall !== undefined && !state.knobs.scalingPossible) {
		if (placed > 0) {
			throw refusal(
				429,
				'Could not start deployment because there are not enough resources to provide all requested allocations',
			);
		}
		// The words of the hint are not established, only the setting that it names.
		const hint = state.features.noRoomHint
			? '; see also [xpack.ml.use_auto_machine_memory_percent]'
			: '';
		throw refusal(
			429,
			`Could not start deployment because no ML nodes with sufficient capacity were found${hint}`,
			{
				type: 'illegal_state_exception',
				reason: `Could not start deployment because no suitable nodes were found, allocation explanation [${shortfall}]`,
			},
		);
	}
	state.deployments.set(id, deployment);
	state.lost.delete(id);
	loseSleeping(state, state.features.keepsZeroAtStart);
	applyPlan(state, plan);
	state.changed();
}

/** Waits for the state asked for; 408 leaves the deployment to go on starting. */
async function waitFor(
	state: ClusterState,
	deployment: Deployment,
	request: StartRequest,
): Promise<void> {
	const id = deployment.deployment_id;
	const deadline = state.clock.now() + request.timeoutMs;
	for (;;) {
		if (request.waitFor === 'starting') return;
		// What is due at once, e.g. without a delay for allocations, happens now.
		state.clock.settle();
		if (state.deployments.get(id) !== deployment) {
			throw refusal(
				400,
				'Error waiting for the model deployment to start. The trained model assignment was removed while waiting',
			);
		}
		refuseFailed(state, deployment);
		if (isReached(deployment, request.waitFor)) return;
		const left = deadline - state.clock.now();
		if (left <= 0) {
			throw new ElasticError(
				408,
				'model_deployment_timeout_exception',
				`Timed out after [${printDuration(request.timeoutMs)}] waiting for trained model deployment [${id}] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.`,
			);
		}
		await Promise.race([state.nextChange(), state.clock.sleep(left)]);
	}
}

/** Reached too where no node is busy starting: a platform that must grow first answers 200 (docs/elasticsearch-behaviour.md, "Start: the answer and waiting"). */
function isReached(deployment: Deployment, wanted: StartRequest['waitFor']): boolean {
	const status = allocationStatus(deployment).state;
	if (ORDER.indexOf(status) >= ORDER.indexOf(wanted)) return true;
	return ![...deployment.routes.values()].some((route) => route.state === 'starting');
}

function refuseFailed(state: ClusterState, deployment: Deployment): void {
	const failed = [...deployment.routes].filter(([, route]) => route.state === 'failed');
	if (failed.length === 0) return;
	state.deployments.delete(deployment.deployment_id);
	const list = failed.map(([nodeId, route]) => `${nodeId}=${route.reason}`).join(', ');
	const exhausted = state.models.get(deployment.model_id)?.start_exhausted !== undefined;
	throw refusal(
		exhausted && state.features.exhaustionConflicts ? 409 : 500,
		`Could not start trained model deployment, the following nodes failed with errors [{${list}}]`,
	);
}
