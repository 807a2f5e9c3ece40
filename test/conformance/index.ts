/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import pc from 'picocolors';
import { cases } from '../contract/cases';
import { conform, type Result } from './conform';
import { readOptions, USAGE, UsageError } from './options';
import { exitCodeOf, summaryOf, tableOf, writePages } from './report';
import { connect, type Target } from './target';

/** `npm run conformance`: the contract cases against a cluster. Exit code 0 same, 1 different, 2 could not begin, 130 interrupted. */

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

const MARKS: Record<Result['verdict'], string> = {
	same: pc.green('same'),
	differs: pc.red('DIFFERS'),
	'not run': pc.yellow('not run'),
};

/** One Ctrl-C can arrive twice: from the terminal, and handed on by npm. */
const ECHO_MS = 1500;

/** The first Ctrl-C ends the run in order, a second one at once. */
function interruption(): AbortSignal {
	const controller = new AbortController();
	let first = 0;
	for (const name of ['SIGINT', 'SIGTERM'] as const) {
		process.on(name, () => {
			if (controller.signal.aborted) {
				if (Date.now() - first > ECHO_MS) process.exit(130);
				return;
			}
			first = Date.now();
			print(
				pc.yellow(
					'\nInterrupted: waits for the request that is on its way, then stops what it started.',
				),
			);
			controller.abort();
		});
	}
	return controller.signal;
}

async function run(target: Target, readOnly: boolean, output: string): Promise<number> {
	const signal = interruption();
	print(
		`${pc.bold('Elasticsearch')} ${target.version.serverless ? 'Serverless' : target.version.number}`,
	);
	if (!readOnly)
		print(`${pc.bold('Model')} ${target.model}; makes deployments named conformance-… only`);
	print();
	const report = await conform(target, {
		cases,
		readOnly,
		signal,
		progress: (result, done, of) =>
			print(`${String(done).padStart(4)}/${of} ${MARKS[result.verdict].padEnd(8)} ${result.id}`),
	});
	print(`\n${tableOf(report.results)}\n`);
	const code = exitCodeOf(report);
	print(code === 0 ? pc.green(summaryOf(report)) : pc.red(summaryOf(report)));
	for (const file of writePages(report, output)) print(file);
	return code;
}

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2), process.env);
	if (options === 'help') {
		print(USAGE);
		return 0;
	}
	const target = await connect(options);
	try {
		return await run(target, options.readOnly, options.output);
	} finally {
		await target.close();
	}
}

main()
	.catch((error: unknown) => {
		if (!(error instanceof UsageError)) print(error instanceof Error ? (error.stack ?? '') : '');
		else print(pc.red(error.message));
		return 2;
	})
	.then(async (code) => {
		// Leaving at once would drop what a slow reader, e.g. of a log, has not taken yet.
		await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
		process.exit(code);
	})
	.catch(() => process.exit(2));
