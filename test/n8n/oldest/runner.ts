/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
/** Runs all cases in the engine that lies in a folder: `tsx runner.ts FOLDER FILE-FOR-THE-RESULTS`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { CASES, check } from './cases';
import { loadEngine } from './engine';

async function main([folder, file]: string[]): Promise<void> {
	// n8n writes its settings here; set before the engine is loaded, because it reads them then.
	const userFolder = mkdtempSync(path.join(tmpdir(), 'n8n-oldest-'));
	process.env.N8N_USER_FOLDER = userFolder;
	process.env.N8N_ENCRYPTION_KEY = 'the key of an engine that stores nothing';
	process.env.N8N_LOG_LEVEL = 'silent';

	const engine = await loadEngine(folder);
	const failures: Record<string, string> = {};
	for (const name of Object.keys(CASES)) {
		const failure = await check(engine, name);
		if (failure !== undefined) failures[name] = failure;
	}
	writeFileSync(file, JSON.stringify(failures));
	rmSync(userFolder, { recursive: true, force: true });
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
