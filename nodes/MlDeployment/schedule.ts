import type { Touches } from './operation';

/**
 * Runs tasks side by side, at most `limit` at once. Tasks for the same id run in input order;
 * a task that touches many waits for all before it, and all after it wait for it.
 * @param run never rejects
 */
export async function runInOrder(
	touches: readonly Touches[],
	limit: number,
	run: (index: number) => Promise<void>,
): Promise<void> {
	const slots = limitedSlots(limit);
	const ended: Array<Promise<void>> = [];
	const lastOf = new Map<string, Promise<void>>();
	let barrier: Promise<unknown> = Promise.resolve();
	touches.forEach((touch, index) => {
		const before = predecessor(touch, barrier, lastOf, ended);
		const task = before.then(async () => await slots(async () => await run(index)));
		ended.push(task);
		if (touch === 'many') barrier = task;
		else if (touch !== 'nothing') lastOf.set(touch.id, task);
	});
	await Promise.all(ended);
}

function predecessor(
	touch: Touches,
	barrier: Promise<unknown>,
	lastOf: Map<string, Promise<void>>,
	ended: Array<Promise<void>>,
): Promise<unknown> {
	if (touch === 'nothing') return Promise.resolve();
	if (touch === 'many') return Promise.all([...ended]);
	return Promise.all([barrier, lastOf.get(touch.id)]);
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
