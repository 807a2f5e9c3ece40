import { explainRestore } from '../../../nodes/MlDeployment/errors/restoreErrors';
import type { Need, RestoreProblem } from '../../../nodes/elasticsearch/deployment/parseRestore';

const WHERE = 'Hand on the restore object as Stop or Get gave it';
const EXPRESSION = `${WHERE}. If it comes from an expression, check that the expression finds its value`;

describe('what is wrong with a restore object', () => {
	it.each<[RestoreProblem, string, string]>([
		[{ code: 'empty' }, 'The restore object is empty', WHERE],
		[
			{ code: 'no_json' },
			'The restore object is not valid JSON',
			`Check brackets and quotes. ${WHERE}`,
		],
		[{ code: 'absent' }, 'There is no restore object', EXPRESSION],
		[{ code: 'no_object' }, 'The restore object is not an object', EXPRESSION],
		[
			{ code: 'in_item' },
			'This is an output item, not the restore object in it',
			'Hand on its restore: {{ $json.restore }}',
		],
		[
			{ code: 'schema', schema: undefined },
			"'schema' of the restore object is missing, but has to be 1",
			WHERE,
		],
		[
			{ code: 'schema', schema: 2 },
			"'schema' of the restore object is 2, but has to be 1",
			'It was made by a newer version of this node: update the package',
		],
		[
			{ code: 'unknown_key', key: 'foo' },
			"The restore object has a key 'foo' that no restore has",
			`Remove or correct it. ${WHERE}`,
		],
		[
			{ code: 'missing_key', key: 'model_id' },
			"'model_id' of the restore object is missing",
			WHERE,
		],
		[
			{ code: 'id', key: 'model_id', problem: { code: 'pattern', id: 'e5*', what: 'model' } },
			"'model_id' of the restore object: 'e5*' is a pattern, not one model id",
			'Enter one model id',
		],
		[
			{ code: 'both_allocations' },
			"The restore object has both 'number_of_allocations' and adaptive allocations",
			'Elasticsearch takes one of them: remove the number, or set enabled to false',
		],
		[
			{ code: 'no_allocations' },
			"The restore object has neither 'number_of_allocations' nor adaptive allocations",
			`Add the number of allocations to start with. ${WHERE}`,
		],
	])('%j is told to the letter', (problem, message, next) => {
		expect(explainRestore(problem)).toEqual({ message, next });
	});

	it.each<[Need, string]>([
		['count', 'a whole number of 1 or more'],
		['text', 'a text'],
		['size', 'a size such as 10mb'],
		['enabled', 'an object with enabled: true or false'],
		['min', 'an object whose minimum is 0 or more'],
		['max', 'an object whose maximum is 1 or more'],
		[{ without: 'foo' }, "an object without the key 'foo'"],
	])('a value that needs %j is told to the letter', (needs, words) => {
		expect(explainRestore({ code: 'value', key: 'a_key', value: [0], needs })).toEqual({
			message: `'a_key' of the restore object is [0], but has to be ${words}`,
			next: `Correct it. ${WHERE}`,
		});
	});
});
