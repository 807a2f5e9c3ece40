import { choicesOf, everything, fieldsOf, inside, OPERATIONS, optionsIn } from './declared';

/** n8n writes labels in title case; these words stay small, but not at the beginning. */
const SMALL = ['a', 'an', 'and', 'as', 'at', 'for', 'of', 'per', 'to'];

function isTitle(label: string): boolean {
	const words = label.split(' ');
	return words.every((word, i) => /^[A-Z0-9(]/.test(word) || (i > 0 && SMALL.includes(word)));
}

/** n8n ends what it describes with a full stop only where that is more than one sentence. */
function isDescription(words: string): boolean {
	return /^[A-Z0-9].*[^ ]$/.test(words) && /\. [A-Z_]/.test(words) === words.endsWith('.');
}

const all = everything();
const choices = all.flatMap(choicesOf);

describe('what the editor shows', () => {
	it('is labelled in title case', () => {
		const labels = [
			...all.map(({ displayName }) => displayName),
			...choices.map(({ name }) => name),
			...all.flatMap(({ modes = [] }) => modes.map(({ displayName }) => displayName)),
		];
		expect(labels.length).toBeGreaterThan(150);
		expect(labels.filter((label) => !isTitle(label))).toEqual([]);
	});

	it('has a label of its own within its operation, and each choice within its field', () => {
		for (const operation of OPERATIONS) {
			for (const fields of [fieldsOf(operation), optionsIn(operation)]) {
				const labels = fields.map(({ displayName }) => displayName);
				expect(labels).toEqual([...new Set(labels)]);
			}
		}
		for (const names of all.map((each) => choicesOf(each).map(({ name }) => name))) {
			expect(names).toEqual([...new Set(names)]);
		}
	});

	it('is described in sentences, with a full stop only behind the second', () => {
		const words = [...all, ...choices].flatMap((each) => each.description ?? []);
		expect(words.length).toBeGreaterThan(100);
		expect(words.filter((each) => !isDescription(each))).toEqual([]);
	});

	it('is described, or its choices are', () => {
		const silent = all.filter(
			(each) =>
				each.description === undefined &&
				inside(each).length === 0 &&
				choicesOf(each).every((choice) => choice.description === undefined),
		);
		// n8n's own two fields need no words.
		expect(silent.map(({ name }) => name)).toEqual(['resource']);
	});

	it('asks of a switch whether, as n8n does', () => {
		const switches = all.filter(({ type }) => type === 'boolean');
		expect(switches.length).toBeGreaterThan(20);
		for (const each of switches) expect(each.description).toMatch(/^Whether /);
	});

	it('gives an example in an empty text or number, and asks to add to a collection', () => {
		const beginnings = { collection: /^Add / } as Record<string, RegExp>;
		const empty = all.filter(({ type, default: value }) => type === 'collection' || value === '');
		expect(empty.length).toBeGreaterThan(20);
		for (const { type, placeholder } of empty) {
			expect(placeholder).toMatch(beginnings[type] ?? /^e\.g\. ./);
		}
		for (const { placeholder, type } of all) {
			if (placeholder !== undefined && type !== 'collection')
				expect(placeholder).toMatch(/^e\.g\. ./);
		}
	});

	it('tells in a picker what to select or type', () => {
		const modes = all.flatMap((each) => each.modes ?? []);
		expect(modes.length).toBeGreaterThan(10);
		for (const { type, placeholder } of modes) {
			expect(placeholder).toMatch(type === 'list' ? /^Select a .+\.\.\.$/ : /^e\.g\. ./);
		}
	});

	it('hints at what a number of allocations does', () => {
		for (const operation of ['scale', 'start', 'update']) {
			const number = fieldsOf(operation).find(({ name }) => name === 'numberOfAllocations');
			expect(number?.hint).toMatch(operation === 'scale' ? /^0 stops / : /^Copies of the model/);
		}
	});
});
