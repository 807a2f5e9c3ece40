import { accepted, refused, type Checked } from '../transport/check';

/** The parts of a list of names with wildcards, e.g. `elser-*,e5`, in the order typed. */
export type Pattern = readonly string[];

/**
 * What is wrong with a pattern. A minus excludes only in Elasticsearch's index names, not here. No id
 * holds a space or a semicolon, so a part with one is a list that would match nothing, and leave
 * nothing out.
 */
export type PatternProblem = { code: 'empty' } | { code: 'minus' | 'list'; part: string };

/** Splits a pattern. Elasticsearch's `_stop` knows no patterns, so their rules are our own. */
export function readPattern(text: string): Checked<Pattern, PatternProblem> {
	const parts = text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
	if (parts.length === 0) return refused({ code: 'empty' });
	const minus = parts.find((part) => part.startsWith('-'));
	if (minus !== undefined) return refused({ code: 'minus', part: minus });
	const list = parts.find((part) => /[\s;]/.test(part));
	return list === undefined ? accepted(parts) : refused({ code: 'list', part: list });
}

/**
 * Whether a name matches one part. `_all` matches every name; `*` stands for any characters, or
 * none. There is no regular expression, because `*a*a*a*…` would make one run for hours.
 */
export function matchesPart(part: string, name: string): boolean {
	if (part === '_all') return true;
	const pieces = part.split('*');
	const first = pieces[0];
	if (pieces.length === 1) return name === part;
	const last = pieces[pieces.length - 1];
	if (!name.startsWith(first) || !name.endsWith(last)) return false;
	let at = first.length;
	for (const piece of pieces.slice(1, -1)) {
		const found = name.indexOf(piece, at);
		if (found < 0) return false;
		at = found + piece.length;
	}
	return at + last.length <= name.length;
}

/** Whether a name matches at least one part. */
export function matches(pattern: Pattern, name: string): boolean {
	return pattern.some((part) => matchesPart(part, name));
}

/** The parts that no name matches; these are usually typos. */
export function unmatchedParts(pattern: Pattern, names: readonly string[]): string[] {
	return pattern.filter((part) => !names.some((name) => matchesPart(part, name)));
}
