import {
	settleStop,
	stopAndConfirm,
	stopBlind,
	type StopRun,
} from '../../../nodes/elasticsearch/flows/stop';
import type { Guards } from '../../../nodes/elasticsearch/deployment/selection';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { ago, deployment, NOW } from '../builders';
import {
	absent,
	brokenCircuit,
	canceled,
	lostWith,
	masterless,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import { HANGS, ScriptedConnection, times, type Exchange } from './harness/scriptedConnection';
import { act, lookAt, shows, STOPPED, type Shown } from './harness/wire';

const BEFORE = deployment({ id: 'a', modelId: 'a', startTime: 1_000 });
const RUN: StopRun = { force: false, finishPendingWork: false, timeoutMs: 60_000, retries: 3 };

const stop = { ...act('a', '_stop'), timeoutMs: 60_000 };
/** It completes an earlier request, so it is sent even if the run has ended. */
const stopAgain = { ...stop, completes: true };
const look = lookAt('a');
const showsA = (shown: Shown): Exchange => [look, shows({ a: shown })];
const running = showsA({});
const stopping = showsA({ state: 'stopping' });
const hidden = showsA({ hidden: true });
const gone: Exchange = [look, absent()];

const CONFLICT = refusedWith(409, 'Cannot stop deployment [a] as it is referenced by [p]');
const NO_RIGHT = refusedWith(403, 'is unauthorized', 'security_exception');

interface Way {
	run?: Partial<StopRun>;
	guards?: Guards;
	cancelAt?: number;
}

async function stopA(exchanges: Exchange[], { run, guards = {}, cancelAt }: Way = {}) {
	const connection = new ScriptedConnection(exchanges);
	if (cancelAt !== undefined) connection.cancelAt(cancelAt);
	/** When each look was taken that a `_stop` was sent by. */
	const told: number[] = [];
	const outcome = await stopAndConfirm(
		connection,
		{ deployment: BEFORE, takenAt: NOW },
		{ ...RUN, ...run },
		guards,
		({ takenAt }) => told.push(takenAt - NOW),
	);
	const stops = connection.sent.filter(({ request }) => request.method === 'POST');
	expect(told).toHaveLength(stops.length);
	return { outcome, connection, told };
}

/** Failures after which a `_stop` may have run. */
const UNKNOWN: Array<[string, Failure]> = [
	['a reset connection', lostWith('ECONNRESET')],
	['a time-out', timedOut()],
	["a proxy's 504", proxySaid(504)],
	['an error of the cluster', refusedWith(500, 'failed to delete', 'exception')],
];

/** Failures of what stands in front of the cluster: it most likely did not hand the `_stop` on. */
const TURNED_AWAY: Array<[string, Failure]> = [
	['a redirect', redirected()],
	["a proxy's 404", proxySaid(404)],
];

/** Failures after which a `_stop` surely never ran, which may pass. */
const NEVER_RAN: Array<[string, Failure]> = [
	['a refused connection', lostWith('ECONNREFUSED')],
	['a name that is not known at the moment', lostWith('EAI_AGAIN')],
	['no elected master', masterless()],
	['a circuit breaker', brokenCircuit()],
];

const INSTANCES: Array<[string, Shown]> = [
	['a newer start time', { startTime: 2_000 }],
	['an earlier start time', { startTime: 500 }],
	['another model', { modelId: 'b' }],
];

describe('a stop', () => {
	it('is over when the cluster says so', async () => {
		const { outcome, connection } = await stopA([[stop, STOPPED]]);
		expect(outcome).toMatchObject({ is: 'stopped', snapshot: { takenAt: NOW } });
		expect(outcome).not.toHaveProperty('confirmedBy');
		expect(connection.sent[0].request.query).toEqual({ allow_no_match: 'false' });
	});

	it('finds that somebody was quicker', async () => {
		const { outcome } = await stopA([[stop, absent()]]);
		expect(outcome.is).toBe('already');
	});

	it.each<[string, Failure]>([
		['what uses it', CONFLICT],
		['the request', refusedWith(400, 'contains unrecognized parameter')],
		['the key', refusedWith(401, 'unable to authenticate', 'security_exception')],
		['the right', NO_RIGHT],
		['the host name', lostWith('ENOTFOUND')],
		['the certificate', lostWith('CERT_HAS_EXPIRED')],
	])('is refused at once for %s', async (_why, failure) => {
		const { outcome } = await stopA([[stop, failure]]);
		expect(outcome).toMatchObject({ is: 'refused', failure });
	});
});

describe('a stop that surely never ran', () => {
	it.each(NEVER_RAN)('is sent again after a new look: %s', async (_why, failure) => {
		const { outcome, told } = await stopA([[stop, failure], running, [stop, STOPPED]]);
		expect(outcome.is).toBe('stopped');
		expect(told[0]).toBe(0);
		expect(told[1]).toBeGreaterThanOrEqual(250);
		expect(outcome.snapshot.takenAt).toBe(NOW + told[1]);
	});

	it('waits as long as the answer asks', async () => {
		const { connection } = await stopA([[stop, brokenCircuit(7)], running, [stop, STOPPED]]);
		expect(connection.times).toEqual([0, 7_000, 7_000]);
	});

	it('is refused in the end', async () => {
		const failure = lostWith('ECONNREFUSED');
		const refused: Exchange = [stop, failure];
		const { outcome } = await stopA([refused, running, refused], { run: { retries: 1 } });
		expect(outcome).toMatchObject({ is: 'refused', failure });
	});

	it('is looked after where a circuit breaker was the last word: its second half may be what broke', async () => {
		const { outcome } = await stopA([[stop, brokenCircuit()], stopping, gone], {
			run: { retries: 0 },
		});
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
	});

	it('is not sent again to a deployment that is gone by then', async () => {
		const { outcome } = await stopA([[stop, masterless()], gone]);
		expect(outcome.is).toBe('already');
	});

	it.each(INSTANCES)('is not sent again to what has %s by then', async (_what, shown) => {
		const { outcome } = await stopA([[stop, masterless()], showsA(shown)]);
		expect(outcome).toMatchObject({ is: 'refused', failure: { kind: 'problem' } });
	});

	it('is not sent again to what somebody uses by then', async () => {
		const used = showsA({ lastAccess: NOW });
		const guards = { onlyIfIdleMinutes: 10 };
		const { outcome } = await stopA([[stop, masterless()], used], { guards });
		expect(outcome).toMatchObject({ is: 'skipped', reason: 'not_idle', lost: false });
	});

	it('is not sent again where the look fails', async () => {
		const { outcome } = await stopA([
			[stop, masterless()],
			[look, NO_RIGHT],
		]);
		expect(outcome).toMatchObject({ is: 'refused', failure: NO_RIGHT });
	});

	it('is not sent again where the execution is stopped in the pause', async () => {
		const { outcome, connection } = await stopA([[stop, brokenCircuit(7)]], { cancelAt: 800 });
		expect(outcome).toMatchObject({ is: 'refused', failure: canceled() });
		expect(connection.clock.monotonicMs()).toBe(800);
	});
});

describe('a stop whose answer is lost', () => {
	it.each([...UNKNOWN, ...TURNED_AWAY])('is done where it is gone: %s', async (_why, failure) => {
		const { outcome, connection } = await stopA([[stop, failure], gone]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
		expect(connection.times).toEqual([0, 500]);
	});

	it('is waited for while it is under way, with growing pauses', async () => {
		const { outcome, connection } = await stopA([
			[stop, lostWith('ECONNRESET')],
			...times(6, stopping),
			gone,
		]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
		expect(connection.times.slice(1)).toEqual([500, 1_500, 3_500, 7_500, 12_500, 17_500, 22_500]);
	});

	it('is not sent again to what shows no state, and is looked after', async () => {
		const { outcome, told } = await stopA([[stop, timedOut()], ...times(3, hidden), gone]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
		expect(told).toEqual([0]);
	});

	it.each(UNKNOWN)('is sent once more to what runs as before: %s', async (_why, failure) => {
		const { outcome, told } = await stopA([[stop, failure], running, [stopAgain, STOPPED]]);
		expect(outcome.is).toBe('stopped');
		expect(told).toEqual([0, 500]);
		expect(outcome.snapshot.takenAt).toBe(NOW + 500);
	});

	it.each(TURNED_AWAY)('is not sent again after %s', async (_why, failure) => {
		const { outcome } = await stopA([[stop, failure], running]);
		expect(outcome).toMatchObject({ is: 'unknown', failure, snapshot: { takenAt: NOW } });
	});

	it('is not sent again after a refusal that nobody knows', async () => {
		const failure = refusedWith(409, 'something new');
		const { outcome } = await stopA([[stop, failure], running]);
		expect(outcome).toMatchObject({ is: 'unknown', failure });
	});

	it.each(INSTANCES)('is not sent again to what has %s', async (_what, shown) => {
		const { outcome } = await stopA([[stop, timedOut()], showsA(shown)]);
		expect(outcome).toMatchObject({ is: 'restarted', failure: { kind: 'problem' } });
	});

	it('is not sent again to what somebody uses', async () => {
		const used = showsA({ lastAccess: ago(5) });
		const guards = { onlyIfIdleMinutes: 10 };
		const { outcome } = await stopA([[stop, timedOut()], used], { guards });
		expect(outcome).toMatchObject({ is: 'skipped', reason: 'not_idle', lost: true });
	});

	it('looks on after looks that fail in passing', async () => {
		const { outcome } = await stopA([
			[stop, lostWith('ECONNRESET')],
			[look, proxySaid(502)],
			[look, HANGS],
			gone,
		]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
	});

	it('stays unknown where no look is possible any more', async () => {
		const { outcome } = await stopA([
			[stop, lostWith('ECONNRESET')],
			[look, NO_RIGHT],
		]);
		expect(outcome).toMatchObject({ is: 'unknown', failure: NO_RIGHT });
	});

	it('stays unknown at the deadline, after a last look', async () => {
		const timeoutMs = 5_000;
		const reset: Exchange = [act('a', '_stop'), lostWith('ECONNRESET')];
		const { outcome, connection } = await stopA([reset, ...times(4, stopping)], {
			run: { timeoutMs },
		});
		const problem = { code: 'stop_unknown', isLate: false, isStopping: true };
		expect(outcome).toMatchObject({ is: 'unknown', failure: { kind: 'problem', problem } });
		const [sent, ...looks] = connection.sent;
		expect(sent.request.timeoutMs).toBe(timeoutMs);
		expect(looks.map(({ at, settings }) => [at, settings.timeoutMs])).toEqual([
			[500, 4_500],
			[1_500, 3_500],
			[3_500, 1_500],
			[5_000, 1_000],
		]);
		expect(looks.every(({ settings }) => settings.retries === 0)).toBe(true);
	});

	it.each<[string, Exchange[], number]>([
		['in the request', [[stop, HANGS]], 300],
		['in the pause after it', [[stop, lostWith('EPIPE')]], 300],
		[
			'in a look',
			[
				[stop, lostWith('EPIPE')],
				[look, HANGS],
			],
			600,
		],
		['in a later pause', [[stop, lostWith('EPIPE')], stopping], 600],
		['in the second request', [[stop, lostWith('EPIPE')], running, [stopAgain, HANGS]], 600],
	])('stays unknown when the execution is stopped %s', async (_where, exchanges, cancelAt) => {
		const { outcome, connection } = await stopA(exchanges, { cancelAt });
		expect(outcome).toMatchObject({ is: 'unknown', failure: canceled() });
		expect(connection.clock.monotonicMs()).toBe(cancelAt);
	});
});

describe('a stop that was sent once more', () => {
	const begin: Exchange[] = [[stop, lostWith('ECONNRESET')], running];

	it('finds that the first one worked', async () => {
		const { outcome } = await stopA([...begin, [stopAgain, absent()]]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
	});

	it('is refused where Elasticsearch looked at the deployment', async () => {
		const { outcome } = await stopA([...begin, [stopAgain, CONFLICT]]);
		expect(outcome).toMatchObject({ is: 'refused', failure: CONFLICT });
	});

	it.each([...UNKNOWN, ...NEVER_RAN, ['a missing right', NO_RIGHT] as [string, Failure]])(
		'is looked after, and never sent a third time: %s',
		async (_why, failure) => {
			const { outcome } = await stopA([...begin, [stopAgain, failure], running, stopping, gone]);
			expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
		},
	);

	it('stays unknown where it runs on until the deadline', async () => {
		const { outcome, connection } = await stopA([
			...begin,
			[stopAgain, lostWith('ECONNRESET')],
			...times(14, running),
		]);
		expect(outcome).toMatchObject({ is: 'unknown', failure: { kind: 'problem' } });
		expect(connection.clock.monotonicMs()).toBe(60_000);
	});

	it('finds that somebody restarted it meanwhile', async () => {
		const { outcome } = await stopA([
			...begin,
			[stopAgain, timedOut()],
			showsA({ startTime: 2_000 }),
		]);
		expect(outcome.is).toBe('restarted');
	});
});

describe('an earlier stop whose end is not known', () => {
	async function settleA(exchanges: Exchange[], cancelAt?: number) {
		const connection = new ScriptedConnection(exchanges);
		if (cancelAt !== undefined) connection.cancelAt(cancelAt);
		return { late: await settleStop(connection, BEFORE, 5_000), connection };
	}

	it('is looked after at once, then with growing pauses', async () => {
		const { late, connection } = await settleA([stopping, stopping, [look, proxySaid(502)], gone]);
		expect(late).toEqual({ is: 'stopped' });
		expect(connection.times).toEqual([0, 500, 1_500, 3_500]);
	});

	it('never ran where it runs as before', async () => {
		expect((await settleA([stopping, running])).late).toEqual({ is: 'not_stopped' });
	});

	it('is not said to have never run where no state is shown', async () => {
		const { late } = await settleA([hidden, hidden, gone]);
		expect(late).toEqual({ is: 'stopped' });
	});

	it.each(INSTANCES)('is followed by a restart where it has %s', async (_what, shown) => {
		expect((await settleA([showsA(shown)])).late.is).toBe('restarted');
	});

	it('stays unknown at the deadline, after a last look', async () => {
		const { late, connection } = await settleA(times(5, stopping));
		const problem = { code: 'stop_unknown', isStopping: true };
		expect(late).toMatchObject({ is: 'unknown', failure: { problem } });
		expect(connection.times).toEqual([0, 500, 1_500, 3_500, 5_000]);
	});

	it('stays unknown where no look is possible', async () => {
		const { late } = await settleA([[look, NO_RIGHT]]);
		expect(late).toEqual({ is: 'unknown', failure: NO_RIGHT });
	});

	it('stays unknown when the execution is stopped', async () => {
		expect((await settleA([stopping], 200)).late).toEqual({ is: 'unknown', failure: canceled() });
	});
});

describe('a stop without a look', () => {
	it.each([
		['is over when the cluster says so', STOPPED, success(true)],
		[
			'keeps a failure as it is',
			lostWith('ECONNRESET'),
			failed({ ...lostWith('ECONNRESET'), purpose: 'stop' }),
		],
	])('%s', async (_what, answer, result) => {
		const connection = new ScriptedConnection([[{ ...stop, repeat: 'unsent' }, answer]]);
		expect(await stopBlind(connection, 'a', RUN)).toEqual(result);
	});
});
