/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

import type { Results } from './goals';
import { sayNoise, showAll, showGoals, type Shown } from './report';

const BEGIN = '<!-- bench: npm run bench -- --write -->';
const END = '<!-- bench end -->';

const cell = (text: string): string => text.replace(/\|/g, '\\|');

function markdownOf({ title, head, rows }: Shown): string {
	const line = (cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;
	const rule = `|${head.map(() => '---').join('|')}|`;
	return [`### ${title}`, '', line(head), rule, ...rows.map(line)].join('\n');
}

/** Where it was measured. */
export function machine(): string {
	const [processor] = os.cpus();
	return `Measured on ${os.cpus().length} processors (${processor?.model.trim() ?? 'unknown'}), Node ${process.version}.`;
}

/** The generated part of a page. */
export function generated(results: Results): string {
	const lines = [machine(), sayNoise(results)].filter((line) => line !== undefined);
	const shown = [showGoals(results), ...showAll(results)];
	return [lines.join(' '), ...shown.map(markdownOf)].join('\n\n');
}

/** A page with a new generated part; what a person wrote around it stays. */
export function withGenerated(page: string, part: string): string {
	const begin = page.indexOf(BEGIN);
	const end = page.indexOf(END);
	if (begin < 0 || end < begin) throw new Error(`The page lacks ${BEGIN} and ${END} after it`);
	return `${page.slice(0, begin + BEGIN.length)}\n\n${part}\n\n${page.slice(end)}`;
}

export function writePage(file: string, results: Results): void {
	writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), generated(results)));
}
