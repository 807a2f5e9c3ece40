import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { restoreOf } from '../../../nodes/elasticsearch/deployment/restore';
import {
	isSameStart,
	restoreText,
	see,
	withSettingsOf,
	type Seen,
} from '../../../nodes/MlDeploymentTrigger/seen';
import { ago, NOW, route } from '../builders';
import { deployment, rules } from './looks';

type Own = Partial<Deployment>;

const at = (minutes: number): number => NOW + minutes * 60_000;

/** What is kept after looks so many minutes after the first. */
function seen(...looks: Array<[minutes: number, own: Own]>): Seen {
	const kept = looks.reduce<Seen | undefined>(
		(before, [minutes, own]) => see(deployment(own), before, at(minutes), rules()),
		undefined,
	);
	if (kept === undefined) throw new Error('no look');
	return kept;
}

const withRoutes = (...routes: Array<Parameters<typeof route>[0]>): Own => ({
	routes: routes.map(route),
});
const ASLEEP: Own = { numberOfAllocations: 0, runningAllocations: 0, routes: [] };
const RESTARTED: Own = { startTime: at(1) };

describe('what is kept of a deployment', () => {
	it('is what the first look shows, and nothing lasts yet', () => {
		expect(seen([0, { inferenceCount: 7, rejectedCount: 50 }])).toMatchObject({
			modelId: '.elser_model_2',
			startTime: ago(60),
			state: 'started',
			transit: null,
			isStuck: false,
			isReady: true,
			number: 2,
			lastAccess: ago(10),
			routeStart: ago(60),
			inferences: 7,
			quietSince: NOW,
			isIdle: false,
			rejected: 50,
			isRejecting: false,
			isQueueFull: false,
		});
	});

	it('has the latest times of all its routes, and 0 where none is told', () => {
		const times = withRoutes(
			{ lastAccess: ago(9), startTime: ago(8) },
			{ lastAccess: ago(3), startTime: ago(70) },
			{ lastAccess: null, startTime: null },
		);
		expect(seen([0, times])).toMatchObject({ lastAccess: ago(3), routeStart: ago(8) });
		const untold = withRoutes({ lastAccess: null, startTime: null });
		expect(seen([0, untold])).toMatchObject({ lastAccess: 0, routeStart: 0 });
		expect(seen([0, ASLEEP])).toMatchObject({ lastAccess: 0, routeStart: 0 });
	});

	it('keeps a time of start that is not told any more', () => {
		expect(seen([0, {}], [1, { startTime: null }]).startTime).toBe(ago(60));
		expect(seen([0, { startTime: null }]).startTime).toBeNull();
		expect(seen([0, { startTime: null }], [1, {}]).startTime).toBe(ago(60));
	});

	it('is full where so many requests wait at all nodes together', () => {
		const waiting = (...counts: number[]): Own =>
			withRoutes(...counts.map((pendingRequests) => ({ pendingRequests })));
		expect(seen([0, waiting(60, 39)]).isQueueFull).toBe(false);
		expect(seen([0, waiting(60, 40)]).isQueueFull).toBe(true);
	});

	it('rejects where so many were rejected since the look before, of the same start', () => {
		const rejected = (rejectedCount: number, own: Own = {}): Own => ({ rejectedCount, ...own });
		expect(seen([0, rejected(3)], [1, rejected(7)]).isRejecting).toBe(false);
		expect(seen([0, rejected(3)], [1, rejected(8)]).isRejecting).toBe(true);
		expect(seen([0, rejected(3)], [1, rejected(8)], [2, rejected(8)]).isRejecting).toBe(false);
		expect(seen([0, rejected(3)], [1, rejected(50, RESTARTED)]).isRejecting).toBe(false);
	});
});

describe('a transit', () => {
	const starting: Own = { state: 'starting', runningAllocations: 0, routes: [] };
	const stopping: Own = { state: 'stopping', runningAllocations: 0 };
	const routeStops = withRoutes({}, { state: 'stopping' });

	it.each<[string, Own, string]>([
		['it starts', starting, 'starting'],
		['it stops', stopping, 'stopping'],
		['one of its routes stops', routeStops, 'route_stopping'],
		['it stops with its routes', { ...stopping, ...routeStops }, 'stopping'],
	])('begins with the first look that shows it: %s', (_what, own, is) => {
		expect(seen([0, {}], [3, own], [5, own]).transit).toEqual({ is, since: at(3) });
		expect(seen([0, {}], [3, own], [5, own], [6, {}]).transit).toBeNull();
	});

	it('is stuck from the limit on', () => {
		expect(seen([0, starting], [9.9, starting]).isStuck).toBe(false);
		expect(seen([0, starting], [10, starting]).isStuck).toBe(true);
	});

	it('begins anew as another one, and with another start', () => {
		expect(seen([0, starting], [9, stopping]).transit?.since).toBe(at(9));
		expect(seen([0, starting], [9, { ...starting, ...RESTARTED }]).transit?.since).toBe(at(9));
	});

	it('never began in the future, though the clock of n8n was set back', () => {
		expect(seen([0, starting], [-600, starting]).transit?.since).toBe(at(-600));
	});
});

describe('the quiet of a deployment', () => {
	it.each<[string, Own]>([
		['nothing', {}],
		['an access that is older', withRoutes({ lastAccess: ago(50) })],
		['counters that went back', { inferenceCount: -1 }],
		['a route that started earlier', withRoutes({ startTime: ago(90) })],
		['a start that is not told', { startTime: null }],
		['zero allocations', ASLEEP],
	])('goes on after %s', (_what, own) => {
		expect(seen([0, {}], [29, own])).toMatchObject({ quietSince: NOW, isIdle: false });
		expect(seen([0, {}], [30, own])).toMatchObject({ quietSince: NOW, isIdle: true });
	});

	it.each<[string, Own]>([
		['a request', withRoutes({ lastAccess: ago(9) })],
		['a request that only a counter shows', { inferenceCount: 1 }],
		['a request that waits', withRoutes({}, { pendingRequests: 1 })],
		['requests of the last minute', withRoutes({}, { throughputLastMinute: 1 })],
	])('ends with %s, idle or not', (_what, own) => {
		expect(seen([0, {}], [30, own])).toMatchObject({ quietSince: at(30), isIdle: false });
		expect(seen([0, {}], [30, {}], [40, own])).toMatchObject({
			quietSince: at(40),
			isIdle: false,
		});
	});

	it.each<[string, Own]>([
		['a move', withRoutes({ startTime: ago(5) })],
		['an outage of its nodes', { routes: [] }],
	])('ends with %s, unless it is idle already', (_what, own) => {
		expect(seen([0, {}], [30, own])).toMatchObject({ quietSince: at(30), isIdle: false });
		expect(seen([0, {}], [30, {}], [40, own])).toMatchObject({ quietSince: NOW, isIdle: true });
	});

	it('begins anew with another start', () => {
		expect(seen([0, {}], [30, {}], [40, RESTARTED])).toMatchObject({
			quietSince: at(40),
			isIdle: false,
		});
	});

	it('never began in the future, though the clock of n8n was set back', () => {
		expect(seen([0, {}], [-600, {}]).quietSince).toBe(at(-600));
		expect(seen([0, {}], [-600, {}], [-570, {}]).isIdle).toBe(true);
	});
});

describe('the same start', () => {
	it.each<[number | null, number | null, boolean]>([
		[1, 1, true],
		[1, 2, false],
		[2, 1, false],
		[null, 1, true],
		[1, null, true],
		[null, null, true],
	])('of %p and %p: %p', (before, now, same) => {
		const startTime = before;
		expect(isSameStart(seen([0, { startTime }]), deployment({ startTime: now }))).toBe(same);
	});
});

describe('the settings that are kept', () => {
	const own: Own = {
		id: 'x',
		priority: 'low',
		queueCapacity: 7,
		cacheSize: '10kb',
		adaptive: { enabled: true, min_number_of_allocations: 0 },
	};

	it('make the restore object again, as it would be made of the look', () => {
		const text = restoreText('x', seen([0, own]), 'c1', NOW);
		expect(JSON.parse(text)).toEqual(restoreOf(deployment(own), 'c1', NOW));
	});

	it('hold nothing that stands beside them', () => {
		expect(Object.keys(seen([0, own]).settings)).toEqual([
			'threads_per_allocation',
			'priority',
			'observed_allocations',
			'queue_capacity',
			'cache_size',
			'adaptive_allocations',
		]);
	});

	it('are taken over, with the model, from a start that is not compared yet', () => {
		const before = seen([0, {}]);
		const young = deployment({ modelId: 'other', numberOfAllocations: 7, state: 'starting' });
		expect(withSettingsOf(young, before)).toEqual({
			...before,
			modelId: 'other',
			settings: { ...before.settings, observed_allocations: 7, number_of_allocations: 7 },
		});
	});
});
