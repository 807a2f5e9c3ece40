/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { command } from '../command';
import { CASES } from '../oldest/cases';
import { ensureEngine } from '../oldest/install';
import { VERSIONS, type EngineVersion } from '../oldest/versions';
import { PROJECT } from '../places';

const RUNNER = path.resolve(__dirname, '../oldest/runner.ts');

/** The reasons of what failed, by name. A process of its own: an engine can't be unloaded. */
async function failuresIn({ folder }: EngineVersion): Promise<Record<string, string>> {
	const results = mkdtempSync(path.join(tmpdir(), 'n8n-versions-'));
	const file = path.join(results, 'failures.json');
	try {
		const args = [require.resolve('tsx/cli'), RUNNER, folder, file];
		await command(process.execPath, args, { cwd: PROJECT });
		return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
	} finally {
		rmSync(results, { recursive: true, force: true });
	}
}

describe.each(VERSIONS)('In the engine of n8n $n8n the package', (version) => {
	let failures: Record<string, string>;

	beforeAll(async () => {
		await ensureEngine(version);
		failures = await failuresIn(version);
	}, 300_000);

	it.each(Object.keys(CASES))('%s', (name) => {
		expect(failures[name]).toBeUndefined();
	});
});
