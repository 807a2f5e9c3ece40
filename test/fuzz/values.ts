/** Values that nobody means, and values of JSON with one place changed. */

import fc from 'fast-check';

/** JSON nested so deep: n8n itself copies items by recursion, so not deeper than it bears. */
function nested(depth: number): unknown {
	let value: unknown = 'deep';
	for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
	return value;
}

/** Texts that are keys of every object, end a path or a header, or are half a sign. */
export const EVIL_TEXTS = [
	...['', ' ', '0', '1', '-1', '007', '1e3', '0x10', 'true', 'null', 'NaN', '-', '*', '**', '_all'],
	...[',', '.', '..', '../..', 'a/b', '/', '\\', '%2e%2e', '%2f', '%', '?x=1', '#', 'a b', ' a '],
	...['_stats', 'fz-0/_stats', '\ud800', '\udc00a', '\u0000', 'a\r\nX-Evil: 1', '\u202e', '💥'],
	...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '[object Object]', 'undefined'],
	...['={{ 1 }}', '{{ $json }}', '{id}', '${x}', '<script>', '{', '{}', '[]', '"', "'", 'EPERM'],
];

const HUGE = 'x'.repeat(100_000);

/** What an item or a body can hold. A getter of a class would be no JSON. */
const EVIL: readonly unknown[] = [
	...[undefined, null, true, false, 0, -0, 1, -1, 1.5, NaN, Infinity, -Infinity, 1e21, 2 ** 53],
	...[5e-324, 999_999_999, 1_000_000_000, 8.65e15, HUGE, `${HUGE},${HUGE}`, '*'.repeat(1_000)],
	...[[], [1], [2], ['1'], [null], [[]], {}, { a: 1 }, { length: 1 }, { toJSON: 1 }],
	...[{ toString: 1, valueOf: 1 }, { constructor: 1 }, { __rl: true, mode: 'id', value: null }],
	JSON.parse('{"__proto__":{"force":true},"constructor":{"prototype":{}}}'),
	...[nested(60), nested(1_500), JSON.stringify(nested(1_500)), '['.repeat(5_000)],
];

/** Any value; one that is JSON or becomes it, but for undefined and the odd numbers. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...EVIL) },
	{ weight: 2, arbitrary: fc.constantFrom(...EVIL_TEXTS) },
	{ weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
	{ weight: 1, arbitrary: fc.double() },
	{ weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...EVIL_TEXTS), fc.jsonValue()) },
);

type Path = ReadonlyArray<string | number>;

/** No answer of a cluster is nested deeper. */
const DEEPEST = 12;

/** The places in a JSON value, itself included. */
function placesIn(value: unknown, path: Path = []): Path[] {
	if (typeof value !== 'object' || value === null || path.length > DEEPEST) return [path];
	const inside = Object.keys(value).flatMap((key) =>
		placesIn((value as Record<string, unknown>)[key], [
			...path,
			Array.isArray(value) ? Number(key) : key,
		]),
	);
	return [path, ...inside];
}

type Change =
	| { do: 'replace'; by: unknown }
	| { do: 'remove' }
	| { do: 'duplicate' }
	| { do: 'add'; key: string; value: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ do: fc.constant('replace' as const), by: anything }) },
	{ weight: 2, arbitrary: fc.constant({ do: 'remove' as const }) },
	{ weight: 1, arbitrary: fc.constant({ do: 'duplicate' as const }) },
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('add' as const),
			key: fc.constantFrom(...EVIL_TEXTS),
			value: anything,
		}),
	},
);

/** A copy of a JSON value with a change at one place. Pure. */
function changed(value: unknown, [key, ...rest]: Path, how: Change): unknown {
	if (key === undefined) return changedWhole(value, how);
	if (Array.isArray(value)) {
		const place = Number(key);
		if (rest.length > 0) {
			return value.map((each, at) => (at === place ? changed(each, rest, how) : (each as unknown)));
		}
		const before = value.slice(0, place) as unknown[];
		const behind = value.slice(place + 1) as unknown[];
		const each: unknown = value[place];
		if (how.do === 'remove') return [...before, ...behind];
		if (how.do === 'duplicate') return [...before, each, each, ...behind];
		return [...before, changedWhole(each, how), ...behind];
	}
	const entries = Object.entries(value as object).flatMap(
		([name, each]): Array<[string, unknown]> => {
			if (name !== key) return [[name, each]];
			if (rest.length > 0) return [[name, changed(each, rest, how)]];
			return how.do === 'remove' ? [] : [[name, changedWhole(each, how)]];
		},
	);
	// Also a key such as __proto__ is then a key like others.
	return Object.fromEntries(entries);
}

function changedWhole(value: unknown, how: Change): unknown {
	switch (how.do) {
		case 'replace':
			return how.by;
		case 'remove':
			return undefined;
		case 'duplicate':
			return [value, value];
		case 'add':
			if (typeof value !== 'object' || value === null) return how.value;
			return Array.isArray(value)
				? [...(value as unknown[]), how.value]
				: Object.fromEntries([...Object.entries(value), [how.key, how.value]]);
	}
}

/** A valid JSON value with up to so many places changed: the later readers are reached too. */
export function mutated(valid: unknown, most = 3): fc.Arbitrary<unknown> {
	const once = (value: unknown): fc.Arbitrary<unknown> =>
		fc
			.tuple(fc.constantFrom(...placesIn(value)), change)
			.map(([path, how]) => changed(value, path, how));
	const several = (left: number, value: unknown): fc.Arbitrary<unknown> =>
		left === 0 ? fc.constant(value) : once(value).chain((next) => several(left - 1, next));
	return fc.integer({ min: 1, max: most }).chain((times) => several(times, valid));
}
