import { planAllocations, type Plan } from './capacity';
import { newRoute, type ClusterState, type Deployment, type Route } from './state';
import type { MlNode } from '../types';

const GIB = 1024 ** 3;
const MOST_NODES = 64;

/** Plans for all deployments, as if `change` had been made; the state is untouched. */
export function planFor(state: ClusterState, deployments = [...state.deployments.values()]): Plan {
	return planAllocations(state.knobs.nodes, deployments, state.features.memoryFields);
}

/** Puts a plan into the routing tables; nodes carry it out later. */
export function applyPlan(state: ClusterState, plan: Plan, only?: Deployment): void {
	for (const deployment of only ? [only] : state.deployments.values()) {
		const places = plan.allocations.get(deployment.deployment_id);
		if (!places || deployment.assignment_state === 'stopping') continue;
		const changed = route(deployment, places);
		deployment.reason = plan.shortfalls.get(deployment.deployment_id);
		if (changed || deployment.assignment_state === 'starting') scheduleStart(state, deployment);
		recalculate(deployment);
	}
	if (plan.shortfalls.size > 0 && state.knobs.scalingPossible) scheduleGrowth(state);
}

function route(deployment: Deployment, places: Map<string, number>): boolean {
	let changed = false;
	for (const [nodeId, { stuck }] of [...deployment.routes]) {
		if (!places.get(nodeId) && !stuck) {
			deployment.routes.delete(nodeId);
			changed = true;
		}
	}
	for (const [nodeId, allocations] of places) {
		if (allocations === 0) continue;
		const existing = deployment.routes.get(nodeId);
		if (!existing) {
			deployment.routes.set(nodeId, newRoute(allocations));
			changed = true;
		} else if (existing.stuck) {
			continue;
		} else if (existing.target !== allocations || existing.state === 'failed') {
			existing.target = allocations;
			if (existing.state === 'failed') Object.assign(existing, { state: 'starting', reason: '' });
			changed = true;
		}
	}
	return changed;
}

/** A deployment counts as started once one route is, or where it wants none (docs/elasticsearch-behaviour.md, "Stats: shape of an entry"). */
function recalculate(deployment: Deployment): void {
	if (deployment.assignment_state === 'stopping') return;
	const states = [...deployment.routes.values()].map((entry) => entry.state);
	const started = states.includes('started') || deployment.number_of_allocations === 0;
	// A rebalance doesn't take a started deployment back while its new routes begin.
	if (started) deployment.assignment_state = 'started';
	const running = [...deployment.routes.values()].reduce((sum, entry) => sum + entry.target, 0);
	deployment.max_assigned_allocations = Math.max(deployment.max_assigned_allocations, running);
}

function scheduleStart(state: ClusterState, deployment: Deployment): void {
	if (deployment.never_starts) return;
	state.clock.after(state.knobs.allocationDelayMs, () => {
		if (state.deployments.get(deployment.deployment_id) !== deployment) return;
		if (deployment.assignment_state === 'stopping') return;
		const model = state.models.get(deployment.model_id);
		const failure = model?.start_failure ?? model?.start_exhausted;
		for (const entry of deployment.routes.values()) carryOut(entry, state.clock.now(), failure);
		recalculate(deployment);
		state.changed();
	});
}

function carryOut(entry: Route, now: number, failure: string | undefined): void {
	if (entry.stuck) return;
	if (entry.state === 'starting') {
		if (failure !== undefined) {
			Object.assign(entry, { state: 'failed', reason: failure });
			return;
		}
		entry.state = 'started';
		entry.start_time = now;
	}
	if (entry.state === 'started') entry.current = entry.target;
}

const growing = new WeakSet<ClusterState>();

/** Elastic Cloud and Serverless add a node some time after a shortage (docs/elasticsearch-behaviour.md, "Update: capacity"). */
function scheduleGrowth(state: ClusterState): void {
	if (growing.has(state)) return;
	growing.add(state);
	state.clock.after(state.knobs.growthDelayMs, () => {
		growing.delete(state);
		if (!state.knobs.scalingPossible || state.knobs.nodes.length >= MOST_NODES) return;
		if (planFor(state).shortfalls.size === 0) return;
		state.knobs.nodes = [...state.knobs.nodes, nextNode(state.knobs.nodes)];
		rebalance(state);
	});
}

function nextNode(nodes: MlNode[]): MlNode {
	const model = nodes[0] ?? { processors: 8, memoryBytes: 16 * GIB };
	const number = nodes.length;
	return { ...model, id: `grown-ml-node-${number}`, name: `ml-${number}` };
}

/** Fills what is missing in every deployment, e.g. after one was stopped or nodes came or went. */
export function rebalance(state: ClusterState): void {
	applyPlan(state, planFor(state));
}
