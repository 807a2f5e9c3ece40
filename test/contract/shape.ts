type Fill = (shape: unknown) => unknown;

/** What a value must be like, where it cannot be one exact value; `name` is for tables. */
export class Like {
	constructor(
		readonly name: string,
		readonly fits: (value: unknown) => boolean,
		private readonly refill?: (fill: Fill) => Like,
	) {}

	/** The same with the ids of a run in place of their names. */
	filled(fill: Fill): Like {
		return this.refill?.(fill) ?? this;
	}
}

export const aNumber = new Like('a number', (value) => typeof value === 'number');
export const aText = new Like('a text', (value) => typeof value === 'string');
export const aBoolean = new Like('true or false', (value) => typeof value === 'boolean');
export const anything = new Like('there', (value) => value !== undefined);
export const absent = new Like('absent', (value) => value === undefined);
export const empty = new Like(
	'empty',
	(value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
);
export const epochMs = new Like(
	'milliseconds since 1970',
	(value) => typeof value === 'number' && value > 1e12,
);
export const isoTime = new Like(
	'an ISO 8601 time in UTC',
	(value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value),
);

export const beginsWith = (text: string): Like =>
	new Like(
		`begins "${text}"`,
		(value) => typeof value === 'string' && value.startsWith(text),
		(fill) => beginsWith(String(fill(text))),
	);
/** Begins so, and more follows. */
export const goesOn = (text: string): Like =>
	new Like(
		`begins "${text}" and goes on`,
		(value) => typeof value === 'string' && value.startsWith(text) && value !== text,
		(fill) => goesOn(String(fill(text))),
	);
export const contains = (text: string): Like =>
	new Like(
		`contains "${text}"`,
		(value) => typeof value === 'string' && value.includes(text),
		(fill) => contains(String(fill(text))),
	);
export const oneOf = (...values: unknown[]): Like =>
	new Like(`one of ${values.map(show).join(', ')}`, (value) => values.includes(value));
export const atLeast = (least: number): Like =>
	new Like(`at least ${least}`, (value) => typeof value === 'number' && value >= least);
/** Those of these keys that are there stand in this order. */
export const inOrder = (...keys: string[]): Like =>
	new Like(`keys in the order ${keys.join(', ')}`, (value) => {
		const places = Object.keys(value ?? {})
			.map((key) => keys.indexOf(key))
			.filter((place) => place >= 0);
		return places.every((place, i) => i === 0 || places[i - 1] < place);
	});
/** Every value of a list or an object is like this, and there is one at least. */
export const each = (shape: unknown): Like =>
	new Like(
		`each ${show(shape)}`,
		(value) => {
			const values = Object.values(value ?? {});
			return values.length > 0 && values.every((entry) => differences(shape, entry).length === 0);
		},
		(fill) => each(fill(shape)),
	);
/** Some value of a list or an object is like this. */
export const some = (shape: unknown): Like =>
	new Like(
		`some ${show(shape)}`,
		(value) => Object.values(value ?? {}).some((entry) => differences(shape, entry).length === 0),
		(fill) => some(fill(shape)),
	);

/** Where a value is not as it must be, a sentence each; an object may have more keys than its shape. */
export function differences(shape: unknown, value: unknown, place = 'the body'): string[] {
	if (shape instanceof Like) {
		return shape.fits(value) ? [] : [`${place} is ${show(value)}, not ${shape.name}`];
	}
	if (typeof shape !== 'object' || shape === null) {
		return Object.is(shape, value) ? [] : [`${place} is ${show(value)}, not ${show(shape)}`];
	}
	if (typeof value !== 'object' || value === null) {
		return [`${place} is ${show(value)}, not ${show(shape)}`];
	}
	if (Array.isArray(shape) && (!Array.isArray(value) || value.length !== shape.length)) {
		return [`${place} is ${show(value)}, not a list of ${shape.length}`];
	}
	return Object.entries(shape).flatMap(([key, inner]) =>
		differences(
			inner,
			(value as Record<string, unknown>)[key],
			place === 'the body' ? key : `${place}.${key}`,
		),
	);
}

const LONGEST = 160;

/** Short, for tables. */
export function show(value: unknown): string {
	if (value instanceof Like) return value.name;
	if (value === undefined) return 'absent';
	const text = JSON.stringify(value, (_, inner: unknown) =>
		inner instanceof Like ? inner.name : inner,
	);
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
