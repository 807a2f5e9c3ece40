import { accepted, refused, type Checked } from '../transport/check';

/** What is wrong with an id. */
export type IdProblem =
	| { code: 'reserved'; id: string }
	| { code: 'halved' }
	| { code: 'empty'; what: IdKind }
	| { code: 'spaced' | 'pattern'; id: string; what: IdKind };

/** What an id should name. */
export type IdKind = 'deployment' | 'model';

/**
 * An id as one percent-encoded segment of a path, so that no id can reach another endpoint. URL
 * parsers remove an empty segment, `.` and `..`, so these are refused.
 */
export function pathSegment(id: string): Checked<string, IdProblem> {
	if (id === '' || id === '.' || id === '..') return refused({ code: 'reserved', id });
	try {
		return accepted(encodeURIComponent(id));
	} catch {
		return refused({ code: 'halved' });
	}
}

/**
 * An id of exactly one deployment or model. `_update` and `_stop` take ids letter by letter
 * (docs/elasticsearch-behaviour.md, "Stop: exact ids only"),
 * but `_stats` expands wildcards and lists. With one of these, the node would read other
 * deployments than it changes.
 */
export function exactId(id: string, what: IdKind): Checked<string, IdProblem> {
	if (id.trim() === '') return refused({ code: 'empty', what });
	if (id !== id.trim()) return refused({ code: 'spaced', id, what });
	if (/[*,]/.test(id) || id === '_all') return refused({ code: 'pattern', id, what });
	const segment = pathSegment(id);
	return segment.ok ? accepted(id) : segment;
}
