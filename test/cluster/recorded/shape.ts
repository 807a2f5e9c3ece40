/**
 * The shape of a JSON value: each path with the type at its end. Entries of lists count as one.
 * @param names paths whose keys are names (ids of nodes, pipelines), which count as one too
 */
export function shapeOf(value: unknown, names: readonly string[] = [], path = ''): Set<string> {
	if (Array.isArray(value)) {
		const inner = value.flatMap((entry) => [...shapeOf(entry, names, `${path}[]`)]);
		return new Set([`${path}: list`, ...inner]);
	}
	if (typeof value !== 'object' || value === null) {
		return new Set([`${path}: ${value === null ? 'null' : typeof value}`]);
	}
	const named = names.includes(path);
	const inner = Object.entries(value).flatMap(([key, entry]) => [
		...shapeOf(entry, names, `${path}.${named ? '*' : key}`),
	]);
	return new Set([`${path}: object`, ...inner]);
}
