import {
	ageMinutes,
	costsWhileIdle,
	idleMinutes,
} from '../../../nodes/elasticsearch/deployment/deployment';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, deployment, NOW, route } from '../builders';

describe('the minutes without a request', () => {
	it.each<[string, Partial<Deployment>, number | null]>([
		['since the last access', { routes: [route({ lastAccess: ago(10) })] }, 10],
		[
			'since the latest access of all routes',
			{ routes: [route({ lastAccess: ago(40) }), route({ lastAccess: ago(3) })] },
			3,
		],
		['with one decimal', { routes: [route({ lastAccess: ago(10.26) })] }, 10.3],
		[
			'since the start of a route that was never used',
			{ routes: [route({ lastAccess: null, startTime: ago(20) })] },
			20,
		],
		[
			'since it moved to a new node, not since it was used on the old one',
			{ routes: [route({ lastAccess: ago(50), startTime: ago(2) })] },
			2,
		],
		[
			'since another route started',
			{ routes: [route({ lastAccess: ago(50) }), route({ lastAccess: null, startTime: ago(5) })] },
			5,
		],
		[
			'since the start of the deployment where that is later',
			{ startTime: ago(1), routes: [route({ lastAccess: ago(50) })] },
			1,
		],
		[
			'since the start of the deployment where it has no routes',
			{ numberOfAllocations: 0, routes: [], startTime: ago(90) },
			90,
		],
		[
			'unknown where it starts and the cluster does not tell its number',
			{ state: 'starting', numberOfAllocations: 0, routes: [route({ state: 'starting' })] },
			null,
		],
		[
			'0 where the clock of the cluster runs ahead',
			{ routes: [route({ lastAccess: ago(-5) })] },
			0,
		],
		[
			'since the access, where the start is not told',
			{ startTime: null, routes: [route({ startTime: null, lastAccess: ago(7) })] },
			7,
		],
		['unknown while a request is pending', { routes: [route({ pendingRequests: 1 })] }, null],
		[
			'unknown while a request is pending elsewhere',
			{ routes: [route(), route({ pendingRequests: 2 })] },
			null,
		],
		[
			'unknown where a started route tells neither time',
			{ routes: [route(), route({ lastAccess: null, startTime: null })] },
			null,
		],
		[
			'known where a route that is not started tells neither',
			{ routes: [route(), route({ state: 'starting', lastAccess: null, startTime: null })] },
			10,
		],
		['unknown where nothing is told', { startTime: null, routes: [] }, null],
		[
			'unknown at zero allocations where nothing is told',
			{ numberOfAllocations: 0, startTime: null, routes: [] },
			null,
		],
		['unknown where its state is hidden, whatever its routes tell', { state: 'unknown' }, null],
		[
			'unknown at zero allocations while it is not started',
			{ state: 'stopping', numberOfAllocations: 0, routes: [] },
			null,
		],
		[
			'unknown where its only node left, although requests fail for want of it',
			{ numberOfAllocations: 1, routes: [], startTime: ago(90) },
			null,
		],
		[
			'unknown while none of its routes is started, whatever they tell',
			{ routes: [route({ state: 'starting' }), route({ state: 'failed', lastAccess: ago(90) })] },
			null,
		],
		[
			'since the latest known time at zero allocations, where a route is about to end',
			{ numberOfAllocations: 0, routes: [route({ state: 'stopping', lastAccess: ago(45) })] },
			45,
		],
		[
			'0 where requests were counted in the last minute, whatever the clocks say',
			{ routes: [route({ lastAccess: ago(90), throughputLastMinute: 3 })] },
			0,
		],
		[
			'0 where another route counted requests and tells no time',
			{
				routes: [
					route({ lastAccess: ago(90) }),
					route({ lastAccess: null, startTime: null, throughputLastMinute: 1 }),
				],
			},
			0,
		],
		[
			'unknown where requests were counted but others are pending',
			{ routes: [route({ throughputLastMinute: 3, pendingRequests: 1 })] },
			null,
		],
	])('are counted %s', (_what, own, expected) => {
		expect(idleMinutes(deployment(own), NOW)).toBe(expected);
	});
});

describe('the age', () => {
	it.each([
		[ago(60), 60],
		[ago(0.04), 0],
		[ago(-3), 0],
		[null, null],
	])('of a deployment started at %j is %j minutes', (startTime, expected) => {
		expect(ageMinutes(deployment({ startTime }), NOW)).toBe(expected);
	});
});

describe('what costs while nobody asks', () => {
	it.each([
		['a fixed number', null, true],
		['adaptive allocations that are off', { enabled: false, min_number_of_allocations: 0 }, true],
		['a minimum of 1', { enabled: true, min_number_of_allocations: 1 }, true],
		['a minimum of 0', { enabled: true, min_number_of_allocations: 0 }, false],
		['no minimum', { enabled: true }, false],
	])('with %s: %j is %s', (_what, adaptive, expected) => {
		expect(costsWhileIdle(deployment({ adaptive }))).toBe(expected);
	});
});
