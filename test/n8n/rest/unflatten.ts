/**
 * Reads what the library "flatted" writes: a list whose first entry is the whole, and in which a
 * string stands for the entry with that number.
 */
export function unflatten(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const done = new Map<number, unknown>();

	const entry = (index: number): unknown => {
		if (done.has(index)) return done.get(index);
		const value = entries[index];
		if (typeof value !== 'object' || value === null) return value;
		const filled: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		done.set(index, filled);
		for (const [key, inner] of Object.entries(value)) {
			Object.assign(filled, { [key]: typeof inner === 'string' ? entry(Number(inner)) : inner });
		}
		return filled;
	};
	return entry(0);
}
