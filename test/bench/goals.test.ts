import { goalsOf, noiseOf, type Goal } from './goals';
import { rowOf, type Row } from './measure';
import { NAMES } from './scenarios/update';
import type { Table } from './table';

/** A row of which each round took so long; CPU takes half of it. */
function row(name: string, wall: number[], more = {}): Row {
	const counts = { requests: 100, bytes: 1_000, connections: 100, atOnce: 10, ...more };
	return rowOf(
		name,
		wall.map((wallMs) => ({ wallMs, cpuMs: wallMs / 2, ...counts })),
	);
}

function updates(rows: Row[], size = 100): Table {
	return { scenario: 'update', what: 'Update', size, latencyMs: 20, rounds: 3, rows };
}

function wait(size: number, bytes: number): Table {
	const rows = [row('Wait', [10], { bytes })];
	return { scenario: 'wait', what: 'Wait', size, latencyMs: 0, rounds: 1, rows };
}

const verdicts = (goals: Goal[]) => goals.map(({ measured, met }) => [measured, met]);

describe('the goals', () => {
	it("are met beside n8n's helper and the node that goes one after the other", () => {
		const rows = [
			row(NAMES.ours10, [110, 1_100, 108]),
			row(NAMES.bare10, [100, 1_000, 100]),
			row(NAMES.sequential, [500, 5_000, 490]),
		];
		expect(verdicts(goalsOf({ tables: [updates(rows)] }))).toEqual([
			['1.10 times at 20 ms', true],
			['0.05 ms', true],
			['4.5 times', true],
		]);
	});

	it('are missed where it takes longer at one latency, however close it is at another', () => {
		const rows = (own: number) => [row(NAMES.ours10, [own]), row(NAMES.bare10, [100])];
		const tables = [{ ...updates(rows(130)), latencyMs: 0 }, updates(rows(101))];
		expect(verdicts(goalsOf({ tables }))[0]).toEqual([
			'1.30 times at 0 ms, 1.01 times at 20 ms',
			false,
		]);
	});

	it('are missed where it takes longer', () => {
		const rows = [
			row(NAMES.ours4, [200, 200, 200]),
			row(NAMES.bare4, [100, 100, 100]),
			row(NAMES.ours10, [200, 200, 200]),
			row(NAMES.sequential, [400, 400, 400]),
		];
		expect(verdicts(goalsOf({ tables: [updates(rows)] }))).toEqual([
			['2.00 times at 20 ms', false],
			['0.50 ms', false],
			['2.0 times', false],
		]);
	});

	it.each([
		[3_968, '100 requests, 3968 bytes', true],
		[9_000, '100 requests, 3968 bytes; 100 requests, 9000 bytes', false],
	])('look at what a wait among many costs (%d bytes)', (bytes, measured, met) => {
		const tables = [wait(10, 3_968), wait(1_000, bytes)];
		expect(verdicts(goalsOf({ tables }))).toEqual([[measured, met]]);
	});

	it('look at what is installed, and at many items', () => {
		const installed = {
			requireMs: 12,
			heapBytes: 1,
			workflowMs: 100,
			packedBytes: 1,
			unpackedBytes: 1,
		};
		const many = (items: number, cpuMs: number, megabytes: number) => {
			return { items, cpuMs, wallMs: cpuMs, heapBytes: megabytes * 1024 ** 2 };
		};
		const grown = goalsOf({
			tables: [],
			installed,
			manyItems: [many(10, 10, 1), many(100, 90, 99)],
		});
		expect(verdicts(grown)).toEqual([
			['12.0 ms', true],
			['99 MB', true],
			['0.90 times', true],
		]);
		const worse = [many(10, 10, 1), many(100, 200, 101)];
		expect(verdicts(goalsOf({ tables: [], manyItems: worse }))).toEqual([
			['101 MB', false],
			['2.00 times', false],
		]);
	});

	it('say nothing of what was not measured', () => {
		expect(goalsOf({ tables: [] })).toEqual([]);
	});
});

describe('the noise', () => {
	it('is how far the helper lies from itself', () => {
		const rows = [row(NAMES.bare10, [100, 100, 100]), row(NAMES.again, [110, 110, 110])];
		expect(noiseOf([updates(rows)])).toEqual({
			wall: expect.closeTo(0.1),
			cpu: expect.closeTo(0.1),
		});
		expect(noiseOf([updates(rows, 10)])).toBeUndefined();
	});
});
