/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';

import type { WriteScope } from '../../../nodes/MlDeployment/execution/operation';
import { runInOrder } from '../../../nodes/MlDeployment/execution/concurrency';

/** Tasks that end when they are told to, and a record of what began and ended. */
class Workshop {
	readonly log: string[] = [];

	private readonly ends = new Map<number, () => void>();

	readonly run = async (index: number): Promise<void> => {
		this.log.push(`+${index}`);
		await new Promise<void>((resolve) => this.ends.set(index, resolve));
		this.log.push(`-${index}`);
	};

	/** Which tasks are under way. */
	get busy(): number[] {
		return [...this.ends.keys()];
	}

	async end(index: number): Promise<void> {
		this.ends.get(index)?.();
		this.ends.delete(index);
		await settle();
	}
}

/** Lets everything happen that can happen by itself. */
async function settle(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}

async function begin(scopes: WriteScope[], limit: number) {
	const workshop = new Workshop();
	const all = runInOrder(scopes, limit, workshop.run);
	await settle();
	return { workshop, all };
}

const a: WriteScope = { id: 'a' };
const b: WriteScope = { id: 'b' };

describe('tasks', () => {
	it('for different ids run side by side', async () => {
		const { workshop } = await begin([a, b, { id: 'c' }], 4);
		expect(workshop.busy).toEqual([0, 1, 2]);
	});

	it('for one id run in input order, while others go on', async () => {
		const { workshop } = await begin([a, a, b, a], 4);
		expect(workshop.busy).toEqual([0, 2]);
		await workshop.end(0);
		expect(workshop.busy).toEqual([2, 1]);
		await workshop.end(1);
		expect(workshop.busy).toEqual([2, 3]);
	});

	it('never run more than allowed at once, first come, first served', async () => {
		const { workshop } = await begin([a, b, { id: 'c' }, { id: 'd' }], 2);
		expect(workshop.busy).toEqual([0, 1]);
		await workshop.end(1);
		expect(workshop.busy).toEqual([0, 2]);
		await workshop.end(0);
		expect(workshop.busy).toEqual([2, 3]);
	});

	it('that wait for their turn leave their place to others', async () => {
		const { workshop } = await begin([a, a, a, b], 2);
		expect(workshop.busy).toEqual([0, 3]);
	});

	it('that may touch any id wait for all before, and all after wait for them', async () => {
		const { workshop } = await begin([a, b, 'any', a, b], 4);
		expect(workshop.busy).toEqual([0, 1]);
		await workshop.end(0);
		expect(workshop.busy).toEqual([1]);
		await workshop.end(1);
		expect(workshop.busy).toEqual([2]);
		await workshop.end(2);
		expect(workshop.busy).toEqual([3, 4]);
	});

	it('that may touch any id run one after the other', async () => {
		const { workshop } = await begin(['any', 'any', 'any'], 4);
		expect(workshop.busy).toEqual([0]);
		await workshop.end(0);
		expect(workshop.busy).toEqual([1]);
	});

	it('that touch nothing wait for nobody', async () => {
		const { workshop } = await begin(['any', 'none', a, 'none'], 4);
		expect(workshop.busy).toEqual([0, 1, 3]);
	});

	it('run one by one in input order where only one is allowed', async () => {
		const { workshop, all } = await begin([a, b, a, 'any', b], 1);
		for (const index of [0, 1, 2, 3, 4]) await workshop.end(index);
		await all;
		expect(workshop.log.filter((entry) => entry.startsWith('+'))).toEqual([
			'+0',
			'+1',
			'+2',
			'+3',
			'+4',
		]);
	});

	it('are awaited, all of them', async () => {
		const { workshop, all } = await begin([a, b], 2);
		let over = false;
		const ended = all.then(() => (over = true));
		await workshop.end(0);
		expect(over).toBe(false);
		await workshop.end(1);
		await ended;
		expect(workshop.log).toEqual(['+0', '+1', '-0', '-1']);
	});

	it('may be none', async () => {
		await expect(runInOrder([], 4, async () => {})).resolves.toBeUndefined();
	});
});

describe('any tasks, however long each takes', () => {
	const touch = fc.constantFrom<WriteScope>(a, b, { id: 'c' }, 'any', 'none');

	/** Whether the second of two tasks has to wait for the first. */
	function isOrdered(first: WriteScope, second: WriteScope): boolean {
		if (first === 'none') return second === 'any';
		if (second === 'none') return false;
		return first === 'any' || second === 'any' || first.id === second.id;
	}

	it('all run once, keep their order and the limit', async () => {
		const tasks = fc.array(touch, { maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(
				tasks,
				fc.integer({ min: 1, max: 4 }),
				fc.infiniteStream(fc.nat()),
				async (scopes, limit, picks) => {
					const { workshop, all } = await begin(scopes, limit);
					while (workshop.busy.length > 0) {
						expect(workshop.busy.length).toBeLessThanOrEqual(limit);
						const pick: number = picks.next().value;
						await workshop.end(workshop.busy[pick % workshop.busy.length]);
					}
					await all;
					expect(workshop.log).toHaveLength(scopes.length * 2);
					scopes.forEach((second, later) => {
						scopes.slice(0, later).forEach((first, earlier) => {
							if (!isOrdered(first, second)) return;
							expect(workshop.log.indexOf(`-${earlier}`)).toBeLessThan(
								workshop.log.indexOf(`+${later}`),
							);
						});
					});
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('thousands of tasks that touch many', () => {
	it('take memory in proportion to their number', async () => {
		const heapOf = async (count: number): Promise<number> => {
			const scopes = Array.from({ length: count }, (): WriteScope => 'any');
			const before = process.memoryUsage().heapUsed;
			const all = runInOrder(scopes, 4, async () => {});
			const after = process.memoryUsage().heapUsed;
			await all;
			return after - before;
		};
		// A list of all before it for each of 20,000 would be 1.6 GB.
		expect(await heapOf(20_000)).toBeLessThan(200 * 1024 ** 2);
	});
});
