import fc from 'fast-check';

import { exactId, pathSegment } from '../../../nodes/elasticsearch/deployment/ids';

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
