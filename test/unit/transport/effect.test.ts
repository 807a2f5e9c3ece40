import {
	effectOf,
	isFinal,
	isTurnedAway,
	type Effect,
} from '../../../nodes/elasticsearch/transport/retry';
import type { Failure } from '../../../nodes/elasticsearch/transport/failure';
import { answered, answeredWith } from '../builders';
import { canceled, redirected, timedOut } from '../failures';

function network(code?: string): Failure {
	return { kind: 'network', code, reason: 'x', purpose: 'stop' };
}

describe('what a failed request did', () => {
	it.each<[string, Effect]>([
		// The connection never came about, so nothing was sent.
		['ECONNREFUSED', 'none'],
		['ENOTFOUND', 'none'],
		['EAI_AGAIN', 'none'],
		['EPROTO', 'none'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'none'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'none'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'none'],
		['CERT_HAS_EXPIRED', 'none'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'none'],
		// These also meet a connection that was used before, with the request on its way.
		['ECONNRESET', 'unknown'],
		['EPIPE', 'unknown'],
		['EHOSTUNREACH', 'unknown'],
		['ENETUNREACH', 'unknown'],
		['EHOSTDOWN', 'unknown'],
		['ENETDOWN', 'unknown'],
		['EADDRNOTAVAIL', 'unknown'],
		// An answer came that cannot be read.
		['HPE_INVALID_CONSTANT', 'unknown'],
		['HPE_INVALID_CONTENT_LENGTH', 'unknown'],
		['Z_DATA_ERROR', 'unknown'],
		['Z_BUF_ERROR', 'unknown'],
		['ERR_BAD_RESPONSE', 'unknown'],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'unknown'],
		['SOMETHING_NEW', 'unknown'],
	])('on the network with %s is: %s', (code, effect) => {
		expect(effectOf(network(code))).toBe(effect);
	});

	it.each<[string, Failure, Effect]>([
		['the network, without a code', network(), 'unknown'],
		['a time-out', timedOut(), 'unknown'],
		['a cancel', canceled(), 'unknown'],
		['a redirect', redirected(), 'unknown'],
		['a login page', answeredWith(200, ''), 'unknown'],
		["a proxy's 404", answeredWith(404, '<h1>Not Found</h1>'), 'unknown'],
		["a proxy's 502", answeredWith(502, '<h1>Bad Gateway</h1>'), 'unknown'],
		["a proxy's 504", answeredWith(504, ''), 'unknown'],
		['a cluster error of 500', answered(500, 'exception', 'failed to delete'), 'unknown'],
		['a blocked cluster', answered(503, 'cluster_block_exception', 'blocked'), 'unknown'],
		['a cluster that gave up', answered(408, 'exception', 'timed out'), 'unknown'],
		['no elected master', answered(503, 'master_not_discovered_exception', null), 'none'],
		['a circuit breaker', answered(429, 'circuit_breaking_exception', 'too large'), 'none'],
		['a refused key', answered(401, 'security_exception', 'unable'), 'none'],
		['a missing privilege', answered(403, 'security_exception', 'unauthorized'), 'none'],
		['bad values', answered(400, 'illegal_argument_exception', 'bad'), 'refused'],
		['an unknown deployment', answered(404, 'resource_not_found_exception', 'No'), 'refused'],
		['a conflict', answered(409, 'status_exception', 'in use'), 'refused'],
		['no room', answered(429, 'status_exception', 'not enough resources'), 'refused'],
		[
			'a bad credential',
			{ kind: 'credential', problem: { code: 'key_empty' }, purpose: 'read' },
			'none',
		],
		[
			'what n8n or the credential threw before it was sent',
			{ kind: 'host', message: 'No credentials', purpose: 'stop' },
			'none',
		],
	])('by %s is: %s', (_what, failure, effect) => {
		expect(effectOf(failure)).toBe(effect);
	});
});

describe('what turned a request away in front of the cluster', () => {
	it.each<[string, Failure, boolean]>([
		['a redirect', redirected(), true],
		["a proxy's 403", answeredWith(403, '<h1>Forbidden</h1>'), true],
		["the cloud's 404", answeredWith(404, { message: 'Unknown resource.' }), true],
		["a proxy's 429", answeredWith(429, 'slow down'), true],
		["a proxy's 400", answeredWith(400, '<h1>Bad Request</h1>'), true],
		["a proxy's 500", answeredWith(500, '<h1>Internal Server Error</h1>'), false],
		["a proxy's 408, which is its time-out", answeredWith(408, 'Request Time-out'), false],
		["a proxy's 502", answeredWith(502, '<h1>Bad Gateway</h1>'), false],
		['a login page', answeredWith(200, ''), false],
		["Elasticsearch's own 404", answered(404, 'resource_not_found_exception', 'No'), false],
		['a reset connection', network('ECONNRESET'), false],
		['a time-out', timedOut(), false],
	])('is %s: %s', (_what, failure, expected) => {
		expect(isTurnedAway(failure)).toBe(expected);
	});
});

describe('a look that failed', () => {
	it.each<[string, boolean, Failure]>([
		[
			'a bad credential',
			true,
			{ kind: 'credential', problem: { code: 'key_empty' }, purpose: 'read' },
		],
		[
			'what n8n or the credential threw',
			true,
			{ kind: 'host', message: 'No credentials', purpose: 'read' },
		],
		['a redirect', true, redirected()],
		['a cancel', true, canceled()],
		['a refused key', true, answered(401, 'security_exception', 'unable')],
		['a missing privilege', true, answered(403, 'security_exception', 'unauthorized')],
		["a proxy's 403", true, answeredWith(403, '<h1>Forbidden</h1>')],
		['a time-out', false, timedOut()],
		['a reset connection', false, network('ECONNRESET')],
		['a login page, or broken JSON', false, answeredWith(200, '')],
		["a proxy's 429", false, answeredWith(429, 'slow down')],
		["a proxy's 502", false, answeredWith(502, '<h1>Bad Gateway</h1>')],
		['a cluster error of 500', false, answered(500, 'exception', 'x')],
	])('by %s is final: %s', (_what, expected, failure) => {
		expect(isFinal(failure)).toBe(expected);
	});
});
