/** Derives what `_stats` leaves out of a deployment from its routes. Pure. */

import type { DeploymentState, Route } from '../deployment/state';

/** How far a deployment is, as `_stats` shows it or as its routes tell it. */
export interface Progress {
	state: DeploymentState;
	/** How many allocations run. */
	running: number;
	/** As `allocation_status` calls it; null unless it is starting or started. */
	allocationState: string | null;
}

/** What `_stats` shows; undefined where it shows nothing. */
export interface Shown {
	state?: DeploymentState;
	/** Why it is as it is. */
	reason?: string;
	/** From `allocation_status`. */
	running?: number;
	target?: number;
	allocationState?: string;
	/** How many allocations are asked for. */
	wanted?: number;
	/** Empty where it shows none. */
	routes: readonly Route[];
}

/**
 * How far a deployment is. What the cluster says itself counts; what it leaves out, as Serverless
 * may, is derived from the routes (docs/elasticsearch-behaviour.md, "Serverless: hidden state").
 * Where neither tells it, the state is unknown: nothing is taken for started without a sign of it.
 */
export function progressOf(shown: Shown): Progress {
	const state = shown.state ?? stateOf(shown);
	if (state !== 'starting' && state !== 'started') {
		return { state, running: 0, allocationState: null };
	}
	const running = shown.running ?? runningIn(shown.routes);
	return { state, running, allocationState: shown.allocationState ?? status(running, shown) };
}

/** The state where the cluster shows none. */
function stateOf({ reason, running, target, wanted, routes }: Shown): DeploymentState {
	// The cluster shows this only of what is starting or started
	// (docs/elasticsearch-behaviour.md, "Stats: shape of an entry").
	if (running !== undefined) return running > 0 || target === 0 ? 'started' : 'starting';
	// Its routes may run on until they have done their work.
	if (reason?.startsWith(STOPPED_BY_CALL)) return 'stopping';
	const has = (...states: string[]): boolean => routes.some((each) => states.includes(each.state));
	if (has('started')) return 'started';
	// At zero it sleeps, even where a last route is still stopping.
	if (wanted === 0) return 'started';
	if (has('starting')) return 'starting';
	if (routes.length === 0 || !routes.every((each) => ENDING.includes(each.state))) return 'unknown';
	return has('stopping', 'stopped') ? 'stopping' : 'failed';
}

/** The reason that `_stop` leaves (docs/elasticsearch-behaviour.md, "Stop: answer and repetition"). */
const STOPPED_BY_CALL = 'client API call';

const ENDING: readonly string[] = ['stopping', 'stopped', 'failed'];

/** A started route that does not tell its number runs at least one. */
function runningIn(routes: readonly Route[]): number {
	return routes
		.filter(({ state }) => state === 'started')
		.reduce((total, { allocations }) => total + (allocations ?? 1), 0);
}

/** Null where nothing tells how many allocations are asked for. */
function status(running: number, { wanted, target = wanted }: Shown): string | null {
	if (target === undefined) return null;
	if (running >= target) return 'fully_allocated';
	return running === 0 ? 'starting' : 'started';
}
