import { isObject } from '../transport/json';
import { readRequest, type Connection, type ConnectionSettings } from '../transport/connection';
import { notElasticsearch, success, type Result } from '../transport/failure';

/** One page of a list of models, or of what belongs to models. */
export interface Page<T> {
	/**
	 * How many models the list has, not how many entries
	 * (docs/elasticsearch-behaviour.md, "Stats: addressing and paging").
	 */
	models: number;
	entries: T[];
}

/**
 * Reads a page; undefined if the body is anything else (a login page, `{}`), or if one entry cannot
 * be read: fewer entries would look like a whole page.
 * @param list the key of the entries
 */
export function readPage<T>(
	body: unknown,
	list: string,
	readEntry: (value: unknown) => T | undefined,
): Page<T> | undefined {
	const values: unknown = isObject(body) ? body[list] : undefined;
	if (!isObject(body) || typeof body.count !== 'number' || !Array.isArray(values)) return undefined;
	const entries = values.map(readEntry).filter((each) => each !== undefined);
	return entries.length < values.length ? undefined : { models: body.count, entries };
}

/** Whether a first page counts models and shows none: then nobody knows what there is. */
export function isHollow({ models, entries }: Page<unknown>): boolean {
	return models > 0 && entries.length === 0;
}

/** A list that the cluster gives in pages. */
export interface Paged<T> {
	path: string;
	/** Models on one page. */
	size: number;
	/** Reads a page; undefined if the body is anything else (a login page, `{}`). */
	readPage: (body: unknown) => Page<T> | undefined;
	/** Two entries with one key are one that moved to the next page meanwhile. */
	keyOf: (entry: T) => string;
}

/**
 * Reads one page after the other. Pages count models, so the end is where `from` passes the number
 * of models, or an empty page, not a short one.
 * @returns the entries in the order of the pages, and whether the number of models was the same on
 * each: if it was not, an entry may have moved past a page that was read before
 */
export async function readPages<T>(
	connection: Connection,
	{ path, size, readPage, keyOf }: Paged<T>,
	settings?: Partial<ConnectionSettings>,
): Promise<Result<{ entries: T[]; isWhole: boolean }>> {
	const byKey = new Map<string, T>();
	const counts = new Set<number>();
	for (let from = 0; ; from += size) {
		const query = { from: String(from), size: String(size) };
		const answer = await connection.send(readRequest(path, query), settings);
		if (!answer.ok) return answer;
		const page = readPage(answer.value);
		if (page === undefined || (from === 0 && isHollow(page))) return notElasticsearch('read');
		counts.add(page.models);
		const before = byKey.size;
		for (const entry of page.entries) byKey.set(keyOf(entry), entry);
		if (page.entries.length === 0 || from + size >= page.models) break;
		// A proxy that drops the query would give the same page for ever.
		if (byKey.size === before) return notElasticsearch('read');
	}
	return success({ entries: [...byKey.values()], isWhole: counts.size === 1 });
}
