import type { Need, RestoreProblem } from '../../elasticsearch/deployment/parseRestore';
import { explainId } from './inputErrors';
import type { Explanation } from './rule';

const WHERE = 'Hand on the restore object as Stop or Get gave it';

const NEEDS: Readonly<Record<Extract<Need, string>, string>> = {
	count: 'a whole number of 1 or more',
	text: 'a text',
	size: 'a size such as 10mb',
	enabled: 'an object with enabled: true or false',
	min: 'an object whose minimum is 0 or more',
	max: 'an object whose maximum is 1 or more',
};

/** Explains what is wrong with a restore object. */
export function explainRestore(problem: RestoreProblem): Explanation {
	switch (problem.code) {
		case 'empty':
			return { message: 'The restore object is empty', next: WHERE };
		case 'no_json':
			return {
				message: 'The restore object is not valid JSON',
				next: `Check brackets and quotes. ${WHERE}`,
			};
		case 'absent':
		case 'no_object':
			return {
				message:
					problem.code === 'absent'
						? 'There is no restore object'
						: 'The restore object is not an object',
				next: `${WHERE}. If it comes from an expression, check that the expression finds its value`,
			};
		case 'in_item':
			return {
				message: 'This is an output item, not the restore object in it',
				next: 'Hand on its restore: {{ $json.restore }}',
			};
		case 'schema':
			return {
				message: `'schema' of the restore object is ${JSON.stringify(problem.schema) ?? 'missing'}, but has to be 1`,
				next:
					problem.schema === undefined
						? WHERE
						: 'It was made by a newer version of this node: update the package',
			};
		case 'unknown_key':
			return {
				message: `The restore object has a key '${problem.key}' that no restore has`,
				next: `Remove or correct it. ${WHERE}`,
			};
		case 'value': {
			const { key, value, needs } = problem;
			const wanted =
				typeof needs === 'string' ? NEEDS[needs] : `an object without the key '${needs.without}'`;
			return {
				message: `'${key}' of the restore object is ${JSON.stringify(value)}, but has to be ${wanted}`,
				next: `Correct it. ${WHERE}`,
			};
		}
		case 'missing_key':
			return { message: `'${problem.key}' of the restore object is missing`, next: WHERE };
		case 'id': {
			const { message, next } = explainId(problem.problem);
			return { message: `'${problem.key}' of the restore object: ${message}`, next };
		}
		case 'both_allocations':
			return {
				message: "The restore object has both 'number_of_allocations' and adaptive allocations",
				next: 'Elasticsearch takes one of them: remove the number, or set enabled to false',
			};
		case 'no_allocations':
			return {
				message: "The restore object has neither 'number_of_allocations' nor adaptive allocations",
				next: `Add the number of allocations to start with. ${WHERE}`,
			};
	}
}
