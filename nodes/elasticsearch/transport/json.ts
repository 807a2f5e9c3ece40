/** Reads values that came over the network: each is `unknown` until a guard has checked it. */

export type JsonObject = Record<string, unknown>;

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a JSON text holds; undefined if it is none. */
export function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The value if it is an object, else `otherwise`. */
export function objectOr<T>(value: unknown, otherwise: T): JsonObject | T {
	return isObject(value) ? value : otherwise;
}

/** The value if it is a finite number, else `otherwise`. */
export function numberOr<T>(value: unknown, otherwise: T): number | T {
	return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** Milliseconds from 1970 on, before and after which no Date reaches. */
const LAST_TIME = 8.64e15;

/** The value if it is epoch milliseconds that a Date can hold, else null. */
export function timeOrNull(value: unknown): number | null {
	return typeof value === 'number' && Math.abs(value) <= LAST_TIME ? value : null;
}

/** The value if it is a text, else `otherwise`. */
export function textOr<T>(value: unknown, otherwise: T): string | T {
	return typeof value === 'string' ? value : otherwise;
}
