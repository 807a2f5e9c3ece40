import { Deadline, monotonicMs } from '../../../nodes/elasticsearch/transport/clock';
import { pause } from '../../../nodes/elasticsearch/transport/pause';
import type {
	Connection,
	ConnectionSettings,
} from '../../../nodes/elasticsearch/transport/connection';
import {
	failed,
	success,
	type Failure,
	type Result,
} from '../../../nodes/elasticsearch/transport/failure';
import { watchDeployments } from '../../../nodes/elasticsearch/flows/watch';
import { answered, deployment } from '../builders';

interface Seed {
	state?: string;
	wanted?: number;
	running?: number;
	start?: number;
}

const READY: Seed = { wanted: 2, running: 2 };
const STARTING: Seed = { state: 'starting', wanted: 2, running: 0 };

/** A page of `_stats`, each deployment of the model of its name. */
function page(seeds: Record<string, Seed>): Result<unknown> {
	return success({
		count: Object.keys(seeds).length,
		trained_model_stats: Object.entries(seeds).map(([id, seed]) => ({
			model_id: id,
			deployment_stats: {
				deployment_id: id,
				model_id: id,
				state: seed.state ?? 'started',
				number_of_allocations: seed.wanted,
				allocation_status: {
					allocation_count: seed.running,
					target_allocation_count: seed.wanted,
					state: 'started',
				},
				start_time: seed.start ?? 1_000,
			},
		})),
	});
}

const MISSING = failed(answered(404, 'resource_not_found_exception', 'No known trained model'));
const HANGS = 'hangs';

interface Sent {
	ids: string;
	at: number;
	settings?: Partial<ConnectionSettings>;
}

/** A cluster that gives these answers one after the other, the last one for ever. */
function givenWatch(answers: Array<Result<unknown> | typeof HANGS>, cancel?: AbortSignal) {
	const sent: Sent[] = [];
	const send: Connection['send'] = async ({ path }, settings) => {
		sent.push({ ids: path.split('/')[3], at: monotonicMs(), settings });
		const answer = answers[Math.min(sent.length, answers.length) - 1];
		if (answer !== HANGS) return answer;
		await pause(settings?.timeoutMs ?? 0, cancel);
		return failed({ kind: cancel?.aborted === true ? 'canceled' : 'timeout' });
	};
	return { watch: watchDeployments({ send, cancel, cluster: 'hash' }), sent };
}

const seconds = (count: number): Deadline => new Deadline(count * 1_000);

function messageOf(result: Result<unknown>): string | undefined {
	return result.ok ? undefined : (result.failure.message ?? result.failure.kind);
}

afterEach(() => {
	jest.restoreAllMocks();
});

describe('a watch', () => {
	it('asks for the waiting ids only, all at once, each once', async () => {
		const { watch, sent } = givenWatch([page({ a: READY, b: READY, c: READY })]);
		const waits = ['a', 'b', 'a'].map(async (id) => await watch.until(id, 'started', seconds(9)));
		expect((await Promise.all(waits)).every(({ ok }) => ok)).toBe(true);
		expect(sent.map(({ ids }) => ids)).toEqual(['a,b']);
	});

	it('gives the deployment as it was seen, and how long it took', async () => {
		const { watch } = givenWatch([page({ a: STARTING }), page({ a: READY })]);
		const waited = await watch.until('a', 'fully_allocated', seconds(9));
		expect(waited).toMatchObject({ ok: true, value: { deployment: { runningAllocations: 2 } } });
		expect(waited.ok && waited.value.seconds).toBeGreaterThanOrEqual(0.9);
	});

	it('is not misled by one answer that does not know the deployment yet', async () => {
		const { watch } = givenWatch([MISSING, page({ a: READY })]);
		expect(await watch.until('a', 'started', seconds(9))).toMatchObject({ ok: true });
	});

	it('is not misled by one answer from before the change', async () => {
		const { watch } = givenWatch([
			page({ a: { wanted: 1, running: 1 } }),
			page({ a: { wanted: 4, running: 4 } }),
		]);
		const waited = await watch.until('a', 'fully_allocated', seconds(9), {
			numberOfAllocations: 4,
			startTime: 1_000,
		});
		expect(waited).toMatchObject({ value: { deployment: { runningAllocations: 4 } } });
	});

	it('tells at its deadline that answers stayed older than the change', async () => {
		const { watch } = givenWatch([page({ a: READY })]);
		const waited = await watch.until('a', 'started', seconds(1), { startTime: 2_000 });
		expect(waited).toMatchObject({
			failure: {
				message: "The deployment 'a' was not ready after 1 s",
				next: expect.stringContaining('the cluster shows it as it was before its start'),
			},
		});
	});

	it('ends where the deployment is missing twice in a row', async () => {
		const { watch, sent } = givenWatch([page({ a: STARTING }), MISSING]);
		expect(messageOf(await watch.until('a', 'started', seconds(9)))).toBe(
			"The deployment 'a' was stopped while it was waited for",
		);
		expect(sent).toHaveLength(3);
	});

	it('looks at each by itself where one is missing, and lets the other go on', async () => {
		const { watch, sent } = givenWatch([
			MISSING,
			page({ a: STARTING }),
			MISSING,
			page({ a: READY }),
		]);
		const [a, b] = await Promise.all([
			watch.until('a', 'started', seconds(9)),
			watch.until('b', 'started', seconds(9)),
		]);
		expect(a.ok).toBe(true);
		expect(messageOf(b)).toBe("The deployment 'b' was stopped while it was waited for");
		expect(sent.map(({ ids }) => ids)).toEqual(['a,b', 'a', 'b', 'a,b']);
	});

	it.each<[string, Failure]>([
		['a time-out', { kind: 'timeout' }],
		['an answer of a proxy', { kind: 'not_elasticsearch', status: 502 }],
		['an error of the cluster', answered(500, 'exception', 'x')],
	])('lives through %s', async (_name, failure) => {
		const { watch } = givenWatch([failed(failure), page({ a: READY })]);
		expect(await watch.until('a', 'started', seconds(9))).toMatchObject({ ok: true });
	});

	it.each<[string, Failure]>([
		['a missing privilege', answered(403, 'security_exception', 'is unauthorized')],
		['a refused key', answered(401, 'security_exception', 'unable to authenticate')],
		['a redirect', { kind: 'redirect', status: 302 }],
		['a cancel', { kind: 'canceled' }],
	])('ends at once after %s', async (_name, failure) => {
		const { watch, sent } = givenWatch([failed(failure)]);
		expect(await watch.until('a', 'started', seconds(9))).toEqual(failed(failure));
		expect(sent).toHaveLength(1);
	});

	it('gives no request more time than is left, and does not repeat it', async () => {
		const { watch, sent } = givenWatch([page({ a: STARTING })]);
		await watch.until('a', 'started', seconds(1.5));
		for (const { settings } of sent) {
			expect(settings?.retries).toBe(0);
			expect(settings?.timeoutMs).toBeLessThanOrEqual(1_500);
		}
		const { watch: patient, sent: first } = givenWatch([page({ a: READY })]);
		await patient.until('a', 'started', seconds(300));
		expect(first[0].settings?.timeoutMs).toBe(30_000);
	});

	it('ends at the deadline of one although a look for another still hangs', async () => {
		const cancel = new AbortController();
		const { watch } = givenWatch([HANGS], cancel.signal);
		const patient = watch.until('patient', 'started', seconds(25));
		const short = await watch.until('short', 'started', seconds(0.2));
		expect(messageOf(short)).toBe("The deployment 'short' was not ready after 0 s");
		cancel.abort();
		expect(messageOf(await patient)).toBe('canceled');
	});

	it('looks once for whoever begins to wait when the time of its item is up', async () => {
		const { watch, sent } = givenWatch([page({ a: READY })]);
		const deadline = seconds(0.05);
		deadline.left();
		await pause(100);
		expect(deadline.left()).toBeLessThan(0);
		expect(await watch.until('a', 'started', deadline)).toMatchObject({ ok: true });
		expect(sent[0].settings?.timeoutMs).toBe(500);
	});

	it('has one deadline over several waits', async () => {
		const { watch } = givenWatch([page({ a: STARTING })]);
		const deadline = seconds(1.2);
		const began = monotonicMs();
		await watch.until('a', 'started', deadline);
		const left = deadline.left();
		expect(left).toBeLessThanOrEqual(0);
		expect(messageOf(await watch.until('a', 'started', deadline))).toBe(
			"The deployment 'a' was not ready after 1 s",
		);
		expect(monotonicMs() - began).toBeGreaterThanOrEqual(1_150);
	});

	it.each([
		['forward', 3_600_000],
		['back', -3_600_000],
	])('keeps its deadline when the wall clock is set %s by an hour', async (_way, by) => {
		const { watch, sent } = givenWatch([page({ a: STARTING })]);
		const began = monotonicMs();
		const waited = watch.until('a', 'started', seconds(2.2));
		const real = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => real() + by);
		expect(messageOf(await waited)).toBe("The deployment 'a' was not ready after 2 s");
		expect(monotonicMs() - began).toBeGreaterThanOrEqual(2_150);
		expect(sent.length).toBeGreaterThanOrEqual(3);
	});

	it('ends when the execution is stopped: in a pause and in a look', async () => {
		for (const answer of [page({ a: STARTING }), HANGS] as const) {
			const cancel = new AbortController();
			const { watch } = givenWatch([answer], cancel.signal);
			const waited = watch.until('a', 'started', seconds(600));
			await pause(100);
			cancel.abort();
			expect(messageOf(await waited)).toBe('canceled');
		}
	});

	it('sends nothing further once nobody waits', async () => {
		const { watch, sent } = givenWatch([page({ a: READY })]);
		await watch.until('a', 'started', seconds(9));
		await pause(1_300);
		expect(sent).toHaveLength(1);
	});
});

describe('a watch over one that is stopping', () => {
	const stopping = deployment({ id: 'a', state: 'stopping', startTime: 1_000 });
	const asBefore = page({ a: { ...READY, state: 'stopping' } });

	it('ends when it is gone, and takes no older answer for a new start', async () => {
		const { watch, sent } = givenWatch([asBefore, page({ a: READY }), MISSING]);
		expect(await watch.untilGone(stopping, seconds(9))).toEqual(success(true));
		expect(sent).toHaveLength(3);
	});

	it('ends when somebody started it anew', async () => {
		const { watch } = givenWatch([page({ a: { ...READY, start: 2_000 } })]);
		expect(await watch.untilGone(stopping, seconds(9))).toEqual(success(true));
	});

	it('ends at the deadline, and says that nothing was started', async () => {
		const { watch } = givenWatch([asBefore]);
		expect(messageOf(await watch.untilGone(stopping, seconds(1)))).toBe(
			"The deployment 'a' is still stopping after 1 s, so it was not started",
		);
	});
});
