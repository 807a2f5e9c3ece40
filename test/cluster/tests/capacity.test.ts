import fc from 'fast-check';
import { memoryNeeded, planAllocations } from '../state/capacity';
import { Clock } from '../state/clock';
import { newDeployment } from '../state/newDeployment';
import { ClusterState, type Deployment } from '../state/state';
import type { ClusterKnobs, MlNode } from '../types';
import { featuresOf } from '../settings/versions';

const GIB = 1024 ** 3;
const state = new ClusterState(new Clock(), featuresOf('9.2'), {} as ClusterKnobs);

const nodes = fc
	.array(
		fc.record({ processors: fc.integer({ min: 1, max: 16 }), gib: fc.integer({ min: 1, max: 8 }) }),
		{ maxLength: 4 },
	)
	.map((list) =>
		list.map(({ processors, gib }, i): MlNode => ({
			id: `n${i}`,
			name: `ml-${i}`,
			processors,
			memoryBytes: gib * GIB,
		})),
	);

const deployments = fc
	.array(
		fc.record({
			number_of_allocations: fc.integer({ min: 0, max: 12 }),
			threads_per_allocation: fc.constantFrom(1, 2, 4),
			priority: fc.constantFrom('normal' as const, 'low' as const),
			model_bytes: fc.integer({ min: 1, max: GIB }),
		}),
		{ maxLength: 5 },
	)
	.map((list) =>
		list.map((seed, i) =>
			newDeployment(state, { ...seed, deployment_id: `d${i}`, model_id: `d${i}` }),
		),
	);

describe('the planner', () => {
	it('never gives out more than the nodes have, nor more than asked for, and explains what is missing', () => {
		fc.assert(
			fc.property(nodes, deployments, (available, wanted) => {
				const plan = planAllocations(available, wanted, true);
				for (const node of available) {
					const here = (deployment: Deployment): number =>
						plan.allocations.get(deployment.deployment_id)?.get(node.id) ?? 0;
					const processors = wanted
						.filter(({ priority }) => priority === 'normal')
						.reduce((sum, entry) => sum + here(entry) * entry.threads_per_allocation, 0);
					const memory = wanted.reduce((sum, entry) => sum + memoryNeeded(entry, here(entry)), 0);
					expect(processors).toBeLessThanOrEqual(node.processors);
					expect(memory).toBeLessThanOrEqual(node.memoryBytes);
				}
				for (const deployment of wanted) {
					const places = [...(plan.allocations.get(deployment.deployment_id)?.values() ?? [])];
					const placed = places.reduce((sum, count) => sum + count, 0);
					expect(placed).toBeLessThanOrEqual(deployment.number_of_allocations);
					expect(plan.shortfalls.has(deployment.deployment_id)).toBe(
						placed < deployment.number_of_allocations,
					);
				}
			}),
		);
	});
});
