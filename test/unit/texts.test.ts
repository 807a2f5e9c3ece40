/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

import { ElasticsearchMlApi } from '../../credentials/ElasticsearchMlApi.credentials';
import { MlDeployment } from '../../nodes/MlDeployment/MlDeployment.node';

const ROOT = path.resolve(__dirname, '../..');
/** Stands for what a template fills in. */
const GAP = '§';

/** The texts in the sources below a folder, each with the place that it was found in. */
function textsIn(folder: string): Array<{ file: string; text: string }> {
	return readdirSync(path.join(ROOT, folder), { encoding: 'utf8', recursive: true })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((name) => {
			const file = path.join(folder, name);
			const source = readFileSync(path.join(ROOT, file), 'utf8');
			return literalsOf(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)).map(
				(text) => ({ file, text }),
			);
		});
}

function literalsOf(node: ts.Node): string[] {
	if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
	const inner: string[] = [];
	ts.forEachChild(node, (child) => void inner.push(...literalsOf(child)));
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
		return [node.text.replace(/\{\w+\}/g, GAP)];
	}
	if (!ts.isTemplateExpression(node)) return inner;
	const parts = node.templateSpans.map(({ literal }) => GAP + literal.text);
	return [node.head.text + parts.join(''), ...inner];
}

type Property = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Every label that a person can see in the editor. */
function labelsOf(property: Property): string[] {
	const own = 'displayName' in property ? property.displayName : property.name;
	const options = 'options' in property ? (property.options ?? []) : [];
	const values = 'values' in property ? property.values : [];
	return [own, ...[...options, ...values].flatMap(labelsOf)];
}

const fields = [
	...new MlDeployment().description.properties,
	...new ElasticsearchMlApi().properties,
];
/** n8n's own, in its HTTP Request node. */
const OF_N8N = 'Predefined Credential Type';
const credential = new ElasticsearchMlApi().displayName;
const labels = [...new Set([...fields.flatMap(labelsOf), credential, OF_N8N])];

describe('the texts for people', () => {
	it('name only labels that are on the screen', () => {
		const unknown = [...textsIn('nodes/MlDeployment'), ...textsIn('credentials')].flatMap(
			({ file, text }) =>
				[...text.matchAll(/(?<![\w'])'([A-Z][^'§]*)'/g)]
					.map(([, quoted]) => quoted)
					.filter((quoted) => !labels.some((label) => `${label} `.startsWith(`${quoted} `)))
					.map((quoted) => `${file}: ${quoted}`),
		);
		expect(labels.length).toBeGreaterThan(60);
		expect(unknown).toEqual([]);
	});

	it('have their home above Elasticsearch, which knows no label', () => {
		const ofSeveralWords = labels.filter((label) => label.includes(' '));
		const named = textsIn('nodes/elasticsearch').filter(
			({ text }) =>
				/\bthe (option|operation|field|credential)s?\b/i.test(text) ||
				ofSeveralWords.some((label) => text.includes(label)),
		);
		expect(named).toEqual([]);
	});

	it('are those that the page about troubles quotes', () => {
		const page = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');
		const quoted = [...page.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) =>
			[...cell.matchAll(/`([^`]+)`/g)].map(([, message]) => message),
		);
		const texts = ['nodes', 'credentials'].flatMap(textsIn).map(({ text }) => text);
		expect(quoted.length).toBeGreaterThan(80);
		expect(quoted.filter((message) => !texts.some((text) => says(text, message)))).toEqual([]);
	});
});

/** Whether the code can make a message that a page quotes, perhaps shortened by an ellipsis. */
function says(text: string, message: string): boolean {
	if (text.replaceAll(GAP, '').length < 6) return false;
	const form = text.split(GAP).map(escaped).join('.*');
	if (new RegExp(`^${form}$`).test(message)) return true;
	const segments = message.split('…').map((segment) => segment.trim());
	if (segments.length === 1) return false;
	// What is quoted between two ellipses has to be in the text, its gaps filled with anything.
	return segments.every((segment) => isWithin(text, segment));
}

function isWithin(text: string, segment: string): boolean {
	const words = segment.split(/('[^']*'|\d+|\bst(?:art|op)\b)/).filter((_word, at) => at % 2 === 0);
	return words.every((word) => text.includes(word.trim()));
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
