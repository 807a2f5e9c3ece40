import fc from 'fast-check';

import { HERE, open, restore, textOf, THERE } from './memories';

// Apart from memory.test.ts, because so many tries take long: a mutant meets the examples first.
describe('any memory', () => {
	it('throws for no rubbish, and keeps none of it', () => {
		const lists = fc.array(fc.oneof(fc.jsonValue(), fc.constant(textOf('a'))));
		const inside = fc.record(
			{
				version: fc.oneof(fc.constant(1), fc.jsonValue()),
				clusters: fc.oneof(lists, fc.jsonValue()),
				stopped: fc.oneof(lists, fc.jsonValue()),
				dropped: fc.oneof(lists, fc.jsonValue()),
			},
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(fc.oneof(inside, fc.jsonValue()), (rubbish) => {
				const { memory, saved, isSaved } = open(rubbish);
				const others = memory.stoppedOn(HERE).filter(({ id }) => id !== 'z');
				memory.forget(HERE, 'none');
				expect(isSaved()).toBe(false);
				if (memory.remember(HERE, [restore('z')]) === undefined) {
					expect(memory.isNewer).toBe(true);
					expect(saved()).toEqual(JSON.parse(JSON.stringify(rubbish)));
					return;
				}
				expect(memory.stoppedOn(HERE)).toEqual([...others, { id: 'z', restore: textOf('z') }]);
				expect(open(saved()).memory.stoppedOn(HERE)).toEqual(memory.stoppedOn(HERE));
			}),
			{ numRuns: 1_000 },
		);
	});
});

describe('any sequence of stops and starts', () => {
	const cluster = fc.constantFrom(HERE, THERE);
	const id = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'with blank');
	const step = fc.oneof(
		fc.record({
			act: fc.constant('remember' as const),
			cluster,
			of: fc.array(fc.tuple(id, fc.integer({ min: 1, max: 3 })), { maxLength: 3 }),
		}),
		fc.record({ act: fc.constant('forget' as const), cluster, id }),
		fc.record({ act: fc.constant('reopen' as const) }),
	);

	it('leaves what a plain map would hold, also through JSON, and saves only what is new', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
				const model = new Map<string, { cluster: string; id: string; restore: string }>();
				const known = new Set<string>();
				const stateOf = () => JSON.stringify([[...model.values()], [...known]]);
				let opened = open();
				let isNew = false;
				for (const each of steps) {
					const before = stateOf();
					if (each.act === 'reopen') {
						opened = open(opened.saved() ?? undefined);
						isNew = false;
					} else if (each.act === 'forget') {
						opened.memory.forget(each.cluster, each.id);
						model.delete(`${each.cluster}/${each.id}`);
					} else {
						const restores = each.of.map(([name, number]) => restore(name, number, each.cluster));
						expect(opened.memory.remember(each.cluster, restores)).toEqual([]);
						known.add(each.cluster);
						for (const [name, number] of each.of) {
							model.delete(`${each.cluster}/${name}`);
							model.set(`${each.cluster}/${name}`, {
								cluster: each.cluster,
								id: name,
								restore: textOf(name, number, each.cluster),
							});
						}
					}
					isNew ||= stateOf() !== before;
					expect(opened.isSaved()).toBe(isNew);
					for (const where of [HERE, THERE]) {
						const kept = [...model.values()].filter((one) => one.cluster === where);
						expect(opened.memory.knows(where)).toBe(known.has(where));
						expect(opened.memory.stoppedOn(where)).toEqual(
							kept.map((one) => ({ id: one.id, restore: one.restore })),
						);
						for (const one of kept) {
							expect(opened.memory.recall(where, one.id)).toBe(one.restore);
						}
					}
				}
			}),
			{ numRuns: 500 },
		);
	});
});
