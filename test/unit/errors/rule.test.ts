import { inShort, description, sentence } from '../../../nodes/MlDeployment/errors/rule';

it.each([
	['Look', 'Look.'],
	['Look.', 'Look.'],
	['Did you mean it?', 'Did you mean it?'],
	['Stop!', 'Stop!'],
	['cut off…', 'cut off…'],
	["is 'a.'", "is 'a.'."],
])('%s ends as a sentence: %s', (words, expected) => {
	expect(sentence(words)).toBe(expected);
});

it.each([
	[undefined, 'Look.'],
	['no room', 'Look.\nElasticsearch said: no room'],
])('the description with %s of the cluster is %j', (said, expected) => {
	expect(description({ message: 'It failed', next: 'Look', said })).toBe(expected);
});

describe('a long value in words', () => {
	const long = 'x'.repeat(3_000);
	const cut = `${'x'.repeat(59)}…`;

	it.each([
		['in quotes', `'${long}' cannot be an id`, `'${cut}' cannot be an id`],
		['at the end', `It is ${long}`, `It is x${cut}`],
		['before a sign', `No deployment matches '${long}', so`, `No deployment matches '${cut}', so`],
		['twice', `'${long}' and '${long}'`, `'${cut}' and '${cut}'`],
		['of wide characters', '😀'.repeat(200), `${'😀'.repeat(60)}…`],
	])('is cut %s, and the words around it stay', (_where, message, expected) => {
		expect(inShort({ message, next: 'Do it' })).toEqual({ message: expected, next: 'Do it' });
		expect(inShort({ message: 'Oh', next: message })).toEqual({ message: 'Oh', next: expected });
	});

	it('stays whole where it is as long as an id can be', () => {
		const words = {
			message: `The deployment '${'x'.repeat(64)}': ${'y'.repeat(99)} ${'word '.repeat(400)}`,
			next: 'z',
		};
		expect(inShort(words)).toEqual(words);
	});

	it("leaves the cluster's words, which are cut where they are read", () => {
		expect(inShort({ message: 'Oh', next: 'Do it', said: long })).toHaveProperty('said', long);
	});
});
