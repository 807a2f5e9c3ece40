import { NAMES, readOptions, UsageError } from './options';

describe('the command line of the bench', () => {
	it.each([
		['nothing', [], { quick: false, only: NAMES, rounds: undefined, json: '.tmp/bench.json' }],
		['--quick', ['--quick'], { quick: true, only: NAMES }],
		['one scenario', ['--only', 'wait'], { only: ['wait'] }],
		['two scenarios', ['--only', 'wait', '--only', 'poll'], { only: ['wait', 'poll'] }],
		['rounds', ['--rounds', '12'], { rounds: 12 }],
		['a file', ['--json', 'x.json'], { json: 'x.json' }],
		['--write', ['--write'], { write: true }],
	])('takes %s', (_, args, expected) => {
		expect(readOptions(args)).toMatchObject(expected);
	});

	it('explains itself', () => {
		expect(readOptions(['--help'])).toBe('help');
	});

	it.each([
		['a scenario that is none', ['--only', 'fast'], /^--only is one of update, stop, /],
		['no rounds', ['--rounds', '0'], /^--rounds is 1 or more\.$/],
		['half a round', ['--rounds', '1.5'], /^--rounds is 1 or more\.$/],
		['words for rounds', ['--rounds', 'many'], /^--rounds is 1 or more\.$/],
		['an unknown option', ['--fast'], /--fast/],
		['a page of half a run', ['--write', '--quick'], /^--write needs a whole run/],
		['a page of one scenario', ['--write', '--only', 'wait'], /^--write needs a whole run/],
	])('refuses %s', (_, args, message) => {
		expect(() => readOptions(args)).toThrow(UsageError);
		expect(() => readOptions(args)).toThrow(message);
	});
});
