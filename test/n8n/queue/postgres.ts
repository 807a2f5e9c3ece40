/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../freePort';
import { startDaemon, type Daemon } from './daemon';
import { ensureProgram, onPath } from './debian';

const DEBIAN = '/usr/lib/postgresql';
const USER = 'n8n';

const run = promisify(execFile);

export interface Postgres extends Daemon {
	/** The environment variables by which n8n finds it. */
	readonly env: Record<string, string>;
}

interface Account {
	uid?: number;
	gid?: number;
}

/** Debian keeps the programs of each version apart, and off the path. */
async function findServer(): Promise<string | undefined> {
	const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
	const newest = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(DEBIAN, version, 'bin', 'postgres'))
		.find((program) => existsSync(program));
	return newest ?? (await onPath('postgres'));
}

/** PostgreSQL refuses to run as root; Debian's package brings an account for it. */
async function account(): Promise<Account> {
	if (process.getuid?.() !== 0) return {};
	const id = async (option: string) => Number((await run('id', [option, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}

/** A database as production has it, but for this machine only, and quick instead of crash-proof. */
export async function startPostgres(): Promise<Postgres> {
	const server = await ensureProgram({
		name: 'PostgreSQL',
		debian: 'postgresql',
		homebrew: 'postgresql',
		find: findServer,
	});
	const beside = (program: string) => path.join(path.dirname(server), program);
	const as = await account();
	const data = mkdtempSync(path.join(tmpdir(), 'n8n-postgres-'));
	if (as.uid !== undefined && as.gid !== undefined) chownSync(data, as.uid, as.gid);
	await run(beside('initdb'), ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
		...as,
		cwd: data,
	});

	const port = await freePort();
	const settings = ['listen_addresses=127.0.0.1', 'fsync=off', `unix_socket_directories=${data}`];
	const options = ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
	const ready = async () =>
		await run(beside('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
			() => true,
			() => false,
		);
	const daemon = await startDaemon(server, options, ready, as);
	const env = {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: USER,
	};
	const close = async () => {
		await daemon.close();
		rmSync(data, { recursive: true, force: true });
	};
	return { env, close };
}
