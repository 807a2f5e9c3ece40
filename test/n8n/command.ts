/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';

const TAIL = 4_000;

export interface CommandOptions {
	cwd: string;
	env?: Record<string, string>;
}

/** Runs a program to its end; its output is only shown when it fails. Returns what it wrote to stdout. */
export async function command(
	program: string,
	args: string[],
	{ cwd, env = {} }: CommandOptions,
): Promise<string> {
	return await new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let stdout = '';
		let all = '';
		child.stdout.on('data', (chunk: Buffer) => {
			stdout += chunk.toString();
			all += chunk.toString();
		});
		child.stderr.on('data', (chunk: Buffer) => {
			all += chunk.toString();
		});
		child.on('error', reject);
		child.on('close', (code, signal) => {
			if (code === 0) return resolve(stdout);
			const line = [program, ...args].join(' ');
			reject(new Error(`'${line}' ended with ${code ?? signal}:\n${all.slice(-TAIL)}`));
		});
	});
}
