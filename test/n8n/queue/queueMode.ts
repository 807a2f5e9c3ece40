/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startHost, type Host } from '../host';
import { ensureHost } from '../install';
import type { Daemon } from './daemon';
import { startPostgres } from './postgres';
import { startRedis } from './redis';

export interface QueueMode {
	/** Takes the calls and keeps the executions. */
	readonly main: Host;
	/** Carry the executions out. */
	readonly workers: Host[];
	close(): Promise<void>;
}

/**
 * Workers that hold jobs renew them often, so that a dead one is noticed after seconds: by default
 * it takes up to a minute and a half.
 */
const QUICK_TO_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

/**
 * One main and its workers over Redis. Each has a user folder of its own with the package in it,
 * as containers have; what they share is the queue, the database and the encryption key. With
 * SQLite, n8n only warns, but of 100 executions at once one or two fail with SQLITE_BUSY.
 */
export async function startQueueMode({ workers: count }: { workers: number }): Promise<QueueMode> {
	// Once, because two at a time would be in each other's way.
	const tarball = await ensureHost();
	const folder = mkdtempSync(path.join(tmpdir(), 'n8n-queue-'));
	const daemons: Daemon[] = [];
	const hosts: Host[] = [];
	const close = async () => {
		await Promise.all(hosts.map(async (host) => await host.close()));
		await Promise.all(daemons.map(async (daemon) => await daemon.close()));
		rmSync(folder, { recursive: true, force: true });
	};
	const start = async () => {
		const postgres = await startPostgres();
		daemons.push(postgres);
		const redis = await startRedis(folder);
		daemons.push(redis);
		const env = {
			...QUICK_TO_NOTICE,
			...postgres.env,
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
		};
		const join = async (command: 'start' | 'worker', name: string) => {
			const host = await startHost({ command, folder: path.join(folder, name), env, tarball });
			hosts.push(host);
			return host;
		};
		// It makes the tables, so it comes first.
		const main = await join('start', 'main');
		const names = Array.from({ length: count }, (_, turn) => `worker-${turn + 1}`);
		const workers = await Promise.all(names.map(async (name) => await join('worker', name)));
		return { main, workers, close };
	};
	return await start().catch(async (error: unknown) => {
		await close();
		throw error;
	});
}
