import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import {
	connect,
	readRequest,
	type ApiRequest,
} from '../../../nodes/elasticsearch/transport/connection';
import { success, type Result } from '../../../nodes/elasticsearch/transport/failure';
import type { Answer } from '../../../nodes/elasticsearch/transport/response';
import { envelope } from '../builders';
import { DrivenClock } from '../drivenClock';
import { kindOf } from '../failures';

const READ = readRequest('/');
const CHANGE: ApiRequest = { ...READ, method: 'POST', changes: true };
const OK: Answer = { statusCode: 200, body: { count: 1 }, headers: {} };
const GATEWAY: Answer = { statusCode: 502, body: '<h1>Bad Gateway</h1>', headers: {} };
const BREAKER: Answer = {
	...envelope(429, 'circuit_breaking_exception', '[parent] Data too large'),
	headers: { 'retry-after': '20' },
};

interface Way {
	request?: ApiRequest;
	cancelAt?: number;
	timeoutMs?: number;
	/** The field of the credential, as an expression gives it. */
	readOnly?: unknown;
}

/** Answers one after the other; undefined for one that does not come. */
async function read(answers: Array<Answer | undefined>, way: Way = {}) {
	const { request = READ, cancelAt, timeoutMs = 60_000, readOnly } = way;
	const clock = new DrivenClock();
	const user = new AbortController();
	if (cancelAt !== undefined) void clock.pause(cancelAt).then(() => user.abort());
	const times: number[] = [];
	const timers: unknown[] = [];
	const helper = async (_name: string, options: IHttpRequestOptions): Promise<Answer> => {
		times.push(clock.monotonicMs());
		timers.push(options.timeout);
		const answer = answers[times.length - 1];
		if (answer !== undefined) return await Promise.resolve(answer);
		return await new Promise((_resolve, reject) => {
			options.abortSignal?.addEventListener?.('abort', () => reject(new Error('aborted')));
		});
	};
	const host = {
		getCredentials: async () =>
			await Promise.resolve({
				endpoint: 'https://localhost:9200',
				apiKey: btoa('id:key'),
				readOnly,
			}),
		getWorkflow: () => ({}),
		getExecutionId: () => '1',
		getExecutionCancelSignal: () => user.signal,
		logger: { debug: () => undefined },
		helpers: { httpRequestWithAuthentication: helper },
	};
	const settings = { timeoutMs, retries: 3 };
	const connected = await connect(host as unknown as IExecuteFunctions, settings, clock);
	if (!connected.ok) throw new Error(connected.failure.kind);
	const result: Result<unknown> = await connected.value.send(request);
	return { result, times, timers, ended: clock.monotonicMs() };
}

beforeEach(() => {
	jest.spyOn(Math, 'random').mockReturnValue(1);
});

afterEach(() => {
	jest.restoreAllMocks();
});

describe('a request that may be repeated', () => {
	it('is sent again after growing pauses', async () => {
		const { result, times } = await read([GATEWAY, GATEWAY, GATEWAY, OK]);
		expect(result).toEqual(success({ count: 1 }));
		expect(times).toEqual([0, 500, 1_500, 3_500]);
	});

	it('is sent again when the answer says so', async () => {
		expect((await read([BREAKER, OK])).times).toEqual([0, 20_000]);
	});

	it('is not sent more often than asked for', async () => {
		const { result, times } = await read([GATEWAY, GATEWAY, GATEWAY, GATEWAY]);
		expect(result).toMatchObject({ failure: { status: 502 } });
		expect(times).toHaveLength(4);
	});

	it.each([
		['a pause', GATEWAY],
		['a request', undefined],
	])('ends at once when the execution is stopped in %s', async (_where, answer) => {
		const { result, times, ended } = await read([answer], { cancelAt: 300 });
		expect(kindOf(result)).toBe('canceled');
		expect(times).toEqual([0]);
		expect(ended).toBe(300);
	});

	it('is given up when its time is up', async () => {
		const { result, ended } = await read([undefined]);
		expect(kindOf(result)).toBe('timeout');
		expect(ended).toBe(60_000);
	});

	// Node ends a longer timer at once.
	it.each([
		[60_000, 60_000],
		[2_147_483_647, 2_147_483_647],
		[2_147_483_648, 2_147_483_647],
		[1e12, 2_147_483_647],
	])('that may take %i ms gets a timer of %i ms, and its whole time', async (whole, timer) => {
		const { result, timers, ended } = await read([undefined], { timeoutMs: whole });
		expect(kindOf(result)).toBe('timeout');
		expect(timers).toEqual([timer]);
		expect(ended).toBe(whole);
	});
});

describe('a request with a credential whose Read Only', () => {
	it.each([true, 'true', 'yes', 1, 0, {}])(
		'is %j is not sent if it changes something',
		async (readOnly) => {
			const { result, times } = await read([OK], { request: CHANGE, readOnly });
			expect(result).toMatchObject({ failure: { problem: { code: 'read_only' } } });
			expect(times).toEqual([]);
		},
	);

	it.each([true, 'true'])('is %j is sent if it reads', async (readOnly) => {
		expect((await read([OK], { readOnly })).result).toEqual(success({ count: 1 }));
	});

	it.each([false, 'false', '', null, undefined])('is %j is sent', async (readOnly) => {
		const { result } = await read([OK], { request: CHANGE, readOnly });
		expect(result).toEqual(success({ count: 1 }));
	});
});
