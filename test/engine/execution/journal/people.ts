import type { EmbeddedCluster } from '../../../cluster';
import type { Deed, Intervention } from './schedule';

const HOUR = 3_600_000;

/** Other people, who stop and start deployments and use them while the node is at work. */
export class People {
	private readonly left: Intervention[];
	/** The earliest start of each deployment so far. */
	private readonly earliest: Map<string, number>;

	constructor(
		private readonly cluster: EmbeddedCluster,
		interventions: readonly Intervention[],
	) {
		this.left = interventions.map((each) => ({ ...each }));
		this.earliest = new Map(
			cluster.deployments().map(({ deployment_id: id, start_time }) => [id, start_time]),
		);
	}

	/**
	 * Does what is due at a look at these deployments, before it is answered.
	 * @param isAsked whether a `_stop` for an id has come in already
	 * @returns what was done
	 */
	act(ids: readonly string[], isAsked: (id: string) => boolean): Intervention[] {
		const done: Intervention[] = [];
		for (const each of [...this.left]) {
			if (!ids.includes(each.id) || !this.hasBegun(each, isAsked)) continue;
			if (each.skip > 0) each.skip--;
			else if (this.did(each.id, each.deed)) {
				this.left.splice(this.left.indexOf(each), 1);
				done.push(each);
			}
		}
		return done;
	}

	private hasBegun({ id, from }: Intervention, isAsked: (id: string) => boolean): boolean {
		if (from === 'begin') return true;
		if (from === 'asked') return isAsked(id);
		return this.cluster.stopped.some((each) => each.deployment_id === id);
	}

	/** @returns whether it made sense, and so was done */
	private did(id: string, deed: Deed): boolean {
		const { cluster } = this;
		const now = cluster.deployment(id);
		// Whoever starts, scales or stops it while it stops is refused, or waits for the end.
		if (now?.state === 'stopping') return false;
		if (deed.do === 'startOther') {
			const latest = Math.max(cluster.now(), (now?.start_time ?? 0) + 1);
			cluster.addDeployment({
				deployment_id: id,
				model_id: now?.model_id ?? `model-${id}`,
				threads_per_allocation: deed.threads,
				number_of_allocations: deed.number,
				start_time: deed.earlier ? this.earlier(id) : latest,
			});
			return true;
		}
		if (now === undefined) return false;
		switch (deed.do) {
			case 'restart':
				cluster.restartDeployment(id);
				return true;
			case 'remove':
				cluster.removeDeployment(id);
				return true;
			case 'scale':
				cluster.changeDeployment(id, { number_of_allocations: deed.number });
				return true;
			case 'use':
				cluster.changeDeployment(id, {
					last_access: cluster.now(),
					throughput_last_minute: 10,
					inference_count: 10,
					pending_requests: deed.waiting ? 2 : 0,
				});
				return true;
		}
	}

	/** Before every start of this deployment so far: the clock of another master is behind. */
	private earlier(id: string): number {
		const time = (this.earliest.get(id) ?? this.cluster.now()) - HOUR;
		this.earliest.set(id, time);
		return time;
	}
}
