/** Keeps only what `filter_path` names; `-` excludes, `*` stands for one key, `**` for any depth. */
export function filterPath(body: unknown, expression: string | undefined): unknown {
	if (!expression) return body;
	const paths = expression.split(',').map((path) => path.trim());
	const excluded = paths.filter((path) => path.startsWith('-')).map((path) => path.slice(1));
	const included = paths.filter((path) => !path.startsWith('-'));
	const kept = included.length > 0 ? include(body, included.map(split)) : body;
	return excluded.length > 0 ? exclude(kept, excluded.map(split)) : (kept ?? {});
}

function split(path: string): string[] {
	return path.split('.');
}

function next(paths: string[][], key: string): string[][] {
	return paths.flatMap(([head, ...rest]) => {
		if (head === '**') return [[head, ...rest], ...next([rest], key)];
		return head !== undefined && pattern(head).test(key) ? [rest] : [];
	});
}

function pattern(part: string): RegExp {
	return new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);
}

function include(value: unknown, paths: string[][]): unknown {
	if (paths.some((path) => path.length === 0)) return value;
	if (Array.isArray(value)) {
		const items = value.map((item) => include(item, paths)).filter((item) => item !== undefined);
		return items.length > 0 ? items : undefined;
	}
	if (typeof value !== 'object' || value === null) return undefined;
	const entries = Object.entries(value)
		.map(([key, inner]) => [key, include(inner, next(paths, key))] as const)
		.filter(([, inner]) => inner !== undefined);
	return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function exclude(value: unknown, paths: string[][]): unknown {
	if (Array.isArray(value)) return value.map((item) => exclude(item, paths));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.map(([key, inner]) => ({ key, inner, deeper: next(paths, key) }))
			.filter(({ deeper }) => !deeper.some((path) => path.length === 0))
			.map(({ key, inner, deeper }) => [key, exclude(inner, deeper)]),
	);
}
