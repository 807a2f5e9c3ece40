import type { IdProblem } from '../../elasticsearch/deployment/ids';
import type { PatternProblem } from '../../elasticsearch/deployment/pattern';
import type { SelectionProblem } from '../../elasticsearch/deployment/selection';
import type { Explanation } from './rule';

const AS_SHOWN = 'Enter the id as Get Many shows it';

/** Explains what is wrong with an id. */
export function explainId(problem: IdProblem): Explanation {
	switch (problem.code) {
		case 'reserved':
			return { message: `'${problem.id}' cannot be an id`, next: AS_SHOWN };
		case 'halved':
			return { message: 'The id holds half of a character pair', next: AS_SHOWN };
		case 'empty':
			return {
				message: `The ${problem.what} id is empty`,
				next: `Pick a ${problem.what} from the list or enter its id`,
			};
		case 'spaced':
			return {
				message: `The ${problem.what} id '${problem.id}' starts or ends with a space`,
				next: 'Remove the space',
			};
		case 'pattern':
			return {
				message: `'${problem.id}' is a pattern, not one ${problem.what} id`,
				next:
					problem.what === 'deployment'
						? "Enter one id. The operations Stop and Scale take patterns where 'Apply To' is 'All That Match a Pattern'"
						: 'Enter one model id',
			};
	}
}

/**
 * Explains what is wrong with a pattern.
 * @param toLeaveOut the next step if somebody tries to exclude by a minus
 */
export function explainPattern(problem: PatternProblem, toLeaveOut: string): Explanation {
	switch (problem.code) {
		case 'empty':
			return {
				message: 'The pattern is empty',
				next: 'Enter deployment ids or patterns with *, e.g. elser-*, or _all for every deployment',
			};
		case 'minus':
			return {
				message: `'${problem.part}' starts with a minus, as no deployment id does`,
				next: `A minus leaves nothing out here: ${toLeaveOut}`,
			};
		case 'list':
			return {
				message: `'${problem.part}' holds a space, a line break or a semicolon, as no deployment id does`,
				next: 'Separate ids and patterns by commas',
			};
	}
}

/**
 * Explains why a pattern was refused.
 * @param mayAllow whether the operation has an option for a pattern that matches nothing
 */
export function explainSelection(problem: SelectionProblem, mayAllow: boolean): Explanation {
	switch (problem.code) {
		case 'no_match':
			return {
				message: `No deployment matches ${listed(problem.parts)}, so nothing was changed`,
				next: `Check the pattern with the operation Get Many; a stopped deployment matches nothing${mayAllow ? ". If that may be, set the option 'Fail If Nothing Matches' to No" : ''}`,
			};
		case 'excludes_model':
			return {
				message: `'${problem.modelId}' in 'Exclude' is a model, not a deployment, so nothing was changed`,
				next: `Name its deployments in 'Exclude' instead: ${listed(problem.ids)}`,
			};
		case 'too_many':
			return {
				message: `The pattern '${problem.pattern.join(',')}' matches ${problem.ids.length} deployments, more than 'Max Matches' of ${problem.most}, so nothing was changed`,
				next: `Narrow the pattern, or raise 'Max Matches' if all of them are meant: ${listed(problem.ids.slice(0, 5))}${problem.ids.length > 5 ? ', …' : ''}`,
			};
	}
}

function listed(names: string[]): string {
	return names.map((each) => `'${each}'`).join(', ');
}
