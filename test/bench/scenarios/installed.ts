/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import type { Bench } from '../bench';
import { median } from '../statistics';

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, '../../..');
const PROCESSES = 11;

interface Taken {
	ms: number;
	bytes: number;
}

interface Loading {
	workflow: Taken;
	own: Taken;
}

/** What the package costs where it is installed and not used; medians of fresh processes. */
export interface Installed {
	/** To load both nodes and the credential, where n8n-workflow is loaded already. */
	requireMs: number;
	heapBytes: number;
	/** Of n8n-workflow, which n8n loads anyway. */
	workflowMs: number;
	packedBytes: number;
	unpackedBytes: number;
}

async function loading(): Promise<Loading> {
	const script = path.join(__dirname, 'loading.cjs');
	const { stdout } = await run(process.execPath, ['--expose-gc', script]);
	return JSON.parse(stdout) as Loading;
}

async function packed(): Promise<{ size: number; unpackedSize: number }> {
	const options = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
	const { stdout } = await run('npm', options, { cwd: ROOT });
	// A list of packages, or, from newer versions of npm, an object of them by name.
	const [first] = Object.values(JSON.parse(stdout) as object);
	return first as { size: number; unpackedSize: number };
}

export async function installed({ options, progress }: Bench): Promise<Installed> {
	progress('what it costs to be installed');
	const all: Loading[] = [];
	for (let i = 0; i < (options.quick ? 3 : PROCESSES); i++) all.push(await loading());
	const { size, unpackedSize } = await packed();
	return {
		requireMs: median(all.map(({ own }) => own.ms)),
		heapBytes: median(all.map(({ own }) => own.bytes)),
		workflowMs: median(all.map(({ workflow }) => workflow.ms)),
		packedBytes: size,
		unpackedBytes: unpackedSize,
	};
}
