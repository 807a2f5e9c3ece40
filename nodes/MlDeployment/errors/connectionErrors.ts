import { explainCredential } from './credentialErrors';
import type { Explanation } from './rule';
import type { Failure } from '../../elasticsearch/transport/failure';
import { UNTRUSTED } from '../../elasticsearch/transport/retry';

const CUT: Explanation = {
	message: 'The connection to the cluster was cut before the answer came',
	next: 'Look at the state with the operation Get before running this again. Where it happens often, look at the proxy in front of the cluster',
};

const NETWORK: Readonly<Record<string, Explanation>> = {
	ECONNREFUSED: {
		message: 'Nothing listens at the Cluster Endpoint',
		next: 'Check host and port in the credential, and that the cluster runs. From a container, localhost is the container itself',
	},
	ENOTFOUND: {
		message: 'The host name of the Cluster Endpoint is not known',
		next: 'Check the host in the credential, and that n8n can resolve it',
	},
	EAI_AGAIN: {
		message: 'The host name of the Cluster Endpoint could not be looked up for now',
		next: 'Check the name resolution of the machine that n8n runs on',
	},
	ECONNRESET: CUT,
	EPIPE: CUT,
	ERR_BAD_RESPONSE: CUT,
	CERT_HAS_EXPIRED: {
		message: "The cluster's certificate is expired",
		next: 'Renew it on the cluster',
	},
	ERR_TLS_CERT_ALTNAME_INVALID: {
		message: "The cluster's certificate is made out for another host name",
		next: 'Use the host name of the certificate in the Cluster Endpoint',
	},
	EPROTO: {
		message: 'The Cluster Endpoint does not speak TLS, or a version that n8n cannot speak',
		next: 'If the cluster has no TLS, start the Cluster Endpoint with http://',
	},
};

/** Node's codes of bytes that are no HTTP, and of a body that is not packed as it says. */
const UNREADABLE = /^(?:HPE|Z)_/;

type NoAnswer = Exclude<Failure, { kind: 'response' }>;
type Foreign = Extract<Failure, { kind: 'not_elasticsearch' }>;

/** Explains why there was no answer from Elasticsearch. */
export function explainNoAnswer(failure: NoAnswer): Explanation {
	switch (failure.kind) {
		case 'credential':
			return explainCredential(failure.problem);
		case 'host':
			return {
				// Not all that can be thrown has words.
				message: failure.message || 'n8n could not send the request',
				next: failure.next ?? 'Check the fields of the credential',
			};
		case 'canceled':
			return {
				message: 'The execution was stopped while a request was under way',
				next: 'The cluster may go on with that request: look with the operation Get',
			};
		case 'timeout':
			return {
				message: 'The cluster gave no answer in time',
				next: "It may go on with the request: look with the operation Get. If the cluster is just slow, raise the option 'Request Timeout (Seconds)'",
			};
		case 'redirect':
			return {
				message: `The Cluster Endpoint redirects${failure.location ? ` to ${failure.location}` : ''}`,
				next: 'Redirects are not followed, so that the API key stays with its cluster. If the new address is right, put it into the credential',
			};
		case 'not_elasticsearch':
			return explainForeign(failure);
		case 'network':
			return explainNetwork(failure.code ?? '', failure.reason);
	}
}

function explainNetwork(code: string, reason: string | undefined): Explanation {
	if (UNTRUSTED.has(code)) {
		return {
			message: "The cluster's certificate is not trusted",
			next: "Paste the certificate authority into 'CA Certificate (PEM)' of the credential. 'Ignore SSL Issues' works too, but then anyone in between can read the key",
		};
	}
	if (UNREADABLE.test(code)) {
		return {
			message: 'The answer could not be read',
			next: `Something between n8n and the cluster garbled it, or another service answers there (${reason || code}). The request may have run: look with the operation Get before running this again`,
		};
	}
	return (
		NETWORK[code] ?? {
			message: 'The cluster could not be reached',
			next: `Check the Cluster Endpoint in the credential and the network in between (${reason || code})`,
		}
	);
}

const MAYBE =
	'Where the answer was only cut off, the request has run: look with the operation Get first. ';

/** A success with a body that is empty or cut off can be the cluster's own. */
function mayHaveRun({ status = 200, purpose }: Foreign): boolean {
	return status < 300 && purpose !== 'read' && purpose !== 'infer';
}

function explainForeign(failure: Foreign): Explanation {
	const status = failure.status ?? 200;
	const shown = failure.reason ? `. It said: ${failure.reason}` : '';
	if (status === 429) {
		return {
			message: 'A proxy in front of the cluster refuses more requests for now',
			next: `Lower the option 'Max Concurrency' and run it again later${shown}`,
		};
	}
	if (status === 413) {
		return {
			message: 'The request is longer than the cluster or a proxy in front of it takes',
			next: `Shorten the text, or split it. A proxy often takes 1 MB, Elasticsearch 100 MB${shown}`,
		};
	}
	// A proxy's 408 is its time-out, as its 504 is.
	if (status >= 500 || status === 408) {
		return {
			message: `A proxy in front of the cluster answered with status ${status}, not Elasticsearch`,
			next: `The cluster is down, restarting or slow; the request may still have reached it. Look with the operation Get, and run it again later${shown}`,
		};
	}
	return {
		message: `The Cluster Endpoint answered with status ${status}, but not like Elasticsearch`,
		next: `${mayHaveRun(failure) ? MAYBE : ''}Check host, port and path in the credential: a login page, Kibana or another service answers there, or the deployment was deleted in the cloud${shown}`,
	};
}
