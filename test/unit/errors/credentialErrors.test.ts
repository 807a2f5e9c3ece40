import { explainCredential } from '../../../nodes/MlDeployment/errors/credentialErrors';
import type { CredentialProblem } from '../../../nodes/elasticsearch/transport/credential';

const EXAMPLE = 'e.g. https://my-cluster.es.eu-west-1.aws.elastic.cloud:443';

describe('what is wrong with the credential', () => {
	it.each<[CredentialProblem['code'], string, string]>([
		['endpoint_empty', 'The Cluster Endpoint is empty', `Enter it in the credential, ${EXAMPLE}`],
		[
			'endpoint_without_scheme',
			'The Cluster Endpoint does not start with http:// or https://',
			`Put the scheme in front in the credential, ${EXAMPLE}`,
		],
		[
			'endpoint_invalid',
			'The Cluster Endpoint is not a valid address',
			`Check host and port in the credential, ${EXAMPLE}`,
		],
		[
			'endpoint_with_user',
			'The Cluster Endpoint holds a user name or password',
			'Remove them from the address; the API Key field of the credential authenticates',
		],
		[
			'endpoint_with_query',
			'The Cluster Endpoint holds a query or fragment',
			'Remove everything from the first ? or # in the credential; a path such as /elastic may stay',
		],
		[
			'key_empty',
			'The API Key is empty',
			'Paste the encoded key that Kibana shows into the credential',
		],
		[
			'key_malformed',
			'The API Key holds spaces, line breaks or characters that no key has',
			'Copy the encoded key again from Kibana (Stack Management > API keys) into the credential',
		],
		[
			'certificate_invalid',
			'The CA Certificate (PEM) is not a PEM certificate',
			'Paste it whole into the credential, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else',
		],
		[
			'read_only',
			'The credential is read-only, so nothing was sent',
			"Choose a credential that may change deployments, or turn off 'Read Only' in this one",
		],
		[
			'address_invalid',
			'Nothing was sent: the URL is not a valid address',
			'Enter it whole, with http:// or https://',
		],
		[
			'address_elsewhere',
			'Nothing was sent: https://elsewhere.test is not where the Cluster Endpoint of the credential is',
			'The API key goes nowhere else. Correct the URL, or choose the credential of that cluster',
		],
	])('%s is told to the letter', (code, message, next) => {
		expect(explainCredential({ code, origin: 'https://elsewhere.test' })).toEqual({
			message,
			next,
		});
	});
});
