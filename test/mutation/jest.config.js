const whole = require('../../jest.config.js');

/** The unit tests alone: a rule that only an engine test holds is not held where it stands. */
module.exports = { ...whole, rootDir: '../..', roots: ['<rootDir>/test/unit'] };
