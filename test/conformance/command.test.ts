/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EmbeddedCluster } from '../cluster';
import { MODEL } from '../contract/embedded';
import { eventually } from '../eventually';
import { beginCluster, endClusters, expectNoKey } from '../given';
import { KEY_VARIABLE } from './options';

/** The command as a person runs it, in a process of its own. */

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));

afterEach(endClusters);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(120_000);

async function cluster(): Promise<EmbeddedCluster> {
	const made = await beginCluster({ tls: true, version: '9.2' });
	made.addModel({ model_id: MODEL, size_bytes: 1_500_000 });
	writeFileSync(path.join(folder, 'ca.pem'), made.caPem ?? '');
	return made;
}

function begin({ endpoint, apiKey }: EmbeddedCluster, ...args: string[]) {
	const ca = path.join(folder, 'ca.pem');
	const child = spawn(
		process.execPath,
		[
			// Not by the command tsx, which stands between the run and its signals.
			...['--import', 'tsx', 'test/conformance/index.ts', '--endpoint', endpoint, '--ca', ca],
			...['--output', folder, ...args],
		],
		// A CI's variables switch colours on, and these would stand between the words.
		{ cwd: ROOT, env: { ...process.env, NO_COLOR: '1', [KEY_VARIABLE]: apiKey } },
	);
	const run = { child, printed: '', ended: once(child, 'close') };
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (text: Buffer) => (run.printed += text.toString()));
	}
	return run;
}

const pages = (): string[] => readdirSync(folder).filter((name) => name.startsWith('conformance-'));

describe('npm run conformance', () => {
	it('prints progress and a table, writes two pages, and ends with 0', async () => {
		const run = begin(await cluster(), '--read-only');
		const [code] = (await run.ended) as [number];
		expect(code).toBe(0);
		expect(run.printed).toMatch(/ 1\/\d+ /);
		expect(run.printed).toContain('│ case');
		expect(run.printed).toMatch(/Elasticsearch 9\.2\.\d+: \d+ same, 0 different, \d+ not run\./);
		expect(pages()).toEqual([
			expect.stringMatching(/^conformance-9\.2\.\d+\.json$/),
			expect.stringMatching(/^conformance-9\.2\.\d+\.md$/),
		]);
		expectNoKey(
			run.printed +
				pages()
					.map((name) => readFileSync(path.join(folder, name), 'utf8'))
					.join(''),
		);
	});

	it('loses nothing on its way to a reader that is slow', async () => {
		const { endpoint, apiKey } = await cluster();
		const command = [
			...[process.execPath, '--import', 'tsx', 'test/conformance/index.ts', '--read-only'],
			...['--endpoint', endpoint, '--ca', path.join(folder, 'ca.pem'), '--output', folder],
		];
		// More than a pipe holds waits for the reader.
		const child = spawn('sh', ['-c', '"$@" | (sleep 8; cat)', 'sh', ...command], {
			cwd: ROOT,
			env: { ...process.env, [KEY_VARIABLE]: apiKey },
		});
		let printed = '';
		child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
		await once(child, 'close');
		expect(printed).toMatch(/ not run\. [\s\S]*\.md\n$/);
	});

	it('ends with 1 where an answer is wrong, and names the case', async () => {
		const made = await cluster();
		made.fault({ kind: 'status', status: 200, body: {}, path: '/_ml/conformance_no_such_path' });
		const run = begin(made, '--read-only');
		const [code] = (await run.ended) as [number];
		expect(code).toBe(1);
		expect(run.printed).toContain('DIFFERS  rest-unknown-path');
	});

	it.each(['SIGINT', 'SIGTERM'] as const)('leaves no deployment after %s', async (signal) => {
		const made = await cluster();
		// So slow that the run is in the middle of something.
		made.fault({ kind: 'latency', ms: 300, path: '_update', times: 999 });
		const run = begin(made);
		await eventually(() => made.deployments().length > 0, 60_000);
		run.child.kill(signal);
		// One Ctrl-C may come twice: from the terminal, and from npm.
		run.child.kill(signal);
		const [code] = (await run.ended) as [number];
		expect(code).toBe(130);
		expect(made.deployments()).toEqual([]);
		expect(run.printed).toContain('Interrupted:');
		expect(run.printed).toContain('The run was interrupted.');
		expectNoKey(run.printed);
	});
});
