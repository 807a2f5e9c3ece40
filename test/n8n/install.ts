/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { command } from './command';
import { ensureTarball } from './packaging';
import { HOST_PACKAGE, MODULES, N8N, NODE, pathWithNode24 } from './places';
import { say, seconds, step } from './progress';

/** Written last, so an install that was cut off is done again from where it helps. */
const STAMP = path.join(MODULES, '.installed');
const OPEN_SQLITE = "new (require('sqlite3').Database)(':memory:')";

function lockfileHash(): string {
	return createHash('sha256')
		.update(readFileSync(path.join(HOST_PACKAGE, 'package-lock.json')))
		.digest('hex');
}

/** npm's own list of what lies in node_modules is written when an install is complete. */
function packagesAreThere(): boolean {
	if (!existsSync(path.join(MODULES, '.package-lock.json')) || !existsSync(N8N)) return false;
	return !existsSync(STAMP) || readFileSync(STAMP, 'utf8') === lockfileHash();
}

async function works(program: string, args: string[]): Promise<boolean> {
	return await command(program, args, { cwd: HOST_PACKAGE }).then(
		() => true,
		() => false,
	);
}

async function nodeRuns(): Promise<boolean> {
	return await works(NODE, ['--version']);
}

async function sqliteLoads(): Promise<boolean> {
	return await works(NODE, ['-e', OPEN_SQLITE]);
}

/** The folder with Node 24's headers: they come along with its binary, under a name per platform. */
function headers(): string {
	const names = ['linux', 'darwin'].flatMap((os) =>
		['node', 'node-bin'].map((prefix) => `${prefix}-${os}-${process.arch}`),
	);
	const roots = [path.join(MODULES, 'node', 'node_modules'), MODULES];
	const found = roots
		.flatMap((root) => names.map((name) => path.join(root, name)))
		.find((folder) => existsSync(path.join(folder, 'include', 'node', 'node.h')));
	if (found === undefined) {
		throw new Error(`Node 24 has no headers for ${process.platform} ${process.arch} in ${MODULES}`);
	}
	return found;
}

async function installPackages(): Promise<void> {
	rmSync(STAMP, { force: true });
	await command('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HOST_PACKAGE });
}

async function installNode(): Promise<void> {
	await command('npm', ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'], {
		cwd: HOST_PACKAGE,
	});
	if (!(await nodeRuns())) throw new Error(`${NODE} does not run on this machine`);
}

/** Downloads the binary for Node 24 or, where that is out of reach, compiles it. */
async function buildSqlite(): Promise<void> {
	const env = { PATH: pathWithNode24(), npm_config_nodedir: headers() };
	const args = ['rebuild', 'sqlite3', '--ignore-scripts=false'];
	await command('npm', args, { cwd: HOST_PACKAGE, env }).catch((error: unknown) => {
		throw new Error(
			`sqlite3 could not be built. It needs python3, make and a C++ compiler (Debian: apt-get install python3 make g++).\n${String(error)}`,
		);
	});
	if (!(await sqliteLoads())) throw new Error('sqlite3 was built but does not load in Node 24');
}

/** Brings n8n, Node 24 for it, and its database driver; what is there already is kept. */
async function ensureN8n(): Promise<void> {
	if (!existsSync(STAMP)) say('n8n is installed once, which takes some minutes and 3 GB of disk.');
	if (!packagesAreThere()) await step('Installing n8n (about 1100 packages)', installPackages);
	if (!(await nodeRuns())) await step('Bringing Node 24', installNode);
	if (!(await sqliteLoads())) await step('Building sqlite3 for Node 24', buildSqlite);
	writeFileSync(STAMP, lockfileHash());
}

/** All that a host needs: n8n, and the packed project unless PACKAGE_TARBALL names another. Returns the tarball. */
export async function ensureHost(): Promise<string> {
	await ensureN8n();
	return process.env.PACKAGE_TARBALL ?? (await ensureTarball());
}

async function main(): Promise<void> {
	const began = Date.now();
	await ensureHost();
	say(`n8n and the package are in place (${seconds(began)})`);
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
