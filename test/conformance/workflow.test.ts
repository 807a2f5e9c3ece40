/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EmbeddedCluster } from '../cluster';
import { beginCluster, endClusters } from '../given';

/** The shell parts of .github/workflows/conformance.yml, against the embedded cluster. */

const ROOT = path.resolve(__dirname, '../..');
const FOLDER = '.github/conformance';
const WORKFLOW = readFileSync(path.join(ROOT, '.github/workflows/conformance.yml'), 'utf8');

const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));

afterEach(endClusters);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
	code: number | null;
	out: string;
	err: string;
}

async function shell(command: string, env: Record<string, string>): Promise<Ended> {
	const child = spawn('bash', ['-eo', 'pipefail', '-c', command], {
		cwd: ROOT,
		env: { ...process.env, TRIES: '3', PAUSE: '0', ...env },
	});
	const ended = { out: '', err: '' };
	child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()));
	child.stderr.on('data', (text: Buffer) => (ended.err += text.toString()));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, ...ended };
}

const script = async (cluster: EmbeddedCluster, name: string, more = {}): Promise<Ended> =>
	await shell(`${FOLDER}/${name}.sh`, environment(cluster, more));

const environment = ({ endpoint, user }: EmbeddedCluster, more = {}): Record<string, string> => ({
	ELASTIC_URL: endpoint,
	ELASTIC_PASSWORD: user.password,
	MODEL: '.multilingual-e5-small',
	...more,
});

/** What the embedded cluster lacks: it downloads no models, and makes keys for tests only. */
function answerTheRest(cluster: EmbeddedCluster): void {
	cluster.fault({
		kind: 'effect',
		method: 'PUT',
		path: '/_ml/trained_models/.multilingual-e5-small',
		effect: () => cluster.addModel({ model_id: '.multilingual-e5-small', size_bytes: 1_000_000 }),
	});
	cluster.fault({
		kind: 'status',
		status: 200,
		method: 'PUT',
		path: '/_ml/trained_models/',
		body: {},
	});
	const body = { id: 'x', name: 'conformance', encoded: cluster.apiKey };
	cluster.fault({ kind: 'status', status: 200, method: 'POST', path: '/_security/api_key', body });
}

describe('the conformance workflow', () => {
	it('waits for the cluster, and gives up', async () => {
		const cluster = await beginCluster();
		expect(await script(cluster, 'wait')).toMatchObject({ code: 0 });
		const wrong = await script(cluster, 'wait', { ELASTIC_PASSWORD: 'wrong' });
		expect(wrong).toMatchObject({ code: 1, err: 'Elasticsearch does not answer.\n' });
		expect(cluster.requests.map(({ status }) => status)).toEqual([200, 401, 401, 401]);
	});

	it('asks for the model, and waits until it is complete', async () => {
		const cluster = await beginCluster();
		answerTheRest(cluster);
		expect(await script(cluster, 'model')).toMatchObject({ code: 0, err: '' });
		expect(cluster.requests[0]).toMatchObject({
			method: 'PUT',
			path: '/_ml/trained_models/.multilingual-e5-small',
			body: { input: { field_names: ['text_field'] } },
		});
		cluster.addModel({ model_id: 'slow', definition: 'downloading' });
		cluster.fault({ kind: 'status', status: 200, method: 'PUT', body: {} });
		const slow = await script(cluster, 'model', { MODEL: 'slow' });
		expect(slow).toMatchObject({ code: 1, err: 'The model slow was not downloaded in time.\n' });
	});

	it('makes a key with few privileges, and fails where that is refused', async () => {
		const cluster = await beginCluster();
		answerTheRest(cluster);
		const key = await script(cluster, 'key');
		expect(key.code).toBe(0);
		// A plain boolean: a failing expect must not print the key.
		expect(key.out.trim() === cluster.apiKey).toBe(true);
		expect(cluster.requests[0].body).toMatchObject({
			role_descriptors: { conformance: { cluster: ['manage_ml', 'monitor'] } },
		});
		const refused = await script(cluster, 'key');
		expect(refused.code).not.toBe(0);
	});

	it('runs the cases with that key', async () => {
		const cluster = await beginCluster({ version: '9.2' });
		answerTheRest(cluster);
		expect(await script(cluster, 'model')).toMatchObject({ code: 0 });
		const [, step = ''] = /run: \|\n((?: {10}.*\n)+)/.exec(WORKFLOW) ?? [];
		expect(step).toContain('npm run conformance');
		const ran = await shell(
			step
				.replace('--output conformance', '--output "$OUTPUT"')
				.replace('npm run', 'npm run --silent'),
			environment(cluster, { OUTPUT: folder }),
		);
		expect(ran.out).toMatch(/Elasticsearch 9\.2\.8: \d+ same, 0 different, 0 not run/);
		expect(ran.code).toBe(0);
		expect(ran.out.includes(cluster.apiKey)).toBe(false);
	}, 120_000);

	it('calls only scripts that are there, and asks images of the versions that the tests play', () => {
		const called = [...WORKFLOW.matchAll(/\.github\/conformance\/(\w+)\.sh/g)].map(
			([, name]) => name,
		);
		expect(new Set(called)).toEqual(new Set(['wait', 'model', 'key']));
		expect(WORKFLOW).toContain("version: ['8.19.23', '9.2.8', '9.5.5']");
	});
});
