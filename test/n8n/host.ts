/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-hardcoded-secrets */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { environment } from './environment';
import { freePort } from './freePort';
import { ensureHost } from './install';
import { installPackage } from './packaging';
import { Rest, type Account } from './rest';
import { Server } from './server';

export interface HostOptions {
	/** What n8n is started as. A worker has no REST API: `rest` then knows nobody. */
	command?: 'start' | 'worker' | 'webhook';
	/** Its user folder, kept at the end and shared by who gets the same one; absent: one of its own that goes with it. */
	folder?: string;
	/** Absent: any free one. */
	port?: number;
	/** Absent: the same for every host, so that processes of one folder understand each other. */
	encryptionKey?: string;
	/** Environment variables on top of the host's own. */
	env?: Record<string, string>;
	/** Who owns the instance; set up where nobody does. */
	owner?: Account;
	/** Absent: the packed project. */
	tarball?: string;
	startTimeoutMs?: number;
	/** Gives up starting; a host that runs is closed. */
	signal?: AbortSignal;
}

export interface Host {
	readonly url: string;
	readonly port: number;
	/** The user folder: holds `.n8n`. */
	readonly folder: string;
	readonly encryptionKey: string;
	readonly owner: Account;
	/** n8n's API, logged in as the owner. */
	readonly rest: Rest;
	readonly logFile: string;
	readonly pid: number | undefined;
	readonly running: boolean;
	/** Resolves when n8n has ended, whoever ended it. */
	readonly ended: Promise<void>;
	/** All that n8n has written so far. */
	log(): string;
	/** A signal for n8n itself, for tests of crashes. */
	kill(signal: NodeJS.Signals): void;
	/** Ends every process of it. */
	close(): Promise<void>;
}

export const OWNER: Account = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Owner-of-the-tests-1',
};

const ENCRYPTION_KEY = 'the tests share this key';

/** Starts n8n with the package installed as a self-hosting user would, and logs in. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
	const { command = 'start', encryptionKey = ENCRYPTION_KEY, owner = OWNER, env = {} } = options;
	const tarball = options.tarball ?? (await ensureHost());
	const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'n8n-host-'));
	const removeFolder = () => {
		if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
	};
	mkdirSync(folder, { recursive: true });
	await installPackage(tarball, folder);

	const port = options.port ?? (await freePort());
	const brokerPort = await freePort();
	const url = `http://localhost:${port}`;
	const server = new Server(
		[command],
		url,
		path.join(folder, `${command}-${port}.log`),
		{ ...environment({ folder, port, brokerPort, encryptionKey }), ...env },
		folder,
	);
	const rest = new Rest(url);
	const close = async () => {
		await server.close();
		removeFolder();
	};
	options.signal?.addEventListener('abort', () => void close());
	const ready = async () => {
		await server.healthy(options.startTimeoutMs ?? 90_000);
		if (command === 'start') await rest.enter(owner);
	};
	await ready().catch(async (error: unknown) => {
		await close();
		throw error;
	});
	return {
		url,
		port,
		folder,
		encryptionKey,
		owner,
		rest,
		logFile: server.logFile,
		get pid() {
			return server.pid;
		},
		get running() {
			return server.running;
		},
		ended: server.ended,
		log: () => server.log(),
		kill: (signal) => server.kill(signal),
		close,
	};
}
