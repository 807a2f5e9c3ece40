import { watchDeployments } from '../../../nodes/elasticsearch/flows/watch';
import { Deadline } from '../../../nodes/elasticsearch/transport/clock';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { deployment } from '../builders';
import {
	absent,
	canceled,
	kindOf,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import {
	after,
	HANGS,
	ScriptedConnection,
	times,
	type Exchange,
} from './harness/scriptedConnection';
import { lookAt, shows, type Shown } from './harness/wire';

const READY: Shown = {};
const STARTING: Shown = { state: 'starting', running: 0 };

const readyA: Exchange = [lookAt('a'), shows({ a: READY })];
const startingA: Exchange = [lookAt('a'), shows({ a: STARTING })];
const missingA: Exchange = [lookAt('a'), absent()];

function givenWatch(...exchanges: Exchange[]) {
	const connection = new ScriptedConnection(exchanges);
	return { watch: watchDeployments(connection), connection };
}

const seconds = (count: number): Deadline => new Deadline(count * 1_000);

describe('a watch', () => {
	it('asks for the waiting ids only, all at once, each once', async () => {
		const { watch } = givenWatch([lookAt('a,b'), shows({ a: READY, b: READY, c: READY })]);
		const waits = ['a', 'b', 'a'].map(async (id) => await watch.until(id, 'started', seconds(9)));
		expect((await Promise.all(waits)).every(({ ok }) => ok)).toBe(true);
	});

	it('tells one by its whole id, in whatever order an answer lists them', async () => {
		const asked = lookAt('a,ab');
		const { watch, connection } = givenWatch(
			[asked, shows({ ab: STARTING, a: STARTING })],
			[asked, shows({ ab: READY, a: STARTING })],
			[lookAt('a'), shows({ ab: READY, a: STARTING })],
			readyA,
		);
		const ended = async (id: string): Promise<unknown> => {
			const waited = await watch.until(id, 'started', seconds(9));
			return [waited.ok && waited.value.deployment.id, connection.sent.length];
		};
		expect(await Promise.all(['a', 'ab'].map(ended))).toEqual([
			['a', 4],
			['ab', 2],
		]);
	});

	it('gives the deployment as it was seen, and how long it took', async () => {
		const { watch } = givenWatch(startingA, readyA);
		const waited = await watch.until('a', 'fully_allocated', seconds(9));
		expect(waited).toMatchObject({ value: { deployment: { runningAllocations: 2 }, seconds: 1 } });
	});

	it('looks after pauses that grow from 1 s to 10 s, and at the deadline', async () => {
		const { watch, connection } = givenWatch(...times(11, startingA));
		expect(kindOf(await watch.until('a', 'started', seconds(55)))).toBe('problem');
		expect(connection.times).toEqual([
			0, 1_000, 2_500, 4_750, 8_125, 13_187.5, 20_781.25, 30_781.25, 40_781.25, 50_781.25, 55_000,
		]);
	});

	it('keeps to the nearest deadline of all', async () => {
		const both: Exchange = [lookAt('a,b'), shows({ a: STARTING, b: STARTING })];
		const { watch, connection } = givenWatch(both, both, both, readyA);
		const patient = watch.until('a', 'started', seconds(300));
		expect(kindOf(await watch.until('b', 'started', seconds(2)))).toBe('problem');
		expect(await patient).toMatchObject({ ok: true });
		const looks = connection.sent.map(({ at, settings }) => [at, settings.timeoutMs]);
		expect(looks.slice(0, 3)).toEqual([
			[0, 2_000],
			[1_000, 1_000],
			[2_000, 500],
		]);
	});

	it('says at the deadline that it is stopping, and does not say so of what came back', async () => {
		const stopping: Exchange = [lookAt('a'), shows({ a: { state: 'stopping' } })];
		const { watch } = givenWatch(startingA, stopping);
		const stops = await watch.until('a', 'started', seconds(1));
		expect(stops).toMatchObject({ failure: { problem: { code: 'stops_instead', seconds: 1 } } });
		const { watch: another } = givenWatch(stopping, startingA);
		const starts = await another.until('a', 'started', seconds(1));
		expect(starts).toMatchObject({ failure: { problem: { code: 'not_ready' } } });
	});

	it('looks soon for somebody new, and starts its pauses over', async () => {
		const both = lookAt('a,b');
		const { watch, connection } = givenWatch(
			...times(8, startingA),
			[both, shows({ a: STARTING, b: STARTING })],
			[both, shows({ a: STARTING, b: READY })],
			readyA,
		);
		const a = watch.until('a', 'started', seconds(300));
		await connection.clock.pause(32_000);
		expect(await watch.until('b', 'started', seconds(300))).toMatchObject({
			value: { seconds: 2 },
		});
		expect(await a).toMatchObject({ ok: true });
		expect(connection.times.slice(7)).toEqual([30_781.25, 33_000, 34_000, 35_500]);
	});

	it('judges nobody by an answer that was asked for before he began to wait', async () => {
		const { watch, connection } = givenWatch(
			[lookAt('a'), after(5_000, shows({ a: READY }))],
			[lookAt('a'), shows({ a: { startTime: 2_000 } })],
		);
		const first = watch.until('a', 'started', seconds(300));
		await connection.clock.pause(2_000);
		const second = await watch.until('a', 'started', seconds(300));
		expect(await first).toMatchObject({ value: { deployment: { startTime: 1_000 } } });
		expect(second).toMatchObject({ value: { deployment: { startTime: 2_000 } } });
	});

	it('is not misled by one answer that does not know the deployment yet', async () => {
		const { watch } = givenWatch(missingA, readyA);
		expect(await watch.until('a', 'started', seconds(9))).toMatchObject({ ok: true });
	});

	it('is not misled by one answer from before the change', async () => {
		const { watch } = givenWatch(
			[lookAt('a'), shows({ a: { wanted: 1 } })],
			[lookAt('a'), shows({ a: { wanted: 4 } })],
		);
		const expected = { numberOfAllocations: 4, startTime: 1_000 };
		const waited = await watch.until('a', 'fully_allocated', seconds(9), expected);
		expect(waited).toMatchObject({ value: { deployment: { runningAllocations: 4 } } });
	});

	it('ends at its deadline where answers stay older than the change', async () => {
		const { watch, connection } = givenWatch(readyA, readyA, readyA);
		const waited = await watch.until('a', 'started', seconds(2), { startTime: 2_000 });
		expect(kindOf(waited)).toBe('problem');
		expect(connection.times).toEqual([0, 1_000, 2_000]);
	});

	it('ends where the deployment is missing twice in a row', async () => {
		const { watch } = givenWatch(startingA, missingA, startingA, missingA, missingA);
		expect(kindOf(await watch.until('a', 'started', seconds(300)))).toBe('problem');
	});

	it('looks at each by itself where one is missing, and lets the other go on', async () => {
		const { watch } = givenWatch(
			[lookAt('a,b'), absent()],
			startingA,
			[lookAt('b'), absent()],
			[lookAt('a,b'), absent()],
			startingA,
			[lookAt('b'), absent()],
			readyA,
		);
		const [a, b] = await Promise.all([
			watch.until('a', 'started', seconds(9)),
			watch.until('b', 'started', seconds(9)),
		]);
		expect(a.ok).toBe(true);
		expect(kindOf(b)).toBe('problem');
	});

	it.each<[string, Failure]>([
		['a time-out', timedOut()],
		['an answer of a proxy', proxySaid(502)],
		['an error of the cluster', refusedWith(500, 'x', 'exception')],
	])('lives through %s', async (_name, failure) => {
		const { watch } = givenWatch([lookAt('a'), failure], readyA);
		expect(await watch.until('a', 'started', seconds(9))).toMatchObject({ ok: true });
	});

	it.each<[string, Failure]>([
		['a missing privilege', refusedWith(403, 'is unauthorized', 'security_exception')],
		['a refused key', refusedWith(401, 'unable to authenticate', 'security_exception')],
		['a redirect', redirected()],
		['a cancel', canceled()],
	])('ends at once after %s', async (_name, failure) => {
		const { watch } = givenWatch([lookAt('a'), failure]);
		expect(await watch.until('a', 'started', seconds(9))).toEqual(failed(failure));
	});

	it('gives no request more time than is left, and does not repeat it', async () => {
		const { watch, connection } = givenWatch(...times(3, startingA));
		await watch.until('a', 'started', seconds(2));
		const settings = [2_000, 1_000, 500].map((timeoutMs) => ({ retries: 0, timeoutMs }));
		expect(connection.sent.map((each) => each.settings)).toEqual(settings);
		const { watch: patient, connection: first } = givenWatch(readyA);
		await patient.until('a', 'started', seconds(300));
		expect(first.sent[0].settings.timeoutMs).toBe(30_000);
	});

	it('ends at the deadline of one although a look for another still hangs', async () => {
		const { watch, connection } = givenWatch([lookAt('patient'), HANGS]);
		connection.cancelAt(2_000);
		const patient = watch.until('patient', 'started', seconds(25));
		await connection.clock.pause(100);
		expect(kindOf(await watch.until('short', 'started', seconds(0.2)))).toBe('problem');
		expect(connection.clock.monotonicMs()).toBe(800);
		expect(kindOf(await patient)).toBe('canceled');
	});

	it('says so where no look came to its end before the deadline', async () => {
		const { watch, connection } = givenWatch([lookAt('patient'), HANGS]);
		connection.cancelAt(3_000);
		void watch.until('patient', 'started', seconds(25));
		await connection.clock.pause(100);
		const problem = { code: 'not_ready', id: 'a', seconds: 1, last: 'not looked at yet' };
		expect(await watch.until('a', 'started', seconds(1))).toMatchObject({ failure: { problem } });
	});

	it('says so where the last look failed', async () => {
		const { watch } = givenWatch(startingA, [lookAt('a'), proxySaid(502)]);
		expect(await watch.until('a', 'started', seconds(1))).toMatchObject({
			failure: { problem: { last: 'unknown, because the last look failed (status 502)' } },
		});
	});

	it('looks once for a wait that begins after its deadline', async () => {
		const { watch, connection } = givenWatch(readyA);
		const deadline = seconds(1);
		deadline.left(connection.clock);
		await connection.clock.pause(1_100);
		expect(await watch.until('a', 'started', deadline)).toMatchObject({ ok: true });
		expect(connection.sent[0].settings.timeoutMs).toBe(500);
	});

	it('has one deadline over several waits', async () => {
		const { watch, connection } = givenWatch(startingA, startingA, startingA);
		const deadline = seconds(1);
		expect(kindOf(await watch.until('a', 'started', deadline))).toBe('problem');
		expect(kindOf(await watch.until('a', 'started', deadline))).toBe('problem');
		expect(connection.times).toEqual([0, 1_000, 1_000]);
	});

	it.each<[string, Exchange]>([
		['a pause', startingA],
		['a look', [lookAt('a'), HANGS]],
	])('ends at once when the execution is stopped in %s', async (_where, exchange) => {
		const { watch, connection } = givenWatch(exchange);
		connection.cancelAt(600);
		expect(kindOf(await watch.until('a', 'started', seconds(600)))).toBe('canceled');
		expect(connection.clock.monotonicMs()).toBe(600);
	});

	it('sends nothing further once nobody waits', async () => {
		const { watch, connection } = givenWatch(readyA);
		await watch.until('a', 'started', seconds(9));
		await connection.clock.pause(20_000);
		expect(connection.sent).toHaveLength(1);
	});

	it('asks no further within a look whose waits have all ended, and ends each once', async () => {
		const { watch, connection } = givenWatch(
			[lookAt('a,b'), after(300, absent())],
			[lookAt('a'), after(450, shows({ a: STARTING }))],
		);
		const waits = ['a', 'b'].map(async (id) => await watch.until(id, 'started', seconds(0.2)));
		expect((await Promise.all(waits)).map(kindOf)).toEqual(['problem', 'problem']);
		await connection.clock.pause(20_000);
		expect(connection.lines).toHaveLength(4);
	});

	it('tells the log how long a wait may take, and how it ended', async () => {
		const { watch, connection } = givenWatch(startingA, readyA, missingA, missingA);
		await connection.clock.pause(5_000);
		await watch.until('a', 'started', seconds(9));
		await watch.until('a', 'started', seconds(60));
		await connection.clock.pause(100_000);
		expect(connection.lines).toEqual([
			"Waiting for the deployment 'a', 9 s at most",
			"Waiting for the deployment 'a' ended after 1 s: it is there",
			"Waiting for the deployment 'a', 60 s at most",
			"Waiting for the deployment 'a' ended after 1 s: by problem",
		]);
	});

	it('waits as well where n8n gives no signal for a cancel', async () => {
		const connection = new ScriptedConnection([startingA, readyA]);
		const watch = watchDeployments({ ...connection, cancel: undefined });
		expect(await watch.until('a', 'started', seconds(9))).toMatchObject({ ok: true });
	});
});

describe('a watch over a stopping deployment', () => {
	const stopping = deployment({ id: 'a', state: 'stopping', startTime: 1_000 });
	const asBefore: Exchange = [lookAt('a'), shows({ a: { state: 'stopping' } })];

	it('ends when it is gone, and takes no older answer for a new start', async () => {
		const { watch } = givenWatch(asBefore, readyA, missingA);
		expect(await watch.untilGone(stopping, seconds(9))).toEqual(success(true));
	});

	it('ends when somebody started it anew', async () => {
		const { watch } = givenWatch([lookAt('a'), shows({ a: { startTime: 2_000 } })]);
		expect(await watch.untilGone(stopping, seconds(9))).toEqual(success(true));
	});

	it('ends at the deadline', async () => {
		const { watch, connection } = givenWatch(asBefore, asBefore, asBefore);
		const problem = { code: 'still_stopping', id: 'a', seconds: 2 };
		expect(await watch.untilGone(stopping, seconds(2))).toEqual(
			failed({ kind: 'problem', problem }),
		);
		expect(connection.times).toEqual([0, 1_000, 2_000]);
	});
});
