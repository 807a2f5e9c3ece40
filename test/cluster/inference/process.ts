import { ElasticError, refusal } from '../rest/errors';
import { printDuration } from '../settings/durations';
import type { ClusterState, Deployment, Route } from '../state/state';

const MINUTE = 60_000;
const USUAL_MS = 12;

/**
 * One evaluation on a node: the queue, the process, the counters (docs/elasticsearch-behaviour.md, "Inference").
 * @param run reads the text and answers it; what it throws is the answer's failure
 */
export async function evaluate(
	state: ClusterState,
	deployment: Deployment,
	[nodeId, route]: [string, Route],
	timeoutMs: number,
	run: () => { key: string; answer: object },
): Promise<object> {
	if (route.pending_requests >= deployment.queue_capacity) {
		route.rejected++;
		throw new ElasticError(
			429,
			'es_rejected_execution_exception',
			'inference process queue is full. Unable to execute command',
		);
	}
	await takeTime(state, route, timeoutMs);
	if (state.deployments.get(deployment.deployment_id) !== deployment) {
		throw refusal(
			409,
			`[${deployment.deployment_id}] is stopping or stopped due to [undeploy_trained_model (api)]`,
		);
	}
	if (!deployment.routes.has(nodeId)) throw disconnected(nodeId);
	const { key, answer } = run();
	const failure = state.models.get(deployment.model_id)?.infer_failure;
	if (failure !== undefined) {
		route.error_count++;
		throw refusal(500, `Error in inference process: [${failure}]`);
	}
	count(state, deployment, route, key);
	return answer;
}

/** Waits in the queue and for the process; who waits longer than its timeout gives up. */
async function takeTime(state: ClusterState, route: Route, timeoutMs: number): Promise<void> {
	const { inferenceMs } = state.knobs;
	if (inferenceMs <= 0) return;
	route.pending_requests++;
	await state.clock.sleep(Math.min(inferenceMs, timeoutMs));
	route.pending_requests--;
	if (inferenceMs <= timeoutMs) return;
	route.timeout_count++;
	throw refusal(408, `timeout [${printDuration(timeoutMs)}] waiting for inference result`);
}

function count(state: ClusterState, deployment: Deployment, route: Route, key: string): void {
	const now = state.clock.now();
	route.inference_count++;
	route.last_access = now;
	route.average_inference_time_ms ??= state.knobs.inferenceMs || USUAL_MS;
	const isCached = (deployment.cache_size ?? 0) > 0;
	if (isCached && route.cache.has(key)) {
		route.cache_hits++;
		route.recent_hits.push(now);
	} else if (isCached) route.cache.add(key);
	const lately = (at: number): boolean => at > now - MINUTE;
	route.recent_hits = route.recent_hits.filter(lately);
	route.recent = [...route.recent.filter(lately), now];
	route.peak_throughput = Math.max(
		route.peak_throughput,
		route.recent.length + route.throughput_last_minute,
	);
}

/** The node left while it worked on the request; only the outer error names it (docs/elasticsearch-behaviour.md, "Recorded answers"). */
function disconnected(nodeId: string): ElasticError {
	const cause = {
		type: 'node_disconnected_exception',
		reason: `[ml-0][10.0.0.10:9300][cluster:monitor/xpack/ml/trained_models/deployment/infer[n]] disconnected`,
	};
	return new ElasticError(500, 'failed_node_exception', `Failed node [${nodeId}]`, {
		causedBy: cause,
		rootCause: cause,
		outside: { node_id: nodeId },
	});
}
