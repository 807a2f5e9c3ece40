// What n8n checks before it verifies a package, without the network: its scanner on the source and
// on the packed tarball, then a look at what the tarball holds. Run `npm run build` first.
import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	realpathSync,
	rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract } from 'tar';

// Two nodes, and most of it is words: every decision that a person may have to make has its own message.
const MAX_PACKED_BYTES = 92_000;
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];
const ROOT_FILES = ['LICENSE', 'README.md', 'package.json'];
const BUILT_FILE = /^dist\/(nodes|credentials)\/.+(\.js|\.svg|\.node\.json)$/;
const NOT_FOR_USERS = /(^|\/)(tests?|__tests__|docs?|workflows|\.github)\/|\.(test|spec)\.[^/]+$/i;
const ICON_REFERENCE = /['"]file:([^'"]+\.svg)['"]/g;

const root = fileURLToPath(new URL('..', import.meta.url));
const temp = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'scan-')));
const unpacked = path.join(temp, 'package');

// The scanner makes a folder of its own when it is loaded; here it goes away with ours.
process.env.TMPDIR = temp;
const { analyzePackage, SOURCE_FILE_PATTERNS } =
	await import('@n8n/scan-community-package/scanner/scanner.mjs');

const filesIn = (dir) =>
	readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(dir, path.join(entry.parentPath ?? entry.path, entry.name)))
		.map((file) => file.split(path.sep).join('/'))
		.sort();

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const list = (items) => items.map((item) => `\n  ${item}`).join('');

function packAndUnpack() {
	const output = execFileSync(
		'npm',
		['pack', '--pack-destination', temp, '--json', '--ignore-scripts', '--offline'],
		{
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: process.platform === 'win32',
		},
	);
	// A list of packages, or, from newer versions of npm, an object of them by name.
	const [{ filename, size, unpackedSize }] = Object.values(JSON.parse(output));
	return { file: path.join(temp, filename), size, unpackedSize };
}

async function scan(dir, patterns) {
	const { passed, message, details } = await analyzePackage(dir, patterns);
	// The scanner is content with a folder in which it finds nothing to look at.
	if (!passed || message) return { problem: `${message}\n${details ?? ''}`.trimEnd() };
	return { fine: 'no violations' };
}

function disableComments() {
	const sources = ['nodes', 'credentials'].flatMap((dir) =>
		filesIn(path.join(root, dir)).map((file) => `${dir}/${file}`),
	);
	const found = sources.filter((file) =>
		readFileSync(path.join(root, file), 'utf8').includes('eslint-disable'),
	);
	if (found.length > 0) {
		return { problem: `n8n's scanner ignores eslint-disable; change the code in:${list(found)}` };
	}
	return { fine: `none in ${sources.length} files` };
}

function lockedAddresses() {
	const { packages } = readJson(path.join(root, 'package-lock.json'));
	const found = Object.entries(packages)
		.filter(([, { resolved }]) => /^https?:/i.test(resolved ?? ''))
		.map(([name]) => name);
	if (found.length > 0) {
		return {
			problem: `${found.length} entries tie the lockfile to one registry by "resolved"; write it with "npm install --package-lock-only --omit-lockfile-registry-resolved":${list(found.slice(0, 5))}`,
		};
	}
	return { fine: `none in ${Object.keys(packages).length} entries` };
}

function contents(files) {
	const unexpected = files.filter(
		(file) => !ROOT_FILES.includes(file) && (!BUILT_FILE.test(file) || NOT_FOR_USERS.test(file)),
	);
	if (unexpected.length > 0) {
		return { problem: `these files don't belong in the package:${list(unexpected)}` };
	}
	return { fine: `${files.length} files, all of them for users` };
}

function registered(files) {
	const { n8n } = readJson(path.join(unpacked, 'package.json'));
	const named = [...n8n.nodes, ...n8n.credentials];
	const missing = named.filter((file) => !files.includes(file));
	if (missing.length > 0) {
		return { problem: `package.json names files that the tarball lacks:${list(missing)}` };
	}
	return { fine: `${named.length} nodes and credentials, all in the tarball` };
}

// n8n looks for an icon beside the file that package.json names, and shows an empty square when it
// isn't there. All code is in one file, so a reference has to lead somewhere from one of those.
function icons(files) {
	const { n8n } = readJson(path.join(unpacked, 'package.json'));
	const folders = [...n8n.nodes, ...n8n.credentials].map((file) => path.posix.dirname(file));
	const references = files
		.filter((file) => file.endsWith('.js'))
		.flatMap((file) =>
			[...readFileSync(path.join(unpacked, file), 'utf8').matchAll(ICON_REFERENCE)].map(
				([, icon]) => icon,
			),
		);
	const missing = references.filter(
		(icon) => !folders.some((folder) => files.includes(path.posix.join(folder, icon))),
	);
	if (missing.length > 0) return { problem: `icons that the tarball lacks:${list(missing)}` };
	return { fine: `${references.length} references, all in the tarball` };
}

function sizes({ size, unpackedSize }) {
	const measured = `${size} bytes packed, ${unpackedSize} unpacked`;
	if (size >= MAX_PACKED_BYTES) {
		return { problem: `${measured}; packed it must stay under ${MAX_PACKED_BYTES}` };
	}
	return { fine: `${measured} (limit ${MAX_PACKED_BYTES} packed)` };
}

let failed = 0;
function report(check, { fine, problem }) {
	if (problem === undefined) {
		console.log(`ok    ${check}: ${fine}`);
	} else {
		failed += 1;
		console.error(`FAIL  ${check}: ${problem}`);
	}
}

try {
	if (!existsSync(path.join(root, 'dist'))) {
		throw new Error('there is no dist folder; run "npm run build" first');
	}
	report('source scan', await scan(root, SOURCE_FILE_PATTERNS));
	report('eslint-disable comments', disableComments());
	report('lockfile addresses', lockedAddresses());

	const tarball = packAndUnpack();
	mkdirSync(unpacked);
	await extract({ file: tarball.file, cwd: unpacked, strip: 1 });
	const files = filesIn(unpacked);
	report('tarball scan', await scan(unpacked, TARBALL_PATTERNS));
	report('tarball contents', contents(files));
	report('registered files', registered(files));
	report('icons', icons(files));
	report('tarball size', sizes(tarball));
} catch (error) {
	report('scan', { problem: error.stderr || error.message });
} finally {
	rmSync(temp, { recursive: true, force: true });
}

if (failed > 0) {
	console.error(`scan: ${failed} of the checks failed`);
	process.exit(1);
}
