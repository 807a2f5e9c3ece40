import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Breakdown, Failure } from '../../../nodes/elasticsearch/transport/failure';
import { answeredWith } from '../builders';

const UPDATE = { deploymentId: 'my-elser' };

function network(code: string, reason = ''): Failure {
	return { kind: 'network', code, reason, purpose: 'update' };
}

const REFUSED = 'Nothing listens at the Cluster Endpoint';
const UNKNOWN_HOST = 'The host name of the Cluster Endpoint is not known';
const CUT = 'The connection to the cluster was cut before the answer came';
const UNTRUSTED = "The cluster's certificate is not trusted";
const CA_FIELD = "'CA Certificate (PEM)' of the credential";

describe('where the cluster was not reached', () => {
	it.each([
		['ECONNREFUSED', REFUSED, 'host and port in the credential'],
		['ENOTFOUND', UNKNOWN_HOST, 'the host in the credential'],
		[
			'EAI_AGAIN',
			'The host name of the Cluster Endpoint could not be looked up for now',
			'name resolution',
		],
		['ECONNRESET', CUT, 'the operation Get'],
		['EPIPE', CUT, 'the operation Get'],
		['ERR_BAD_RESPONSE', CUT, 'the operation Get'],
		['CERT_HAS_EXPIRED', "The cluster's certificate is expired", 'Renew it'],
		[
			'ERR_TLS_CERT_ALTNAME_INVALID',
			"The cluster's certificate is made out for another host name",
			'the Cluster Endpoint',
		],
		[
			'EPROTO',
			'The Cluster Endpoint does not speak TLS, or a version that n8n cannot speak',
			'http://',
		],
		['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED, CA_FIELD],
		['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED, CA_FIELD],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED, CA_FIELD],
		['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED, CA_FIELD],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED, CA_FIELD],
		['CERT_UNTRUSTED', UNTRUSTED, CA_FIELD],
		['EHOSTUNREACH', 'The cluster could not be reached', 'the Cluster Endpoint in the credential'],
	])('%s says why, and what to change', (code, message, names) => {
		const explanation = explain(network(code), UPDATE);
		expect(explanation.message).toBe(message);
		expect(explanation.next).toContain(names);
	});

	it('an unknown code shows what the network said, or else itself', () => {
		expect(explain(network('EHOSTUNREACH', 'no route to host'), UPDATE).next).toContain(
			'(no route to host)',
		);
		expect(explain(network('EHOSTUNREACH'), UPDATE).next).toContain('(EHOSTUNREACH)');
	});
});

describe('where nothing was heard', () => {
	it.each<[Breakdown, string, string]>([
		[
			{ kind: 'timeout', code: 'ECONNABORTED' },
			'The cluster gave no answer in time',
			"the option 'Request Timeout (Seconds)'",
		],
		[
			{ kind: 'canceled' },
			'The execution was stopped while a request was under way',
			'the operation Get',
		],
		[
			{ kind: 'redirect', status: 302, location: 'https://login.example.com/sso' },
			'The Cluster Endpoint redirects to https://login.example.com/sso',
			'put it into the credential',
		],
		[
			{ kind: 'redirect', status: 302 },
			'The Cluster Endpoint redirects',
			'put it into the credential',
		],
		[
			{ kind: 'credential', problem: { code: 'key_empty' } },
			'The API Key is empty',
			'Paste the encoded key',
		],
		[{ kind: 'host', message: 'Blocked' }, 'Blocked', 'Check the fields of the credential'],
		[{ kind: 'host', message: 'Blocked', next: 'Ask your admin' }, 'Blocked', 'Ask your admin'],
	])('%j says so, and what to do', (breakdown, message, names) => {
		const explanation = explain({ ...breakdown, purpose: 'update' }, UPDATE);
		expect(explanation.message).toBe(message);
		expect(explanation.next).toContain(names);
	});
});

describe('where something else answered', () => {
	function proxy(status: number): string {
		return `A proxy in front of the cluster answered with status ${status}, not Elasticsearch`;
	}

	function foreign(status: number): string {
		return `The Cluster Endpoint answered with status ${status}, but not like Elasticsearch`;
	}

	const BUSY = 'A proxy in front of the cluster refuses more requests for now';
	const ADDRESS = 'Check host, port and path in the credential';

	it.each<[string, number, unknown, string, string]>([
		['a page of 502', 502, '<h1>Bad Gateway</h1>', proxy(502), 'Bad Gateway'],
		['a line of 503', 503, 'upstream connect error', proxy(503), 'upstream connect error'],
		['504 without a word', 504, '', proxy(504), 'the operation Get'],
		['502 as a text in JSON', 502, { error: 'Bad Gateway' }, proxy(502), 'Bad Gateway'],
		[
			'503 as a text in JSON',
			503,
			{ error: 'Service Unavailable' },
			proxy(503),
			'Service Unavailable',
		],
		['a page of 429', 429, '<h1>Slow down</h1>', BUSY, "the option 'Max Concurrency'"],
		['429 as a text in JSON', 429, { error: 'Too Many Requests' }, BUSY, 'Too Many Requests'],
		[
			"the cloud's 404",
			404,
			{ ok: false, message: 'Unknown resource.' },
			foreign(404),
			'Unknown resource.',
		],
		['a page of 403', 403, '<h1>Forbidden</h1>', foreign(403), ADDRESS],
		['a page of 401', 401, '<h1>Log in</h1>', foreign(401), ADDRESS],
	])('%s is not put down to Elasticsearch', (_what, status, body, message, names) => {
		const explanation = explain(answeredWith(status, body), UPDATE);
		expect(explanation.message).toBe(message);
		expect(explanation.next).toContain(names);
		expect(explanation.next).not.toContain('Elasticsearch said');
	});

	it('a success that is none is an error, too', () => {
		const { message, next } = explain(
			{ kind: 'not_elasticsearch', status: 200, purpose: 'read' },
			UPDATE,
		);
		expect(message).toBe(foreign(200));
		expect(next).toContain(ADDRESS);
	});
});
