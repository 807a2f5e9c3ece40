import { explainNoAnswer } from '../../../nodes/MlDeployment/errors/connectionErrors';
import type { Breakdown } from '../../../nodes/elasticsearch/transport/failure';
import type { Explanation } from '../../../nodes/MlDeployment/errors/rule';

type NoAnswer = Exclude<Breakdown, { kind: 'response' }>;

function explained(failure: NoAnswer): Explanation {
	return explainNoAnswer({ ...failure, purpose: 'update' });
}

const CUT = [
	'The connection to the cluster was cut before the answer came',
	'Look at the state with the operation Get before running this again. Where it happens often, look at the proxy in front of the cluster',
] as const;
const UNTRUSTED = [
	"The cluster's certificate is not trusted",
	"Paste the certificate authority into 'CA Certificate (PEM)' of the credential. 'Ignore SSL Issues' works too, but then anyone in between can read the key",
] as const;

describe('where the cluster was not reached', () => {
	it.each<[string, string, string]>([
		[
			'ECONNREFUSED',
			'Nothing listens at the Cluster Endpoint',
			'Check host and port in the credential, and that the cluster runs. From a container, localhost is the container itself',
		],
		[
			'ENOTFOUND',
			'The host name of the Cluster Endpoint is not known',
			'Check the host in the credential, and that n8n can resolve it',
		],
		[
			'EAI_AGAIN',
			'The host name of the Cluster Endpoint could not be looked up for now',
			'Check the name resolution of the machine that n8n runs on',
		],
		['ECONNRESET', ...CUT],
		['EPIPE', ...CUT],
		['ERR_BAD_RESPONSE', ...CUT],
		['CERT_HAS_EXPIRED', "The cluster's certificate is expired", 'Renew it on the cluster'],
		[
			'ERR_TLS_CERT_ALTNAME_INVALID',
			"The cluster's certificate is made out for another host name",
			'Use the host name of the certificate in the Cluster Endpoint',
		],
		[
			'EPROTO',
			'The Cluster Endpoint does not speak TLS, or a version that n8n cannot speak',
			'If the cluster has no TLS, start the Cluster Endpoint with http://',
		],
		['DEPTH_ZERO_SELF_SIGNED_CERT', ...UNTRUSTED],
		['SELF_SIGNED_CERT_IN_CHAIN', ...UNTRUSTED],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ...UNTRUSTED],
		['UNABLE_TO_GET_ISSUER_CERT', ...UNTRUSTED],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ...UNTRUSTED],
		['CERT_UNTRUSTED', ...UNTRUSTED],
	])('%s says why, and what to change', (code, message, next) => {
		expect(explained({ kind: 'network', code, reason: 'oops' })).toEqual({ message, next });
	});

	it.each(['HPE_INVALID_CONSTANT', 'Z_DATA_ERROR'])(
		'%s says that an answer came, so that the request may have run',
		(code) => {
			expect(explained({ kind: 'network', code, reason: 'oops' })).toEqual({
				message: 'The answer could not be read',
				next: 'Something between n8n and the cluster garbled it, or another service answers there (oops). The request may have run: look with the operation Get before running this again',
			});
		},
	);

	it.each([
		['what the network said', 'no route to host', 'no route to host'],
		['itself where that said nothing', '', 'EHOSTUNREACH'],
	])('an unknown code shows %s', (_what, reason, shown) => {
		expect(explained({ kind: 'network', code: 'EHOSTUNREACH', reason })).toEqual({
			message: 'The cluster could not be reached',
			next: `Check the Cluster Endpoint in the credential and the network in between (${shown})`,
		});
	});
});

const STAYS =
	'Redirects are not followed, so that the API key stays with its cluster. If the new address is right, put it into the credential';

it.each<[NoAnswer, string, string]>([
	[
		{ kind: 'timeout', code: 'ECONNABORTED' },
		'The cluster gave no answer in time',
		"It may go on with the request: look with the operation Get. If the cluster is just slow, raise the option 'Request Timeout (Seconds)'",
	],
	[
		{ kind: 'canceled' },
		'The execution was stopped while a request was under way',
		'The cluster may go on with that request: look with the operation Get',
	],
	[
		{ kind: 'redirect', status: 302, location: 'https://login.example.com/sso' },
		'The Cluster Endpoint redirects to https://login.example.com/sso',
		STAYS,
	],
	[{ kind: 'redirect', status: 302 }, 'The Cluster Endpoint redirects', STAYS],
	[
		{ kind: 'credential', problem: { code: 'key_empty' } },
		'The API Key is empty',
		'Paste the encoded key that Kibana shows into the credential',
	],
	[{ kind: 'host', message: 'Blocked' }, 'Blocked', 'Check the fields of the credential'],
	[{ kind: 'host', message: 'Blocked', next: 'Allow it' }, 'Blocked', 'Allow it'],
	[
		{ kind: 'host', message: '' },
		'n8n could not send the request',
		'Check the fields of the credential',
	],
])('%j says so, and what to do', (failure, message, next) => {
	expect(explained(failure)).toEqual({ message, next });
});

describe('where something else answered', () => {
	const BUSY = "Lower the option 'Max Concurrency' and run it again later";
	const DOWN =
		'The cluster is down, restarting or slow; the request may still have reached it. Look with the operation Get, and run it again later';
	const ADDRESS =
		'Check host, port and path in the credential: a login page, Kibana or another service answers there, or the deployment was deleted in the cloud';

	it.each<[number | undefined, string, string]>([
		[429, 'A proxy in front of the cluster refuses more requests for now', BUSY],
		[408, 'A proxy in front of the cluster answered with status 408, not Elasticsearch', DOWN],
		[500, 'A proxy in front of the cluster answered with status 500, not Elasticsearch', DOWN],
		[504, 'A proxy in front of the cluster answered with status 504, not Elasticsearch', DOWN],
		[404, 'The Cluster Endpoint answered with status 404, but not like Elasticsearch', ADDRESS],
		// A success that is none is an error, too.
		[
			undefined,
			'The Cluster Endpoint answered with status 200, but not like Elasticsearch',
			`Where the answer was only cut off, the request has run: look with the operation Get first. ${ADDRESS}`,
		],
	])('%s is not put down to Elasticsearch', (status, message, next) => {
		expect(explained({ kind: 'not_elasticsearch', status })).toEqual({ message, next });
		expect(explained({ kind: 'not_elasticsearch', status, reason: 'Oops' })).toEqual({
			message,
			next: `${next}. It said: Oops`,
		});
	});

	it.each(['read', 'infer'] as const)('a request to %s has changed nothing', (purpose) => {
		expect(explainNoAnswer({ kind: 'not_elasticsearch', purpose }).next).toBe(ADDRESS);
	});
});
