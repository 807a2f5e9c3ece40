import { ElasticError } from '../rest/errors';
import type { JsonNode } from '../rest/json';
import type { Route, RunContext } from '../rest/route';
import { readObject, stringValue } from '../rest/strict';
import type { Principal } from '../security/security';

/** What a principal may do, asked by itself (docs/elasticsearch-behaviour.md, "Security: asking about oneself"). */
function hasPrivileges({ call, security }: RunContext) {
	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	let wanted: string[] = [];
	const list = (node: JsonNode): string[] => node.items.map(stringValue);
	readObject(body, 'has_privileges_request', {
		cluster: (node) => void (wanted = list(node)),
		index: () => undefined,
		application: () => undefined,
	});
	return () => {
		const principal = principalOf(call.principal);
		const cluster = Object.fromEntries(
			[...wanted].sort().map((name) => [name, security.may(principal, name)]),
		);
		return {
			username: principal.username,
			has_all_requested: Object.values(cluster).every(Boolean),
			cluster,
			index: {},
			application: {},
		};
	};
}

function authenticate({ call, state }: RunContext) {
	return () => {
		const { username, apiKey } = principalOf(call.principal);
		const realm = apiKey
			? { name: '_es_api_key', type: '_es_api_key' }
			: { name: 'reserved', type: 'reserved' };
		return {
			username,
			roles: apiKey ? [] : ['superuser'],
			full_name: null,
			email: null,
			metadata: apiKey ? {} : { _reserved: true },
			enabled: true,
			authentication_realm: realm,
			lookup_realm: realm,
			authentication_type: apiKey ? 'api_key' : 'realm',
			...(apiKey && {
				api_key: {
					id: apiKey.id,
					name: apiKey.name,
					...(state.features.managedKeys && { managed_by: 'elasticsearch' }),
				},
			}),
		};
	};
}

function principalOf(principal: Principal | undefined): Principal {
	return principal ?? { username: '_anonymous', privileges: [] };
}

export const securityRoutes: Route[] = [
	...(['GET', 'POST'] as const).map((method): Route => ({
		method,
		path: '/_security/user/_has_privileges',
		security: true,
		prepare: hasPrivileges,
	})),
	{ method: 'GET', path: '/_security/_authenticate', security: true, prepare: authenticate },
];
