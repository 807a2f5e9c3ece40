/** Events as they would come out, made from what is there now, for a run by hand. Pure. */

import { failureReason } from '../elasticsearch/deployment/deployment';
import type { Deployment } from '../elasticsearch/deployment/state';
import {
	EVENTS,
	NOT_DEPLOYED,
	type EventName,
	type Happening,
	type Look,
	type Rules,
} from './events';
import { restoreText, see } from './seen';

/** What an event of this kind says otherwise than the deployment as it stands. */
type Changes = Partial<Happening>;

/**
 * One sample of each chosen event.
 * @param watched the deployments that the rules are about, at least one; where one fits an event
 * best, its sample is made from that one
 */
export function samplesOf(
	watched: readonly [Deployment, ...Deployment[]],
	look: Look,
	rules: Rules,
): Array<Happening & { sample: true }> {
	return EVENTS.filter((event) => rules.events.includes(event)).map((event) => {
		const best = watched.find((each) => fits(event, each)) ?? watched[0];
		return { ...sampleOf(event, best, look, rules), sample: true };
	});
}

function fits(event: EventName, { state, routes }: Deployment): boolean {
	switch (event) {
		case 'failed':
			return state === 'failed';
		case 'stuck':
			return state === 'starting' || state === 'stopping';
		case 'queueFilling':
			return routes.some(({ pendingRequests }) => pendingRequests > 0);
		default:
			return state === 'started';
	}
}

function sampleOf(event: EventName, deployment: Deployment, look: Look, rules: Rules): Happening {
	const now = see(deployment, undefined, look.at, rules);
	return {
		event,
		deployment_id: deployment.id,
		model_id: now.modelId,
		detected_at: ago(look.at, 0),
		since: ago(look.at, 1),
		state: now.state,
		state_before: now.state,
		number_of_allocations: now.number,
		number_before: now.number,
		reason: null,
		restore: restoreText(deployment.id, now, look.cluster, look.at),
		...changesOf(event, deployment, look.at, rules),
	};
}

function changesOf(event: EventName, deployment: Deployment, at: number, rules: Rules): Changes {
	const { numberOfAllocations: number, state } = deployment;
	switch (event) {
		case 'failed': {
			const reason = failureReason(deployment) ?? "Here stands the cluster's reason";
			return { state: 'failed', state_before: 'started', reason };
		}
		case 'disappeared':
			return { state: NOT_DEPLOYED, number_of_allocations: 0, reason: NOT_DEPLOYED };
		case 'stuck':
			return {
				state: state === 'stopping' ? state : 'starting',
				state_before: state === 'stopping' ? state : 'starting',
				since: ago(at, rules.stuckMinutes),
			};
		case 'becameReady':
			return { state: 'started', state_before: 'starting' };
		case 'becameIdle':
		case 'becameActive':
			return { since: ago(at, rules.idleMinutes) };
		case 'allocationsChanged':
			return { number_before: Math.max(number - 1, 0) };
		case 'rejecting':
			return { reason: `${rules.rejectedThreshold} requests rejected` };
		case 'queueFilling':
			return { reason: `${rules.pendingThreshold} requests waiting` };
		case 'appeared':
			return { state_before: NOT_DEPLOYED, number_before: 0 };
	}
}

function ago(at: number, minutes: number): string {
	return new Date(at - minutes * 60_000).toISOString();
}
