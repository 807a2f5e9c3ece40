import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** The value of the option that n8n adds to `resource` and `operation`. */
const CUSTOM_API_CALL = { name: 'Custom API Call', value: '__CUSTOM_API_CALL__' };

const DOMAIN_FIELDS: INodeProperties[] = [
	{
		displayName: 'Allowed HTTP Request Domains',
		name: 'allowedHttpRequestDomains',
		type: 'options',
		options: [
			{ name: 'All', value: 'all' },
			{ name: 'Specific Domains', value: 'domains' },
			{ name: 'None', value: 'none' },
		],
		default: 'all',
	},
	{
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'string',
		default: '',
		displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
	},
];

/** Adds the two fields that n8n puts into every credential that can authenticate a request. */
export function addDomainFields(credential: ICredentialType): void {
	if (credential.authenticate === undefined) return;
	if (credential.hideDomainRestrictionFields) return;
	credential.properties = [...credential.properties, ...DOMAIN_FIELDS];
}

/** Adds the option that n8n shows where another node may use the credential. */
export function addCustomApiCall(
	description: INodeTypeDescription,
	credentials: ICredentialType[],
): void {
	const usable = (description.credentials ?? []).some(({ name }) =>
		// n8n copies the type before it looks: an `authenticate` that is a method is lost.
		credentials.some((type) => type.name === name && Object.hasOwn(type, 'authenticate')),
	);
	if (!usable) return;
	for (const { name, options } of description.properties) {
		if (['resource', 'operation'].includes(name)) options?.push({ ...CUSTOM_API_CALL });
	}
}
