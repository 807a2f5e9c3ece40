import { randomBytes } from 'node:crypto';
import { ElasticError } from '../rest/errors';
import { grantedBy, holds, type ActionName } from './privileges';
import type { Features } from '../settings/versions';

export interface ApiKey {
	id: string;
	secret: string;
	name: string;
	privileges: string[];
	expired: boolean;
}

/** Who calls. */
export interface Principal {
	username: string;
	privileges: string[];
	apiKey?: ApiKey;
}

const SUPERUSER = 'elastic';

/** API keys, one superuser, and the exact words of 401 and 403 (docs/elasticsearch-behaviour.md, "Security"). */
export class Security {
	readonly user = { username: SUPERUSER, password: randomBytes(9).toString('base64url') };
	private readonly keys = new Map<string, ApiKey>();

	constructor(
		readonly enabled: boolean,
		private readonly features: Features,
	) {}

	createApiKey(options: { privileges: string[]; expired?: boolean; name?: string }): string {
		const id = randomBytes(15).toString('base64url');
		const secret = randomBytes(16).toString('base64url');
		const { privileges, expired = false, name = `key-${this.keys.size + 1}` } = options;
		this.keys.set(id, { id, secret, name, privileges, expired });
		return Buffer.from(`${id}:${secret}`).toString('base64');
	}

	/** Who sent this header, or 401. */
	authenticate(header: string | undefined, uri: string): Principal {
		if (!this.enabled) return { username: '_anonymous', privileges: ['all'] };
		const [, scheme, credentials] = /^\s*(\S+)\s+(.*?)\s*$/.exec(header ?? '') ?? [];
		switch (scheme?.toLowerCase()) {
			case 'apikey':
				return this.byApiKey(credentials);
			case 'basic':
				return this.byPassword(credentials, uri);
			case undefined:
				throw this.unauthorized(`missing authentication credentials for REST request [${uri}]`);
			default:
				throw this.unauthorized(NOT_ACCEPTED);
		}
	}

	/** 403 where the caller may not do this. */
	authorize(principal: Principal, action: ActionName): void {
		if (!this.enabled || this.may(principal, action)) return;
		const granting = grantedBy(action, this.features).join(',');
		const who = principal.apiKey
			? `API key id [${principal.apiKey.id}] of user [${principal.username}]`
			: `user [${principal.username}] with effective roles [none]`;
		throw new ElasticError(
			403,
			'security_exception',
			`action [${action}] is unauthorized for ${who}, this action is granted by the cluster privileges [${granting}]`,
		);
	}

	may(principal: Principal, privilege: string): boolean {
		return holds(principal.privileges, privilege, this.features);
	}

	private byApiKey(credentials: string): Principal {
		const decoded = Buffer.from(credentials, 'base64').toString('utf8');
		const [id, ...rest] = decoded.split(':');
		if (rest.length === 0 || !/^[A-Za-z0-9+/]+=*$/.test(credentials)) {
			throw this.unauthorized(NOT_ACCEPTED, 'API key: invalid ApiKey value');
		}
		const key = this.keys.get(id);
		if (!key) throw this.unauthorized(NOT_ACCEPTED, `API key: unable to find apikey with id ${id}`);
		if (key.secret !== rest.join(':')) {
			throw this.unauthorized(NOT_ACCEPTED, `API key: invalid credentials for API key [${id}]`);
		}
		if (key.expired) throw this.unauthorized(NOT_ACCEPTED, 'API key: api key is expired');
		return { username: SUPERUSER, privileges: key.privileges, apiKey: key };
	}

	private byPassword(credentials: string, uri: string): Principal {
		const [name, ...rest] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
		if (name !== this.user.username || rest.join(':') !== this.user.password) {
			throw this.unauthorized(`unable to authenticate user [${name}] for REST request [${uri}]`);
		}
		return { username: name, privileges: ['all'] };
	}

	private unauthorized(reason: string, unsuccessful?: string): ElasticError {
		const schemes = [this.features.basicRealm, 'Bearer realm="security"', 'ApiKey'];
		return new ElasticError(401, 'security_exception', reason, {
			metadata: {
				...(unsuccessful !== undefined && { additional_unsuccessful_credentials: unsuccessful }),
				header: { 'WWW-Authenticate': schemes },
			},
			headers: { 'www-authenticate': schemes },
		});
	}
}

const NOT_ACCEPTED =
	'unable to authenticate with provided credentials and anonymous access is not allowed for this request';
