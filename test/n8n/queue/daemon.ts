/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type SpawnOptions } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;
const PATIENCE_MS = 20_000;

export interface Daemon {
	close(): Promise<void>;
}

/** Runs a server until it is closed, or the tests end; `ready` tells when it can be used. */
export async function startDaemon(
	program: string,
	args: string[],
	ready: () => Promise<boolean>,
	account: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): Promise<Daemon> {
	const child = spawn(program, args, { ...account, stdio: 'ignore' });
	let running = true;
	const ended = new Promise<void>((resolve) => {
		const tell = () => {
			running = false;
			resolve();
		};
		child.once('exit', tell);
		child.once('error', tell);
	});
	// Both servers take this as: end now, whoever is connected.
	const end = () => void child.kill('SIGQUIT');
	process.once('exit', end);
	const close = async () => {
		process.off('exit', end);
		end();
		await ended;
	};
	const deadline = Date.now() + PATIENCE_MS;
	while (!(await ready())) {
		if (!running || Date.now() > deadline) {
			await close();
			throw new Error(`'${[program, ...args].join(' ')}' can't be used`);
		}
		await pause(POLL_MS);
	}
	return { close };
}
