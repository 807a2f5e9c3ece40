import { startDeployment } from '../../../nodes/elasticsearch/flows/start';
import { watchDeployments } from '../../../nodes/elasticsearch/flows/watch';
import type { StartSpec } from '../../../nodes/elasticsearch/deployment/startSpec';
import { Deadline } from '../../../nodes/elasticsearch/transport/clock';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import type { RunContext } from '../../../nodes/MlDeployment/execution/operation';
import { ensureStarted } from '../../../nodes/MlDeployment/operations/start/ensureStarted';
import {
	absent,
	brokenCircuit,
	canceled,
	kindOf,
	lostWith,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import { HANGS, ScriptedConnection, times, type Exchange } from './harness/scriptedConnection';
import { act, assignment, lookAt, shows, type Shown } from './harness/wire';

const SPEC: StartSpec = { modelId: 'a', deploymentId: 'a', numberOfAllocations: 2 };

const start = { ...act('a', '_start'), completes: false };
/** It completes an earlier request, so it is sent even if the run has ended. */
const startAgain = { ...start, completes: true };
const look = lookAt('a');
const showsA = (shown: Shown): Exchange => [look, shows({ a: shown })];
const running = showsA({});
const stopping = showsA({ state: 'stopping' });
const gone: Exchange = [look, absent()];
const STARTED = assignment('a', 2);

const TAKEN = refusedWith(409, 'Could not start: existing deployment with the same id [a]');
const GAVE_UP = refusedWith(408, 'timed out waiting for trained model deployment [a] to start');

async function startA(exchanges: Exchange[], retries = 3, cancelAt?: number) {
	const connection = new ScriptedConnection(exchanges);
	if (cancelAt !== undefined) connection.cancelAt(cancelAt);
	return { result: await startDeployment(connection, SPEC, retries), connection };
}

/** What may hide a start that worked. */
const LOST: Array<[string, Failure]> = [
	['a reset connection', lostWith('ECONNRESET')],
	['a time-out', timedOut()],
	["a proxy's 502", proxySaid(502)],
	['an error of the cluster', refusedWith(500, 'something broke', 'exception')],
	['a cluster that gave up waiting', GAVE_UP],
];

const SEEN = { is: 'started', assignment: null, expected: { startTime: 1_000 } };

describe('a start', () => {
	it('is done with the answer, and tells what the next look will show', async () => {
		const { result, connection } = await startA([[start, STARTED]]);
		const expected = { startTime: 1_000, numberOfAllocations: 2 };
		expect(result).toMatchObject({ value: { is: 'started', expected } });
		expect(connection.sent[0].request).toMatchObject({
			query: { wait_for: 'starting', number_of_allocations: '2' },
			repeat: 'unsent',
		});
	});

	it.each<[string, Failure]>([
		['no room', refusedWith(429, 'not enough memory')],
		['bad values', refusedWith(400, 'must be a positive integer')],
		['a running download', refusedWith(408, 'Model download task is currently running')],
		['a model that no node can run', refusedWith(500, 'the following nodes failed [x]')],
		['a model without a place', refusedWith(500, 'model [a] does not have location')],
		['no room, as a 500', refusedWith(500, 'Could not assign (more) allocations to node [x]')],
		['a missing right', refusedWith(403, 'is unauthorized', 'security_exception')],
		['a refused connection', lostWith('ECONNREFUSED')],
		['a circuit breaker', brokenCircuit()],
	])('is refused at once for %s', async (_why, failure) => {
		expect((await startA([[start, failure]])).result).toEqual(failed(failure));
	});

	it.each<[string, Shown]>([
		['with other settings', { wanted: 5 }],
		['with the same settings', {}],
	])('leaves an id to whoever took it: %s', async (_how, shown) => {
		const { result } = await startA([[start, TAKEN], showsA(shown)]);
		expect(result).toMatchObject({ value: { is: 'taken', deployment: { id: 'a' } } });
	});

	it('is sent again where the id is free again', async () => {
		const { result } = await startA([[start, TAKEN], gone, [startAgain, STARTED]]);
		expect(result).toMatchObject({ value: { is: 'started' } });
	});
});

describe('a start whose answer is lost', () => {
	it.each(LOST)('is done where it is seen to run: %s', async (_why, failure) => {
		const { result, connection } = await startA([[start, failure], running]);
		expect(result).toMatchObject({ value: SEEN });
		expect(connection.times).toEqual([0, 500]);
	});

	it('is looked for after an answer that cannot be read', async () => {
		const { result } = await startA([[start, success({})], running]);
		expect(result).toMatchObject({ value: SEEN });
	});

	it.each(LOST)('is sent again where it is not there: %s', async (_why, failure) => {
		const { result } = await startA([[start, failure], gone, [startAgain, STARTED]]);
		expect(result).toMatchObject({ value: { is: 'started' } });
	});

	it('takes an id for its own that its own first request took', async () => {
		const { result } = await startA([[start, timedOut()], gone, [startAgain, TAKEN], running]);
		expect(result).toMatchObject({ value: SEEN });
	});

	it.each<[string, Shown]>([
		['with other settings', { wanted: 5 }],
		['with another model', { modelId: 'b' }],
		['and is stopping', { state: 'stopping' }],
	])('is not taken for what runs %s', async (_how, shown) => {
		const { result } = await startA([[start, timedOut()], showsA(shown)]);
		expect(result).toMatchObject({ value: { is: 'taken' } });
	});

	it.each<[string, Failure]>([
		['a redirect', redirected()],
		["a proxy's 404", proxySaid(404)],
	])('is looked for once, and not sent again, after %s', async (_what, failure) => {
		expect((await startA([[start, failure], gone])).result).toEqual(failed(failure));
		expect((await startA([[start, failure], running])).result).toMatchObject({ value: SEEN });
	});

	it('fails with it after so many tries', async () => {
		const failure = lostWith('ECONNRESET');
		const { result } = await startA([[start, failure], gone, [startAgain, failure], gone], 1);
		expect(result).toEqual(failed(failure));
	});

	it('fails where the cluster gave up waiting and does not show it', async () => {
		const { result } = await startA([[start, GAVE_UP], gone], 0);
		const problem = { code: 'start_not_shown', id: 'a' };
		expect(result).toEqual(failed({ kind: 'problem', problem, of: GAVE_UP }));
	});

	it('fails after an answer that cannot be read, where it is not there', async () => {
		const { result } = await startA([[start, success({})], gone], 0);
		expect(result).toEqual(failed({ kind: 'not_elasticsearch', status: 200, purpose: 'start' }));
	});

	it('is told in the log', async () => {
		const { connection } = await startA([[start, lostWith('ECONNRESET')], running]);
		expect(connection.lines).toEqual(["The start of 'a' ended with ECONNRESET; it is looked for"]);
	});

	it('is not looked for, nor said to be, when the execution was stopped meanwhile', async () => {
		const { connection } = await startA([[start, HANGS]], 3, 200);
		expect(connection.lines).toEqual([]);
	});

	it('fails with it where the look fails', async () => {
		const failure = lostWith('ECONNRESET');
		const { result } = await startA([
			[start, failure],
			[look, proxySaid(502)],
		]);
		expect(result).toEqual(failed(failure));
	});

	it.each<[string, Exchange[], number]>([
		['in the request', [[start, HANGS]], 200],
		['in the pause', [[start, lostWith('EPIPE')]], 200],
		[
			'in the look',
			[
				[start, lostWith('EPIPE')],
				[look, HANGS],
			],
			700,
		],
	])('is left when the execution is stopped %s', async (_where, exchanges, cancelAt) => {
		const { result, connection } = await startA(exchanges, 3, cancelAt);
		expect(result).toEqual(failed(canceled()));
		expect(connection.clock.monotonicMs()).toBe(cancelAt);
	});
});

describe('a deployment that is to run', () => {
	async function ensureA(exchanges: Exchange[], ms = 60_000, cancelAt?: number) {
		const connection = new ScriptedConnection(exchanges);
		if (cancelAt !== undefined) connection.cancelAt(cancelAt);
		const watch = watchDeployments(connection);
		const inTurn: RunContext['inTurn'] = async (work) => await work();
		const noted: string[] = [];
		const session = {
			connection,
			watch,
			inTurn,
			journal: { started: (id: string) => noted.push(`'${id}' is no stop any more`) },
			memory: { forget: (id: string) => noted.push(`'${id}' is forgotten`) },
		} as unknown as RunContext;
		const deadline = new Deadline(ms);
		const goal = { spec: SPEC, whenExists: 'update', deadline, retries: 3 } as const;
		return { result: await ensureStarted(session, goal), connection, noted };
	}

	it('is started where it is absent', async () => {
		const { result, noted } = await ensureA([gone, [start, STARTED]]);
		expect(result).toMatchObject({ value: { changed: true } });
		expect(noted).toEqual(["'a' is no stop any more", "'a' is forgotten"]);
	});

	it('is left as it is where it runs as asked for', async () => {
		const { result, noted } = await ensureA([running]);
		expect(result).toMatchObject({ value: { changed: false } });
		expect(noted).toEqual(["'a' is forgotten"]);
	});

	it('is started when the one before it is gone', async () => {
		const { result, connection } = await ensureA([
			...times(4, stopping),
			gone,
			gone,
			[start, STARTED],
		]);
		expect(result).toMatchObject({ value: { changed: true } });
		expect(connection.times).toEqual([0, 0, 1_000, 2_500, 4_750, 4_750, 4_750]);
	});

	it('is not started where the one before it stays until the deadline', async () => {
		const { result, connection, noted } = await ensureA([...times(4, stopping)], 2_000);
		expect(kindOf(result)).toBe('problem');
		expect(noted).toEqual([]);
		expect(connection.times).toEqual([0, 0, 1_000, 2_000]);
	});

	it('is not started where the next one is stopping too when the time is up', async () => {
		const again = showsA({ state: 'stopping', startTime: 2_000 });
		const { result, connection } = await ensureA([stopping, stopping, again, again], 1_000);
		expect(kindOf(result)).toBe('problem');
		expect(connection.times).toEqual([0, 0, 1_000, 1_000]);
	});

	it('is changed only when it is started', async () => {
		const starting = showsA({ state: 'starting', wanted: 1, running: 0 });
		const started = showsA({ wanted: 1 });
		const { result, connection } = await ensureA([
			starting,
			starting,
			started,
			started,
			[{ ...act('a', '_update'), body: { number_of_allocations: 2 } }, STARTED],
		]);
		expect(result).toMatchObject({ value: { changed: true } });
		expect(connection.times).toEqual([0, 0, 1_000, 1_000, 1_000]);
	});

	it('is not started when the execution is stopped while it waits', async () => {
		const { result, connection } = await ensureA([stopping, stopping], 60_000, 700);
		expect(result).toEqual(failed(canceled()));
		expect(connection.clock.monotonicMs()).toBe(700);
	});
});
