import { ask, endClusters, given } from './ask';
import { eventually, pause } from '../../eventually';
import type { EmbeddedCluster, FaultRule } from '../types';

afterEach(endClusters);

const STATS = '/_ml/trained_models/_stats';
const UPDATE = '/_ml/trained_models/ner/deployment/_update';

async function withFault(fault: FaultRule): Promise<EmbeddedCluster> {
	const cluster = await given();
	cluster.addDeployment({ deployment_id: 'ner' });
	cluster.fault(fault);
	return cluster;
}

const circuit = {
	error: {
		root_cause: [{ type: 'circuit_breaking_exception', reason: 'Data too large' }],
		type: 'circuit_breaking_exception',
		reason: 'Data too large',
	},
	status: 429,
};

describe('a scripted fault', () => {
	it.each<[string, FaultRule, number, unknown, string | undefined]>([
		[
			'a circuit breaker',
			{ kind: 'status', status: 429, body: circuit },
			429,
			circuit,
			'application/json',
		],
		[
			'a page of a proxy',
			{ kind: 'status', status: 502, body: '<html>Bad Gateway</html>' },
			502,
			'<html>Bad Gateway</html>',
			'text/html',
		],
		[
			'a plain word of a proxy',
			{ kind: 'status', status: 504, body: 'upstream timed out' },
			504,
			'upstream timed out',
			'text/plain',
		],
		[
			'a login page',
			{ kind: 'html', body: '<html>Login</html>' },
			200,
			'<html>Login</html>',
			'text/html',
		],
		['nothing', { kind: 'empty' }, 200, '', undefined],
		['broken JSON', { kind: 'malformed', body: '{"count":' }, 200, '{"count":', 'application/json'],
	])('is %s, once', async (_, fault, status, body, type) => {
		const cluster = await withFault(fault);
		const reply = await ask(cluster, 'GET', STATS);
		expect([reply.status, reply.body, reply.headers['content-type']]).toEqual([status, body, type]);
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
		expect(cluster.requests.map((request) => request.status)).toEqual([status, 200]);
	});

	it('points elsewhere', async () => {
		const cluster = await withFault({ kind: 'redirect', location: 'http://elsewhere.test/' });
		const reply = await ask(cluster, 'GET', STATS);
		expect([reply.status, reply.headers.location]).toEqual([302, 'http://elsewhere.test/']);
	});

	it('carries Retry-After', async () => {
		const cluster = await withFault({
			kind: 'status',
			status: 503,
			headers: { 'retry-after': '2' },
		});
		expect((await ask(cluster, 'GET', STATS)).headers['retry-after']).toBe('2');
	});

	it('hits by method and path, after some and for some', async () => {
		const cluster = await withFault({
			kind: 'status',
			status: 503,
			method: 'GET',
			path: /_stats$/,
			skip: 1,
			times: 2,
		});
		const statuses = [];
		for (let i = 0; i < 4; i++) {
			await ask(cluster, 'POST', UPDATE, {});
			statuses.push((await ask(cluster, 'GET', STATS)).status);
		}
		expect(statuses).toEqual([200, 503, 503, 200]);
	});

	it('breaks the connection, with or without having done the work', async () => {
		const cluster = await withFault({ kind: 'reset' });
		await expect(ask(cluster, 'POST', UPDATE, { number_of_allocations: 2 })).rejects.toThrow();
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(1);
		cluster.fault({ kind: 'reset', after: true });
		await expect(ask(cluster, 'POST', UPDATE, { number_of_allocations: 2 })).rejects.toThrow();
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(2);
		expect(cluster.requests.map(({ status }) => status)).toEqual([0, 0]);
	});

	it('answers 504 although the work is done', async () => {
		const cluster = await withFault({ kind: 'status', status: 504, after: true });
		expect((await ask(cluster, 'POST', UPDATE, { number_of_allocations: 3 })).status).toBe(504);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(3);
	});

	it('comes late', async () => {
		const cluster = await withFault({ kind: 'latency', ms: 60 });
		const begun = Date.now();
		await ask(cluster, 'GET', STATS);
		expect(Date.now() - begun).toBeGreaterThanOrEqual(55);
	});

	it('counts what is in flight at the same moment', async () => {
		const cluster = await withFault({ kind: 'latency', ms: 200, times: Infinity });
		await Promise.all([1, 2, 3].map(async () => await ask(cluster, 'GET', STATS)));
		expect(cluster.maxInFlight()).toBe(3);
		cluster.resetLog();
		await ask(cluster, 'GET', STATS);
		expect(cluster.maxInFlight()).toBe(1);
	});

	it('is somebody else who acts between two looks', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner', start_time: 1000 });
		cluster.fault({
			kind: 'effect',
			path: '_stats',
			effect: () => cluster.restartDeployment('ner'),
		});
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
		expect(cluster.deployment('ner')?.start_time).toBeGreaterThan(1000);
	});

	it('tells whoever acts during which request that is', async () => {
		const cluster = await given();
		const during: string[] = [];
		cluster.fault({
			kind: 'effect',
			times: Infinity,
			effect: ({ method, path, status }) => void during.push(`${method} ${path} ${status}`),
		});
		await ask(cluster, 'GET', STATS);
		await ask(cluster, 'POST', UPDATE, {});
		expect(during).toEqual([`GET ${STATS} 0`, `POST ${UPDATE} 0`]);
	});

	it('never answers, and yet lets the cluster close', async () => {
		const cluster = await withFault({ kind: 'hang' });
		const asked = ask(cluster, 'GET', STATS);
		const broken = expect(asked).rejects.toThrow();
		await eventually(() => cluster.requests.length > 0);
		await cluster.close();
		await broken;
	});

	it('drips without an end', async () => {
		const cluster = await withFault({ kind: 'drip', everyMs: 5 });
		const gone = new AbortController();
		const response = await fetch(`${cluster.endpoint}${STATS}`, {
			headers: { authorization: `ApiKey ${cluster.apiKey}` },
			signal: gone.signal,
		});
		expect(response.status).toBe(200);
		const reader = response.body?.getReader();
		for (let reads = 0; reads < 3; reads++) {
			expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toMatch(/^ +$/);
		}
		gone.abort();
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
	});

	it.each<[string, FaultRule, string]>([
		['are no HTTP', { kind: 'garbage', as: 'bytes', after: true }, 'HTTPParserError'],
		['are not compressed', { kind: 'garbage', as: 'gzip', after: true }, 'incorrect header check'],
	])('sends bytes that %s, once the work is done', async (_name, fault, why) => {
		const cluster = await withFault(fault);
		const asked = fetch(`${cluster.endpoint}${UPDATE}`, {
			method: 'POST',
			headers: {
				authorization: `ApiKey ${cluster.apiKey}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({ number_of_allocations: 2 }),
		}).then(async (response) => await response.text());
		const { cause } = (await asked.catch((error: unknown) => error)) as Error;
		expect(String(cause)).toContain(why);
		expect(cluster.deployment('ner')?.number_of_allocations).toBe(2);
	});

	it('closes the port until it is cleared', async () => {
		const cluster = await withFault({ kind: 'refuse' });
		await expect(ask(cluster, 'GET', STATS)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
		cluster.clearFaults();
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
	});

	it('closes the port after some answers, for a while', async () => {
		const cluster = await withFault({ kind: 'refuse', skip: 2, ms: 500 });
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
		await pause(10);
		await expect(ask(cluster, 'GET', STATS)).rejects.toThrow();
		await pause(600);
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
	});
});
