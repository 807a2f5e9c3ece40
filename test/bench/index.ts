/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import Table from 'cli-table3';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';

import { closeBench, openBench, type Bench } from './bench';
import { goalsOf, type Results } from './goals';
import { PAGE, readOptions, USAGE, UsageError, type Options } from './options';
import { machine, writePage } from './page';
import { sayNoise, showAll, showGoals, type Shown } from './report';
import { scenarios } from './scenarios';
import { installed } from './scenarios/installed';
import { manyItems } from './scenarios/manyItems';

/** `npm run bench`: the node beside what a user would pick. A missed goal is no failure of the run. */

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

function printTable({ title, head, rows }: Shown): void {
	const table = new Table({ head, style: { head: [], border: [], compact: true } });
	table.push(...rows);
	print(`\n${pc.bold(title)}\n${table.toString()}`);
}

function printGoals(results: Results): void {
	if (goalsOf(results).length === 0) return;
	const shown = showGoals(results);
	const mark = (word: string): string => (word === 'met' ? pc.green(word) : pc.red(word));
	const rows = shown.rows.map(([text, measured, word]) => [text, measured, mark(word)]);
	printTable({ ...shown, rows });
}

async function measure(bench: Bench): Promise<Results> {
	const { only } = bench.options;
	const results: Results = { tables: [] };
	for (const name of only) {
		if (name === 'installed') results.installed = await installed(bench);
		else if (name === 'manyItems') results.manyItems = await manyItems(bench);
		else results.tables.push(...(await scenarios[name](bench)));
	}
	return results;
}

async function run(options: Options): Promise<void> {
	const start = performance.now();
	const bench = await openBench(options, (line) => print(pc.dim(line)));
	try {
		const results = await measure(bench);
		for (const shown of showAll(results)) printTable(shown);
		print(`\n${[machine(), sayNoise(results)].filter(Boolean).join('\n')}`);
		printGoals(results);
		mkdirSync(path.dirname(options.json), { recursive: true });
		const goals = goalsOf(results);
		const whole = { machine: machine(), noise: sayNoise(results), goals, ...results };
		writeFileSync(options.json, `${JSON.stringify(whole, null, '\t')}\n`);
		if (options.write) writePage(PAGE, results);
		const seconds = Math.round((performance.now() - start) / 1000);
		print(`\n${[options.json, ...(options.write ? [PAGE] : [])].join('\n')}\nDone in ${seconds} s`);
	} finally {
		await closeBench(bench);
	}
}

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2));
	if (options === 'help') print(USAGE);
	else await run(options);
	return 0;
}

main()
	.catch((error: unknown) => {
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		print(pc.red(error instanceof UsageError ? error.message : text));
		return 2;
	})
	.then((code) => {
		process.exitCode = code;
	})
	.catch(() => process.exit(2));
