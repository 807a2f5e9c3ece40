/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { START_FOLDER } from './places';
import type { Account } from './rest';

/** What `npm start` has to know again the next time. */
export interface Kept {
	owner: Account;
	encryptionKey: string;
}

const ACCOUNT = path.join(START_FOLDER, 'account.json');
const RUNNING = path.join(START_FOLDER, 'running.pid');

/** The account of the first start: only this machine reaches it, so the file may hold its password. */
export function keptAccount(): Kept {
	mkdirSync(START_FOLDER, { recursive: true });
	if (existsSync(ACCOUNT)) return JSON.parse(readFileSync(ACCOUNT, 'utf8')) as Kept;
	const kept: Kept = {
		owner: {
			email: 'owner@example.com',
			firstName: 'Olga',
			lastName: 'Owner',
			// n8n asks for a capital letter and a digit.
			password: `Try-${randomBytes(6).toString('hex')}-1`,
		},
		encryptionKey: randomBytes(24).toString('hex'),
	};
	writeFileSync(ACCOUNT, JSON.stringify(kept), { mode: 0o600 });
	return kept;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Two at once would share one database. Returns how to give the folder back. */
export function claimFolder(): () => void {
	mkdirSync(START_FOLDER, { recursive: true });
	const other = existsSync(RUNNING) ? Number(readFileSync(RUNNING, 'utf8')) : 0;
	if (other > 0 && other !== process.pid && isAlive(other)) {
		throw new Error(`'npm start' runs already (process ${other}): end it first with Ctrl-C`);
	}
	writeFileSync(RUNNING, String(process.pid));
	return () => rmSync(RUNNING, { force: true });
}
