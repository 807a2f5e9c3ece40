/** Likeness of two words as Lucene measures it: 1 for equal, 0 for nothing in common. */
function likeness(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
		}
		row = next;
	}
	return 1 - row[b.length] / Math.max(a.length, b.length);
}

/** ` did you mean [x]?` with the known names that look like `word`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
	const alike = [...new Set(known)]
		.map((name) => ({ name, score: likeness(word, name) }))
		.filter(({ score }) => score > 0.5)
		.sort((a, b) => b.score - a.score || a.name.localeCompare(b.name))
		.map(({ name }) => name);
	if (alike.length === 0) return '';
	return ` did you mean ${alike.length === 1 ? '' : 'any of '}[${alike.join(', ')}]?`;
}
