import { cases } from './cases';
import { anchors, markedRows } from './page';
import { untested } from './untested';

/** What cases and the list of what is untested say of rows, in one form. */
const shown = [
	...cases.flatMap(({ id, rows }) => rows.map((text) => ({ by: id, text }))),
	...untested.map(({ text }) => ({ by: 'untested', text })),
];

describe('the cases', () => {
	it('have ids of their own', () => {
		const ids = cases.map(({ id }) => id);
		expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
	});

	it('name only sections that docs/elasticsearch-behaviour.md has', () => {
		const known = anchors();
		expect(cases.filter(({ section }) => !known.has(section)).map(({ id }) => id)).toEqual([]);
	});

	it('quote rows to the letter', () => {
		const rows = markedRows();
		expect(shown.filter(({ text }) => !rows.some((row) => row.text.includes(text)))).toEqual([]);
	});

	it('show what somebody read or recorded, row by row, or it is said why not', () => {
		const missing = markedRows().filter(
			(row) => !shown.some(({ text }) => row.text.includes(text)),
		);
		expect(missing).toEqual([]);
	});
});

describe('what is untested', () => {
	it('is in the section that is named, and no case shows it', () => {
		const rows = markedRows();
		const wrong = untested.filter(({ section, text }) => {
			const row = rows.find((one) => one.section === section && one.text.includes(text));
			return !row || cases.some((one) => one.rows.some((quoted) => row.text.includes(quoted)));
		});
		expect(wrong).toEqual([]);
	});
});
