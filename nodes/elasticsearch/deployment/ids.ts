import { accepted, refused, type Checked } from '../transport/failure';

/**
 * One segment of a path, percent-encoded, so that no id reaches another endpoint:
 * empty, `.` and `..` would be removed from the path by URL parsers.
 */
export function pathSegment(id: string): Checked<string> {
	if (id === '' || id === '.' || id === '..') {
		return refused(`'${id}' cannot be an id`, 'Enter the id as Get Many shows it');
	}
	try {
		return accepted(encodeURIComponent(id));
	} catch {
		return refused('The id holds half of a character pair', 'Enter the id as Get Many shows it');
	}
}

/**
 * An id of exactly one deployment or model. `_update` and `_stop` look ids up letter by letter
 * (docs/elasticsearch-behaviour.md, "Stop: exact ids only"), but `_stats` expands wildcards and lists: an id that is one
 * would read other deployments than it changes.
 */
export function exactId(id: string, what: 'deployment' | 'model'): Checked<string> {
	if (id.trim() === '') {
		return refused(`The ${what} id is empty`, `Pick a ${what} from the list or enter its id`);
	}
	if (id !== id.trim()) {
		return refused(`The ${what} id '${id}' starts or ends with a space`, 'Remove the space');
	}
	if (/[*,]/.test(id) || id === '_all') {
		return refused(
			`'${id}' is a pattern, not one ${what} id`,
			what === 'deployment'
				? "Enter one id. The operations Stop and Scale take patterns where 'Target' is 'Pattern'"
				: 'Enter one model id',
		);
	}
	const segment = pathSegment(id);
	return segment.ok ? accepted(id) : segment;
}
