/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { randomUUID } from 'node:crypto';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** n8n writes its settings here; a folder of our own keeps it off the user's `~/.n8n`. */
export const userFolder = path.join(tmpdir(), `n8n-engine-${randomUUID()}`);

process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'the key of an engine that stores nothing';
// The logger then has no output of its own; logs.ts puts one in.
process.env.N8N_LOG_LEVEL = 'silent';
process.env.N8N_DIAGNOSTICS_ENABLED = 'false';

/** Packages of n8n that must exist once: they hold error classes, services and settings. */
const SHARED = ['di', 'config', 'decorators', 'backend-common', 'backend-network'];

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/**
 * A real n8n has one copy of its packages: `instanceof NodeApiError` holds everywhere, and there
 * is one logger. An npm tree may have several copies, and an error that crosses from one to
 * another is wrapped again. All get the copies of n8n-core here; under jest, whose modules do not
 * come this way, `moduleNameMapper` does the same.
 */
function shareOneCopy(): void {
	const core = Module.createRequire(require.resolve('n8n-core'));
	const copies = new Map(
		['n8n-workflow', ...SHARED.map((name) => `@n8n/${name}`)].map((name) => [
			name,
			core.resolve(name),
		]),
	);
	const loader = Module as unknown as { _resolveFilename: ResolveFilename };
	const resolve = loader._resolveFilename;
	loader._resolveFilename = function (request, ...rest) {
		return copies.get(request) ?? resolve.call(this, request, ...rest);
	};
}

if (process.env.JEST_WORKER_ID === undefined) shareOneCopy();
