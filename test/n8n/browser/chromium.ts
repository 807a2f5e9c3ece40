/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

import { command } from '../command';
import { step } from '../progress';

/** As Debian, Ubuntu, Fedora and Google call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APT = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'];

function runs(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function find(): string | undefined {
	if (process.env.CHROMIUM !== undefined) return process.env.CHROMIUM;
	const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(path.delimiter)];
	return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(runs);
}

export function isRoot(): boolean {
	return process.getuid?.() === 0;
}

async function install(): Promise<void> {
	const options = { cwd: '/', env: { DEBIAN_FRONTEND: 'noninteractive' } };
	await command('apt-get', ['update'], options);
	await command(APT[0], APT.slice(1), options);
}

/** Where Chromium is. CHROMIUM names another one; root gets it from Debian where there is none. */
export async function ensureChromium(): Promise<string> {
	const there = find();
	if (there !== undefined) return there;
	let cause = '';
	if (isRoot() && runs('/usr/bin/apt-get')) {
		await step('Installing Chromium', install).catch((error: unknown) => {
			cause = `\n${String(error)}`;
		});
	}
	const installed = find();
	if (installed !== undefined) return installed;
	throw new Error(
		`The browser test needs Chromium. Install it with 'sudo ${APT.join(' ')}', or name one in CHROMIUM.${cause}`,
	);
}
