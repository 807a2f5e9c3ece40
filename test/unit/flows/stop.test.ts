import { stopBlind } from '../../../nodes/elasticsearch/flows/stop';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { NOW } from '../builders';
import { absent, brokenCircuit, canceled, lostWith, masterless, refusedWith } from '../failures';
import { ScriptedConnection, type Exchange } from './harness/scriptedConnection';
import {
	CONFLICT,
	gone,
	INSTANCES,
	look,
	NEVER_RAN,
	NO_ANSWERS,
	NO_RIGHT,
	RUN,
	running,
	showsA,
	stop,
	stopA,
	stopping,
} from './harness/stopping';
import { STOPPED } from './harness/wire';

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
		const problem = { code: 'restarted', id: 'a', since: 'stop_sent' };
		expect(outcome).toMatchObject({ is: 'refused', failure: { kind: 'problem', problem } });
	});

	it('is told in the log', async () => {
		const { connection } = await stopA([[stop, masterless()], running, [stop, STOPPED]]);
		expect(connection.lines).toEqual([
			"The stop of 'a' did not run (status 503), and is tried again",
		]);
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

	it.each(NO_ANSWERS)('takes %s for no answer of Elasticsearch', async (_what, body) => {
		const connection = new ScriptedConnection([[stop, success(body)]]);
		expect(await stopBlind(connection, 'a', RUN)).toEqual(
			failed({ kind: 'not_elasticsearch', status: 200, purpose: 'stop' }),
		);
	});
});
