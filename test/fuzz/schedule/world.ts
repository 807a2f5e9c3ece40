/** The cluster as it really is, and who changed it. */

import type { DeploymentView, EmbeddedCluster } from '../../cluster';
import { IDS, type Deed } from './draw';

/** A deployment as a report can be compared with it; undefined: there is none, or it is stopping. */
export type Size = number | string | undefined;

/** What a request of the node did. */
export interface Change {
	id: string;
	is: 'start' | 'stop' | 'update';
	from: Size;
	to: Size;
}

const NODES = [
	{ id: 'n1', name: 'n1', processors: 400, memoryBytes: 1e12 },
	{ id: 'n2', name: 'n2', processors: 400, memoryBytes: 1e12 },
];

export function sizeOf(view: DeploymentView | undefined): Size {
	if (view === undefined || view.state === 'stopping') return undefined;
	const { adaptive_allocations: adaptive, number_of_allocations: number } = view;
	if (adaptive?.enabled !== true) return number;
	// The number within the bounds is the scaler's.
	return boundsOf(adaptive.min_number_of_allocations, adaptive.max_number_of_allocations);
}

export function boundsOf(min: unknown = 0, max: unknown = 'any'): string {
	return `${String(min)} to ${String(max)}`;
}

/** What happens to a cluster, told apart by who did it. */
export class World {
	/** What the node's own requests changed since `begin`. */
	changes: Change[] = [];
	/** Deployments to which others did something since `begin`. */
	touched = new Set<string>();

	/** All sizes that each has had: a restore may bring back any of them. */
	readonly had = new Map<string, Set<Size>>();

	private seen = new Map<string, Size>();

	private born = new Map<string, number | undefined>();

	constructor(private readonly cluster: EmbeddedCluster) {
		this.cluster.set({ nodes: NODES });
		this.look();
	}

	/** A new run begins. */
	begin(): void {
		this.changes = [];
		this.touched = new Set();
		this.look();
	}

	/** Notes what the node has changed since the last look. */
	note(): void {
		for (const id of IDS) {
			const view = this.cluster.deployment(id);
			const to = sizeOf(view);
			const from = this.seen.get(id);
			const isOther = to !== undefined && this.born.get(id) !== view?.start_time;
			if (from === to && !isOther) continue;
			if (from !== undefined && (to === undefined || isOther)) {
				this.changes.push({ id, is: 'stop', from, to: undefined });
			}
			if (to !== undefined && (from === undefined || isOther)) {
				this.changes.push({ id, is: 'start', from: undefined, to });
			}
			if (to !== undefined && from !== undefined && !isOther) {
				this.changes.push({ id, is: 'update', from, to });
			}
		}
		this.look();
	}

	/** Somebody does something, as far as it makes sense now. */
	befall(deed: Deed): void {
		this.note();
		const { cluster } = this;
		if (deed.do === 'nodeLost') {
			cluster.shutDownNode('n1');
			for (const id of IDS) this.touched.add(id);
			return;
		}
		const { id } = deed;
		const now = cluster.deployment(id);
		if (now?.state === 'stopping') return;
		this.touched.add(id);
		if (deed.do === 'start' && now === undefined) {
			cluster.addDeployment({ deployment_id: id, number_of_allocations: 4 });
		}
		if (now !== undefined && deed.do === 'stop') cluster.removeDeployment(id);
		if (now !== undefined && deed.do === 'restart') cluster.restartDeployment(id);
		if (now !== undefined && deed.do === 'scale') {
			cluster.changeDeployment(id, { number_of_allocations: 5, adaptive_allocations: null });
		}
		this.look();
	}

	/** The run is over, and so is what befell the cluster. */
	end(): void {
		this.note();
		this.cluster.set({ nodes: NODES });
		this.look();
	}

	sizes(): Map<string, Size> {
		return new Map(IDS.map((id) => [id, sizeOf(this.cluster.deployment(id))]));
	}

	private look(): void {
		for (const id of IDS) {
			const view = this.cluster.deployment(id);
			this.seen.set(id, sizeOf(view));
			this.had.set(id, (this.had.get(id) ?? new Set()).add(sizeOf(view)));
			this.born.set(id, view?.start_time);
		}
	}
}
