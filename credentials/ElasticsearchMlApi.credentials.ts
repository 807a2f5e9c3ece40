import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import type { Checked } from '../nodes/elasticsearch/transport/check';
import {
	encodeApiKey,
	isReadOnly,
	normaliseEndpoint,
	onlyReads,
	pathAt,
	rebuildPem,
	UNLOCKED,
	type CredentialProblem,
} from '../nodes/elasticsearch/transport/credential';
import { explainCredential } from '../nodes/MlDeployment/errors/credentialErrors';

/** Returns the value, or throws its problem in words, which the credential test shows verbatim. */
function valueOf<T>(checked: Checked<T, CredentialProblem>): T {
	if (checked.ok) return checked.value;
	throw errorOf(checked.problem);
}

function errorOf(problem: CredentialProblem): Error {
	const { message, next } = explainCredential(problem);
	return new Error(`${message}. ${next}`);
}

/** n8n has two kinds of options. The HTTP Request node's older kind names redirects differently. */
interface AnyOptions extends IHttpRequestOptions {
	followRedirect: boolean;
	followAllRedirects: boolean;
}

/** The HTTP Request node hands over the older kind of options, whose address is `uri`. */
function addressOf(options: { url?: unknown; uri?: unknown }): string {
	return String(options.url ?? options.uri ?? '');
}

const NOT_ELASTICSEARCH =
	'This address does not answer like Elasticsearch: check host, port and path (not Kibana, not a login page)';

/**
 * Without these rules, n8n would show only the status text. Its types forbid both kinds of rules
 * in one list, but n8n reads both.
 */
const REFUSALS = [
	...[301, 302, 303, 307, 308].map((value) => ({
		value,
		message:
			'This address redirects, and redirects are not followed: enter the address of Elasticsearch itself',
	})),
	{
		value: 401,
		message:
			'Elasticsearch does not accept the API key: paste the encoded key that Kibana showed, and check that it belongs to this cluster and is not expired',
	},
	{
		value: 403,
		message: 'The API key may not even ask for its own privileges: something in between refuses it',
	},
	{ value: 404, message: NOT_ELASTICSEARCH },
].map((properties) => ({ type: 'responseCode' as const, properties }));

export class ElasticsearchMlApi implements ICredentialType {
	name = 'elasticsearchMlApi';

	displayName = 'Elasticsearch ML API';

	icon = {
		light: 'file:../nodes/MlDeployment/mlDeployment.svg',
		dark: 'file:../nodes/MlDeployment/mlDeployment.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-elasticsearch-ml/n8n-nodes-elasticsearch-ml#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Cluster Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://my-cluster.es.eu-west-1.aws.elastic.cloud:443',
			description: 'The address of Elasticsearch itself, not of Kibana; a path is kept',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Kibana: Stack Management > API keys. It needs manage_ml, or monitor_ml with Read Only',
			description:
				'The encoded key that Kibana shows under Stack Management > API keys; id:api_key works too. It needs the cluster privilege manage_ml, or monitor_ml for reading.',
		},
		{
			displayName: 'Read Only',
			name: 'readOnly',
			type: 'boolean',
			default: false,
			description:
				'Whether to refuse everything that changes something, before it is sent, whatever the key may do',
		},
		{
			displayName: 'CA Certificate (PEM)',
			name: 'ca',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE----- …',
			description:
				"The authority that signed the cluster's certificate, where n8n does not know it",
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description: 'Whether to connect even if SSL certificate validation is not possible',
		},
	];

	/**
	 * It is an instance property: a method works too, but n8n does not send it to the editor. It
	 * also sets the redirect rules and keeps the key at its cluster, because the credential test and
	 * the HTTP Request node do not use the node's connection.
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		const endpoint = valueOf(normaliseEndpoint(credentials.endpoint));
		const ca = valueOf(rebuildPem(credentials.ca));
		const key = valueOf(encodeApiKey(credentials.apiKey));
		const isBelow = requestOptions.baseURL !== undefined;
		const path = valueOf(pathAt(endpoint, addressOf(requestOptions), isBelow));
		if (isReadOnly(credentials.readOnly) && !onlyReads(requestOptions.method, path))
			throw errorOf({ code: 'read_only' });
		const options: AnyOptions = {
			...requestOptions,
			headers: { ...requestOptions.headers, Authorization: `ApiKey ${key}` },
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
			sendCredentialsOnCrossOriginRedirect: false,
			skipSslCertificateValidation: credentials.ignoreSslIssues === true,
		};
		// The base of the credential test is the field as typed.
		if (isBelow) options.baseURL = endpoint;
		if (ca !== undefined) options.agentOptions = { ...options.agentOptions, ca };
		// The older kind of options has no skipSslCertificateValidation; both kinds take this one.
		if (credentials.ignoreSslIssues === true)
			options.agentOptions = { ...options.agentOptions, rejectUnauthorized: false };
		return options;
	};

	/**
	 * It reads, with a POST, which privileges the key has. Rules see single keys of 2xx bodies
	 * only; n8n shows the status text for 401, and the network code if nothing answers.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.endpoint }}',
			url: '/_security/user/_has_privileges',
			method: 'POST',
			headers: { Accept: 'application/json' },
			body: {
				cluster: `={{ ${JSON.stringify(UNLOCKED)}.includes($credentials.readOnly ?? null) ? ["manage_ml", "monitor_ml"] : ["monitor_ml"] }}`,
			},
		},
		rules: [
			...REFUSALS,
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'cluster.monitor_ml',
					value: false,
					message:
						'The API key may neither change nor read deployments: give it the cluster privilege manage_ml, or monitor_ml together with Read Only',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'cluster.manage_ml',
					value: false,
					message:
						'The API key may read deployments but not change them: give it the cluster privilege manage_ml, or turn on Read Only',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'has_all_requested',
					value: undefined,
					message: NOT_ELASTICSEARCH,
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
