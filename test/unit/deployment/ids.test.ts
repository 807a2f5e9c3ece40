import fc from 'fast-check';

import { exactId, nearId, pathSegment } from '../../../nodes/elasticsearch/deployment/ids';

/** Any text at all, halves of character pairs included, and often what means something in a URL. */
const anyText = fc
	.array(
		fc.oneof(
			fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
			fc.constantFrom('.', '..', '/', '\\', '%', '%2e', '%2f', '?', '#', '*', ',', ' ', '_all'),
		),
		{ maxLength: 8 },
	)
	.map((parts) => parts.join(''));

/** The parts of the path that a URL parser makes of an id in its place. */
function pathParts(segment: string): string[] {
	const url = new URL(`https://es.example.com/_ml/trained_models/${segment}/deployment/_stop`);
	expect([url.origin, url.search, url.hash]).toEqual(['https://es.example.com', '', '']);
	return url.pathname.split('/');
}

describe('a segment of a path', () => {
	it.each([
		['my-elser', 'my-elser'],
		['.elser_model_2', '.elser_model_2'],
		['a/b', 'a%2Fb'],
		['a b', 'a%20b'],
		['a?b#c', 'a%3Fb%23c'],
		['50%', '50%25'],
		['%2e%2e', '%252e%252e'],
		['modèle', 'mod%C3%A8le'],
		['...', '...'],
		['../_search', '..%2F_search'],
		['a\\b', 'a%5Cb'],
	])('is %j encoded as %j', (id, expected) => {
		expect(pathSegment(id)).toEqual({ ok: true, value: expected });
	});

	it.each(['', '.', '..'])('is never %j, which a URL parser takes away', (id) => {
		expect(pathSegment(id)).toEqual({ ok: false, problem: { code: 'reserved', id } });
	});

	it('is never half of a character pair', () => {
		expect(pathSegment('a\ud83d')).toEqual({ ok: false, problem: { code: 'halved' } });
	});

	it('decodes back to its id and stays one segment, whatever the id is', () => {
		fc.assert(
			fc.property(anyText, (id) => {
				const segment = pathSegment(id);
				fc.pre(segment.ok);
				const parts = pathParts(segment.value);
				const around = [...parts.slice(0, 3), ...parts.slice(4)];
				expect(around).toEqual(['', '_ml', 'trained_models', 'deployment', '_stop']);
				expect(decodeURIComponent(parts[3])).toBe(id);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('an exact id', () => {
	it.each(['my-elser', '.elser_model_2', 'a', '42', '_stats', '_allowed', 'x_all', 'a/b', 'a b'])(
		'may be %j',
		(id) => {
			expect(exactId(id, 'deployment')).toEqual({ ok: true, value: id });
		},
	);

	it.each(['', ' ', '\t\n'])('is empty where it is %j', (id) => {
		expect(exactId(id, 'deployment')).toEqual({
			ok: false,
			problem: { code: 'empty', what: 'deployment' },
		});
	});

	it.each([' my-elser', 'my-elser ', 'my-elser\n'])('has no space around: %j', (id) => {
		const problem = { code: 'spaced', id, what: 'deployment' };
		expect(exactId(id, 'deployment')).toEqual({ ok: false, problem });
	});

	it.each(['*', 'elser-*', 'a,b', ',', '_all'])('is not a pattern: %j', (id) => {
		const problem = { code: 'pattern', id, what: 'deployment' };
		expect(exactId(id, 'deployment')).toEqual({ ok: false, problem });
	});

	it('of a model is refused as one of a model', () => {
		const problem = { code: 'pattern', id: 'e5*', what: 'model' };
		expect(exactId('e5*', 'model')).toEqual({ ok: false, problem });
	});

	it.each(['.', '..', 'x\udc00'])('is no text that no path can hold: %j', (id) => {
		expect(exactId(id, 'deployment')).toEqual(pathSegment(id));
		expect(exactId(id, 'deployment').ok).toBe(false);
	});

	it('that is accepted names one thing and keeps its letters, whatever was entered', () => {
		fc.assert(
			fc.property(anyText, (id) => {
				const checked = exactId(id, 'deployment');
				fc.pre(checked.ok);
				expect(checked.value).toBe(id);
				expect(pathSegment(id).ok).toBe(true);
				expect(id).not.toMatch(/[*,]|^_all$|^\s|\s$/);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('the id that was perhaps meant', () => {
	it.each<[string, string[], string | undefined]>([
		['my_modle', ['my_model', 'other'], 'my_model'],
		['my_mdl', ['my_model'], 'my_model'],
		['my-model-1', ['my_model_1'], 'my_model_1'],
		['my_model', ['my_model_2'], 'my_model_2'],
		['elser', ['.elser'], '.elser'],
		['My_Model', ['my_model'], 'my_model'],
		['ab_model', ['ba_model'], 'ba_model'],
		// Three mistakes, or two that are far apart for a short id.
		['my_m', ['my_model'], undefined],
		['abcdef', ['badcfe'], undefined],
		['elser', ['e5'], undefined],
		['e6', ['e5'], 'e5'],
		['5e', ['e5'], 'e5'],
		['e6x', ['e5'], undefined],
		['abcd', ['abxy'], undefined],
		['abcde', ['abxye'], 'abxye'],
		// Several are near, or none at all.
		['elser-c', ['elser-a', 'elser-b'], undefined],
		['my_modle', [], undefined],
		// A model and its deployment have one id.
		['my_modle', ['my_model', 'my_model'], 'my_model'],
		// It is there by now.
		['my_model', ['my_model'], undefined],
		['my_model', ['my_model', 'my_model2'], undefined],
	])('for %s among %j is %s', (id, ids, expected) => {
		expect(nearId(id, ids)).toBe(expected);
	});

	it('is the same the other way round, and one step away where one letter is more', () => {
		const word = fc.string({ minLength: 5, maxLength: 12 });
		fc.assert(
			fc.property(word, word, fc.nat(11), (a, b, at) => {
				expect(nearId(a, [b]) === b).toBe(nearId(b, [a]) === a);
				const longer = `${a.slice(0, at)}x${a.slice(at)}`;
				expect(nearId(longer, [a])).toBe(a);
			}),
		);
	});
});
