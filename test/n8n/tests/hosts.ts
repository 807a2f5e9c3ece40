/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { Host } from '../host';

/** How the test files find the server that `setup.ts` started: through the environment. */
const VARIABLE = 'N8N_OF_THE_TESTS';

export interface SharedHost {
	url: string;
	/** The owner's; n8n takes only a few logins a minute. */
	session: string;
	folder: string;
}

let host: Host | undefined;

export function shareHost(started: Host): void {
	host = started;
	const { url, folder, rest } = started;
	const shared: SharedHost = { url, folder, session: rest.http.session };
	process.env[VARIABLE] = JSON.stringify(shared);
}

export function sharedHost(): SharedHost {
	const value = process.env[VARIABLE];
	if (value === undefined) throw new Error('Run these tests with test/n8n/jest.config.js');
	return JSON.parse(value) as SharedHost;
}

export async function endHost(): Promise<void> {
	await host?.close();
}
