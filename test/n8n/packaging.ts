/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { command } from './command';
import { PACKED, PROJECT } from './places';
import { step } from './progress';

/** All that the tarball depends on. */
const SOURCES = [
	'.npmrc',
	'LICENSE',
	'README.md',
	'credentials',
	'gulpfile.js',
	'nodes',
	'package.json',
	'tsconfig.json',
];
const TARBALL = 'package.tgz';
const STAMP = '.installed-tarball';

export const PACKAGE_NAME = 'n8n-nodes-elasticsearch-ml';

function filesIn(file: string): string[] {
	if (!statSync(file).isDirectory()) return [file];
	return readdirSync(file)
		.sort()
		.flatMap((name) => filesIn(path.join(file, name)));
}

function hashOf(files: string[]): string {
	const hash = createHash('sha256');
	for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
	return hash.digest('hex').slice(0, 16);
}

/** Builds and packs a copy, so that nobody who uses `dist` meanwhile is disturbed. */
async function pack(folder: string, tarball: string): Promise<void> {
	const copy = path.join(folder, `project-${process.pid}`);
	mkdirSync(copy, { recursive: true });
	for (const name of SOURCES) {
		cpSync(path.join(PROJECT, name), path.join(copy, name), { recursive: true });
	}
	symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
	try {
		await command('npm', ['run', 'build'], { cwd: copy });
		const name = await command('npm', ['pack', '--silent'], { cwd: copy });
		renameSync(path.join(copy, name.trim()), tarball);
	} finally {
		rmSync(copy, { recursive: true, force: true });
	}
}

/** The project as `npm publish` would send it; built and packed anew where anything changed. */
export async function ensureTarball(): Promise<string> {
	const hash = hashOf(SOURCES.flatMap((name) => filesIn(path.join(PROJECT, name))));
	const folder = path.join(PACKED, hash);
	const tarball = path.join(folder, TARBALL);
	if (!existsSync(tarball)) {
		await step('Building and packing the package', async () => await pack(folder, tarball));
	}
	return tarball;
}

/**
 * Installs the tarball the way a self-hosting user does: in `.n8n/nodes` of the user folder, with
 * the README's options. Node types then carry the package's name.
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const folder = path.join(userFolder, '.n8n', 'nodes');
	const stamp = path.join(folder, STAMP);
	const hash = hashOf([tarball]);
	const there = existsSync(path.join(folder, 'node_modules', PACKAGE_NAME));
	if (there && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;

	mkdirSync(folder, { recursive: true });
	const manifest = path.join(folder, 'package.json');
	if (!existsSync(manifest)) {
		writeFileSync(manifest, JSON.stringify({ name: 'installed-nodes', private: true }));
	}
	const options = [
		'--omit=peer',
		'--legacy-peer-deps',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
	];
	await command('npm', ['install', ...options, tarball], { cwd: folder });
	writeFileSync(stamp, hash);
}
