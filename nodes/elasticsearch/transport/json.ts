/** Reading of values that came over the network: everything is `unknown` until looked at. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOr<T>(value: unknown, otherwise: T): JsonObject | T {
	return isObject(value) ? value : otherwise;
}

export function numberOr<T>(value: unknown, otherwise: T): number | T {
	return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

export function textOr<T>(value: unknown, otherwise: T): string | T {
	return typeof value === 'string' ? value : otherwise;
}
