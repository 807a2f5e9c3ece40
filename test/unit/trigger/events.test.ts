import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import type { Rules } from '../../../nodes/MlDeploymentTrigger/events';
import { ago, NOW, route } from '../builders';
import { deployment, eventsOf, look, namesOf } from './looks';

type Own = Partial<Deployment>;
const x = (own: Own = {}): Deployment => deployment({ id: 'x', ...own });

const STARTING: Own = { state: 'starting', runningAllocations: 0, routes: [] };
const FAILED: Own = { state: 'failed', runningAllocations: 0, routes: [], reason: 'no memory' };
const STOPPING: Own = { state: 'stopping', runningAllocations: 0 };
const ASLEEP: Own = { numberOfAllocations: 0, runningAllocations: 0, routes: [] };
const RESTARTED: Own = { startTime: NOW, routes: [route({ startTime: NOW, lastAccess: null })] };
const HALF: Own = { runningAllocations: 1 };
const queue = (pendingRequests: number): Own => ({ routes: [route({ pendingRequests })] });
const usedAt = (lastAccess: number, own: Own = {}): Own => ({
	routes: [route({ lastAccess })],
	inferenceCount: lastAccess,
	...own,
});

it('the first look records, and is no event, whatever it shows', () => {
	const looks = [look(0, x(FAILED), x({ id: 'y', ...STARTING }), x({ id: 'z', ...queue(500) }))];
	expect(eventsOf(looks)).toEqual([[]]);
});

describe('between two looks, one minute apart', () => {
	const cases: Array<[string, Own | null, Own | null, string[]]> = [
		['nothing changed', {}, {}, []],
		['it failed', {}, FAILED, ['failed']],
		['it still is failed', FAILED, FAILED, []],
		['it was started again and failed again', FAILED, { ...FAILED, startTime: NOW }, ['failed']],
		['it recovered', FAILED, {}, ['becameReady']],
		['it is gone', {}, null, ['disappeared']],
		['it is gone after it failed', FAILED, null, ['disappeared']],
		['it came', null, { ...STARTING, startTime: NOW }, ['appeared']],
		['it came and is ready already', null, {}, ['becameReady', 'appeared']],
		['it came and failed', null, FAILED, ['failed', 'appeared']],
		['it came with a full queue', null, queue(100), ['becameReady', 'queueFilling', 'appeared']],
		['it is being stopped', {}, STOPPING, []],
		['it is ready', STARTING, {}, ['becameReady']],
		['one of two allocations runs', STARTING, HALF, []],
		['the second allocation runs', HALF, {}, ['becameReady']],
		['a node left', {}, HALF, []],
		['it woke up', ASLEEP, {}, ['becameReady', 'allocationsChanged']],
		['it fell asleep', {}, ASLEEP, ['allocationsChanged']],
		['it was restarted', {}, RESTARTED, []],
		['its number was raised', {}, { numberOfAllocations: 3 }, ['allocationsChanged']],
		['4 requests were rejected', { rejectedCount: 3 }, { rejectedCount: 7 }, []],
		['5 requests were rejected', { rejectedCount: 3 }, { rejectedCount: 8 }, ['rejecting']],
		['its counter went back', { rejectedCount: 90 }, { rejectedCount: 10 }, []],
		['it was restarted and rejected', {}, { ...RESTARTED, rejectedCount: 50 }, []],
		['it came with rejections', null, { rejectedCount: 50 }, ['becameReady', 'appeared']],
		['99 requests wait', queue(5), queue(99), []],
		['100 requests wait', queue(5), queue(100), ['queueFilling']],
		['the queue stays full', queue(100), queue(900), []],
		['its time of start was not told before', { startTime: null }, {}, []],
		['its time of start is not told any more', FAILED, { ...FAILED, startTime: null }, []],
	];
	it.each(cases)('%s', (_case, before, now, expected) => {
		const at = (minutes: number, own: Own | null) =>
			look(minutes, ...(own === null ? [] : [x(own)]));
		const looks = [at(0, before), at(1, now)];
		expect(namesOf(looks)).toEqual(expected.map((event) => `x: ${event}`));
		// At the next look that shows the same, nothing has happened any more.
		expect(namesOf([...looks, at(2, now)])).toEqual([]);
	});
});

it('rejecting comes once while requests go on being rejected, and again after a rest', () => {
	const rejected = [0, 9, 30, 30, 36];
	const looks = rejected.map((rejectedCount, index) => look(index, x({ rejectedCount })));
	const events = eventsOf(looks).map((each) => each.map(({ event }) => event));
	expect(events).toEqual([[], ['rejecting'], [], [], ['rejecting']]);
});

describe('stuck', () => {
	const at = (minutes: number, own: Own) => look(minutes, x(own));

	it.each<[string, Own]>([
		['starting', STARTING],
		['stopping', STOPPING],
		['one route stopping', { routes: [route(), route({ state: 'stopping' })] }],
	])('%s for 10 minutes, once', (_case, own) => {
		const looks = [at(0, {}), at(1, own), at(10, own), at(11, own), at(12, own)];
		const events = eventsOf(looks, { events: ['stuck'] });
		expect(events.map((each) => each.map(({ event }) => event))).toEqual([
			[],
			[],
			[],
			['stuck'],
			[],
		]);
		expect(events[3][0]).toMatchObject({
			since: '2026-01-15T12:01:00.000Z',
			detected_at: '2026-01-15T12:11:00.000Z',
			reason: own.routes !== undefined && own.state === undefined ? 'route_stopping' : null,
		});
	});

	it('counts anew when it changes from starting to stopping', () => {
		const looks = [at(0, STARTING), at(9, STOPPING), at(18, STOPPING)];
		expect(namesOf(looks)).toEqual([]);
		expect(namesOf([...looks, at(19, STOPPING)])).toEqual(['x: stuck']);
	});

	it('counts anew when it was started again', () => {
		const again = { ...STARTING, startTime: NOW + 60_000 };
		const looks = [at(0, STARTING), at(9, again), at(18, again)];
		expect(namesOf(looks)).toEqual([]);
	});

	it('is not moved into the future when the clock of n8n is set back', () => {
		const looks = [at(0, STARTING), at(-600, STARTING), at(-590, STARTING)];
		expect(namesOf(looks)).toEqual(['x: stuck']);
	});
});

describe('idle', () => {
	const at = (minutes: number, own: Own = {}) => look(minutes, x(own));
	const quiet = [at(0), at(20), at(29)];

	it('after 30 minutes in which no look showed a request, once', () => {
		const looks = [...quiet, at(30), at(31), at(300)];
		const events = eventsOf(looks);
		expect(events.map((each) => each.length)).toEqual([0, 0, 0, 1, 0, 0]);
		expect(events[3][0]).toMatchObject({
			event: 'becameIdle',
			since: '2026-01-15T12:00:00.000Z',
			detected_at: '2026-01-15T12:30:00.000Z',
		});
	});

	it.each<[string, Own]>([
		['a later access', usedAt(ago(-1))],
		['a higher count of requests', { inferenceCount: 1 }],
		['pending requests', queue(1)],
		['requests of the last minute', { routes: [route({ throughputLastMinute: 1 })] }],
		['a move to another node', { routes: [route({ startTime: ago(-1) })] }],
		['no route, though it should run', { routes: [] }],
		['a start of its own', RESTARTED],
	])('%s begins the time anew', (_case, own) => {
		const looks = [...quiet, at(29.5, own), at(30, own), at(59, own)];
		expect(namesOf(looks, { events: ['becameIdle'] })).toEqual([]);
	});

	it.each([-300, 300])('whatever the clock of the cluster says: %d minutes off', (minutes) => {
		const lastAccess = NOW + minutes * 60_000;
		const own = usedAt(lastAccess, { startTime: lastAccess });
		expect(namesOf([at(0, own), at(29, own)])).toEqual([]);
		expect(namesOf([at(0, own), at(29, own), at(30, own)])).toEqual(['x: becameIdle']);
		const later = usedAt(lastAccess + 60_000, { startTime: lastAccess });
		expect(namesOf([at(0, own), at(29, own), at(30, later)])).toEqual([]);
	});

	it('a request makes it active, and idle again later', () => {
		const used = usedAt(ago(-40));
		const looks = [...quiet, at(30), at(40, used), at(69, used), at(70, used)];
		const events = eventsOf(looks).map((each) => each.map(({ event }) => event));
		expect(events.slice(3)).toEqual([['becameIdle'], ['becameActive'], [], ['becameIdle']]);
		expect(eventsOf(looks)[4][0]).toMatchObject({ since: '2026-01-15T12:00:00.000Z' });
	});

	it.each<[string, Own]>([
		['a move', { routes: [route({ startTime: ago(-31) })] }],
		['a node that took its counters along', { routes: [route({ lastAccess: ago(50) })] }],
		['an outage of its only node', { routes: [] }],
		['a restart', RESTARTED],
	])('%s makes nothing active', (_case, own) => {
		const looks = [...quiet, at(30), at(31, own)];
		expect(namesOf(looks, { events: ['becameActive', 'becameIdle'] })).toEqual([]);
	});

	it('at zero allocations too', () => {
		expect(namesOf([at(0, ASLEEP), at(30, ASLEEP)])).toEqual(['x: becameIdle']);
	});
});

describe('the rules', () => {
	const gone = (own: Partial<Rules>) =>
		namesOf([look(0, x({ id: 'a-1' }), x({ id: 'a-2' }), x({ id: 'b' })), look(1)], own);

	it('name the events', () => {
		expect(gone({ events: ['failed'] })).toEqual([]);
	});

	it('name the deployments', () => {
		expect(gone({})).toEqual(['a-1: disappeared', 'a-2: disappeared', 'b: disappeared']);
		expect(gone({ pattern: ['a-*'] })).toEqual(['a-1: disappeared', 'a-2: disappeared']);
		expect(gone({ pattern: ['a-*'], exclude: ['a-2'] })).toEqual(['a-1: disappeared']);
		expect(gone({ exclude: ['a-*'] })).toEqual(['b: disappeared']);
	});

	it('pass over what is young, until it is old enough', () => {
		const young = x({ ...FAILED, startTime: NOW });
		const looks = [look(0), look(1, young), look(29, young), look(30, young), look(31, young)];
		const events = eventsOf(looks, { minAgeMinutes: 30 });
		expect(events.map((each) => each.map(({ event }) => event))).toEqual([
			[],
			[],
			[],
			['failed', 'appeared'],
			[],
		]);
	});

	it('do not take for gone what was started again and is young', () => {
		const again = x({ startTime: NOW });
		const looks = [look(0, x()), look(1, again), look(40, again)];
		expect(eventsOf(looks, { minAgeMinutes: 30 })).toEqual([[], [], []]);
		expect(namesOf([...looks.slice(0, 2), look(2)], { minAgeMinutes: 30 })).toEqual([
			'x: disappeared',
		]);
	});

	it('restore what was young and vanished as it ran last', () => {
		const again = x({ modelId: 'other', startTime: NOW, numberOfAllocations: 7 });
		const looks = [look(0, x()), look(1, again), look(2)];
		const [gone] = eventsOf(looks, { minAgeMinutes: 30 })[2];
		expect(gone).toMatchObject({ event: 'disappeared', model_id: 'other' });
		expect(JSON.parse(gone.restore)).toMatchObject({ model_id: 'other', number_of_allocations: 7 });
	});

	it('hold for a deployment whose age is not told', () => {
		const looks = [look(0, x({ startTime: null })), look(1, x({ ...FAILED, startTime: null }))];
		expect(namesOf(looks, { minAgeMinutes: 30 })).toEqual(['x: failed']);
	});
});

it('comes by id, letter by letter, and of one deployment in a fixed order', () => {
	const before = ['b', 'a', 'B'].map((id) => x({ id }));
	const now = [
		x({ id: 'b', ...FAILED, numberOfAllocations: 5 }),
		x({ id: 'B', ...queue(200) }),
		x({ id: 'ä' }),
	];
	expect(namesOf([look(0, ...before), look(1, ...now)])).toEqual([
		'B: queueFilling',
		'a: disappeared',
		'b: failed',
		'b: allocationsChanged',
		'ä: becameReady',
		'ä: appeared',
	]);
});
