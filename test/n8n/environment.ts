/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { pathWithNode24 } from './places';

export interface EnvironmentOptions {
	/** Holds `.n8n`; n8n's home, too. */
	folder: string;
	port: number;
	brokerPort: number;
	encryptionKey: string;
}

/** n8n asks nobody in the world for news, templates, licences or servers, and tells nobody anything. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	// The assistant would be the first page that a person sees, and has no model to work with.
	N8N_DISABLED_MODULES: 'instance-ai,mcp-registry',
};

/** Defaults that n8n warns about on each start. */
const SETTLED = {
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_RUNNERS_TASK_TIMEOUT: '60',
	N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES: '268435456',
	N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES: '1000',
};

/** Nothing of the developer's own n8n may get in, so that all but a few names is left out. */
export function environment(options: EnvironmentOptions): Record<string, string> {
	const { folder, port, brokerPort, encryptionKey } = options;
	return {
		...QUIET,
		...SETTLED,
		PATH: pathWithNode24(),
		HOME: folder,
		LANG: 'C.UTF-8',
		TZ: process.env.TZ ?? 'UTC',
		NODE_ENV: 'production',
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: encryptionKey,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: 'localhost',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		// Some browsers send secure cookies over https only, even to localhost.
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		// A worker has no other page than this one.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
	};
}
