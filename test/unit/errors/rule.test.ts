import { description, sentence } from '../../../nodes/MlDeployment/errors/rule';

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
