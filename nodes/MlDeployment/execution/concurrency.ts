import type { WriteScope } from './operation';

/**
 * Runs tasks side by side, at most `limit` at once. Tasks for the same id run in input order. A
 * task with the scope `any` waits for all tasks before it, and all tasks after it wait for it.
 * @param run must never reject
 */
export async function runInOrder(
	scopes: readonly WriteScope[],
	limit: number,
	run: (index: number) => Promise<void>,
): Promise<void> {
	const slots = limitedSlots(limit);
	/** The last task with the scope `any`; when it ends, all tasks before it have ended. */
	let barrier: Promise<unknown> = Promise.resolve();
	/** The tasks since the barrier; with lists of all tasks, thousands would fill the memory. */
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

/** First come, first served. `p-limit` would do it, but the package may have no dependency. */
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
