import type { Row } from './measure';
import type { Name, Options } from './options';

/** Under which circumstances something is measured. */
export interface Cell {
	/** Milliseconds that each answer of the cluster takes longer. */
	latencyMs: number;
	/** Rounds that count. */
	rounds: number;
}

/** What was measured in one cell. */
export interface Table extends Cell {
	scenario: Name;
	/** As a reader sees it, e.g. `Update`. */
	what: string;
	/** Items, or deployments. */
	size: number;
	rows: Row[];
}

/** Long runs are few, and differ less. */
export function roundsFor({ rounds, quick }: Options, size: number, latencyMs = 0): number {
	if (rounds !== undefined) return rounds;
	if (quick) return 2;
	if (size >= 1_000) return latencyMs > 0 ? 2 : 3;
	return size >= 100 && latencyMs > 20 ? 3 : 7;
}

/** A row of a table that is there, or that was left out. */
export function rowNamed({ rows }: Table, name: string): Row | undefined {
	return rows.find((row) => row.name === name);
}
