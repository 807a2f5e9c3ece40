import { printBytes } from '../settings/bytes';
import type { Deployment } from './state';
import type { MlNode } from '../types';

const MEMORY_OVERHEAD = 240 * 1024 ** 2;

interface Room {
	node: MlNode;
	processors: number;
	memory: number;
}

export interface Plan {
	/** Deployment id to node id to allocations. */
	allocations: Map<string, Map<string, number>>;
	/** Why a deployment got less than it wants, by deployment id. */
	shortfalls: Map<string, string>;
}

/** Memory that `allocations` of a deployment need on one node. */
export function memoryNeeded(
	deployment: Deployment,
	allocations: number,
	perAllocation = true,
): number {
	if (allocations === 0) return 0;
	const extraCache = Math.max(0, (deployment.cache_size ?? 0) - deployment.model_bytes);
	const counted = perAllocation
		? deployment.per_deployment_memory_bytes + deployment.per_allocation_memory_bytes * allocations
		: 0;
	return MEMORY_OVERHEAD + 2 * deployment.model_bytes + extraCache + counted;
}

/**
 * Places allocations on nodes (docs/elasticsearch-behaviour.md, "Update: capacity"): what runs stays, what is missing goes where there is room,
 * normal deployments before low ones; low ones need memory but no processors. Memory per allocation
 * counts from 8.11 on.
 */
export function planAllocations(
	nodes: MlNode[],
	deployments: Deployment[],
	perAllocationMemory: boolean,
): Plan {
	const rooms = nodes.map((node) => ({
		node,
		processors: node.processors,
		memory: node.memoryBytes,
	}));
	const plan: Plan = { allocations: new Map(), shortfalls: new Map() };
	const memory = (deployment: Deployment, allocations: number): number =>
		memoryNeeded(deployment, allocations, perAllocationMemory);

	const claim = (deployment: Deployment, room: Room, count: number): void => {
		const placed = placedOn(plan, deployment);
		const before = placed.get(room.node.id) ?? 0;
		placed.set(room.node.id, before + count);
		room.memory -= memory(deployment, before + count) - memory(deployment, before);
		if (deployment.priority === 'normal') {
			room.processors -= count * deployment.threads_per_allocation;
		}
	};
	const fits = (deployment: Deployment, room: Room): boolean => {
		const before = placedOn(plan, deployment).get(room.node.id) ?? 0;
		const needed = memory(deployment, before + 1) - memory(deployment, before);
		const cpu =
			deployment.priority === 'low' || room.processors >= deployment.threads_per_allocation;
		return cpu && room.memory >= needed;
	};

	for (const deployment of deployments) keepWhatRuns(deployment, rooms, claim);
	for (const deployment of inOrderOfPlanning(deployments)) {
		let missing = deployment.number_of_allocations - placedSum(plan, deployment);
		for (; missing > 0; missing--) {
			const room = bestRoom(
				rooms.filter((candidate) => fits(deployment, candidate)),
				(candidate) => placedOn(plan, deployment).has(candidate.node.id),
			);
			if (!room) break;
			claim(deployment, room, 1);
		}
		if (missing > 0) {
			plan.shortfalls.set(
				deployment.deployment_id,
				explain(deployment, rooms, memory(deployment, 1)),
			);
		}
	}
	return plan;
}

function placedOn(plan: Plan, deployment: Deployment): Map<string, number> {
	const placed = plan.allocations.get(deployment.deployment_id) ?? new Map<string, number>();
	plan.allocations.set(deployment.deployment_id, placed);
	return placed;
}

function placedSum(plan: Plan, deployment: Deployment): number {
	return [...placedOn(plan, deployment).values()].reduce((sum, count) => sum + count, 0);
}

/** A decrease empties the node with the fewest allocations first: whole nodes become free. */
function keepWhatRuns(
	deployment: Deployment,
	rooms: Room[],
	claim: (deployment: Deployment, room: Room, count: number) => void,
): void {
	let left = deployment.number_of_allocations;
	const routes = [...deployment.routes].sort(([, a], [, b]) => b.target - a.target);
	for (const [nodeId, route] of routes) {
		const room = rooms.find((candidate) => candidate.node.id === nodeId);
		const kept = Math.min(route.target, left);
		if (!room || kept === 0) continue;
		claim(deployment, room, kept);
		left -= kept;
	}
}

function inOrderOfPlanning(deployments: Deployment[]): Deployment[] {
	const rank = (deployment: Deployment): number => (deployment.priority === 'low' ? 1 : 0);
	return deployments
		.filter((deployment) => deployment.assignment_state !== 'stopping')
		.sort((a, b) => rank(a) - rank(b) || a.start_time - b.start_time);
}

/** A node that has the model already saves memory; else the one with most processors to spare. */
function bestRoom(rooms: Room[], hasModel: (room: Room) => boolean): Room | undefined {
	return [...rooms].sort(
		(a, b) => Number(hasModel(b)) - Number(hasModel(a)) || b.processors - a.processors,
	)[0];
}

function explain(deployment: Deployment, rooms: Room[], memory: number): string {
	if (rooms.length === 0) return 'No ML nodes exist in the cluster';
	return rooms
		.map(({ node, processors, memory: free }) => {
			const start = `Could not assign (more) allocations on node [${node.id}]. Reason: This node has insufficient`;
			if (deployment.priority === 'low' || processors >= deployment.threads_per_allocation) {
				return `${start} available memory. Available memory for ML [${size(node.memoryBytes)}], free memory [${size(free)}], estimated memory required for this model [${size(memory)}].`;
			}
			return `${start} allocated processors. Available processors [${node.processors}], free processors [${Math.max(0, processors)}], processors required for each allocation of this model [${deployment.threads_per_allocation}]`;
		})
		.join('|');
}

function size(bytes: number): string {
	return `${bytes} (${printBytes(bytes)})`;
}
