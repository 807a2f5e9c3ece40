const path = require('node:path');
const whole = require('../../jest.config.js');

/** The unit tests alone: a rule that only an engine test holds is not held where it stands. */
module.exports = {
	...whole,
	rootDir: '../..',
	// The sources too, so that jest finds which tests reach a file by way of others.
	roots: ['<rootDir>/nodes', '<rootDir>/test/unit'],
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	testPathIgnorePatterns: [
		// These read the sources as texts.
		'/unit/architecture.test.ts',
		'/unit/words.test.ts',
		// It drives the timers of its own process, and n8n-workflow has others here.
		'/unit/transport/clock.test.ts',
	],
	// StrykerJS has processes of its own.
	workerIdleMemoryLimit: undefined,
	testEnvironment: path.join(__dirname, 'environment.js'),
	moduleNameMapper: { '^n8n-workflow$': path.join(__dirname, 'n8nWorkflow.js') },
};
