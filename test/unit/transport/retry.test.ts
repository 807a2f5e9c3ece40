import type { Failure } from '../../../nodes/elasticsearch/transport/failure';
import {
	delayBeforeRepeat,
	mayRepeat,
	type RepeatPolicy,
} from '../../../nodes/elasticsearch/transport/retry';
import { answered, answeredWith } from '../builders';
import { canceled, redirected, timedOut } from '../failures';

function network(code: string): Failure {
	return { kind: 'network', code, reason: code, purpose: 'read' };
}

const NO_MASTER = answered(503, 'master_not_discovered_exception', null);
const BREAKER = answered(429, 'circuit_breaking_exception', '[parent] Data too large');

/** Under these policies it is sent again. */
const ALWAYS: RepeatPolicy[] = ['safe', 'unsent'];
const SAFE: RepeatPolicy[] = ['safe'];
const NEVER: RepeatPolicy[] = [];

describe('a failed request', () => {
	it.each<[string, RepeatPolicy[], Failure]>([
		['a refused connection', ALWAYS, network('ECONNREFUSED')],
		['a host name that fails for now', ALWAYS, network('EAI_AGAIN')],
		['no elected master', ALWAYS, NO_MASTER],
		['a circuit breaker', ALWAYS, BREAKER],
		[
			'a circuit breaker behind the door, where its status is another',
			NEVER,
			answered(500, 'circuit_breaking_exception', '[parent] Data too large'),
		],
		['a reset connection', SAFE, network('ECONNRESET')],
		['a broken pipe', SAFE, network('EPIPE')],
		// What axios says where the connection is cut in the middle of the answer.
		['an answer cut off', SAFE, network('ERR_BAD_RESPONSE')],
		['502 of a proxy', SAFE, answeredWith(502, '<h1>Bad Gateway</h1>')],
		['503 of a proxy', SAFE, answeredWith(503, '')],
		['504 of a proxy', SAFE, answeredWith(504, 'timeout')],
		['503 as a text in JSON', SAFE, answeredWith(503, { error: 'Busy' })],
		['a blocked cluster', SAFE, answered(503, 'cluster_block_exception', 'blocked by: [x]')],
		// These last until somebody acts.
		['a read-only cluster', NEVER, answered(403, 'cluster_block_exception', 'blocked by: [x]')],
		['a full disk', NEVER, answered(429, 'cluster_block_exception', 'blocked by: [x]')],
		['throttling by a proxy', SAFE, answeredWith(429, 'slow down')],
		['throttling as a text in JSON', SAFE, answeredWith(429, { error: 'Too Many Requests' })],
		[
			'no room',
			NEVER,
			answered(
				429,
				'status_exception',
				'Could not update deployment because there are not enough resources',
			),
		],
		['a time-out', NEVER, timedOut()],
		['a cancel', NEVER, canceled()],
		['a redirect', NEVER, redirected()],
		[
			'a bad credential',
			NEVER,
			{ kind: 'credential', problem: { code: 'key_empty' }, purpose: 'read' },
		],
		['a login page', NEVER, answeredWith(200, '')],
		['404 of the cloud', NEVER, answeredWith(404, { message: 'Unknown resource.' })],
		['an unknown host', NEVER, network('ENOTFOUND')],
		['a bad certificate', NEVER, network('CERT_HAS_EXPIRED')],
		[
			'bad values',
			NEVER,
			answered(400, 'action_request_validation_exception', 'Validation Failed'),
		],
		['a bad key', NEVER, answered(401, 'security_exception', 'unable to authenticate')],
		['a missing privilege', NEVER, answered(403, 'security_exception', 'is unauthorized')],
		['an unknown deployment', NEVER, answered(404, 'resource_not_found_exception', 'No known')],
		[
			'a cluster that gave up waiting',
			SAFE,
			answered(408, 'model_deployment_timeout_exception', 'Timed out'),
		],
		['a conflict', NEVER, answered(409, 'status_exception', 'cannot update')],
		['a fault of the cluster', NEVER, answered(500, 'exception', 'failed to delete')],
	])('by %s is sent again under the policies %j', (_what, policies, failure) => {
		const all: RepeatPolicy[] = ['safe', 'unsent', 'never'];
		expect(all.filter((policy) => mayRepeat(policy, failure))).toEqual(policies);
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
