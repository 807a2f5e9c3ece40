/** docs/elasticsearch-behaviour.md, "Serverless: hidden state" */

import { readStatsPage } from '../../../nodes/elasticsearch/api/stats';
import { idleMinutes, readiness } from '../../../nodes/elasticsearch/deployment/deployment';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, NOW } from '../builders';

function read(stats: Record<string, unknown>): Deployment {
	const entry = { model_id: 'e5', deployment_stats: { model_id: 'e5', ...stats } };
	const [found] = readStatsPage({ count: 1, trained_model_stats: [entry] })?.entries ?? [];
	if (found?.deployment === undefined) throw new Error('no deployment was read');
	return found.deployment;
}

/** A node as Serverless shows it: without its name. */
function node(state: unknown, allocations?: number, more = {}): Record<string, unknown> {
	return {
		routing_state: { routing_state: state },
		...(allocations !== undefined && { number_of_allocations: allocations }),
		...more,
	};
}

interface Seen {
	state: string;
	running: number;
	allocationState: string | null;
	ready: boolean;
}

function progress(deployment: Deployment): Seen {
	const { state, runningAllocations: running, allocationState } = deployment;
	return { state, running, allocationState, ready: readiness(deployment).ready };
}

const on = { enabled: true, min_number_of_allocations: 0 };

describe('without a state and an allocation status, a deployment', () => {
	it.each<[string, Record<string, unknown>, Seen]>([
		[
			'is fully allocated where its started routes reach what is asked for',
			{ number_of_allocations: 3, nodes: [node('started', 2), node('started', 1)] },
			{ state: 'started', running: 3, allocationState: 'fully_allocated', ready: true },
		],
		[
			'is fully allocated where more run, as after a decrease',
			{ number_of_allocations: 1, nodes: [node('started', 2)] },
			{ state: 'started', running: 2, allocationState: 'fully_allocated', ready: true },
		],
		[
			'is started where its started routes reach less',
			{ number_of_allocations: 3, nodes: [node('started', 2), node('starting')] },
			{ state: 'started', running: 2, allocationState: 'started', ready: false },
		],
		[
			'counts only what is started',
			{ number_of_allocations: 2, nodes: [node('started', 1), node('stopping', 1)] },
			{ state: 'started', running: 1, allocationState: 'started', ready: false },
		],
		[
			'is started where one route failed',
			{ number_of_allocations: 3, nodes: [node('started', 2), node('failed')] },
			{ state: 'started', running: 2, allocationState: 'started', ready: false },
		],
		[
			'runs at least one where a started route does not tell its number',
			{ number_of_allocations: 1, nodes: [node('started')] },
			{ state: 'started', running: 1, allocationState: 'fully_allocated', ready: true },
		],
		[
			'is not said to run three where a started route does not tell its number',
			{ number_of_allocations: 3, nodes: [node('started')] },
			{ state: 'started', running: 1, allocationState: 'started', ready: false },
		],
		[
			'is not fully allocated where nothing tells how many are asked for',
			{ nodes: [node('started', 2)] },
			{ state: 'started', running: 2, allocationState: null, ready: true },
		],
		[
			'sleeps at zero',
			{ number_of_allocations: 0, adaptive_allocations: on, nodes: [] },
			{ state: 'started', running: 0, allocationState: 'fully_allocated', ready: false },
		],
		[
			'sleeps at zero while its last route is stopping',
			{ number_of_allocations: 0, adaptive_allocations: on, nodes: [node('stopping')] },
			{ state: 'started', running: 0, allocationState: 'fully_allocated', ready: false },
		],
		[
			'is starting where no route is started',
			{ number_of_allocations: 2, nodes: [node('starting'), node('failed')] },
			{ state: 'starting', running: 0, allocationState: 'starting', ready: false },
		],
		[
			'is stopping where its routes are',
			{ number_of_allocations: 2, nodes: [node('stopping'), node('stopped')] },
			{ state: 'stopping', running: 0, allocationState: null, ready: false },
		],
		[
			'is stopping where its routes are, or failed',
			{ number_of_allocations: 2, nodes: [node('failed'), node('stopping')] },
			{ state: 'stopping', running: 0, allocationState: null, ready: false },
		],
		[
			'is stopping where its routes have stopped',
			{ number_of_allocations: 1, nodes: [node('stopped')] },
			{ state: 'stopping', running: 0, allocationState: null, ready: false },
		],
		[
			'is failed where all its routes are',
			{ number_of_allocations: 2, nodes: [node('failed'), node('failed')] },
			{ state: 'failed', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown without nodes',
			{ number_of_allocations: 2 },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown without a single node',
			{ number_of_allocations: 2, nodes: [] },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown where its routes are in a state of the future',
			{ number_of_allocations: 2, nodes: [node('draining', 2)] },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown where a failed route is beside such a state',
			{ number_of_allocations: 2, nodes: [node('failed'), node('draining')] },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown where its routes tell no state',
			{ number_of_allocations: 1, nodes: [{ number_of_allocations: 1 }, node(null), node(7)] },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is unknown where it tells nothing at all',
			{},
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is stopping where a stop is its reason, although a route works off its queue',
			{ reason: 'client API call (forced)', number_of_allocations: 1, nodes: [node('started', 1)] },
			{ state: 'stopping', running: 0, allocationState: null, ready: false },
		],
	])('%s', (_what, stats, expected) => {
		expect(progress(read(stats))).toEqual(expected);
	});

	it('says why it is not ready', () => {
		const { reason } = readiness(read({ number_of_allocations: 2 }));
		expect(reason).toBe('unknown: the cluster shows neither its state nor where it runs');
	});

	it('says what the cluster gives as a reason', () => {
		const { reason } = readiness(read({ reason: 'No ML nodes exist in the cluster', nodes: [] }));
		expect(reason).toBe('No ML nodes exist in the cluster');
	});

	it('is never idle where its state is unknown', () => {
		expect(idleMinutes(read({ start_time: ago(90) }), NOW)).toBeNull();
	});

	it('is as idle as its routes', () => {
		const nodes = [node('started', 1, { last_access: ago(30), start_time: ago(90) })];
		expect(idleMinutes(read({ number_of_allocations: 1, nodes }), NOW)).toBe(30);
	});
});

describe('with a part of it, a deployment', () => {
	it.each<[string, Record<string, unknown>, Seen]>([
		[
			'counts its routes where only the state is shown',
			{ state: 'started', number_of_allocations: 2, nodes: [node('started', 2)] },
			{ state: 'started', running: 2, allocationState: 'fully_allocated', ready: true },
		],
		[
			'keeps its state, whatever its routes show',
			{ state: 'stopping', number_of_allocations: 2, nodes: [node('started', 2)] },
			{ state: 'stopping', running: 0, allocationState: null, ready: false },
		],
		[
			'has its state from the allocation status where only that is shown',
			{ allocation_status: { allocation_count: 1, target_allocation_count: 2, state: 'started' } },
			{ state: 'started', running: 1, allocationState: 'started', ready: false },
		],
		[
			'is starting where the allocation status shows none that runs',
			{ allocation_status: { allocation_count: 0, target_allocation_count: 2, state: 'starting' } },
			{ state: 'starting', running: 0, allocationState: 'starting', ready: false },
		],
		[
			'sleeps where the allocation status shows 0 of 0',
			{
				allocation_status: {
					allocation_count: 0,
					target_allocation_count: 0,
					state: 'fully_allocated',
				},
			},
			{ state: 'started', running: 0, allocationState: 'fully_allocated', ready: false },
		],
		[
			'is not taken for started where the state is one of the future',
			{ state: 'paused', number_of_allocations: 1, nodes: [node('started')] },
			{ state: 'unknown', running: 0, allocationState: null, ready: false },
		],
		[
			'is as its routes are where the state is null',
			{ state: null, number_of_allocations: 1, nodes: [node('starting')] },
			{ state: 'starting', running: 0, allocationState: 'starting', ready: false },
		],
	])('%s', (_what, stats, expected) => {
		expect(progress(read(stats))).toEqual(expected);
	});
});
