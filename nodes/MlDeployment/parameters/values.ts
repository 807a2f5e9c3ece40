/** Checks values of fields: n8n enforces neither type nor range, and expressions give anything. */

import { accepted, refused, type Checked } from '../../elasticsearch/transport/check';
import { isObject, parsed, type JsonObject } from '../../elasticsearch/transport/json';
import type { Explanation } from '../errors/rule';

/** A value that was read, or what is wrong with it, in words that name the field's label. */
export type Read<T> = Checked<T, Explanation>;

/** A check of a value; its refusal names the field by its label. */
export type Reading<T> = (value: unknown, label: string) => Read<T>;

/** A value as messages show it, cut if it is long. */
export function shown(value: unknown): string {
	if (value === undefined) return 'nothing (undefined)';
	if (value === '') return 'an empty text';
	if (Object.is(value, -0)) return '-0';
	const text =
		typeof value === 'object'
			? jsonOf(value)
			: typeof value === 'string'
				? JSON.stringify(value)
				: String(value);
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function jsonOf(value: object | null): string {
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		return 'an object that refers to itself';
	}
}

/** No cluster has more, and nobody means a number such as 1e300. */
const LARGEST = 999_999_999;

/**
 * A whole number of `min` or more, given as a number or as a text of digits. All else is refused:
 * an empty expression must never become 0, nor `true` 1.
 */
export function wholeNumber(value: unknown, field: string, min: number): Read<number> {
	const digits = typeof value === 'string' && isDigits(value);
	const number = digits ? Number(value) : value;
	if (!isInteger(number) || Object.is(number, -0) || number < min || number > LARGEST) {
		return refused({
			message: `'${field}' is ${shown(value)}, but has to be a whole number of ${min} or more`,
			next: `Enter a whole number of ${min} or more in '${field}'. If it comes from an expression, check that the expression finds its value`,
		});
	}
	return accepted(number);
}

/** Zero is written in one way only, because n8n shows some options for a field that holds it. */
function isDigits(value: string): boolean {
	return value === '0' || (/^\d{1,9}$/.test(value.trim()) && Number(value) > 0);
}

function isInteger(value: unknown): value is number {
	return Number.isInteger(value);
}

function isNumber(value: unknown): value is number {
	return Number.isFinite(value);
}

/** Like `wholeNumber`, but an empty field is undefined. An expression that finds nothing is none. */
export function optionalWholeNumber(
	value: unknown,
	field: string,
	min: number,
): Read<number | undefined> {
	if (value === '' || value === null) return accepted(undefined);
	return wholeNumber(value, field, min);
}

export function minutes(value: unknown, field: string): Read<number> {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (!isNumber(number) || number < 0) {
		return refused({
			message: `'${field}' is ${shown(value)}, but has to be a number of minutes`,
			next: `Enter 0 or more minutes in '${field}', or remove the option`,
		});
	}
	return accepted(number);
}

export function trueOrFalse(value: unknown, field: string): Read<boolean> {
	if (value === true || value === 'true') return accepted(true);
	if (value === false || value === 'false') return accepted(false);
	return refused({
		message: `'${field}' is ${shown(value)}, but has to be true or false`,
		next: `Switch '${field}' on or off. If it comes from an expression, check that the expression finds its value`,
	});
}

export function text(value: unknown, field: string): Read<string> {
	if (typeof value === 'string') return accepted(value);
	// An expression gives an id such as 42 as a number.
	if (isNumber(value)) return accepted(String(value));
	return refused({
		message: `'${field}' is ${shown(value)}, but has to be a text`,
		next: `Fill in '${field}'. If it comes from an expression, check that the expression finds its value`,
	});
}

/** A text for a model: an expression that finds nothing must not be asked. */
export function filledText(value: unknown, field: string): Read<string> {
	const read = text(value, field);
	if (!read.ok || read.value.trim() !== '') return read;
	return refused({
		message: `'${field}' is empty, but has to be filled in`,
		next: `Fill in '${field}'. If it comes from an expression, check that the expression finds its value`,
	});
}

/** An object, or its JSON text. */
export function jsonObject(value: unknown, field: string): Read<JsonObject> {
	// What is no JSON is no object either.
	const given = typeof value === 'string' ? parsed(value) : value;
	if (isObject(given)) return accepted(given);
	return refused({
		message: `'${field}' is ${shown(value)}, but has to be a JSON object`,
		next: `Check brackets and quotes in '${field}', or remove the option`,
	});
}

export function oneOf<T extends string>(
	value: unknown,
	field: string,
	allowed: readonly T[],
): Read<T> {
	const found = allowed.find((each) => each === value);
	if (found !== undefined) return accepted(found);
	return refused({
		message: `'${field}' is ${shown(value)}, which is none of its values`,
		next: `Use one of: ${allowed.join(', ')}`,
	});
}
