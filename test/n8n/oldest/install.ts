/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { command } from '../command';
import { step } from '../progress';
import { VERSIONS, type EngineVersion } from './versions';

const LOCKFILE = 'package-lock.json';

/** Brings the engine of a version where it isn't there already. */
export async function ensureEngine({ n8n, folder, manifest }: EngineVersion): Promise<void> {
	if (manifest === undefined) return;
	// Holds the lockfile; written last, so that an install that was cut off is done again.
	const stamp = path.join(folder, 'node_modules', '.installed');
	const lockfile = readFileSync(path.join(manifest, LOCKFILE), 'utf8');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;

	mkdirSync(folder, { recursive: true });
	for (const name of ['package.json', LOCKFILE]) {
		copyFileSync(path.join(manifest, name), path.join(folder, name));
	}
	await step(`Installing the engine of n8n ${n8n}`, async () => {
		const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await command('npm', ['ci', ...options], { cwd: folder });
	});
	writeFileSync(stamp, lockfile);
}

/** One after the other: npm takes all that the machine has. */
export async function ensureEngines(): Promise<void> {
	for (const version of VERSIONS) await ensureEngine(version);
}

if (require.main === module) {
	ensureEngines().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
