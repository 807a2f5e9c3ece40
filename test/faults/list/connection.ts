/** Faults of the way to the cluster: there is no answer. */

import type { Fault, Given, Words } from './fault';

const CUT: Words = [
	'The connection to the cluster was cut before the answer came',
	'operation Get',
];
const GARBLED: Words = ['The answer could not be read', 'operation Get'];
const UNTRUSTED: Words = ["The cluster's certificate is not trusted", 'CA Certificate (PEM)'];
const RESET =
	'The connection to the server was closed unexpectedly, perhaps it is offline. You can retry the request immediately or wait and retry later.';

/** n8n puts words of its own in the place of the message for some codes of Node. */
function thrown(code: string, message: string, ofN8n = message, name = 'Error'): Given {
	return {
		is: 'thrown',
		thrown: { message: ofN8n, httpCode: code, cause: { name, code, message } },
	};
}

/** Where a status had come, n8n keeps that in place of the code. */
function thrownAfter200(code: string, message: string, name = 'Error'): Given {
	return { is: 'thrown', thrown: { message, httpCode: '200', cause: { name, code, message } } };
}

export const OF_CONNECTION: readonly Fault[] = [
	{
		name: 'a refused connection',
		kind: 'unsent',
		given: thrown(
			'ECONNREFUSED',
			'connect ECONNREFUSED 127.0.0.1:9200',
			'The service refused the connection - perhaps it is offline',
		),
		words: ['Nothing listens at the Cluster Endpoint', 'Check host and port in the credential'],
	},
	{
		name: 'a host name that nobody knows',
		kind: 'kept out',
		given: thrown(
			'ENOTFOUND',
			'getaddrinfo ENOTFOUND cluster.invalid',
			'The connection cannot be established, this usually occurs due to an incorrect host (domain) value',
		),
		words: [
			'The host name of the Cluster Endpoint is not known',
			'Check the host in the credential',
		],
	},
	{
		name: 'a name server that does not answer',
		kind: 'unsent',
		given: thrown(
			'EAI_AGAIN',
			'getaddrinfo EAI_AGAIN cluster.invalid',
			'The DNS server returned an error, perhaps the server is offline',
		),
		words: [
			'The host name of the Cluster Endpoint could not be looked up for now',
			'Check the name resolution',
		],
	},
	{
		name: 'a connection that is closed before the answer',
		kind: 'lost',
		given: thrown('ECONNRESET', 'socket hang up', RESET),
		words: CUT,
	},
	{
		name: 'a connection that is reset before the answer',
		kind: 'lost',
		given: thrown('ECONNRESET', 'read ECONNRESET', RESET),
		words: CUT,
		onlyOnWire: true,
	},
	{
		name: 'a connection that is closed in the middle of the answer',
		kind: 'lost',
		given: thrownAfter200('ERR_BAD_RESPONSE', 'stream has been aborted', 'AxiosError'),
		words: CUT,
	},
	{
		name: 'no answer',
		kind: 'late',
		given: { is: 'nothing' },
		words: ['The cluster gave no answer in time', 'Request Timeout (Seconds)'],
	},
	{
		name: 'bytes that are no HTTP',
		kind: 'unreadable',
		given: thrown('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/, RTSP/ or ICE/'),
		words: GARBLED,
	},
	{
		name: 'an answer that is not packed as it says',
		kind: 'unreadable',
		given: thrownAfter200('Z_DATA_ERROR', 'incorrect header check'),
		words: GARBLED,
	},
	{
		name: 'an expired certificate',
		kind: 'kept out',
		given: thrown('CERT_HAS_EXPIRED', 'certificate has expired'),
		words: ["The cluster's certificate is expired", 'Renew it'],
	},
	{
		name: 'a self-signed certificate',
		kind: 'kept out',
		given: thrown('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
		words: UNTRUSTED,
	},
	{
		name: 'a certificate of an authority that nobody knows',
		kind: 'kept out',
		given: thrown('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'),
		words: UNTRUSTED,
		onlyOnWire: true,
	},
	{
		name: 'a certificate for another host',
		kind: 'kept out',
		given: thrown(
			'ERR_TLS_CERT_ALTNAME_INVALID',
			"Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: ",
		),
		words: [
			"The cluster's certificate is made out for another host name",
			'Use the host name of the certificate',
		],
	},
	{
		name: 'a cluster without TLS',
		kind: 'kept out',
		given: thrown('EPROTO', 'write EPROTO …'),
		words: ['The Cluster Endpoint does not speak TLS', 'http://'],
	},
];
