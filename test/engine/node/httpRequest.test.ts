/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { credentialFor, givenCluster, lines, seen, theEngine } from '../given';
import type { RunResult } from '../harness';

const STATS = '/_ml/trained_models/_stats';
const UPDATE = '/_ml/trained_models/search/deployment/_update';

interface Call {
	method?: string;
	body?: IDataObject;
	/** The node's own options. */
	options?: INodeParameters;
	/** Of the credential, beside endpoint and key. */
	credential?: IDataObject;
	typeVersion?: number;
}

/** What n8n's own HTTP Request node does with our credential. */
async function request(
	cluster: EmbeddedCluster,
	url: string,
	{ method = 'GET', body, options = {}, credential = {}, typeVersion = 4.2 }: Call = {},
): Promise<RunResult> {
	const parameters: INodeParameters = {
		method,
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'elasticsearchMlApi',
		...(body && { sendBody: true, specifyBody: 'json', jsonBody: JSON.stringify(body) }),
		options,
	};
	const position: [number, number] = [0, 0];
	const result = await theEngine().runWorkflow({
		workflow: {
			nodes: [
				{
					id: 'start',
					name: 'Start',
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					position,
					parameters: {},
				},
				{
					id: 'http',
					name: 'HTTP',
					type: 'n8n-nodes-base.httpRequest',
					typeVersion,
					position,
					parameters,
				},
			],
			connections: { Start: { main: [[{ node: 'HTTP', type: 'main', index: 0 }]] } },
		},
		credentials: { elasticsearchMlApi: credentialFor(cluster, credential) },
	});
	expect({ keyIsWritten: inspect(result.raw, { depth: 30 }).includes(cluster.apiKey) }).toEqual({
		keyIsWritten: false,
	});
	return result;
}

async function givenSearch(options: Parameters<typeof givenCluster>[0] = {}) {
	const cluster = await givenCluster(options);
	cluster.addDeployment({ deployment_id: 'search' });
	return cluster;
}

/** The keys that arrived at the cluster. */
function keysOf(cluster: EmbeddedCluster): unknown[] {
	return cluster.requests.map(({ headers }) => headers.authorization);
}

/** Another server, that takes down what arrives. */
async function givenElsewhere() {
	const arrived: IncomingMessage[] = [];
	const server = createServer((incoming, response) => {
		arrived.push(incoming);
		response.setHeader('content-type', 'application/json').end('{"elsewhere":true}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { arrived, address: `http://localhost:${port}`, close: () => server.close() };
}

describe("the credential in n8n's HTTP Request node", () => {
	it.each([2, 3, 4.2, 4.4])(
		'reads, read-only or not (version %d of the node)',
		async (typeVersion) => {
			const cluster = await givenSearch();
			for (const readOnly of [false, true]) {
				const result = await request(cluster, `${cluster.endpoint}${STATS}?size=5`, {
					credential: { readOnly },
					typeVersion,
				});
				expect(seen(result).message).toBe('');
				expect(result.items).toMatchObject([{ count: 2 }]);
			}
			expect(lines(cluster.requests)).toEqual([`GET ${STATS}?size=5`, `GET ${STATS}?size=5`]);
			expect(keysOf(cluster)).toEqual(Array(2).fill(`ApiKey ${cluster.apiKey}`));
		},
	);

	it('changes something, with a body', async () => {
		const cluster = await givenSearch();
		const body = { number_of_allocations: 3 };
		const result = await request(cluster, cluster.endpoint + UPDATE, { method: 'POST', body });
		expect(result.items).toMatchObject([
			{ assignment: { task_parameters: { number_of_allocations: 3 } } },
		]);
		expect(cluster.requests).toMatchObject([{ method: 'POST', path: UPDATE, body }]);
	});

	it.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
		'refuses %s where it is read-only',
		async (method) => {
			const cluster = await givenSearch();
			const result = await request(cluster, cluster.endpoint + UPDATE, {
				method,
				body: { number_of_allocations: 3 },
				credential: { readOnly: true },
			});
			expect(seen(result).message).toBe(
				"The credential is read-only, so nothing was sent. Choose a credential that may change deployments, or turn off 'Read Only' in this one",
			);
			expect(cluster.requests).toEqual([]);
		},
	);

	it('asks for privileges, which is a POST that reads, where it is read-only', async () => {
		const cluster = await givenSearch({ basePath: '/elastic' });
		const result = await request(cluster, `${cluster.endpoint}/_security/user/_has_privileges`, {
			method: 'POST',
			body: { cluster: ['monitor_ml'] },
			credential: { readOnly: true },
		});
		expect(result.items).toMatchObject([{ has_all_requested: true }]);
	});

	it('takes an address that only looks like asking for privileges for what it is', async () => {
		const cluster = await givenSearch();
		const url = `${cluster.endpoint}/_security/user/_has_privileges/../../..${UPDATE}`;
		const result = await request(cluster, url, { method: 'POST', credential: { readOnly: true } });
		expect(seen(result).message).toMatch(/^The credential is read-only/);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		`/search/_infer/../deployment/_stop`,
		`/search/_infer/%2e%2e/deployment/_stop`,
		`/search/_infer\\..\\deployment/_stop`,
		`/search%2Fdeployment%2F_stop%3F/_infer`,
		`/..%2f..%2fmy-index%2f_doc/_infer`,
	])('takes %s for no inference where it is read-only', async (path) => {
		const cluster = await givenSearch();
		const url = `${cluster.endpoint}/_ml/trained_models${path}`;
		const result = await request(cluster, url, { method: 'POST', credential: { readOnly: true } });
		expect(seen(result).message).toMatch(/^The credential is read-only/);
		expect(cluster.requests).toEqual([]);
	});
});

describe('TLS in the HTTP Request node', () => {
	it('is refused without the CA', async () => {
		const cluster = await givenSearch({ tls: true });
		const result = await request(cluster, cluster.endpoint + STATS, { credential: { ca: '' } });
		expect(`${seen(result).message} ${seen(result).description}`).toMatch(/certificate|SSL/i);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['with the CA', {}],
		['with Ignore SSL Issues', { ca: '', ignoreSslIssues: true }],
		['with both', { ignoreSslIssues: true }],
	])('works %s', async (_name, credential) => {
		const cluster = await givenSearch({ tls: true });
		for (const readOnly of [false, true]) {
			const result = await request(cluster, cluster.endpoint + STATS, {
				credential: { ...credential, readOnly },
			});
			expect(result.items).toMatchObject([{ count: 2 }]);
		}
	});

	it("is the node's own choice too", async () => {
		const cluster = await givenSearch({ tls: true });
		const result = await request(cluster, cluster.endpoint + STATS, {
			credential: { ca: '' },
			options: { allowUnauthorizedCerts: true },
		});
		expect(result.items).toMatchObject([{ count: 2 }]);
	});
});

describe('the key stays with its cluster in the HTTP Request node', () => {
	const followed = { redirect: { redirect: { followRedirects: true, maxRedirects: 5 } } };

	it.each([
		['GET', 302, 4.2, {}],
		['GET', 307, 4.2, { ...followed, sendCredentialsOnCrossOriginRedirect: true }],
		['POST', 307, 4.2, followed],
		['POST', 308, 4.4, {}],
		['GET', 301, 3, followed],
	])('where %s is answered with %d (version %d)', async (method, status, typeVersion, options) => {
		const elsewhere = await givenElsewhere();
		const cluster = await givenSearch();
		const location = `${elsewhere.address}/login`;
		cluster.fault({ kind: 'redirect', location, status, times: Infinity });
		const body = method === 'POST' ? { number_of_allocations: 1 } : undefined;
		const result = await request(cluster, cluster.endpoint + STATS, {
			method,
			body,
			typeVersion,
			options,
		});
		elsewhere.close();
		expect(result.status).toBe('error');
		expect(elsewhere.arrived).toHaveLength(0);
		expect(cluster.requests).toHaveLength(1);
	});

	it.each([
		['another host', (url: URL) => (url.hostname = 'localhost')],
		['another port', (url: URL) => (url.port = '1')],
		['another scheme', (url: URL) => (url.protocol = 'https:')],
	])('where the URL has %s', async (_name, change) => {
		const cluster = await givenSearch();
		const url = new URL(cluster.endpoint + STATS);
		change(url);
		for (const readOnly of [false, true]) {
			const result = await request(cluster, url.href, { credential: { readOnly } });
			expect(seen(result).message).toBe(
				`Nothing was sent: ${url.origin} is not where the Cluster Endpoint of the credential is. The API key goes nowhere else. Correct the URL, or choose the credential of that cluster`,
			);
		}
		expect(cluster.requests).toEqual([]);
	});

	it('where the next page is said to be elsewhere', async () => {
		const elsewhere = await givenElsewhere();
		const cluster = await givenSearch();
		const result = await request(cluster, cluster.endpoint + STATS, {
			options: {
				pagination: {
					pagination: {
						paginationMode: 'responseContainsNextURL',
						nextURL: `={{ $response.body.count ? '${elsewhere.address}/next' : '${cluster.endpoint}${STATS}' }}`,
						limitPagesFetched: true,
						maxRequests: 2,
					},
				},
			},
		});
		elsewhere.close();
		expect(seen(result).message).toMatch(/^Nothing was sent: http:\/\/localhost/);
		expect(elsewhere.arrived).toHaveLength(0);
		expect(cluster.requests).toHaveLength(1);
	});
});
