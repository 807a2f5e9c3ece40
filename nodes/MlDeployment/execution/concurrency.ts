import type { WriteScope } from './operation';

/**
 * Runs tasks side by side, at most `limit` at once. Tasks for the same id run in input order;
 * a task whose scope is any waits for all before it, and all after it wait for it.
 * @param run never rejects
 */
export async function runInOrder(
	scopes: readonly WriteScope[],
	limit: number,
	run: (index: number) => Promise<void>,
): Promise<void> {
	const slots = limitedSlots(limit);
	/** The last task whose scope is any: it ends after all before it. */
	let barrier: Promise<unknown> = Promise.resolve();
	/** Begun since then; only these, because a list of all for each of thousands would fill the memory. */
	let since: Array<Promise<void>> = [];
	let lastOf = new Map<string, Promise<void>>();
	const predecessor = (scope: WriteScope): Promise<unknown> => {
		if (scope === 'none') return Promise.resolve();
		if (scope === 'any') return since.length === 0 ? barrier : Promise.all([barrier, ...since]);
		return Promise.all([barrier, lastOf.get(scope.id)]);
	};
	scopes.forEach((scope, index) => {
		const task = predecessor(scope).then(async () => await slots(async () => await run(index)));
		if (scope === 'any') {
			barrier = task;
			since = [];
			lastOf = new Map();
		} else {
			since.push(task);
			if (scope !== 'none') lastOf.set(scope.id, task);
		}
	});
	await Promise.all([barrier, ...since]);
}

/** First come, first served; `p-limit` would do it, but what ships may have no dependency. */
function limitedSlots(limit: number): (work: () => Promise<void>) => Promise<void> {
	const waiting: Array<() => void> = [];
	let free = limit;
	return async (work) => {
		if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
		else free--;
		try {
			await work();
		} finally {
			const next = waiting.shift();
			if (next === undefined) free++;
			else next();
		}
	};
}
