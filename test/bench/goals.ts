import type { Row } from './measure';
import { NAMES } from './scenarios/update';
import type { Installed } from './scenarios/installed';
import type { ManyItems } from './scenarios/manyItems';
import { apartness, median, ratioOf } from './statistics';
import { rowNamed, type Table } from './table';

/** All that a run measured. */
export interface Results {
	tables: Table[];
	installed?: Installed;
	manyItems?: ManyItems[];
}

export interface Goal {
	/** What holds where it is met. */
	text: string;
	measured: string;
	met: boolean;
}

/** Below this many items, what n8n does once a run outweighs the rest. */
const ENOUGH_ITEMS = 100;
const MIB = 1024 ** 2;

/** Pairs of our rows with the helper's at equal concurrency, of all runs with enough items. */
function pairsOf(tables: Table[]): Array<{ own: Row; bare: Row; size: number; latencyMs: number }> {
	return tables
		.filter(({ scenario, size }) => scenario === 'update' && size >= ENOUGH_ITEMS)
		.flatMap((table) =>
			[
				[NAMES.ours4, NAMES.bare4],
				[NAMES.ours10, NAMES.bare10],
			].flatMap(([ours, helper]) => {
				const own = rowNamed(table, ours);
				const bare = rowNamed(table, helper);
				const { size, latencyMs } = table;
				return own && bare ? [{ own, bare, size, latencyMs }] : [];
			}),
		);
}

const wall = ({ samples }: Row): number[] => samples.map(({ wallMs }) => wallMs);
const cpu = ({ samples }: Row): number[] => samples.map(({ cpuMs }) => cpuMs);

/**
 * How far the same thing lay apart from itself, as a share: the median over all tables in which n8n's
 * helper ran twice, in time and in CPU.
 */
export function noiseOf(tables: Table[]): { wall: number; cpu: number } | undefined {
	const twice = tables.flatMap((table) => {
		const one = rowNamed(table, NAMES.bare10);
		const other = rowNamed(table, NAMES.again);
		return one && other && table.size >= ENOUGH_ITEMS ? [{ one, other }] : [];
	});
	if (twice.length === 0) return undefined;
	return {
		wall: median(twice.map(({ one, other }) => apartness(wall(one), wall(other)))),
		cpu: median(twice.map(({ one, other }) => apartness(cpu(one), cpu(other)))),
	};
}

function closeToHelper(tables: Table[]): Goal[] {
	const pairs = pairsOf(tables);
	if (pairs.length === 0) return [];
	// Each latency by itself: the longer an answer takes, the less anything else shows.
	const latencies = [...new Set(pairs.map(({ latencyMs }) => latencyMs))];
	const ratios = latencies.map((latency) => ({
		latency,
		ratio: median(
			pairs
				.filter(({ latencyMs }) => latencyMs === latency)
				.map(({ own, bare }) => ratioOf(wall(own), wall(bare))),
		),
	}));
	const more = median(
		pairs.flatMap(({ own, bare, size }) =>
			cpu(own).map((ms, round) => (ms - cpu(bare)[round]) / size),
		),
	);
	return [
		{
			text: "At most 1.1 times as long as n8n's helper alone, at equal concurrency",
			measured: ratios
				.map(({ latency, ratio }) => `${ratio.toFixed(2)} times at ${latency} ms`)
				.join(', '),
			met: ratios.every(({ ratio }) => ratio <= 1.1),
		},
		{
			text: 'Less than 0.3 ms of CPU an item beyond the helper',
			measured: `${more.toFixed(2)} ms`,
			met: more < 0.3,
		},
	];
}

function fasterThanSequential(tables: Table[]): Goal[] {
	const ratios = tables
		.filter(({ latencyMs, size }) => latencyMs === 20 && size === ENOUGH_ITEMS)
		.flatMap((table) => {
			const own = rowNamed(table, NAMES.ours10);
			const sequential = rowNamed(table, NAMES.sequential);
			return own && sequential ? [ratioOf(wall(sequential), wall(own))] : [];
		});
	if (ratios.length === 0) return [];
	const ratio = median(ratios);
	return [
		{
			text: 'With 10 at once and 20 ms of latency, at least 4 times as fast as one after the other',
			measured: `${ratio.toFixed(1)} times`,
			met: ratio >= 4,
		},
	];
}

function equalWaits(tables: Table[]): Goal[] {
	const waits = tables.filter(({ scenario }) => scenario === 'wait');
	if (waits.length < 2) return [];
	const costs = waits.map(
		({ rows: [{ requests, bytes }] }) => `${requests} requests, ${bytes} bytes`,
	);
	const sizes = waits.map(({ size }) => size.toLocaleString('en'));
	return [
		{
			text: `A wait costs the same requests and bytes among ${sizes.join(', ')} models`,
			measured: [...new Set(costs)].join('; '),
			met: new Set(costs).size === 1,
		},
	];
}

function smallWhenInstalled(installed: Installed | undefined): Goal[] {
	if (installed === undefined) return [];
	const { requireMs } = installed;
	return [
		{
			text: 'Nodes and credential load in less than 20 ms',
			measured: `${requireMs.toFixed(1)} ms`,
			met: requireMs < 20,
		},
	];
}

function linear(many: ManyItems[] = []): Goal[] {
	if (many.length < 2) return [];
	const [least, most] = [many[0], many[many.length - 1]];
	const growth = most.cpuMs / most.items / (least.cpuMs / least.items);
	const heap = most.heapBytes / MIB;
	const count = most.items.toLocaleString('en');
	return [
		{
			text: `${count} items take less than 100 MB more heap`,
			measured: `${heap.toFixed(0)} MB`,
			met: heap < 100,
		},
		{
			text: `An item of ${count} takes at most 1.2 times the CPU of one of ${least.items.toLocaleString('en')}`,
			measured: `${growth.toFixed(2)} times`,
			met: growth <= 1.2,
		},
	];
}

/** The goals of which there are measurements. */
export function goalsOf({ tables, installed, manyItems }: Results): Goal[] {
	return [
		...closeToHelper(tables),
		...fasterThanSequential(tables),
		...equalWaits(tables),
		...smallWhenInstalled(installed),
		...linear(manyItems),
	];
}
