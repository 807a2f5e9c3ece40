import { reasonOf } from '../../../nodes/elasticsearch/transport/failure';
import { retryAfterOf } from '../../../nodes/elasticsearch/transport/retry';
import {
	type Answer,
	failureOfAnswer,
	failureOfThrown,
} from '../../../nodes/elasticsearch/transport/response';
import { answeredWith, asItIs, envelope, NOW } from '../builders';

/** Stands for the taking out of the key. */
function redact(text: string): string {
	return text.split('made-up-secret').join('[API key]');
}

describe('Retry-After', () => {
	beforeEach(() => {
		jest.useFakeTimers({ now: NOW });
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	it.each<[unknown, number | undefined]>([
		['5', 5_000],
		['0.5', 500],
		[new Date(NOW + 30_000).toUTCString(), 30_000],
		[new Date(NOW - 30_000).toUTCString(), undefined],
		['0', undefined],
		['-1', undefined],
		['', undefined],
		['soon', undefined],
		[5, undefined],
		[undefined, undefined],
	])('of %j is %j milliseconds', (value, expected) => {
		const headers = { 'retry-after': value };
		expect(retryAfterOf(failureOfAnswer({ statusCode: 503, body: '', headers }, asItIs))).toBe(
			expected,
		);
	});

	it.each<[string, Answer]>([
		['the cluster', envelope(429, 'circuit_breaking_exception', 'Data too large')],
		['a proxy', { statusCode: 503, body: '<h1>busy</h1>' }],
		['a gateway, as a text in JSON', { statusCode: 503, body: { error: 'Service Unavailable' } }],
	])('is read from an answer of %s', (_who, answer) => {
		const headers = { 'retry-after': '5' };
		expect(retryAfterOf(failureOfAnswer({ ...answer, headers }, asItIs))).toBe(5_000);
	});

	it.each([undefined, null, 'text', []])('is not found in headers %j', (headers) => {
		expect(
			retryAfterOf(failureOfAnswer({ statusCode: 503, body: '', headers }, asItIs)),
		).toBeUndefined();
	});
});

describe('what comes from outside', () => {
	const dirty = `made-up-secret\r\n\u0007${'x'.repeat(600)}`;
	const cleaned = `[API key] ${'x'.repeat(490)}…`;

	it.each<[string, Answer]>([
		['a reason', envelope(400, 'some_exception', dirty)],
		['an error that is a text', { statusCode: 400, body: { error: dirty } }],
		["a proxy's message", { statusCode: 404, body: { message: dirty } }],
	])('is redacted, freed of control characters and cut: %s', (_what, answer) => {
		expect(reasonOf(failureOfAnswer(answer, redact))).toBe(cleaned);
	});

	it('is redacted, freed of control characters and cut: the type', () => {
		// It stands in for a reason that is null, so it is shown like one.
		expect(failureOfAnswer(envelope(503, dirty, null), redact)).toHaveProperty('type', cleaned);
	});

	it('is redacted: a page', () => {
		const answer: Answer = { statusCode: 502, body: '<p>ApiKey made-up-secret</p>' };
		expect(reasonOf(failureOfAnswer(answer, redact))).toBe('ApiKey [API key]');
	});

	it('is redacted: where a redirect points', () => {
		const headers = { location: 'https://example.com/made-up-secret' };
		const failure = failureOfAnswer({ statusCode: 302, body: '', headers }, redact);
		expect(failure).toHaveProperty('location', 'https://example.com/[API key]');
	});

	it('is redacted before it is cut, so that no half of a key is left', () => {
		const reason = `${'x'.repeat(495)}made-up-secret`;
		const failure = failureOfAnswer(envelope(400, 'some_exception', reason), redact);
		expect(reasonOf(failure)).toBe(`${'x'.repeat(495)}[API …`);
	});

	it('stays whole up to 500 characters', () => {
		expect(reasonOf(answeredWith(400, { error: 'x'.repeat(500) }))).toBe('x'.repeat(500));
	});
});

describe('what is thrown', () => {
	/** As n8n throws it: its own error around that of the client. */
	function thrown(code: string, message: string): unknown {
		return { message: 'The service refused', httpCode: null, cause: { code, message } };
	}

	it.each([
		['ECONNREFUSED', 'network', 'connect ECONNREFUSED 127.0.0.1:9200'],
		['ECONNRESET', 'network', 'socket hang up'],
		['ENOTFOUND', 'network', 'getaddrinfo ENOTFOUND nowhere'],
		['ERR_BAD_RESPONSE', 'network', 'stream has been aborted'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'network', 'self-signed certificate'],
		['ECONNABORTED', 'timeout', 'timeout of 60000ms exceeded'],
		['ETIMEDOUT', 'timeout', 'connect ETIMEDOUT'],
	])('with code %s is a failure of kind %s', (code, kind, reason) => {
		expect(failureOfThrown(thrown(code, reason), asItIs)).toEqual({ kind, code, reason });
	});

	it.each([
		[{ httpCode: 'ECONNREFUSED', message: 'refused' }],
		[{ code: 'ECONNREFUSED', message: 'refused' }],
		[{ cause: { message: 'refused' }, httpCode: null, code: 'ECONNREFUSED', message: 'Oh' }],
	])('has its code in one of three places: %j', (error) => {
		const failure = failureOfThrown(error, asItIs);
		expect(failure).toEqual({ kind: 'network', code: 'ECONNREFUSED', reason: 'refused' });
	});

	it('is a cancel where the request was aborted', () => {
		const error = thrown('ERR_CANCELED', 'canceled');
		expect(failureOfThrown(error, asItIs)).toEqual({ kind: 'canceled' });
	});

	it.each([
		['that says so', { isAxiosError: true }],
		['with its settings', { config: { url: 'http://localhost:9200' } }],
		['with its request', { request: { path: '/' } }],
		['with the status of its answer', { isAxiosError: true, response: { status: 200 } }],
	])('without a code by the HTTP client is a lost answer, as one %s', (_what, own) => {
		const cause = { message: 'unexpected end of file', ...own };
		const error = { message: 'Oh', httpCode: '200', description: 'Oh', cause };
		const failure = { kind: 'network', reason: 'unexpected end of file' };
		expect(failureOfThrown(error, asItIs)).toEqual(failure);
		expect(failureOfThrown(cause, asItIs)).toEqual(failure);
	});

	it("is n8n's own refusal where its protection against SSRF ended the connection", () => {
		const name = 'SsrfBlockedIpError';
		const message = 'The request was blocked because it resolves to a restricted IP address';
		const blocked = { name, message, description: 'Ask your n8n administrator' };
		const cause = { name, message, isAxiosError: true, config: {}, request: {}, cause: blocked };
		expect(failureOfThrown({ message, httpCode: null, cause }, asItIs)).toEqual({
			kind: 'host',
			message,
			next: 'Ask your n8n administrator',
		});
		expect(failureOfThrown({ message, httpCode: null, cause: blocked }, asItIs)).toEqual({
			kind: 'host',
			message,
			next: 'Ask your n8n administrator',
		});
	});

	it.each<[string, unknown, string, string | undefined]>([
		['only a message', new Error('The API Key is empty'), 'The API Key is empty', undefined],
		[
			'message and description',
			{ message: 'Blocked', description: 'Ask your admin' },
			'Blocked',
			'Ask your admin',
		],
		['the same twice', { message: 'Blocked', description: 'Blocked' }, 'Blocked', undefined],
		["n8n's word for no code", { message: 'Blocked', httpCode: 'null' }, 'Blocked', undefined],
	])('without a code is said as it is: %s', (_what, error, message, next) => {
		const failure = failureOfThrown(error, asItIs);
		expect(failure).toMatchObject({ kind: 'host', message });
		expect((failure.kind === 'host' && failure.next) || undefined).toBe(next);
	});

	it.each([undefined, null, 'text', 42, []])('may be anything: %j', (error) => {
		expect(failureOfThrown(error, asItIs).kind).toBe('host');
	});

	it('is redacted', () => {
		const error = thrown('ECONNRESET', 'lost while sending made-up-secret');
		const failure = failureOfThrown(error, redact);
		expect(reasonOf(failure)).toBe('lost while sending [API key]');
	});
});
