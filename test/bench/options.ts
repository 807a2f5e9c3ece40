/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { parseArgs } from 'node:util';

/** The names of the scenarios, in the order in which they run. */
export const NAMES = [
	'update',
	'stop',
	'getMany',
	'infer',
	'wait',
	'poll',
	'installed',
	'manyItems',
] as const;

export type Name = (typeof NAMES)[number];

export const JSON_FILE = '.tmp/bench.json';
export const PAGE = 'docs/performance.md';

export const USAGE = `npm run bench -- [--quick] [--only NAME] [--rounds N] [--json FILE] [--write]

  --quick   Small sizes and few rounds: about a minute.
  --only    One scenario, again for another: ${NAMES.join(', ')}.
  --rounds  How often each contender runs, beside the first time, which warms up.
  --json    File for all measurements; ${JSON_FILE} without it.
  --write   Puts the tables into ${PAGE}. Needs all scenarios, and not --quick.`;

export interface Options {
	quick: boolean;
	only: readonly Name[];
	/** Absent: what suits each size. */
	rounds?: number;
	json: string;
	write: boolean;
}

/** What was asked for cannot be done; the message says why. */
export class UsageError extends Error {}

const OPTIONS = {
	quick: { type: 'boolean', default: false },
	only: { type: 'string', multiple: true, default: [] as string[] },
	rounds: { type: 'string' },
	json: { type: 'string', default: JSON_FILE },
	write: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
} as const;

/** Reads the command line. */
export function readOptions(args: string[]): Options | 'help' {
	const { help, only, rounds, ...values } = parsed(args);
	if (help) return 'help';
	const names = only.map(nameOf);
	if (values.write && (values.quick || names.length > 0)) {
		throw new UsageError('--write needs a whole run, without --quick and --only.');
	}
	return {
		...values,
		only: names.length > 0 ? names : NAMES,
		rounds: rounds === undefined ? undefined : countOf(rounds),
	};
}

function parsed(args: string[]) {
	const config = { args, options: OPTIONS } as const;
	const problem = problemOf(() => parseArgs(config));
	if (problem !== undefined) throw new UsageError(problem);
	return parseArgs(config).values;
}

function problemOf(act: () => unknown): string | undefined {
	try {
		act();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

function nameOf(text: string): Name {
	const name = NAMES.find((each) => each === text);
	if (name === undefined) throw new UsageError(`--only is one of ${NAMES.join(', ')}.`);
	return name;
}

function countOf(text: string): number {
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1) throw new UsageError('--rounds is 1 or more.');
	return count;
}
