/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { HOST_PACKAGE, N8N, NODE } from './places';

const POLL_MS = 100;
const TAIL = 3_000;

/** One n8n process with all that it starts; what they write goes to a file. */
export class Server {
	private readonly child: ChildProcess;

	/** How it ended; undefined while it runs. */
	private end?: { code: number | null; signal: NodeJS.Signals | null };

	readonly ended: Promise<void>;

	constructor(
		command: string[],
		readonly url: string,
		readonly logFile: string,
		env: Record<string, string>,
		folder: string,
	) {
		const log = openSync(logFile, 'a');
		// A process group of its own, so that Ctrl-C reaches n8n through `close` only, and once.
		this.child = spawn(
			NODE,
			['--require', path.join(HOST_PACKAGE, 'endsWithParent.cjs'), N8N, ...command],
			{ cwd: folder, env, detached: true, stdio: ['ignore', log, log, 'ipc'] },
		);
		closeSync(log);
		this.ended = new Promise((resolve) => {
			this.child.once('exit', (code, signal) => {
				this.end = { code, signal };
				resolve();
			});
		});
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	get running(): boolean {
		return this.end === undefined;
	}

	/** All that was written so far. */
	log(): string {
		return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
	}

	async healthy(timeoutMs: number): Promise<void> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const answer = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
			if (answer?.ok) return;
			if (this.end !== undefined) throw this.failure('ended while it started');
			if (Date.now() > deadline) throw this.failure(`was not ready after ${timeoutMs / 1000} s`);
			await pause(POLL_MS);
		}
	}

	/** Asks n8n to end, and after a while ends it and whatever it left behind. */
	async close(patienceMs = 10_000): Promise<void> {
		this.kill('SIGTERM');
		await Promise.race([this.ended, pause(patienceMs, undefined, { ref: false })]);
		this.killGroup();
		await this.ended;
	}

	/** Sends a signal to n8n itself, as an operator or a crash would. */
	kill(signal: NodeJS.Signals): void {
		if (this.running) this.child.kill(signal);
	}

	private killGroup(): void {
		if (this.child.pid === undefined) return;
		try {
			process.kill(-this.child.pid, 'SIGKILL');
		} catch {
			// Nothing of it is left.
		}
	}

	private failure(what: string): Error {
		return new Error(`n8n ${what}. The end of ${this.logFile}:\n${this.log().slice(-TAIL)}`);
	}
}
