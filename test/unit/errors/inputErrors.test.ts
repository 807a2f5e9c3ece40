import {
	explainId,
	explainPattern,
	explainSelection,
} from '../../../nodes/MlDeployment/errors/inputErrors';
import type { IdProblem } from '../../../nodes/elasticsearch/deployment/ids';
import type { PatternProblem } from '../../../nodes/elasticsearch/deployment/pattern';
import type { SelectionProblem } from '../../../nodes/elasticsearch/deployment/selection';

describe('an id that is refused', () => {
	const [id, what] = ['a*', 'deployment' as const];

	it.each<[IdProblem, string, string]>([
		[{ code: 'reserved', id: '..' }, "'..' cannot be an id", 'Enter the id as Get Many shows it'],
		[
			{ code: 'halved' },
			'The id holds half of a character pair',
			'Enter the id as Get Many shows it',
		],
		[
			{ code: 'empty', what },
			'The deployment id is empty',
			'Pick a deployment from the list or enter its id',
		],
		[
			{ code: 'empty', what: 'model' },
			'The model id is empty',
			'Pick a model from the list or enter its id',
		],
		[
			{ code: 'spaced', id: 'a ', what },
			"The deployment id 'a ' starts or ends with a space",
			'Remove the space',
		],
		[
			{ code: 'pattern', id, what },
			"'a*' is a pattern, not one deployment id",
			"Enter one id. The operations Stop and Scale take patterns where 'Apply To' is 'All That Match a Pattern'",
		],
		[
			{ code: 'pattern', id, what: 'model' },
			"'a*' is a pattern, not one model id",
			'Enter one model id',
		],
	])('%j is told to the letter', (problem, message, next) => {
		expect(explainId(problem)).toEqual({ message, next });
	});
});

describe('a pattern that is refused', () => {
	it.each<[PatternProblem, string, string]>([
		[
			{ code: 'empty' },
			'The pattern is empty',
			'Enter deployment ids or patterns with *, e.g. elser-*, or _all for every deployment',
		],
		[
			{ code: 'list', part: 'a; b' },
			"'a; b' holds a space, a line break or a semicolon, as no deployment id does",
			'Separate ids and patterns by commas',
		],
		[
			{ code: 'minus', part: '-e5' },
			"'-e5' starts with a minus, as no deployment id does",
			"A minus leaves nothing out here: name it in 'Exclude'",
		],
	])('%j is told to the letter', (problem, message, next) => {
		expect(explainPattern(problem, "name it in 'Exclude'")).toEqual({ message, next });
	});
});

describe('a selection that is refused', () => {
	const CHECK =
		'Check the pattern with the operation Get Many; a stopped deployment matches nothing';

	it.each<[SelectionProblem, string, string]>([
		[
			{ code: 'no_match', parts: ['x', 'y*'] },
			"No deployment matches 'x', 'y*', so nothing was changed",
			CHECK,
		],
		[
			{ code: 'excludes_model', modelId: '.elser_model_2', ids: ['search', 'ingest'] },
			"'.elser_model_2' in 'Exclude' is a model, not a deployment, so nothing was changed",
			"Name its deployments in 'Exclude' instead: 'search', 'ingest'",
		],
		[
			{ code: 'too_many', pattern: ['a', 'b*'], ids: ['a', 'b1', 'b2'], most: 2 },
			"The pattern 'a,b*' matches 3 deployments, more than 'Max Matches' of 2, so nothing was changed",
			"Narrow the pattern, or raise 'Max Matches' if all of them are meant: 'a', 'b1', 'b2'",
		],
	])('%j is told to the letter', (problem, message, next) => {
		expect(explainSelection(problem, false)).toEqual({ message, next });
	});

	it('names the option for what matches nothing where there is one', () => {
		expect(explainSelection({ code: 'no_match', parts: ['x'] }, true).next).toBe(
			`${CHECK}. If that may be, set the option 'Fail If Nothing Matches' to No`,
		);
	});

	it('shows five of many', () => {
		const ids = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
		expect(
			explainSelection({ code: 'too_many', pattern: ['a*'], ids, most: 5 }, false).next,
		).toMatch(/: 'a1', 'a2', 'a3', 'a4', 'a5', …$/);
	});
});
