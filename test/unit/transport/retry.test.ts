import type { Failure } from '../../../nodes/elasticsearch/transport/failure';
import {
	delayBeforeRepeat,
	mayRepeat,
	neverRan,
} from '../../../nodes/elasticsearch/transport/retry';
import { answered, answeredWith } from '../builders';

function network(code: string): Failure {
	return { kind: 'network', code, reason: code };
}

const NO_MASTER = answered(503, 'master_not_discovered_exception', null);
const BREAKER = answered(429, 'circuit_breaking_exception', '[parent] Data too large');

describe('a failed request', () => {
	const rows: Array<[string, Failure, { safe: boolean; unsent: boolean }]> = [
		['a refused connection', network('ECONNREFUSED'), { safe: true, unsent: true }],
		['a host name that fails for now', network('EAI_AGAIN'), { safe: true, unsent: true }],
		['no elected master', NO_MASTER, { safe: true, unsent: true }],
		['a circuit breaker', BREAKER, { safe: true, unsent: true }],
		['a reset connection', network('ECONNRESET'), { safe: true, unsent: false }],
		['a broken pipe', network('EPIPE'), { safe: true, unsent: false }],
		// What axios says where the connection is cut in the middle of the answer.
		['an answer cut off', network('ERR_BAD_RESPONSE'), { safe: true, unsent: false }],
		['502 of a proxy', answeredWith(502, '<h1>Bad Gateway</h1>'), { safe: true, unsent: false }],
		['503 of a proxy', answeredWith(503, ''), { safe: true, unsent: false }],
		['504 of a proxy', answeredWith(504, 'timeout'), { safe: true, unsent: false }],
		['503 as a text in JSON', answeredWith(503, { error: 'Busy' }), { safe: true, unsent: false }],
		[
			'a blocked cluster',
			answered(503, 'cluster_block_exception', 'blocked by: [x]'),
			{ safe: true, unsent: false },
		],
		['throttling by a proxy', answeredWith(429, 'slow down'), { safe: true, unsent: false }],
		[
			'throttling as a text in JSON',
			answeredWith(429, { error: 'Too Many Requests' }),
			{ safe: true, unsent: false },
		],
		[
			'no room',
			answered(
				429,
				'status_exception',
				'Could not update deployment because there are not enough resources',
			),
			{ safe: false, unsent: false },
		],
		['a time-out', { kind: 'timeout', code: 'ECONNABORTED' }, { safe: false, unsent: false }],
		['a cancel', { kind: 'canceled' }, { safe: false, unsent: false }],
		['a redirect', { kind: 'redirect', status: 302 }, { safe: false, unsent: false }],
		['a bad credential', { kind: 'credential', message: 'empty' }, { safe: false, unsent: false }],
		[
			'another state than wanted',
			{ kind: 'outcome', message: 'gone' },
			{ safe: false, unsent: false },
		],
		['a login page', { kind: 'not_elasticsearch', status: 200 }, { safe: false, unsent: false }],
		[
			'404 of the cloud',
			answeredWith(404, { message: 'Unknown resource.' }),
			{ safe: false, unsent: false },
		],
		['an unknown host', network('ENOTFOUND'), { safe: false, unsent: false }],
		['a bad certificate', network('CERT_HAS_EXPIRED'), { safe: false, unsent: false }],
		[
			'bad values',
			answered(400, 'action_request_validation_exception', 'Validation Failed'),
			{ safe: false, unsent: false },
		],
		[
			'a bad key',
			answered(401, 'security_exception', 'unable to authenticate'),
			{ safe: false, unsent: false },
		],
		[
			'a missing privilege',
			answered(403, 'security_exception', 'is unauthorized'),
			{ safe: false, unsent: false },
		],
		[
			'an unknown deployment',
			answered(404, 'resource_not_found_exception', 'No known'),
			{ safe: false, unsent: false },
		],
		[
			'another timeout',
			answered(408, 'model_deployment_timeout_exception', 'Timed out'),
			{ safe: false, unsent: false },
		],
		[
			'a conflict',
			answered(409, 'status_exception', 'cannot update'),
			{ safe: false, unsent: false },
		],
		[
			'a fault of the cluster',
			answered(500, 'exception', 'failed to delete'),
			{ safe: false, unsent: false },
		],
	];

	describe.each(rows)('by %s', (_what, failure, { safe, unsent }) => {
		it(`is ${safe ? '' : 'not '}sent again where it reads or sets absolute values`, () => {
			expect(mayRepeat('safe', failure)).toBe(safe);
		});

		it(`is ${unsent ? '' : 'not '}sent again where it may run only once`, () => {
			expect(mayRepeat('unsent', failure)).toBe(unsent);
		});

		it(`did ${unsent ? 'surely not' : 'perhaps'} run`, () => {
			expect(neverRan(failure)).toBe(unsent);
		});

		it('is not sent again where that is ruled out', () => {
			expect(mayRepeat('never', failure)).toBe(false);
		});
	});
});

describe('the pause before the next try', () => {
	it.each([
		[0, 250, 500],
		[1, 500, 1_000],
		[2, 1_000, 2_000],
		[3, 2_000, 4_000],
		[4, 4_000, 8_000],
		[5, 4_000, 8_000],
		[50, 4_000, 8_000],
	])('after %i tries is %i to %i ms', (repeats, least, most) => {
		expect(delayBeforeRepeat(repeats, undefined, () => 0)).toBe(least);
		expect(delayBeforeRepeat(repeats, undefined, () => 1)).toBe(most);
		expect(delayBeforeRepeat(repeats, undefined, () => 0.5)).toBe((least + most) / 2);
	});

	it('is random by itself, within the same bounds', () => {
		const pauses = Array.from({ length: 50 }, () => delayBeforeRepeat(0));
		expect(new Set(pauses).size).toBeGreaterThan(1);
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(250);
		expect(Math.max(...pauses)).toBeLessThanOrEqual(500);
	});

	it.each([
		[5_000, 5_000],
		[60_000, 60_000],
		[3_600_000, 60_000],
	])('that the server asks for, %i ms, is kept up to a minute: %i ms', (asked, expected) => {
		expect(delayBeforeRepeat(0, asked)).toBe(expected);
	});
});
