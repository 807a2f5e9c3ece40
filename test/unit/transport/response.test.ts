import { reasonOf } from '../../../nodes/elasticsearch/transport/failure';
import { type Answer, failureOfAnswer } from '../../../nodes/elasticsearch/transport/response';
import { answeredWith, asItIs, envelope } from '../builders';

describe("Elasticsearch's own errors", () => {
	it('carry status, type and reason', () => {
		const answer = envelope(404, 'resource_not_found_exception', 'No known model deployment');
		expect(failureOfAnswer(answer, asItIs)).toEqual({
			kind: 'response',
			status: 404,
			type: 'resource_not_found_exception',
			reason: 'No known model deployment',
		});
	});

	it('show the reason at the top, not that of the root cause on another node', () => {
		const root = { type: 'remote_transport_exception', reason: '[node][10.0.0.1:9300][cluster:…]' };
		const error = {
			root_cause: [root],
			type: 'illegal_argument_exception',
			reason: 'cannot be set',
		};
		expect(answeredWith(400, { error, status: 400 })).toEqual({
			purpose: 'read',
			kind: 'response',
			status: 400,
			type: 'illegal_argument_exception',
			reason: 'cannot be set',
		});
	});

	it('may have no reason', () => {
		const answer = envelope(503, 'master_not_discovered_exception', null);
		expect(failureOfAnswer(answer, asItIs)).toEqual({
			kind: 'response',
			status: 503,
			type: 'master_not_discovered_exception',
		});
	});

	it.each([
		[
			'a cause',
			'failed to parse',
			{ caused_by: { reason: 'unknown field [x]' } },
			'failed to parse; unknown field [x]',
		],
		['a cause alone', null, { caused_by: { reason: 'unknown field [x]' } }, 'unknown field [x]'],
		['a cause behind an empty reason', '', { caused_by: { reason: 'no room' } }, 'no room'],
		['a cause without reason', 'failed', { caused_by: { type: 'x', reason: null } }, 'failed'],
		['a cause that is a text', 'failed', { caused_by: 'x' }, 'failed'],
		[
			'why the key failed',
			'unable to authenticate',
			{ additional_unsuccessful_credentials: 'API key: api key is expired' },
			'unable to authenticate; API key: api key is expired',
		],
	])('tell %s as well', (_what, reason, more, expected) => {
		const answer = envelope(400, 'some_exception', reason, more);
		expect(reasonOf(failureOfAnswer(answer, asItIs))).toBe(expected);
	});

	it.each([
		[
			405,
			{
				error: 'Incorrect HTTP method for uri [/_ml] and method [GET], allowed: [POST]',
				status: 405,
			},
		],
		[406, { error: 'Content-Type header [text/plain] is not supported', status: 406 }],
		[400, { error: 'no handler found for uri [/_ml/x] and method [POST]' }],
	])('may be a text: %i', (status, body) => {
		expect(answeredWith(status, body)).toEqual({
			purpose: 'read',
			kind: 'response',
			status,
			reason: body.error,
		});
	});
});

describe('answers of something else', () => {
	const BAD_GATEWAY =
		'<html><head><title>502 Bad Gateway</title><style>h1 { color: red }</style></head><body><script>alert(1)</script><h1>502</h1>\r\n<hr>nginx</body></html>';

	it.each<[string, number, unknown, string | undefined]>([
		[
			'the cloud, of a host without deployment',
			404,
			{ ok: false, message: 'Unknown resource.' },
			'Unknown resource.',
		],
		['a proxy, as a page', 502, BAD_GATEWAY, '502 Bad Gateway 502 nginx'],
		['a proxy, as a line', 503, 'upstream connect error\n', 'upstream connect error'],
		['a proxy, without a word', 504, '', undefined],
		['a proxy, as null', 504, null, undefined],
		['a proxy, as an empty object', 502, {}, undefined],
		['a proxy, as a list', 502, [], undefined],
		['a gateway, as an object without type', 503, { error: { code: 7 } }, undefined],
		['a page of tags alone', 502, '<html><body></body></html>', undefined],
		['a long page', 502, 'x'.repeat(1_000), 'x'.repeat(120)],
	])('are known as such: %s', (_who, status, body, reason) => {
		const failure = answeredWith(status, body);
		expect(failure).toEqual({ purpose: 'read', kind: 'not_elasticsearch', status, reason });
	});

	it("are known as such: the cloud's control plane", () => {
		const body = { errors: [{ code: 'deployments.not_found', message: 'not found' }] };
		expect(answeredWith(404, body)).toMatchObject({ kind: 'not_elasticsearch', status: 404 });
	});

	// Elasticsearch says an error as a text for 400, 405 and 406 only (docs/elasticsearch-behaviour.md, "REST: the envelope").
	it.each([
		[429, 'Too Many Requests'],
		[502, 'Bad Gateway'],
		[503, 'Service Unavailable'],
		[504, 'Gateway Timeout'],
	])('are known as such: a gateway that says %i as a text in JSON', (status, error) => {
		expect(answeredWith(status, { error })).toEqual({
			purpose: 'read',
			kind: 'not_elasticsearch',
			status,
			reason: error,
		});
	});

	// Beside a text, Elasticsearch gives nothing but a status (docs/elasticsearch-behaviour.md, "REST: the envelope").
	it.each<[string, number, Record<string, unknown>]>([
		['Kibana', 400, { statusCode: 400, error: 'Bad Request', message: 'kbn-xsrf is missing' }],
		['a gateway', 400, { error: 'Bad Request', message: 'upstream sent too big header' }],
		['a framework', 405, { status: 405, error: 'Method Not Allowed', path: '/_ml' }],
	])('are known as such: %s that says %i as a text beside other keys', (_who, status, body) => {
		const reason = body.message ?? body.error;
		expect(answeredWith(status, body)).toEqual({
			purpose: 'read',
			kind: 'not_elasticsearch',
			status,
			reason,
		});
	});

	it('are read at their beginning only: on a long page of tags it would take long', () => {
		const late = '<h1>Bad Gateway</h1>';
		expect(reasonOf(answeredWith(502, ' '.repeat(3_900) + late))).toBe('Bad Gateway');
		expect(reasonOf(answeredWith(502, ' '.repeat(5_000) + late))).toBeUndefined();
	});
});

describe('redirects', () => {
	it.each([
		['https://login.example.com/sso', 'https://login.example.com/sso'],
		['https://login.example.com/sso?token=abc', 'https://login.example.com/sso'],
		['/login#token=abc', '/login'],
	])('to %s show where they point, without query', (location, expected) => {
		const answer: Answer = { statusCode: 302, body: '', headers: { location } };
		const failure = failureOfAnswer(answer, asItIs);
		expect(failure).toEqual({ kind: 'redirect', status: 302, location: expected });
	});

	it.each([301, 303, 307, 308])('of status %i need no location', (statusCode) => {
		const failure = failureOfAnswer({ statusCode, body: {} }, asItIs);
		expect(failure).toEqual({ kind: 'redirect', status: statusCode });
	});
});
