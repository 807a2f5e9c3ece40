/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { connect } from 'node:net';

import { freePort } from '../freePort';
import { startDaemon, type Daemon } from './daemon';
import { ensureProgram, onPath } from './debian';

export interface Redis extends Daemon {
	readonly port: number;
}

/** Holds the queue: for this machine only, and nothing is kept. */
export async function startRedis(folder: string): Promise<Redis> {
	const program = await ensureProgram({
		name: 'Redis',
		debian: 'redis-server',
		homebrew: 'redis',
		find: async () => await onPath('redis-server'),
	});
	const port = await freePort();
	const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder];
	const daemon = await startDaemon(program, options, async () => await answers(port));
	return { port, ...daemon };
}

async function answers(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
		const tell = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('data', (data) => tell(data.toString().startsWith('+PONG')));
		socket.once('error', () => tell(false));
	});
}
