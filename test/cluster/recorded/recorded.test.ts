/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readStatsPage } from '../../../nodes/elasticsearch/api/stats';
import { endClusters } from '../tests/ask';
import { MADE } from './made';
import { shapeOf } from './shape';

afterEach(endClusters);

const files = readdirSync(__dirname);
const bodies = files.filter((file) => file.endsWith('.json'));
const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, file), 'utf8'));

/** Their keys are names. */
const NAMED = [
	'.trained_model_stats[].deployment_stats.nodes[].node',
	'.trained_model_stats[].ingest.pipelines',
];

describe('a recorded answer', () => {
	it('has its source beside it, and a way to make it', () => {
		const sources = files.filter((file) => file.endsWith('.txt'));
		expect(sources).toEqual(bodies.map((file) => file.replace('.json', '.txt')));
		expect(Object.keys(MADE).map((name) => `${name}.json`)).toEqual(bodies);
	});

	it.each(Object.entries(MADE))('%s has the shape that the cluster gives', async (name, made) => {
		const recorded = shapeOf(read(`${name}.json`), NAMED);
		const answer = await made.answer();
		const given = shapeOf(answer.body, NAMED);
		const missing = [...recorded].filter((line) => !given.has(line));
		expect(missing).toEqual(made.missing ?? []);
		expect(answer.status).toBe(made.status ?? 200);
	});

	it.each(bodies.filter((file) => file.includes('stats-')))(
		'%s is one that the reader of statistics takes, or no answer of theirs',
		(file) => {
			const body = read(file) as { error?: unknown; trained_model_stats?: object[] };
			const page = readStatsPage(body);
			if (body.error !== undefined) expect(page).toBeUndefined();
			else expect(page?.entries).toHaveLength(body.trained_model_stats?.length ?? 0);
		},
	);

	it('of a failed node is read as a deployment that still runs', () => {
		const page = readStatsPage(read('es80-stats-three-nodes-one-failed.json'));
		expect(page?.entries[0].deployment).toMatchObject({
			state: 'started',
			runningAllocations: 2,
			routes: [
				{ state: 'started' },
				{ state: 'failed', reason: 'The object cannot be set twice!' },
				{ state: 'started' },
			],
		});
	});

	it('of many small nodes is read with all its allocations', () => {
		const page = readStatsPage(read('stateless-stats-eleven-allocations-partial.json'));
		expect(page?.entries[0].deployment).toMatchObject({
			id: 'for_s3arch',
			numberOfAllocations: 11,
			runningAllocations: 11,
			nodeVersion: '8.16.0',
			routes: [{ lastAccess: null, startTime: 1_720_666_213_927 }],
		});
	});

	it('of a pipeline is read with its name', () => {
		const body = read('es816-stats-with-pipeline-partial.json');
		const page = readStatsPage(body);
		expect(page?.entries[0].deployment).toBeUndefined();
		expect(Object.keys(page?.entries[0].raw.ingest ?? {})).toContain('pipelines');
	});
});
