import type { Deployment, StatsEntry } from '../../../nodes/elasticsearch/deployment/state';
import {
	compare,
	EVENTS,
	type Happening,
	type Kept,
	type Look,
	type Rules,
} from '../../../nodes/MlDeploymentTrigger/events';
import { deployment, NOW } from '../builders';

export const CLUSTER = 'c1';

/** All events, and limits that are easy to count. */
export function rules(own: Partial<Rules> = {}): Rules {
	return {
		events: EVENTS,
		stuckMinutes: 10,
		idleMinutes: 30,
		rejectedThreshold: 5,
		pendingThreshold: 100,
		...own,
	};
}

export function entryOf(each: Deployment): StatsEntry {
	return { modelId: each.modelId, deployment: each, raw: {} };
}

/** A model that is not deployed. */
export function bare(modelId: string): StatsEntry {
	return { modelId, raw: {} };
}

/** A look so many minutes after the first one. */
export function look(minutes: number, ...deployments: Deployment[]): Look {
	return { cluster: CLUSTER, at: NOW + minutes * 60_000, entries: deployments.map(entryOf) };
}

/** The events of each look, with what is kept in between. */
export function eventsOf(looks: Look[], own: Partial<Rules> = {}): Happening[][] {
	let kept: Kept | undefined;
	return looks.map((each) => {
		const compared = compare(kept, each, rules(own));
		kept = compared.kept;
		return compared.happenings;
	});
}

/** "id: event" of each event in the last of the looks. */
export function namesOf(looks: Look[], own: Partial<Rules> = {}): string[] {
	const last = eventsOf(looks, own).at(-1) ?? [];
	return last.map((each) => `${each.deployment_id}: ${each.event}`);
}

export { deployment };
