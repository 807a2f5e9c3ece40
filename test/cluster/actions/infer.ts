import { ElasticError, notFound, refusal } from '../rest/errors';
import { requireLicence } from './startRules';
import { runningAllocations, shownState } from '../state/counts';
import type { ClusterState, Deployment } from '../state/state';
import { resize } from './update';

const DEFAULT_TIMEOUT_MS = 30_000;
const MINUTE = 60_000;

/** The deployment behind a deployment id, an alias or a model id. */
export function deploymentFor(state: ClusterState, id: string): Deployment {
	const exact = state.deployments.get(id);
	if (exact) return exact;
	const modelId = state.aliases.get(id) ?? id;
	const ofModel = state.deploymentsOf(modelId);
	const usable = ofModel.find((deployment) => runningAllocations(deployment) > 0) ?? ofModel[0];
	if (usable) return usable;
	if (!state.models.has(modelId)) throw notFound(`Could not find trained model [${id}]`);
	throw refusal(
		409,
		`Model [${id}] must be deployed to use. Please deploy with the start trained model deployment API.`,
	);
}

/** Runs inferences: wakes a deployment from zero, and moves the counters that `_stats` shows. */
export async function infer(
	state: ClusterState,
	deployment: Deployment,
	count: number,
	timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<void> {
	requireLicence(state);
	const id = deployment.deployment_id;
	const shown = shownState(deployment);
	if (shown === 'stopping') throw refusal(409, `Trained model [${id}] is [stopping]`);
	if (deployment.number_of_allocations === 0) await wake(state, deployment, timeoutMs);
	const route = [...deployment.routes.values()].find((entry) => entry.state === 'started');
	if (!route) {
		throw refusal(409, `Trained model deployment [${id}] is not allocated to any nodes`);
	}
	if (route.pending_requests >= deployment.queue_capacity) {
		route.rejected += count;
		throw new ElasticError(
			429,
			'es_rejected_execution_exception',
			'inference process queue is full. Unable to execute command',
		);
	}
	const now = state.clock.now();
	route.inference_count += count;
	route.last_access = now;
	route.average_inference_time_ms ??= 12;
	route.recent = route.recent.filter((at) => at > now - MINUTE);
	for (let i = 0; i < count; i++) route.recent.push(now);
	route.peak_throughput = Math.max(
		route.peak_throughput,
		route.recent.length + route.throughput_last_minute,
	);
}

/** A request at zero allocations asks for one; from 9.0 on it waits for it (docs/elasticsearch-behaviour.md, "Adaptive allocations: zero and waking up"). */
async function wake(state: ClusterState, deployment: Deployment, timeoutMs: number): Promise<void> {
	const id = deployment.deployment_id;
	if (!deployment.adaptive?.enabled) {
		throw refusal(409, `Trained model deployment [${id}] is not allocated to any nodes`);
	}
	resize(state, deployment, 1);
	deployment.last_scale_up = state.clock.now();
	state.changed();
	if (state.features.major === 8) {
		throw refusal(
			409,
			`Trained model deployment [${id}] is not allocated to any nodes; starting deployment of one allocation`,
		);
	}
	await runningOrTimeout(state, deployment, timeoutMs);
}

/** Waits until one allocation runs. */
export async function runningOrTimeout(
	state: ClusterState,
	deployment: Deployment,
	timeoutMs: number,
): Promise<void> {
	const deadline = state.clock.now() + timeoutMs;
	for (;;) {
		state.clock.settle();
		if (runningAllocations(deployment) > 0) return;
		const left = deadline - state.clock.now();
		if (left <= 0) {
			throw refusal(
				408,
				`Timed out waiting for trained model deployment [${deployment.deployment_id}] to start`,
			);
		}
		await Promise.race([state.nextChange(), state.clock.sleep(left)]);
	}
}
