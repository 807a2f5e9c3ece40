/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { credentialFor, givenCluster, keyWith, run, seen, theEngine, update } from '../given';

async function test(cluster: EmbeddedCluster, data: IDataObject = {}) {
	return await theEngine().testCredential('elasticsearchMlApi', credentialFor(cluster, data));
}

describe('the credential test', () => {
	it.each([
		['the encoded key', (key: string) => key],
		['id:api_key', (key: string) => Buffer.from(key, 'base64').toString()],
		['a key with ApiKey in front', (key: string) => `ApiKey ${key}`],
		['a key with white space around it', (key: string) => ` ${key}\n`],
	])('is green with %s', async (_name, form) => {
		const cluster = await givenCluster();
		expect(await test(cluster, { apiKey: form(cluster.apiKey) })).toMatchObject({ status: 'OK' });
		expect(cluster.requests[0].headers.authorization).toBe(`ApiKey ${cluster.apiKey}`);
	});

	it.each(['', '/', '//'])(
		"is green with '%s' behind the endpoint and a base path",
		async (slashes) => {
			const cluster = await givenCluster({ basePath: '/elastic' });
			const endpoint = `${cluster.endpoint}${slashes}`;
			expect(await test(cluster, { endpoint })).toMatchObject({ status: 'OK' });
			expect(cluster.requests[0].path).toBe('/elastic/_security/user/_has_privileges');
		},
	);

	it('tells a key that may only read', async () => {
		const cluster = await givenCluster();
		const apiKey = keyWith(cluster, 'monitor_ml');
		expect(await test(cluster, { apiKey })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(
				/may read deployments but not change them.*manage_ml.*Read Only/,
			),
		});
		expect(await test(cluster, { apiKey, readOnly: true })).toMatchObject({ status: 'OK' });
	});

	it.each([
		['OK', [true, 'true', 'yes', 1, 0]],
		['Error', [false, 'false', '', null, undefined]],
	])('gives %s to a key that may only read where Read Only is one of %j', async (status, all) => {
		const cluster = await givenCluster();
		const apiKey = keyWith(cluster, 'monitor_ml');
		for (const readOnly of all) {
			expect(await test(cluster, { apiKey, readOnly })).toMatchObject({ status });
		}
	});

	it('tells a key that may neither', async () => {
		const cluster = await givenCluster();
		const apiKey = keyWith(cluster, 'monitor_inference');
		expect(await test(cluster, { apiKey })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/neither change nor read deployments.*manage_ml/),
		});
	});

	it('tells a wrong key', async () => {
		const cluster = await givenCluster();
		const apiKey = Buffer.from('nobody:nothing-of-the-kind').toString('base64');
		expect(await test(cluster, { apiKey })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Elasticsearch does not accept the API key'),
		});
	});

	it('tells a host that does not answer', async () => {
		const cluster = await givenCluster();
		await cluster.close();
		expect(await test(cluster)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('ECONNREFUSED'),
		});
	});

	it('tells a certificate that is not trusted, and trusts it with the CA or when told to ignore it', async () => {
		const cluster = await givenCluster({ tls: true });
		const ca = cluster.caPem ?? '';
		expect(await test(cluster, { ca: '' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/),
		});
		expect(await test(cluster, { ca })).toMatchObject({ status: 'OK' });
		expect(await test(cluster, { ca: ca.replace(/\n/g, ' ') })).toMatchObject({ status: 'OK' });
		expect(await test(cluster, { ca: ca.replace(/\n/g, '\\n') })).toMatchObject({ status: 'OK' });
		expect(await test(cluster, { ca: '', ignoreSslIssues: true })).toMatchObject({ status: 'OK' });
	});

	it.each([
		['a login page', { kind: 'html' as const }],
		['{}', { kind: 'status' as const, status: 200, body: {} }],
		['nothing', { kind: 'empty' as const }],
	])('does not pass %s', async (_name, fault) => {
		const cluster = await givenCluster();
		cluster.fault(fault);
		expect(await test(cluster)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('does not answer like Elasticsearch'),
		});
	});

	it.each([
		['an endpoint without scheme', { endpoint: 'localhost:9200' }, /http:\/\/ or https:\/\//],
		['a CA that is none', { ca: 'hello' }, /not a PEM certificate/],
		['an empty key', { apiKey: ' ' }, /API Key is empty/],
	])('says in words what is wrong with %s', async (_name, data, message) => {
		const cluster = await givenCluster();
		expect(await test(cluster, data)).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(message),
		});
		expect(cluster.requests).toEqual([]);
	});
});

describe('a redirect is never followed', () => {
	async function givenElsewhere() {
		const arrived: IncomingMessage[] = [];
		const server = createServer((request, response) => {
			arrived.push(request);
			response.setHeader('content-type', 'application/json').end('{"has_all_requested":true}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		return { arrived, address: `http://localhost:${port}/`, close: () => server.close() };
	}

	it.each([301, 302, 307, 308])('with %d, so the key reaches nobody else', async (status) => {
		const elsewhere = await givenElsewhere();
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({
			kind: 'redirect',
			location: `${elsewhere.address}login?session=1`,
			status,
			times: Infinity,
		});
		const tested = await test(cluster);
		const result = await run(cluster, update('search'));
		elsewhere.close();
		expect(tested.status).toBe('Error');
		expect(seen(result).message).toBe(
			`The Cluster Endpoint redirects to ${elsewhere.address}login`,
		);
		expect(elsewhere.arrived).toHaveLength(0);
	});
});

describe('a proxy that echoes the request', () => {
	it('does not bring the key into an error', async () => {
		const cluster = await givenCluster();
		const decoded = Buffer.from(cluster.apiKey, 'base64').toString();
		for (const echo of [`Authorization: ApiKey ${cluster.apiKey}`, `key ${decoded}`]) {
			cluster.fault({ kind: 'html', status: 418, body: `<p>${echo}</p>` });
			const result = await run(cluster, update('search'));
			expect(seen(result).description).toContain('[API key]');
		}
	});
});
