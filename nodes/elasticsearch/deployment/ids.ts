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

/** A short id is near so many others that two letters apart says nothing. */
const SHORT = 5;

/**
 * The one id that a person may have meant: the only one that is at most two typing mistakes away,
 * or one if the id is short.
 * @returns undefined if none is near, several are, or the id itself is there
 */
export function nearId(id: string, ids: Iterable<string>): string | undefined {
	const most = id.length < SHORT ? 1 : 2;
	// What differs more in length need not be compared: that takes long for a long text.
	const alike = [...new Set(ids)].filter((each) => Math.abs(each.length - id.length) <= most);
	const near = alike.filter((each) => mistakes(id, each) <= most);
	return near.length === 1 && near[0] !== id ? near[0] : undefined;
}

/** Letters left out, added, replaced, or swapped with their neighbour, to come from a to b. */
function mistakes(a: string, b: string): number {
	const rows = [Array.from({ length: b.length + 1 }, (_none, column) => column)];
	for (let i = 1; i <= a.length; i++) {
		rows[i] = [i];
		for (let j = 1; j <= b.length; j++) {
			const isSame = a[i - 1] === b[j - 1];
			// Before the first letter there is none, and that is like no letter.
			const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			rows[i][j] = Math.min(
				rows[i - 1][j] + 1,
				rows[i][j - 1] + 1,
				rows[i - 1][j - 1] + (isSame ? 0 : 1),
				isSwapped ? rows[i - 2][j - 2] + 1 : Infinity,
			);
		}
	}
	return rows[a.length][b.length];
}
