/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import Table from 'cli-table3';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PAGE } from '../contract/page';
import type { Report, Result } from './conform';

const COLUMNS = [34, 46, 46, 9];

/** The cases as a table for a terminal: case, expected, got, verdict. */
export function tableOf(results: Result[]): string {
	const table = new Table({
		head: ['case', 'expected', 'got', 'verdict'],
		colWidths: COLUMNS,
		wordWrap: true,
		wrapOnWordBoundary: false,
		style: { head: [], border: [] },
	});
	for (const { id, expected, got, verdict, notes } of results) {
		table.push([id, expected, verdict === 'same' ? got : [got, ...notes].join('\n'), verdict]);
	}
	return table.toString();
}

/** `138 same, 1 differs, 4 not run`, and what else a reader has to know. */
export function summaryOf(report: Report): string {
	const count = (verdict: Result['verdict']): number =>
		report.results.filter((result) => result.verdict === verdict).length;
	const parts = [
		`Elasticsearch ${report.version}: ${count('same')} same, ${count('differs')} different, ${count('not run')} not run.`,
		`${report.embeddedOnly} more cases need the embedded cluster.`,
		report.readOnly && 'Read only: nothing was changed.',
		report.interrupted && 'The run was interrupted.',
		report.left.length > 0 && `Not stopped, please stop them: ${report.left.join(', ')}.`,
	];
	return parts.filter((part) => typeof part === 'string').join(' ');
}

/** 0 where all that ran is the same, 1 where something differs or is left behind, 130 after an interruption. */
export function exitCodeOf({ results, left, interrupted }: Report): number {
	if (results.some(({ verdict }) => verdict === 'differs') || left.length > 0) return 1;
	if (interrupted) return 130;
	// A run of nothing proves nothing.
	return results.some(({ verdict }) => verdict === 'same') ? 0 : 1;
}

/** Writes `conformance-<version>.json` and `.md`; the two paths. */
export function writePages(report: Report, folder: string): string[] {
	mkdirSync(folder, { recursive: true });
	const base = path.join(folder, `conformance-${report.version}`);
	writeFileSync(`${base}.json`, `${JSON.stringify(report, null, '\t')}\n`);
	writeFileSync(`${base}.md`, markdownOf(report));
	return [`${base}.json`, `${base}.md`];
}

function markdownOf(report: Report): string {
	const differing = report.results.filter(({ verdict }) => verdict === 'differs');
	const parts = [
		`# Conformance: Elasticsearch ${report.version}`,
		summaryOf(report),
		...differing.map(
			({ id, says, section, notes }) =>
				`## ${id}\n\n${says} ([${section}](${PAGE}#${section}))\n\n${notes.map((note) => `- ${cell(note)}`).join('\n')}`,
		),
		'## All cases',
		['| Case | Expected | Got | Verdict |', '|---|---|---|---|', ...report.results.map(line)].join(
			'\n',
		),
	];
	return `${parts.join('\n\n')}\n`;
}

function line({ id, expected, got, verdict, notes }: Result): string {
	const shown = verdict === 'not run' ? notes.join(' ') : got;
	return `| ${id} | ${cell(expected)} | ${cell(shown)} | ${verdict} |`;
}

function cell(text: string): string {
	return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').replace(/</g, '&lt;');
}
