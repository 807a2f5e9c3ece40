import type { ClusterState } from './state';

/**
 * Older versions drop deployments at zero when they plan anew: without a word, and inference finds
 * no task from then on (docs/elasticsearch-behaviour.md, "Versions: timeline").
 * @param keeps whether this version keeps them on this occasion
 */
export function loseSleeping(state: ClusterState, keeps: boolean): void {
	if (!(state.knobs.losesSleeping ?? !keeps)) return;
	for (const { deployment_id: id, number_of_allocations: number } of state.deployments.values()) {
		if (number > 0) continue;
		state.deployments.delete(id);
		state.lost.add(id);
	}
}
