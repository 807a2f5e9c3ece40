const path = require('node:path');

const tsconfig = {
	target: 'es2021',
	module: 'commonjs',
	esModuleInterop: true,
	isolatedModules: true,
	sourceMap: true,
};

/** @type {import('jest').Config} */
module.exports = {
	rootDir: path.resolve(__dirname, '../..'),
	// Only the tests: looking through n8n's 3 GB of modules takes long.
	roots: ['<rootDir>/test/n8n/tests'],
	testMatch: ['**/*.test.ts'],
	testEnvironment: 'node',
	globalSetup: '<rootDir>/test/n8n/tests/setup.ts',
	globalTeardown: '<rootDir>/test/n8n/tests/teardown.ts',
	transform: { '\\.ts$': ['ts-jest', { tsconfig, diagnostics: false }] },
	transformIgnorePatterns: ['/node_modules/'],
	// One server for all of them, so one after the other.
	maxWorkers: 1,
	testTimeout: 30_000,
};
