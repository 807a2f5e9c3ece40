/** Works on all, at most `limit` at once; what comes back stands in the order of the input. */
export async function atOnce<T, R>(
	limit: number,
	all: readonly T[],
	work: (each: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	async function worker(): Promise<void> {
		while (next < all.length) {
			const place = next++;
			results[place] = await work(all[place]);
		}
	}
	await Promise.all(Array.from({ length: Math.min(limit, all.length) }, worker));
	return results;
}
