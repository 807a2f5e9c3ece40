import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strykerPlugins as jest, strykerValidationSchema } from '@stryker-mutator/jest-runner';
import {
	commonTokens,
	declareFactoryPlugin,
	PluginKind,
	tokens,
} from '@stryker-mutator/api/plugin';

/** In the copy of the project in which all the processes of a run work. */
const FILES_OF_TESTS = 'filesOfTests.json';

/**
 * The files of tests in three parts: those that begin with the mutated file's name, those of its
 * room, all others.
 */
function byNearness(files, mutated) {
	const name = path.basename(mutated, '.ts');
	const room = path.basename(path.dirname(mutated));
	const distance = (file) => {
		if (path.basename(file).startsWith(name)) return 0;
		return path.basename(path.dirname(file)) === room ? 1 : 2;
	};
	return [0, 1, 2].map((far) => files.filter((file) => distance(file) === far));
}

/**
 * StrykerJS's runner for jest, which loads every file of tests that can reach the mutated file, and
 * runs them all to the end, for each mutant. This one loads those only that hold a test which did
 * reach the mutant, the nearest first, and ends with the first part that notices it.
 */
function nearestFirst(injector) {
	const runner = jest[0].factory(injector);
	const { dryRun, mutantRun, run } = Object.getPrototypeOf(runner);
	let testFiles;
	return Object.assign(runner, {
		async dryRun(options) {
			const result = await dryRun.call(runner, options);
			const files = (result.tests ?? []).map(({ id, fileName }) => [id, fileName]);
			writeFileSync(FILES_OF_TESTS, JSON.stringify(Object.fromEntries(files)));
			return result;
		},
		async mutantRun(options) {
			const files = JSON.parse(readFileSync(FILES_OF_TESTS, 'utf8'));
			// What runs while a module is loaded has no filter: any test may notice it.
			const reaching = options.testFilter?.map((id) => files[id]) ?? Object.values(files);
			let result;
			let nrOfTests = 0;
			for (const part of byNearness([...new Set(reaching)], options.sandboxFileName)) {
				if (part.length === 0) continue;
				testFiles = part;
				result = await mutantRun.call(runner, options);
				nrOfTests += result.nrOfTests ?? 0;
				if (result.status !== 'survived') break;
			}
			return { ...result, nrOfTests };
		},
		async run(settings) {
			return await run.call(runner, { ...settings, testFiles: testFiles ?? settings.testFiles });
		},
	});
}
nearestFirst.inject = tokens(commonTokens.injector);

export { strykerValidationSchema };
export const strykerPlugins = [
	declareFactoryPlugin(PluginKind.TestRunner, 'jestNearestFirst', nearestFirst),
];
