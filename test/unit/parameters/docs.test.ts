/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { choicesOf, fieldsOf, inside, OPERATIONS, optionsIn } from './declared';

const PAGE = readFileSync(path.resolve(__dirname, '../../../docs/operations.md'), 'utf8');

/** Each part of the page by its heading. */
const PARTS = Object.fromEntries(
	PAGE.split('\n## ').map((part) => [part.slice(0, part.indexOf('\n')), part]),
);

const HEADINGS: Record<string, string> = {
	clearCache: 'Clear Cache',
	get: 'Get and Get Many',
	getMany: 'Get and Get Many',
	infer: 'Infer',
	scale: 'Scale',
	start: 'Start',
	stop: 'Stop',
	update: 'Update',
	waitUntilReady: 'Wait Until Ready',
};

/** What the page says of an operation, and of all of them. */
function saidOf(operation: string): string {
	return PARTS[HEADINGS[operation]] + PARTS['What all operations share'];
}

/** A label as the page has it, which leaves out the unit, and half of what stands side by side. */
function short(label: string): string {
	return label
		.replace(/ \((Seconds|Minutes)\)$/, '')
		.replace(/^(Minimum|Maximum) Number of .+/, '$1');
}

function names(text: string, label: string): boolean {
	return new RegExp(`(?<!\\w)${label}(?!\\w)`).test(text);
}

describe.each(OPERATIONS)('the page of the operations says of %s', (operation) => {
	const said = saidOf(operation);
	const fields = fieldsOf(operation).filter(({ name }) => name !== 'options');
	const declared = [...fields, ...fields.flatMap(inside), ...optionsIn(operation)];

	it('each field and option by its label', () => {
		const labels = declared
			.filter(({ name }) => name !== 'deploymentId')
			.map(({ displayName }) => short(displayName));
		expect(labels.filter((label) => !names(said, label))).toEqual([]);
	});

	it('each value by its name, there or where it sends the reader', () => {
		const values = declared.flatMap(choicesOf).map(({ name }) => name);
		const there = said + ['Get and Get Many', 'Update', 'Start'].map((each) => PARTS[each]).join();
		expect(values.filter((name) => !names(there, name))).toEqual([]);
	});
});

it.each([
	['requestTimeout', 'Request Timeout', '60'],
	['retries', 'Retries', '3'],
	['maxConcurrency', 'Max Concurrency', '4'],
	['waitTimeout', 'Wait Timeout', '300'],
])('the page of the operations says of %s what holds without it', (name, label, expected) => {
	const rows = PAGE.split('\n').filter((line) => line.startsWith(`| ${label} | `));
	expect(rows.length).toBeGreaterThan(0);
	for (const row of rows) expect(row).toMatch(new RegExp(`[ |]${expected}( unless set\\.)?[; ]`));
	const found = OPERATIONS.flatMap(optionsIn).filter((option) => option.name === name);
	for (const option of found) expect(String(option.default)).toBe(expected);
});

it('the page of the operations says of fields the value that they have unless it is changed', () => {
	const told = OPERATIONS.flatMap((operation) =>
		fieldsOf(operation).flatMap(({ displayName, default: value }) => {
			const row = saidOf(operation)
				.split('\n')
				.find((line) => new RegExp(`^\\| (?:[^|]+, )?${displayName} \\|`).test(line));
			const unless = row?.match(/`?([^ (`]+|\{\{.+?\}\})`? unless changed/)?.[1];
			return unless === undefined ? [] : [[displayName, String(value).replace(/^=/, ''), unless]];
		}),
	);
	expect(told.map(([label]) => label)).toEqual(['Limit', 'Restore', 'Pattern', 'Max Matches']);
	for (const [, value, unless] of told) expect(value).toBe(unless);
});
