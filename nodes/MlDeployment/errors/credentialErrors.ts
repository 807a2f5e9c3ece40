import type { CredentialProblem } from '../../elasticsearch/transport/credential';
import type { Explanation } from './rule';

const EXAMPLE = 'e.g. https://my-cluster.es.eu-west-1.aws.elastic.cloud:443';

const WORDS: Readonly<
	Record<Exclude<CredentialProblem['code'], 'address_elsewhere'>, Explanation>
> = {
	endpoint_empty: {
		message: 'The Cluster Endpoint is empty',
		next: `Enter it in the credential, ${EXAMPLE}`,
	},
	endpoint_without_scheme: {
		message: 'The Cluster Endpoint does not start with http:// or https://',
		next: `Put the scheme in front in the credential, ${EXAMPLE}`,
	},
	endpoint_invalid: {
		message: 'The Cluster Endpoint is not a valid address',
		next: `Check host and port in the credential, ${EXAMPLE}`,
	},
	endpoint_with_user: {
		message: 'The Cluster Endpoint holds a user name or password',
		next: 'Remove them from the address; the API Key field of the credential authenticates',
	},
	endpoint_with_query: {
		message: 'The Cluster Endpoint holds a query or fragment',
		next: 'Remove everything from the first ? or # in the credential; a path such as /elastic may stay',
	},
	key_empty: {
		message: 'The API Key is empty',
		next: 'Paste the encoded key that Kibana shows into the credential',
	},
	key_malformed: {
		message: 'The API Key holds spaces, line breaks or characters that no key has',
		next: 'Copy the encoded key again from Kibana (Stack Management > API keys) into the credential',
	},
	certificate_invalid: {
		message: 'The CA Certificate (PEM) is not a PEM certificate',
		next: 'Paste it whole into the credential, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else',
	},
	address_invalid: {
		message: 'Nothing was sent: the URL is not a valid address',
		next: 'Enter it whole, with http:// or https://',
	},
	read_only: {
		message: 'The credential is read-only, so nothing was sent',
		next: "Choose a credential that may change deployments, or turn off 'Read Only' in this one",
	},
};

/** Explains what is wrong with the credential, or with a request that would use it. */
export function explainCredential(problem: CredentialProblem): Explanation {
	if (problem.code !== 'address_elsewhere') return WORDS[problem.code];
	return {
		message: `Nothing was sent: ${problem.origin} is not where the Cluster Endpoint of the credential is`,
		next: 'The API key goes nowhere else. Correct the URL, or choose the credential of that cluster',
	};
}
