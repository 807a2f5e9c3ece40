/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const TSX = join(__dirname, '../../../node_modules/.bin/tsx');
const run = promisify(execFile);

describe('npm run cluster', () => {
	it('prints a curl line that works when pasted, and ends cleanly on Ctrl-C', async () => {
		const options = [join(__dirname, '../serve.ts'), '--tls', '--port', '0', '--version', '9.0'];
		const server = spawn(TSX, options, { stdio: ['ignore', 'pipe', 'inherit'] });
		const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
		let printed = '';
		await new Promise<void>((resolve) => {
			server.stdout.on('data', (chunk: Buffer) => {
				printed += chunk.toString();
				if (/_stats\?pretty'\n/.test(printed)) resolve();
			});
		});
		for (const kind of ['elser-search', 'e5-trial', '.elser-2-elasticsearch', 'e5-weekend']) {
			expect(printed).toContain(kind);
		}
		const curl = /^curl [^]*?-d '.*'$/m.exec(printed)?.[0] ?? '';
		const { stdout } = await run('bash', ['-c', curl]);
		expect(JSON.parse(stdout)).toMatchObject({
			assignment: { task_parameters: { deployment_id: 'elser-ingest', number_of_allocations: 4 } },
		});
		server.kill('SIGINT');
		expect(await ended).toBe(0);
		const ca = /'(\S+\.pem)'/.exec(printed)?.[1] ?? '';
		expect([ca !== '', existsSync(ca)]).toEqual([true, false]);
	});

	it('explains itself instead of starting with a wrong version', async () => {
		const failed = await run(TSX, [join(__dirname, '../serve.ts'), '--version', '7.17']).catch(
			(error: { code: number; stdout: string }) => error,
		);
		expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('Usage: npm run') });
	});
});
