import { ratioOf, type Spread } from './statistics';
import { goalsOf, noiseOf, type Results } from './goals';
import type { Row } from './measure';
import { NAMES } from './scenarios/update';
import { rowNamed, type Table } from './table';

/** A table of texts, for a screen or a page. */
export interface Shown {
	title: string;
	head: string[];
	rows: string[][];
}

const count = (value: number): string => Math.round(value).toLocaleString('en');

function milliseconds(value: number): string {
	return value < 10 ? value.toFixed(1) : count(value);
}

function spread({ median: middle, low, high }: Spread): string {
	return `${milliseconds(middle)} (${milliseconds(low)}–${milliseconds(high)})`;
}

export function bytes(value: number): string {
	return value < 10_000 ? `${count(value)} B` : `${count(value / 1024)} kB`;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** By what a row is judged: n8n's helper at the same concurrency, where it ran; else the first row. */
function baseOf(table: Table, { name }: Row): Row | undefined {
	const four = name === NAMES.ours4 ? rowNamed(table, NAMES.bare4) : undefined;
	return four ?? rowNamed(table, NAMES.bare10) ?? table.rows[0];
}

function timesBase(table: Table, row: Row): string {
	const base = baseOf(table, row);
	if (base === undefined || base === row) return '1';
	const wall = ({ samples }: Row): number[] => samples.map(({ wallMs }) => wallMs);
	return ratioOf(wall(row), wall(base)).toFixed(2);
}

function titleOf({ what, size, latencyMs, rounds }: Table): string {
	const times = rounds === 1 ? '1 round' : `${rounds} rounds`;
	return `${what} ${count(size)}, ${latencyMs} ms of latency, ${times}`;
}

function showContest(table: Table): Shown {
	const { rows, size } = table;
	const isHelper = rowNamed(table, NAMES.bare10) !== undefined;
	return {
		title: titleOf(table),
		head: [
			'',
			'Time (ms)',
			isHelper ? 'Times the helper' : 'Times the first',
			'CPU (ms)',
			'CPU an item (ms)',
			'Requests',
			'Connections',
			'Bytes',
		],
		rows: rows.map((row) => [
			row.name,
			spread(row.wallMs),
			timesBase(table, row),
			spread(row.cpuMs),
			(row.cpuMs.median / size).toFixed(2),
			count(row.requests),
			count(row.connections),
			bytes(row.bytes),
		]),
	};
}

/** Scenarios with one contender, by size. */
function showSizes(tables: Table[]): Shown[] {
	if (tables.length === 0) return [];
	return [
		{
			title: tables[0].what,
			head: ['Deployments', 'Time (ms)', 'CPU (ms)', 'Requests', 'Bytes'],
			rows: tables.map(({ size, rows: [row] }) => [
				count(size),
				spread(row.wallMs),
				spread(row.cpuMs),
				count(row.requests),
				bytes(row.bytes),
			]),
		},
	];
}

function showInstalled({ installed }: Results): Shown[] {
	if (installed === undefined) return [];
	return [
		{
			title: 'Installed',
			head: ['', ''],
			rows: [
				['Loading both nodes and the credential', `${milliseconds(installed.requireMs)} ms`],
				['n8n-workflow, which n8n loads anyway', `${milliseconds(installed.workflowMs)} ms`],
				['Heap', bytes(installed.heapBytes)],
				['Packed', bytes(installed.packedBytes)],
				['Unpacked', bytes(installed.unpackedBytes)],
			],
		},
	];
}

function showMany({ manyItems = [] }: Results): Shown[] {
	if (manyItems.length === 0) return [];
	return [
		{
			title: 'Many items (Update, 10 at once, without TLS, in a fresh process)',
			head: ['Items', 'Time (ms)', 'CPU an item (ms)', 'Heap'],
			rows: manyItems.map(({ items, wallMs, cpuMs, heapBytes }) => [
				count(items),
				milliseconds(wallMs),
				(cpuMs / items).toFixed(2),
				bytes(heapBytes),
			]),
		},
	];
}

/** The goals, first of all. */
export function showGoals(results: Results): Shown {
	return {
		title: 'Goals',
		head: ['Goal', 'Measured', ''],
		rows: goalsOf(results).map(({ text, measured, met }) => [
			text,
			measured,
			met ? 'met' : 'missed',
		]),
	};
}

/** How far the same thing lies from itself on this machine; undefined where nothing ran twice. */
export function sayNoise({ tables }: Results): string | undefined {
	const noise = noiseOf(tables);
	if (noise === undefined) return undefined;
	return `Noise of this machine: n8n's helper, measured twice in the same rounds, differs from itself by ${percent(noise.wall)} in time and by ${percent(noise.cpu)} in CPU.`;
}

/** All tables, in the order in which they were measured. */
export function showAll(results: Results): Shown[] {
	const alone = ({ rows }: Table): boolean => rows.length === 1;
	const contests = results.tables.filter((table) => !alone(table));
	const of = (name: string): Table[] =>
		results.tables.filter((table) => alone(table) && table.scenario === name);
	return [
		...contests.map(showContest),
		...showSizes(of('wait')),
		...showSizes(of('poll')),
		...showInstalled(results),
		...showMany(results),
	];
}
