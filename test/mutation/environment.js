const { TestEnvironment } = require('jest-environment-node');

/**
 * n8n-workflow takes 0.7 s to load, which jest does for each file of tests, and StrykerJS for each
 * mutant. Here a process loads it once, and lends it to its tests.
 */
module.exports = class extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.n8nWorkflow = require('n8n-workflow');
	}
};
