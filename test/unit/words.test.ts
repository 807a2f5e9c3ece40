/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

import { ElasticsearchMlApi } from '../../credentials/ElasticsearchMlApi.credentials';
import { MlDeployment } from '../../nodes/MlDeployment/MlDeployment.node';
import { MlDeploymentTrigger } from '../../nodes/MlDeploymentTrigger/MlDeploymentTrigger.node';

const ROOT = path.resolve(__dirname, '../..');

function read(file: string): string {
	return readFileSync(path.join(ROOT, file), 'utf8');
}

interface Text {
	file: string;
	/** With § for what is filled in. */
	text: string;
}

/** The texts in the code below a folder. */
function textsIn(folder: string): Text[] {
	const texts: Text[] = [];
	const visit = (file: string, node: ts.Node): void => {
		if (ts.isStringLiteralLike(node)) texts.push({ file, text: node.text });
		if (ts.isTemplateExpression(node)) {
			const spans = node.templateSpans.map(({ literal }) => `§${literal.text}`);
			texts.push({ file, text: node.head.text + spans.join('') });
		}
		ts.forEachChild(node, (child) => visit(file, child));
	};
	readdirSync(path.join(ROOT, folder), { encoding: 'utf8', recursive: true })
		.map((name) => path.join(folder, name))
		.filter((file) => file.endsWith('.ts'))
		.forEach((file) => visit(file, ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022)));
	return texts;
}

const nodeTexts = [...textsIn('nodes/MlDeployment'), ...textsIn('nodes/MlDeploymentTrigger')];
const clusterTexts = textsIn('nodes/elasticsearch');

/** The names that a user sees: of operations, fields, options and their choices. */
const described = [
	new MlDeployment().description.properties,
	new MlDeploymentTrigger().description.properties,
	new ElasticsearchMlApi().properties,
];
const labels = new Set(
	[...JSON.stringify(described).matchAll(/"(?:displayName|name)":"([A-Z][^"]*)"/g)].map(
		([, label]) => label,
	),
);
/** The beginning of a label, where a message shortens it. */
const SHORT = ['Minimum', 'Ignore SSL Issues'];
/** A message of little more than a label and a value. */
const BARE = "'Threads per Allocation' is 3";

function pattern(text: string, gap: RegExp): RegExp {
	const parts = text.split(gap).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('.*')}$`);
}

/** Whether a message of the page, with an id or a number filled in and … for the rest, can come of a text of the code. */
function fits(message: string, text: string): boolean {
	// A text with hardly a word of its own fits everything.
	const isTelling = text.replace(/§/g, '').length >= 12;
	return (
		pattern(message, /The deployment 'x'|'[^A-Z' ]*'|\d+|(?:: )?…/).test(text) ||
		(isTelling && pattern(text, /§/).test(message.replace(/…/g, '')))
	);
}

describe('the words of the node', () => {
	it('call operations, fields and options by their names', () => {
		const named = nodeTexts
			.filter(({ file }) => /\/(errors|operations|MlDeploymentTrigger)\//.test(file))
			.flatMap(({ file, text }) =>
				[
					...text.matchAll(/(?<!\w)'([A-Z][^']*)'(?!\w)/g),
					...text.matchAll(/\boperation ([A-Z]\w*(?: [A-Z]\w*)*)/g),
				].map(([, label]) => ({ file, label })),
			);
		expect(named.length).toBeGreaterThan(50);
		expect(named.filter(({ label }) => !labels.has(label) && !SHORT.includes(label))).toEqual([]);
	});

	it('stay out of what knows Elasticsearch', () => {
		const named = clusterTexts.filter(
			({ text }) =>
				/\bthe (option|operation|field|credential)s?\b/i.test(text) ||
				labels.has(text) ||
				[...text.matchAll(/'([^']+)'/g)].some(([, word]) => labels.has(word)),
		);
		expect(named).toEqual([]);
	});

	it('stand in docs/troubleshooting.md as the code makes them', () => {
		const shown = read('docs/troubleshooting.md')
			.split('\n')
			.filter((line) => line.startsWith('| '))
			.flatMap((line) => [...line.split('|')[1].matchAll(/`([^`]+)`/g)])
			.map(([, message]) => message);
		const made = [...nodeTexts, ...clusterTexts].flatMap(({ text }) =>
			['read', 'start', 'update', 'stop'].map((doing) =>
				text.replace('{doing}', doing).replace(/\{\w+\}/g, '§'),
			),
		);
		expect(shown.length).toBeGreaterThan(120);
		expect(shown.filter((message) => !made.some((text) => fits(message, text)))).toEqual([BARE]);
	});
});
