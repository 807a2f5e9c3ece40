/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	// The rooms where a wrong decision stops the wrong thing, or loses a restore.
	mutate: [
		'nodes/elasticsearch/{api,deployment,flows}/*.ts',
		'nodes/elasticsearch/transport/{failure,poll,retry}.ts',
		'nodes/MlDeployment/memory/*.ts',
		'nodes/MlDeployment/parameters/*.ts',
		'nodes/MlDeployment/execution/{journal,memory,stopEntry}.ts',
		'nodes/MlDeploymentTrigger/{events,memory,seen}.ts',
	],
	plugins: ['./test/mutation/runner.mjs'],
	testRunner: 'jestNearestFirst',
	jest: { configFile: 'test/mutation/jest.config.js' },
	coverageAnalysis: 'perTest',
	concurrency: 2,
	ignorePatterns: ['.tmp', 'coverage', 'dist', 'docs/images', 'test/n8n', 'workflows'],
	tempDirName: '.tmp/mutation',
	// What an interrupted run left would be linted.
	cleanTempDir: 'always',
	reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
	clearTextReporter: { logTests: false },
	htmlReporter: { fileName: '.tmp/mutation.html' },
	jsonReporter: { fileName: '.tmp/mutation.json' },
	// Of all mutants: what no test runs counts like what no test notices.
	thresholds: { high: 98, low: 95, break: 95 },
};
