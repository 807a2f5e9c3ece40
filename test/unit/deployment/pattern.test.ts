import fc from 'fast-check';

import {
	matches,
	matchesPart,
	readPattern,
	unmatchedParts,
} from '../../../nodes/elasticsearch/deployment/pattern';

describe('reading a pattern', () => {
	it.each([
		['elser-*', ['elser-*']],
		['a,b', ['a', 'b']],
		[' a , b ,', ['a', 'b']],
		['b,a,b', ['b', 'a', 'b']],
		['_all', ['_all']],
		['e5, _all', ['e5', '_all']],
		['_all*', ['_all*']],
		['*', ['*']],
	])('splits %j into %j', (text, expected) => {
		expect(readPattern(text)).toEqual({ ok: true, value: expected });
	});

	it.each(['', ' ', ',', ' , ,\n'])('refuses %j as empty', (text) => {
		expect(readPattern(text)).toEqual({ ok: false, problem: { code: 'empty' } });
	});

	it.each([
		['a; b', 'a; b'],
		['a,b;c*,d', 'b;c*'],
		['a\nb', 'a\nb'],
		['a , b c', 'b c'],
	])('refuses %j, which is a list without commas', (text, part) => {
		expect(readPattern(text)).toEqual({ ok: false, problem: { code: 'list', part } });
	});
});

describe('one part of a pattern', () => {
	it.each([
		['elser', 'elser', true],
		['elser', 'elser-2', false],
		['elser', 'Elser', false],
		['*', 'anything', true],
		['*', '', true],
		['**', 'anything', true],
		['_all', 'anything', true],
		['_all*', 'anything', false],
		['_all*', '_all-mine', true],
		['elser-*', 'elser-search', true],
		['elser-*', 'elser-', true],
		['elser-*', 'my-elser-search', false],
		['*-search', 'elser-search', true],
		['*-search', 'elser-search-2', false],
		['*elser*', 'my-elser-2', true],
		['*elser*', 'elser', true],
		['a*a', 'a', false],
		['a*a', 'aa', true],
		['ab*ba', 'aba', false],
		['ab*ba', 'abba', true],
		['a*b*c', 'a-b-b-c', true],
		['a*b*c', 'a-c-b', false],
		['a*bc*c', 'abc', false],
		['.e5*', '.e5-small', true],
		['.e5*', 'xe5-small', false],
		['e[5]*', 'e5', false],
		['e?', 'e5', false],
		['(a+)+$', 'aaaa', false],
	])('%j against %j: %s', (part, name, expected) => {
		expect(matchesPart(part, name)).toBe(expected);
	});

	/** Letter by letter, as slow as it is plain. */
	function matchesPlainly(part: string, name: string): boolean {
		if (part === '') return name === '';
		if (part.startsWith('*')) {
			const rest = part.slice(1);
			return matchesPlainly(rest, name) || (name !== '' && matchesPlainly(part, name.slice(1)));
		}
		return part[0] === name[0] && matchesPlainly(part.slice(1), name.slice(1));
	}

	const part = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 7 });
	const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 9 });

	it('agrees with matching letter by letter', () => {
		fc.assert(
			fc.property(part, name, (someParts, letters) => {
				const [some, text] = [someParts.join(''), letters.join('')];
				expect(matchesPart(some, text)).toBe(matchesPlainly(some, text));
			}),
			{ numRuns: 3000 },
		);
	});

	it('matches every name that it was made from by leaving letters out', () => {
		fc.assert(
			fc.property(fc.string(), fc.nat(), fc.nat(), (text, from, to) => {
				const some = `${text.slice(0, from % (text.length + 1))}*`;
				expect(matchesPart(some, text)).toBe(true);
				expect(matchesPart(`*${text.slice(to % (text.length + 1))}`, text)).toBe(true);
			}),
		);
	});

	it('comes to an end where a regular expression would run for hours', () => {
		expect(matchesPart(`${'*a'.repeat(2_000)}*b`, 'a'.repeat(100_000))).toBe(false);
		expect(matchesPart(`${'*a'.repeat(2_000)}*b*`, 'a'.repeat(100_000))).toBe(false);
	});
});

describe('a list of parts', () => {
	it('matches what one of its parts matches', () => {
		expect(matches(['e5', 'elser-*'], 'elser-2')).toBe(true);
		expect(matches(['e5', 'elser-*'], 'e5')).toBe(true);
		expect(matches(['e5', 'elser-*'], 'e5-2')).toBe(false);
	});

	it('matches nothing where it is empty', () => {
		expect(matches([], 'elser')).toBe(false);
	});

	it('tells the parts that match no name, in their order', () => {
		const names = ['elser-1', 'e5'];
		expect(unmatchedParts(['typo', 'elser-*', 'x*', 'e5'], names)).toEqual(['typo', 'x*']);
		expect(unmatchedParts(['*'], [])).toEqual(['*']);
		expect(unmatchedParts(['*'], names)).toEqual([]);
	});
});

describe('a part that starts with a minus', () => {
	it.each([
		['-elser-prod', '-elser-prod'],
		['elser-*,-elser-prod', '-elser-prod'],
		[' -* ', '-*'],
	])("is refused in '%s'", (text, part) => {
		expect(readPattern(text)).toEqual({ ok: false, problem: { code: 'minus', part } });
	});

	it('is none where the minus stands inside', () => {
		expect(readPattern('elser-prod,*-prod')).toEqual({
			ok: true,
			value: ['elser-prod', '*-prod'],
		});
	});
});
