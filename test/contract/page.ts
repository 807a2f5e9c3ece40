/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The specification of the embedded cluster, from the root of the repository. */
export const PAGE = 'docs/elasticsearch-behaviour.md';

/** A row of a table, an item of a list or a paragraph. */
export interface Row {
	/** Anchor of the heading above it. */
	section: string;
	text: string;
}

/** The anchors of the page's headings, as GitHub makes them. */
export function anchors(): Set<string> {
	const headings = linesOf().filter((line) => line.startsWith('#'));
	return new Set(headings.map(anchorOf));
}

function anchorOf(heading: string): string {
	return heading
		.replace(/^#+ /, '')
		.toLowerCase()
		.replace(/[^a-z0-9 -]/g, '')
		.replace(/ /g, '-');
}

/** Tables whose mark stands outside them: each of their rows counts as marked. */
const MARKED_TABLES = [
	'start-parameters',
	'start-errors',
	'stats-shape-of-an-entry',
	'update-order-of-checks',
	'update-the-answer',
	'security-privileges',
];

/** What somebody read or recorded, row by row; what is inferred only is left out. */
export function markedRows(): Row[] {
	const rows: Row[] = [];
	let section = '';
	const lines = linesOf();
	for (const [i, text] of lines.entries()) {
		if (text.startsWith('#')) section = anchorOf(text);
		const isHeader = lines[i + 1]?.startsWith('|--') ?? false;
		if (text === '' || text.startsWith('#') || text.startsWith('|--') || isHeader) continue;
		const inTable = /^(\||\d+\. )/.test(text) && MARKED_TABLES.includes(section);
		if (inTable || /\[(seen|recorded)/.test(text)) rows.push({ section, text });
	}
	return rows;
}

/** The lines outside code blocks. */
function linesOf(): string[] {
	const page = readFileSync(path.resolve(__dirname, '../..', PAGE), 'utf8');
	return page.replace(/^```[\s\S]*?^```$/gm, '').split('\n');
}
