const { createRequire } = require('node:module');

// The packages of n8n that hold error classes, services and settings, as the engine itself finds them.
const engine = createRequire(require.resolve('n8n-core'));
const shared = [
	'n8n-workflow',
	'@n8n/di',
	'@n8n/config',
	'@n8n/decorators',
	'@n8n/backend-common',
	'@n8n/backend-network',
];

const tsconfig = {
	target: 'es2021',
	module: 'commonjs',
	esModuleInterop: true,
	isolatedModules: true,
	allowJs: true,
	sourceMap: true,
};

/** @type {import('jest').Config} */
module.exports = {
	rootDir: '.',
	roots: ['<rootDir>/test'],
	testMatch: ['**/test/**/*.test.ts'],
	testEnvironment: 'node',
	// Only strips the types: "npm run typecheck" has checked them. The ES modules are what some of
	// n8n's own nodes need and jest cannot require before Node 24.9.
	transform: {
		'(\\.ts|/sanitize-html/node_modules/.+\\.js)$': ['ts-jest', { tsconfig, diagnostics: false }],
	},
	transformIgnorePatterns: ['^(?!.*/sanitize-html/node_modules/).*/node_modules/'],
	// In production the node and the engine share one copy of each; two copies re-wrap errors.
	moduleNameMapper: Object.fromEntries(shared.map((name) => [`^${name}$`, engine.resolve(name)])),
	modulePathIgnorePatterns: ['<rootDir>/test/n8n/node_modules/'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/'],
	testTimeout: 30_000,
	// Each file that loads n8n's engine leaves some 20 MB behind, and all of them more than Node takes.
	// A worker that has grown so far is replaced, also where there is only one.
	workerIdleMemoryLimit: '1GB',
};
