import { closeBench, openBench, type Bench } from './bench';
import { goalsOf } from './goals';
import { generated, withGenerated } from './page';
import { readOptions } from './options';
import { NAMES, updateOf } from './scenarios/update';
import type { Table } from './table';

const UPDATES = 3;

describe('a small bench', () => {
	let bench: Bench;
	let table: Table;

	beforeAll(async () => {
		const options = readOptions(['--quick']);
		if (options === 'help') throw new Error('no help was asked for');
		bench = await openBench(options, () => {});
		table = await updateOf(bench, UPDATES, { latencyMs: 1, rounds: 2 });
	}, 120_000);

	afterAll(async () => await closeBench(bench));

	it('lets every contender do the same work, and counts it at the cluster', () => {
		expect(
			table.rows.map(({ name, requests, samples }) => [name, requests, samples.length]),
		).toEqual(Object.values(NAMES).map((name) => [name, UPDATES, 2]));
	});

	it('measures time and CPU of each round', () => {
		for (const { samples, bytes } of table.rows) {
			expect(bytes).toBeGreaterThan(0);
			for (const { wallMs, cpuMs } of samples) {
				expect(wallMs).toBeGreaterThan(0);
				expect(cpuMs).toBeGreaterThan(0);
			}
		}
	});

	it("counts the connections: n8n's helper opens one for each request, the others keep theirs", () => {
		const connectionsOf = (name: string) =>
			table.rows.find((row) => row.name === name)?.connections;
		expect(connectionsOf(NAMES.ours10)).toBe(UPDATES);
		expect(connectionsOf(NAMES.bare10)).toBe(UPDATES);
		expect(connectionsOf(NAMES.undici)).toBe(0);
	});

	it('judges no goal by so few items', () => {
		expect(goalsOf({ tables: [table] })).toEqual([]);
		expect(goalsOf({ tables: [{ ...table, size: 100, latencyMs: 20 }] })).toHaveLength(3);
	});

	it('writes its tables between the marks of a page, and leaves the rest', () => {
		const page =
			'Before\n<!-- bench: npm run bench -- --write -->\nold\n<!-- bench end -->\nAfter\n';
		const written = withGenerated(page, generated({ tables: [table] }));
		expect(written).toMatch(/^Before\n<!-- bench: /);
		expect(written).toMatch(/<!-- bench end -->\nAfter\n$/);
		expect(written).toContain(`| ${NAMES.sequential} |`);
		expect(written).not.toContain('old');
		expect(() => withGenerated('Before', 'new')).toThrow(/^The page lacks/);
	});
});
