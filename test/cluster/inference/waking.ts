import { ElasticError, refusal } from '../rest/errors';
import { resize } from '../actions/update';
import { printDuration } from '../settings/durations';
import { runningAllocations } from '../state/counts';
import type { ClusterState, Deployment } from '../state/state';

/** As many as wait at a time; the one that makes it so many is refused (docs/elasticsearch-behaviour.md, "Adaptive allocations: zero and waking up"). */
const MOST_WAITING = 100;
const API_TIMEOUT_MS = 10_000;

/**
 * A request at zero allocations asks for one and waits for it
 * (docs/elasticsearch-behaviour.md, "Adaptive allocations: zero and waking up").
 * @param asked the id in the request
 */
export async function wake(
	state: ClusterState,
	deployment: Deployment,
	asked: string,
	timeoutMs: number | undefined,
): Promise<void> {
	const { adaptive } = deployment;
	const nowhere = `Trained model deployment [${asked}] is not allocated to any nodes`;
	// Somebody else's request may be waking it already.
	const wakes = adaptive?.enabled && (adaptive.min_number_of_allocations ?? 0) === 0;
	if (!wakes) throw refusal(409, nowhere);
	if (deployment.number_of_allocations === 0) {
		resize(state, deployment, 1);
		deployment.last_scale_up = state.clock.now();
		state.changed();
	}
	if (state.knobs.wakeUp === 'refuse') {
		throw refusal(409, `${nowhere}; starting deployment of one allocation`);
	}
	await queued(state, deployment, asked, timeoutMs);
}

async function queued(
	state: ClusterState,
	deployment: Deployment,
	asked: string,
	timeoutMs: number | undefined,
): Promise<void> {
	const { features } = state;
	const id = features.waitsByDeployment ? deployment.deployment_id : asked;
	if (state.waiting + 1 >= MOST_WAITING) {
		throw refusal(
			429,
			`Rejected inference request waiting for an allocation of deployment [${id}]. Too many pending requests`,
		);
	}
	// Older versions look for the deployment by the id that was asked for, which may be its model's.
	if (!state.deployments.has(id)) throw removed(id);
	const bound = features.waitsBounded ? API_TIMEOUT_MS : Infinity;
	state.waiting++;
	try {
		await running(state, deployment, timeoutMs ?? bound);
	} finally {
		state.waiting--;
	}
}

/** Waits until an allocation runs. */
export async function running(
	state: ClusterState,
	deployment: Deployment,
	timeoutMs: number,
): Promise<void> {
	const id = deployment.deployment_id;
	const deadline = state.clock.now() + timeoutMs;
	for (;;) {
		state.clock.settle();
		if (state.deployments.get(id) !== deployment) throw removed(id);
		if (runningAllocations(deployment) > 0) return;
		refuseFailed(state, deployment);
		const left = deadline - state.clock.now();
		if (left <= 0) {
			throw new ElasticError(
				408,
				'model_deployment_timeout_exception',
				`Timed out after [${printDuration(timeoutMs)}] waiting for trained model deployment [${id}] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.`,
			);
		}
		await Promise.race([state.nextChange(), state.clock.sleep(left)]);
	}
}

function removed(id: string): ElasticError {
	return refusal(
		409,
		`[${id}] Error waiting for a model allocation, model assignment has been removed`,
	);
}

function refuseFailed(state: ClusterState, deployment: Deployment): void {
	const routes = [...deployment.routes];
	if (routes.length === 0 || routes.some(([, route]) => route.state !== 'failed')) return;
	const list = routes.map(([nodeId, route]) => `${nodeId}=${route.reason}`).join(', ');
	throw refusal(
		state.features.exhaustionConflicts ? 409 : 500,
		`[${deployment.deployment_id}] Error waiting for a model allocation, all nodes have failed with errors [{${list}}]`,
	);
}
