/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClusterOptions, ClusterVersion as Profile, EmbeddedCluster } from '../cluster';
import type { Case, Reply, Sent } from '../contract/case';
import { cases } from '../contract/cases';
import { MODEL } from '../contract/embedded';
import { beginCluster, endClusters, expectNoKey, writes } from '../given';
import { conform, type Report } from './conform';
import type { Options } from './options';
import { exitCodeOf, summaryOf, tableOf, writePages } from './report';
import { connect, type Target } from './target';

const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
const targets: Target[] = [];

afterEach(async () => {
	for (const target of targets.splice(0)) await target.close();
	await endClusters();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const OPTIONS: Options = { readOnly: false, output: folder, profile: '9.5' };

/** Somebody's cluster over TLS, with a deployment of their own. */
async function somebodys(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await beginCluster({ tls: true, version: '9.5', ...options });
	cluster.addModel({ model_id: MODEL, size_bytes: 1_500_000 });
	cluster.addDeployment({ deployment_id: 'production', model_bytes: 800_000_000 });
	return cluster;
}

async function targetOf(
	{ endpoint, apiKey, caPem: ca }: EmbeddedCluster,
	options: Partial<Options> = {},
): Promise<Target> {
	const target = await connect({ ...OPTIONS, endpoint, apiKey, ca, ...options });
	targets.push(target);
	return { ...target, patienceMs: 500 };
}

async function run(
	target: Target,
	{ some = cases, signal = never, readOnly = false, progress = () => undefined as void } = {},
): Promise<Report> {
	return await conform(target, { cases: some, readOnly, signal, progress });
}

const verdicts = ({ results }: Report, verdict: string): string[] =>
	results.filter((result) => result.verdict === verdict).map(({ id }) => id);

/** The same cluster behind a proxy that changes answers. */
function behind(target: Target, change: (reply: Reply, sent: Sent) => Reply): Target {
	const { client } = target;
	const send = async (sent: Sent, key?: string) => change(await client.send(sent, key), sent);
	return { ...target, client: Object.assign(Object.create(client) as typeof client, { send }) };
}

const withError = (reply: Reply, change: object): Reply => {
	const { error, ...body } = reply.body as { error?: object };
	if (typeof error !== 'object') return reply;
	return { ...reply, body: { ...body, error: { ...error, ...change } } };
};

describe('a run without an endpoint', () => {
	it.each<Profile>(['8.12', '8.19', '9.2', '9.5', 'serverless'])(
		'finds the embedded cluster of %s as the cases say',
		async (profile) => {
			const target = await connect({ ...OPTIONS, profile });
			targets.push(target);
			const report = await run(target);
			expect(report.results.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
			expect(report.results.length).toBeGreaterThan(50);
			expect(exitCodeOf(report)).toBe(0);
		},
	);
});

describe('a run against a cluster of somebody', () => {
	it('takes the smallest model, touches only its own deployments, and leaves none', async () => {
		const cluster = await somebodys();
		const report = await run(await targetOf(cluster));
		expect(verdicts(report, 'differs')).toEqual([]);
		expect(cluster.deployments().map(({ deployment_id: id }) => id)).toEqual(['production']);
		expect(cluster.stopped.every(({ deployment_id: id }) => id.startsWith('conformance-'))).toBe(
			true,
		);
		expect(cluster.stopped.every(({ model_id }) => model_id === MODEL)).toBe(true);
		const elsewhere = writes(cluster).filter(
			({ path: to, query }) =>
				!to.includes('/conformance-') && !query.deployment_id?.startsWith('conformance-'),
		);
		expect(elsewhere).toEqual([]);
	});

	it('sends nothing that changes anything where it is read only', async () => {
		const cluster = await somebodys();
		const report = await run(await targetOf(cluster, { readOnly: true }), { readOnly: true });
		expect(verdicts(report, 'same').length).toBeGreaterThan(15);
		expect(verdicts(report, 'differs')).toEqual([]);
		expect(writes(cluster)).toEqual([]);
	});

	it('says which cases found no room', async () => {
		const cluster = await somebodys({ nodes: [] });
		const report = await run(await targetOf(cluster), {
			some: cases.filter(({ id }) => ['update-same-number', 'stats-paging'].includes(id)),
		});
		expect(verdicts(report, 'same')).toEqual(['stats-paging']);
		expect(verdicts(report, 'not run')).toEqual(['update-same-number']);
		const [note] = report.results.flatMap(({ notes }) => notes);
		expect(note).toContain('the cluster has no room for a deployment: 429');
		expect(exitCodeOf(report)).toBe(0);
	});
});

describe('wrong answers', () => {
	const live = async (change: (reply: Reply, sent: Sent) => Reply): Promise<Report> =>
		await run(behind(await targetOf(await somebodys()), change), { some: plain });
	const last = ({ steps }: Case) => steps[steps.length - 1].expect;
	/** Of each kind of expectation a few, without deployments of their own. */
	const plain = cases.filter(({ given, changes }) => given === undefined && changes !== true);
	const held = async (): Promise<string[]> =>
		(await live((reply) => reply)).results.map(({ id }) => id);

	it('of another status are found in every case', async () => {
		const report = await live((reply) => ({ ...reply, status: reply.status + 70 }));
		expect(verdicts(report, 'same')).toEqual([]);
		expect(
			report.results.every(({ notes }) => notes.some((note) => note.startsWith('status '))),
		).toBe(true);
		expect(exitCodeOf(report)).toBe(1);
	});

	it.each<[string, object, (one: Case) => boolean, RegExp]>([
		['type', { type: 'other_exception' }, (one) => last(one).type !== undefined, /^type "other/],
		[
			'reason',
			{ reason: 'Something else' },
			(one) => last(one).reason !== undefined && !isText(one),
			/^the reason "Something/,
		],
	])('of another %s are found where a case says one', async (_, change, says, note) => {
		const ids = await held();
		const wanted = plain.filter((one) => ids.includes(one.id) && says(one)).map(({ id }) => id);
		const report = await live((reply) => withError(reply, change));
		expect(verdicts(report, 'differs')).toEqual(expect.arrayContaining(wanted));
		for (const { id, notes } of report.results) {
			if (wanted.includes(id)) expect(notes).toContainEqual(expect.stringMatching(note));
		}
		expect(wanted.length).toBeGreaterThan(10);
	});

	/** 405, 406 and "no handler found" have no reason beside their text. */
	function isText(one: Case): boolean {
		return one.id.startsWith('rest-');
	}

	it('of another shape are found, and the place is named', async () => {
		const report = await live((reply, { path: to }) =>
			to.endsWith('/_authenticate')
				? { ...reply, body: { ...(reply.body as object), enabled: 'yes' } }
				: reply,
		);
		expect(verdicts(report, 'differs')).toEqual(['security-authenticate']);
		expect(report.results.find(({ verdict }) => verdict === 'differs')?.notes).toEqual([
			'enabled is "yes", not true',
		]);
	});

	it('of the cluster itself stand in the table and on both pages', async () => {
		const cluster = await somebodys();
		cluster.fault({
			kind: 'status',
			status: 200,
			body: { stopped: true },
			path: '-unknown/deployment/_stop',
			times: 99,
		});
		const report = await run(await targetOf(cluster), {
			some: cases.filter(({ id }) =>
				['stop-flags', 'stop-patterns-strict', 'rest-banner'].includes(id),
			),
		});
		expect(verdicts(report, 'differs')).toEqual(['stop-flags', 'stop-patterns-strict']);
		expect(exitCodeOf(report)).toBe(1);
		expect(summaryOf(report)).toMatch(/^Elasticsearch 9\.5\.\d+: 1 same, 2 different, 0 not run\./);
		expect(tableOf(report.results)).toContain('stop-flags');
		const [json, markdown] = writePages(report, folder);
		expect(path.basename(json)).toMatch(/^conformance-9\.5\.\d+\.json$/);
		expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual(report);
		expect(readFileSync(markdown, 'utf8')).toContain('## stop-flags\n');
		expect(readFileSync(markdown, 'utf8')).toContain('- status 200, not 404');
	});
});

describe('an interrupted run', () => {
	it.each([
		['in the middle of a case', '-fixed/deployment/_update', 3],
		['while a deployment starts', '_start', 0],
	])('stops what it started, also %s', async (_, where, skip) => {
		const cluster = await somebodys();
		const controller = new AbortController();
		cluster.fault({ kind: 'effect', path: where, skip, effect: () => controller.abort() });
		const report = await run(await targetOf(cluster), { signal: controller.signal });
		expect(report).toMatchObject({ interrupted: true, left: [] });
		expect(cluster.deployments().map(({ deployment_id: id }) => id)).toEqual(['production']);
		expect(exitCodeOf(report)).toBe(130);
		expect(verdicts(report, 'differs')).toEqual([]);
	});

	it('names what could not be stopped', async () => {
		const cluster = await somebodys();
		const controller = new AbortController();
		cluster.fault({
			kind: 'effect',
			path: '-fixed/deployment/_update',
			effect: () => controller.abort(),
		});
		cluster.fault({ kind: 'status', status: 500, path: '-fixed/deployment/_stop', times: 99 });
		const report = await run(await targetOf(cluster), { signal: controller.signal });
		expect(report.left).toEqual([expect.stringMatching(/^conformance-[0-9a-f]{4}-fixed$/)]);
		expect(summaryOf(report)).toContain('Not stopped, please stop them: conformance-');
		expect(exitCodeOf(report)).toBe(1);
	});
});

describe('what is written down', () => {
	it('holds neither the key nor the host, even where the cluster repeats them', async () => {
		const cluster = await somebodys();
		const { apiKey, endpoint } = cluster;
		const target = behind(await targetOf(cluster), (reply) =>
			withError(
				{ ...reply, body: { error: { type: 'x' } } },
				{ reason: `key ${apiKey} at ${endpoint}` },
			),
		);
		const report = await run(target, { some: cases.slice(0, 30) });
		const written = [
			tableOf(report.results),
			...writePages(report, folder).map((file) => readFileSync(file, 'utf8')),
		].join('\n');
		expect(written).toContain('key … at');
		expect(written).not.toContain(new URL(endpoint).host);
		expectNoKey(written);
	});
});
