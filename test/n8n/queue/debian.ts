/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { command } from '../command';
import { step } from '../progress';

export interface Program {
	/** What people call it. */
	name: string;
	debian: string;
	homebrew: string;
	/** Where it is; undefined where it isn't. */
	find(): Promise<string | undefined> | string | undefined;
}

async function apt(...args: string[]): Promise<void> {
	await command('apt-get', ['-qq', '-y', ...args], {
		cwd: __dirname,
		env: { DEBIAN_FRONTEND: 'noninteractive' },
	});
}

async function install(name: string): Promise<void> {
	await apt('install', '--no-install-recommends', name).catch(async () => {
		// The list of packages may be old, or there is none yet.
		await apt('update');
		await apt('install', '--no-install-recommends', name);
	});
}

/** Where a program is that npm doesn't have; root gets it from Debian where it is missing. */
export async function ensureProgram(program: Program): Promise<string> {
	const { name, debian, homebrew } = program;
	const there = await program.find();
	if (there !== undefined) return there;
	const advice = `The tests of n8n's queue mode need ${name}. Debian, Ubuntu: apt-get install ${debian}; macOS: brew install ${homebrew}`;
	if (process.getuid?.() !== 0) throw new Error(advice);
	await step(`Installing ${name}`, async () => await install(debian)).catch((error: unknown) => {
		throw new Error(`${advice}\n${String(error)}`);
	});
	const installed = await program.find();
	if (installed === undefined) throw new Error(advice);
	return installed;
}

/** A program by its name alone, if there is one. */
export async function onPath(program: string): Promise<string | undefined> {
	return await command(program, ['--version'], { cwd: __dirname }).then(
		() => program,
		() => undefined,
	);
}
