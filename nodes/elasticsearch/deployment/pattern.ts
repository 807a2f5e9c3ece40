import { accepted, refused, type Checked } from '../transport/failure';

/** A list of names with wildcards, e.g. `elser-*,e5`, as typed; parts keep their order. */
export type Pattern = readonly string[];

/**
 * Splits a pattern. Elasticsearch's `_stop` knows no patterns, so they are ours.
 * @param toLeaveOut how to leave some out, said to whoever tries it in the way of Elasticsearch's index names
 */
export function readPattern(text: string, toLeaveOut: string): Checked<Pattern> {
	const parts = text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
	if (parts.length === 0) {
		return refused(
			'The pattern is empty',
			'Enter deployment ids or patterns with *, e.g. elser-*, or _all for every deployment',
		);
	}
	const minus = parts.find((part) => part.startsWith('-'));
	if (minus !== undefined) {
		return refused(
			`'${minus}' starts with a minus, as no deployment id does`,
			`A minus leaves nothing out here: ${toLeaveOut}`,
		);
	}
	return accepted(parts);
}

/**
 * Whether a name matches one part; `_all` and `*` match every name, `*` within a part stands for any
 * characters, also none. Done without a regular expression: `*a*a*a*…` would make one run for hours.
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

export function matches(pattern: Pattern, name: string): boolean {
	return pattern.some((part) => matchesPart(part, name));
}

/** The parts that no name matches: typos, as a rule. */
export function unmatchedParts(pattern: Pattern, names: readonly string[]): string[] {
	return pattern.filter((part) => !names.some((name) => matchesPart(part, name)));
}
