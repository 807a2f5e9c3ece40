import { resize } from './update';
import { lastAccess, pendingRequests } from '../state/counts';
import type { ClusterState, Deployment } from '../state/state';

const TICK_MS = 10_000;
const SCALE_UP = 0.9;
const SCALE_DOWN = 0.85;
const MOST_ALLOCATIONS = 32;
/** What one allocation gets done, for the counters of simulated traffic. */
const INFERENCES_PER_MINUTE = 600;

/** The adaptive scaler: every ten seconds, by the cluster's clock (docs/elasticsearch-behaviour.md, "Adaptive allocations: the scaler"). */
export function runScaler(state: ClusterState): void {
	state.clock.after(TICK_MS, () => {
		for (const deployment of state.deployments.values()) {
			countTraffic(state, deployment);
			scale(state, deployment);
		}
		runScaler(state);
	});
}

function countTraffic(state: ClusterState, deployment: Deployment): void {
	const route = [...deployment.routes.values()].find((entry) => entry.state === 'started');
	if (!deployment.load || !route) return;
	const perMinute = Math.round(deployment.load * INFERENCES_PER_MINUTE);
	route.last_access = state.clock.now();
	route.inference_count += Math.round((perMinute * TICK_MS) / 60_000);
	route.throughput_last_minute = perMinute;
	route.peak_throughput = Math.max(route.peak_throughput, perMinute);
}

function scale(state: ClusterState, deployment: Deployment): void {
	if (!deployment.adaptive?.enabled || deployment.assignment_state !== 'started') return;
	const number = deployment.number_of_allocations;
	const wanted = wantedNumber(state, deployment);
	if (wanted === number) return;
	const { min_number_of_allocations: min = 0, max_number_of_allocations: max = MOST_ALLOCATIONS } =
		deployment.adaptive;
	const insideBounds = number >= min && number <= max;
	const coolsDown = state.clock.now() - lastGrowth(deployment) < state.knobs.scaleCooldownMs;
	if (wanted < number && insideBounds && coolsDown) return;
	try {
		resize(state, deployment, wanted);
		if (wanted > number) deployment.last_scale_up = state.clock.now();
		state.changed();
	} catch {
		// No room: the scaler tries again at its next tick.
	}
}

/** When it grew: by a scale-up, whoever asked for it, or as a node started it (docs/elasticsearch-behaviour.md, "Adaptive allocations: the scaler"). */
function lastGrowth(deployment: Deployment): number {
	const starts = [...deployment.routes.values()].flatMap((route) => route.start_time ?? []);
	return Math.max(deployment.last_scale_up ?? -Infinity, ...starts);
}

function wantedNumber(state: ClusterState, deployment: Deployment): number {
	const { min_number_of_allocations: min = 0, max_number_of_allocations: max = MOST_ALLOCATIONS } =
		deployment.adaptive ?? {};
	const load = deployment.load;
	let wanted = deployment.number_of_allocations;
	if (load !== undefined) {
		if (load > 0) wanted = Math.max(1, wanted);
		while (wanted > 0 && load / wanted > SCALE_UP) wanted++;
		while (wanted > 1 && load / (wanted - 1) < SCALE_DOWN) wanted--;
	}
	if (min === 0 && isIdle(state, deployment)) wanted = 0;
	return Math.min(max, Math.max(min, wanted));
}

/** Idle: nothing asked, nothing waits, and it did not start or grow a moment ago. */
function isIdle(state: ClusterState, deployment: Deployment): boolean {
	if (deployment.load || pendingRequests(deployment) > 0) return false;
	const since = Math.max(
		lastAccess(deployment) ?? 0,
		deployment.start_time,
		deployment.last_scale_up ?? 0,
	);
	return state.clock.now() - since >= (state.knobs.scaleToZeroMs ?? state.features.scaleToZeroMs);
}
