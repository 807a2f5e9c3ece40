import { success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { ago, answeredWith, NOW } from '../builders';
import {
	absent,
	canceled,
	lostWith,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import { HANGS, times, type Exchange } from './harness/scriptedConnection';
import {
	BEFORE,
	CONFLICT,
	gone,
	INSTANCES,
	look,
	NEVER_RAN,
	NO_ANSWERS,
	NO_RIGHT,
	running,
	showsA,
	stop,
	stopA,
	stopping,
	UNKNOWN,
} from './harness/stopping';
import { act, STOPPED } from './harness/wire';

/** It completes an earlier request, so it is sent even if the run has ended. */
const stopAgain = { ...stop, completes: true };
const hidden = showsA({ hidden: true });

/** Failures of what stands in front of the cluster: it most likely did not hand the `_stop` on. */
const TURNED_AWAY: Array<[string, Failure]> = [
	['a redirect', redirected()],
	["a proxy's 404", proxySaid(404)],
	["a gateway's 400", answeredWith(400, { statusCode: 400, error: 'Bad Request', message: 'x' })],
];

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

	it('is sent once more as it was asked for', async () => {
		const run = { force: true, finishPendingWork: true, timeoutMs: 420_000 };
		const query = { allow_no_match: 'false', force: 'true', finish_pending_work: 'true' };
		const sent = { ...stop, query, timeoutMs: 420_000 };
		const exchanges: Exchange[] = [
			[sent, timedOut()],
			running,
			[{ ...sent, completes: true }, STOPPED],
		];
		expect((await stopA(exchanges, { run })).outcome.is).toBe('stopped');
	});

	it.each(NO_ANSWERS)('is looked for after %s', async (_what, body) => {
		const { outcome } = await stopA([[stop, success(body)], stopping, gone]);
		expect(outcome).toMatchObject({ is: 'stopped', confirmedBy: 'stats' });
	});

	it.each([
		['is not told by the look', BEFORE, null],
		['was not told before', { ...BEFORE, startTime: null }, 1_000],
	])('runs as before where its time of start %s', async (_what, before, startTime) => {
		const { outcome } = await stopA(
			[[stop, timedOut()], showsA({ startTime }), [stopAgain, STOPPED]],
			{ before },
		);
		expect(outcome.is).toBe('stopped');
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
		const problem = { code: 'restarted', id: 'a', since: 'stop_sent' };
		expect(outcome).toMatchObject({ is: 'restarted', failure: { kind: 'problem', problem } });
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
		const problem = { code: 'stop_unknown', isLate: false, shown: 'stopping' };
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

	it('is not said to be shown where no look shows it', async () => {
		const silent: Exchange[] = times(3, [look, proxySaid(502)]);
		const timeoutMs = 3_000;
		const request = { ...stop, timeoutMs };
		const { outcome } = await stopA([[request, timedOut()], ...silent], { run: { timeoutMs } });
		const problem = { code: 'stop_unknown', id: 'a', isLate: true, shown: null };
		expect(outcome).toMatchObject({ is: 'unknown', failure: { problem } });
	});

	it('is told in the log, with what it leads to', async () => {
		const { connection } = await stopA([
			[stop, lostWith('ECONNRESET')],
			running,
			[stopAgain, STOPPED],
		]);
		expect(connection.lines).toEqual([
			"The stop of 'a' ended with ECONNRESET; its end is looked for",
			"'a' runs as before, so its stop is sent once more",
		]);
	});

	it('is not looked for, nor said to be, when the execution was stopped meanwhile', async () => {
		const { connection } = await stopA([[stop, HANGS]], { cancelAt: 300 });
		expect(connection.lines).toEqual([]);
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
		const problem = { code: 'stop_unknown', isLate: false, shown: 'started' };
		expect(outcome).toMatchObject({ is: 'unknown', failure: { kind: 'problem', problem } });
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
