/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { startCluster, type EmbeddedCluster } from '../../cluster';
import { PROJECT } from '../places';
import { givenCluster, givenCredential, keyWith, rest } from './given';

let cluster: EmbeddedCluster;
let secured: EmbeddedCluster;

beforeAll(async () => {
	cluster = await givenCluster();
	secured = await givenCluster({ tls: true });
});

/** Every message of this file. */
const said = new Set<string>();

async function tested(target: EmbeddedCluster, other: IDataObject = {}) {
	const result = await rest.credentials.test(await givenCredential(target, other));
	said.add(result.message);
	return result;
}

const GOOD = { status: 'OK', message: 'Connection successful!' };

describe('The credential test, as the editor shows it after Save', () => {
	it('accepts a key that may change deployments', async () => {
		expect(await tested(cluster)).toEqual(GOOD);
	});

	it('accepts it over TLS with the CA, and says nothing about a CA whose line breaks got lost', async () => {
		expect(await tested(secured)).toEqual(GOOD);
		const ca = secured.caPem?.replace(/\n/g, ' ');
		expect(await tested(secured, { ca })).toEqual(GOOD);
	});

	it('says what a key that only reads lacks', async () => {
		const apiKey = keyWith(cluster, 'monitor_ml');
		expect(await tested(cluster, { apiKey })).toEqual({
			status: 'Error',
			message:
				'The API key may read deployments but not change them: give it the cluster privilege manage_ml, or turn on Read Only',
		});
	});

	it('accepts that key where Read Only is on', async () => {
		const apiKey = keyWith(cluster, 'monitor_ml');
		expect(await tested(cluster, { apiKey, readOnly: true })).toEqual(GOOD);
	});

	it('says what a key without any machine learning privilege lacks', async () => {
		const apiKey = keyWith(cluster, 'manage_pipeline');
		expect(await tested(cluster, { apiKey })).toEqual({
			status: 'Error',
			message:
				'The API key may neither change nor read deployments: give it the cluster privilege manage_ml, or monitor_ml together with Read Only',
		});
	});

	it("shows n8n's word for a wrong key", async () => {
		const apiKey = Buffer.from('wrong:key-of-nobody').toString('base64');
		expect(await tested(cluster, { apiKey })).toEqual({
			status: 'Error',
			message: expect.stringContaining('Elasticsearch does not accept the API key') as string,
		});
	});

	it("shows n8n's code for a certificate that is not trusted", async () => {
		expect(await tested(secured, { ca: '' })).toEqual({
			status: 'Error',
			message: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		});
		expect(await tested(secured, { ca: '', ignoreSslIssues: true })).toEqual(GOOD);
	});

	it("shows n8n's code where nothing listens", async () => {
		const gone = await startCluster();
		await gone.close();
		expect(await tested(gone)).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it('says in the field’s own words what is wrong with it', async () => {
		expect(await tested(cluster, { endpoint: 'my-cluster:9200' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/^The Cluster Endpoint /),
		});
		expect(await tested(cluster, { ca: 'no certificate' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/^The CA Certificate \(PEM\) /),
		});
	});
});

describe('A login page instead of Elasticsearch', () => {
	let page: Server;

	beforeAll(async () => {
		page = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please log in</h1>');
		});
		await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
	});

	afterAll(() => page.close());

	it('is recognised', async () => {
		const { port } = page.address() as AddressInfo;
		expect(await tested(cluster, { endpoint: `http://127.0.0.1:${port}` })).toEqual({
			status: 'Error',
			message:
				'This address does not answer like Elasticsearch: check host, port and path (not Kibana, not a login page)',
		});
	});
});

it('The saved key never leaves n8n again', async () => {
	const { id } = await givenCredential(cluster);
	const { data } = await rest.credentials.read(id);
	expect(data.apiKey).not.toContain(cluster.apiKey);
	expect(data.apiKey).toMatch(/^__n8n_BLANK_VALUE_/);
});

it('Every message has its row in docs/credentials.md', () => {
	const page = readFileSync(path.join(PROJECT, 'docs/credentials.md'), 'utf8');
	const rows = page.split('\n').filter((line) => line.startsWith('|'));
	const beginning = (message: string) =>
		message.replace(/^(The (Cluster Endpoint|CA Certificate \(PEM\))) .+/s, '$1').split(':')[0];
	const missing = [...said].filter(
		(message) => !rows.some((row) => row.includes(`\`${beginning(message)}`)),
	);
	expect(missing).toEqual([]);
	expect(said.size).toBeGreaterThan(7);
});
