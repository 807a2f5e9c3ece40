/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const BEHAVIOUR = 'docs/elasticsearch-behaviour.md';

/** Each source file with its text, by its path from the root. */
const sources = new Map(
	['nodes', 'credentials', 'test/cluster', 'test/unit', 'test/engine', 'test/workflows']
		.flatMap((folder) =>
			readdirSync(path.join(ROOT, folder), { encoding: 'utf8', recursive: true }).map((file) =>
				path.join(folder, file),
			),
		)
		.filter((file) => file.endsWith('.ts'))
		.map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')]),
);

const CREDENTIAL = 'credentials/ElasticsearchMlApi.credentials.ts';

/** From the top down; a room imports only from its own or from one below. */
const ROOMS = [
	'nodes/MlDeploymentTrigger',
	'nodes/MlDeployment',
	'nodes/MlDeployment/operations',
	'nodes/MlDeployment/operations/scale',
	'nodes/MlDeployment/operations/start',
	'nodes/MlDeployment/operations/stop',
	'nodes/MlDeployment/operations/shared',
	'nodes/MlDeployment/execution',
	'nodes/MlDeployment/memory',
	'nodes/MlDeployment/parameters',
	'nodes/MlDeployment/errors',
	'nodes/elasticsearch/flows',
	'nodes/elasticsearch/api',
	'nodes/elasticsearch/deployment',
	'nodes/elasticsearch/transport',
];

function floorOf(file: string): number {
	const rooms = ROOMS.filter((room) => file.startsWith(`${room}/`));
	return ROOMS.indexOf(rooms[rooms.length - 1]);
}

function importsOf(file: string): string[] {
	const found = (sources.get(file) ?? '').matchAll(/from '(\.[^']*)'/g);
	return [...found].map(([, to]) => path.join(path.dirname(file), to));
}

const shipped = [...sources.keys()].filter((file) => file.startsWith('nodes/'));

describe('the house', () => {
	it('lets imports run one way, from the node down to Elasticsearch', () => {
		const upward = shipped.flatMap((file) =>
			importsOf(file)
				.filter((to) => floorOf(`${to}.ts`) < floorOf(file))
				.map((to) => `${file} -> ${to}`),
		);
		expect(shipped.length).toBeGreaterThan(50);
		expect(upward).toEqual([]);
	});

	it('lets the credential import transport, and the words of its own errors', () => {
		expect(new Set(importsOf(CREDENTIAL).map(path.dirname))).toEqual(
			new Set(['nodes/elasticsearch/transport', 'nodes/MlDeployment/errors']),
		);
	});

	it('lets the trigger share no more of the action node than fields, words and its memory', () => {
		const shared = shipped
			.filter((file) => file.startsWith('nodes/MlDeploymentTrigger/'))
			.flatMap(importsOf)
			.filter((to) => to.startsWith('nodes/MlDeployment/'));
		const rooms = ['errors', 'memory', 'parameters'].map((room) => `nodes/MlDeployment/${room}`);
		expect(shared.filter((to) => !rooms.includes(path.dirname(to)))).toEqual([]);
	});

	it('has no two files that need each other', () => {
		const circles: string[] = [];
		const done = new Set<string>();
		const visit = (file: string, way: string[]): void => {
			if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
			if (done.has(file) || way.includes(file)) return;
			for (const to of importsOf(file)) visit(`${to}.ts`, [...way, file]);
			done.add(file);
		};
		for (const file of shipped) visit(file, []);
		expect(circles).toEqual([]);
	});

	it('has one place where a request leaves', () => {
		const senders = shipped.filter((file) =>
			/helpers\.(httpRequest|request)/.test(sources.get(file) ?? ''),
		);
		expect(senders).toEqual(['nodes/elasticsearch/transport/connection.ts']);
	});

	it('has one clock', () => {
		const clocks = shipped.filter(
			(file) =>
				file.startsWith('nodes/elasticsearch/') &&
				/Date\.now|performance\.|\bsleep\(|setTimeout/.test(sources.get(file) ?? ''),
		);
		expect(clocks).toEqual([
			'nodes/elasticsearch/transport/clock.ts',
			// Retry-After may be a date.
			'nodes/elasticsearch/transport/response.ts',
		]);
	});

	it('keeps a folder small enough to guess the right file in', () => {
		const folders = new Map<string, number>();
		for (const file of shipped) {
			folders.set(path.dirname(file), (folders.get(path.dirname(file)) ?? 0) + 1);
		}
		expect([...folders].filter(([, count]) => count > 12)).toEqual([]);
	});

	it('cites only headings that the page about Elasticsearch has', () => {
		const page = readFileSync(path.join(ROOT, BEHAVIOUR), 'utf8');
		const headings = new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading));
		const citation = new RegExp(`${BEHAVIOUR}, ("[^"]+"(?: and "[^"]+")*)`, 'g');
		const cited = [...sources].flatMap(([file, text]) =>
			[...text.matchAll(citation)].flatMap(([, quoted]) =>
				[...quoted.matchAll(/"([^"]+)"/g)].map(([, heading]) => ({ file, heading })),
			),
		);
		expect(cited.length).toBeGreaterThan(80);
		expect(cited.filter(({ heading }) => !headings.has(heading))).toEqual([]);
	});
});
