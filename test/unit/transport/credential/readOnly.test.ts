import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { ElasticsearchMlApi } from '../../../../credentials/ElasticsearchMlApi.credentials';
import { onlyReads } from '../../../../nodes/elasticsearch/transport/credential';

const STATS = '/_ml/trained_models/_stats';
const PRIVILEGES = '/_security/user/_has_privileges';

describe('a read-only credential', () => {
	it.each([
		['GET', STATS],
		['get', STATS],
		['HEAD', STATS],
		[undefined, STATS],
		['POST', PRIVILEGES],
		['post', `https://es.example.com/elastic${PRIVILEGES}`],
		['GET', PRIVILEGES],
		['POST', '/_ml/trained_models/my-elser/_infer'],
		['POST', '/elastic/_ml/trained_models/my%20model%C3%BC/_infer'],
	])('lets %s %s pass', (method, path) => {
		expect(onlyReads(method, path)).toBe(true);
	});

	it.each([
		['POST', '/_ml/trained_models/my-elser/deployment/_stop'],
		['POST', '/_ml/trained_models/my-elser/deployment/_update'],
		['post', '/_ml/trained_models/my-elser/deployment/_start'],
		['PUT', '/_inference/my-endpoint/_update'],
		['PUT', '/_ml/trained_models/my-elser/_infer'],
		['POST', '/_ml/trained_models/_infer'],
		['POST', '/my-index/_ml/_infer'],
		['POST', '/_ml/trained_models/a/b/_infer'],
		['POST', '/_ml/trained_models/my-elser/_infer/more'],
		// A proxy that decodes them makes other paths of these.
		['POST', '/_ml/trained_models/a%2Fb/_infer'],
		['POST', '/_ml/trained_models/..%2f..%2fmy-index%2f_doc/_infer'],
		['POST', '/_ml/trained_models/..%5C..%5Cmy-index%5C_doc/_infer'],
		['POST', '/_ml/trained_models/..%252f..%252fmy-index%252f_doc/_infer'],
		['POST', '/_ml/trained_models/a%2Fdeployment%2F_stop%3F/_infer'],
		['POST', '/_ml/trained_models/a%23/_infer'],
		['POST', '/_ml/trained_models/a%0D%0A/_infer'],
		['POST', '/_ml/trained_models/..%c0%af../_infer'],
		['DELETE', '/_ml/trained_models/my-elser'],
		['PATCH', STATS],
		['POST', `${PRIVILEGES}/more`],
		// These make and delete a user of that name.
		['PUT', PRIVILEGES],
		['DELETE', PRIVILEGES],
	])('refuses %s %s', (method, path) => {
		expect(onlyReads(method, path)).toBe(false);
	});
});

describe("the credential's own lock, which holds in other nodes too", () => {
	const { authenticate } = new ElasticsearchMlApi();
	const endpoint = 'https://es.example.com';
	const stop = {
		method: 'POST',
		url: `${endpoint}/_ml/trained_models/a/deployment/_stop`,
	} as const;

	async function sent(readOnly: unknown): Promise<unknown> {
		if (typeof authenticate !== 'function') throw new Error('authenticate is no function');
		const credential = {
			endpoint,
			apiKey: btoa('id:key'),
			readOnly,
		} as ICredentialDataDecryptedObject;
		return await authenticate(credential, stop);
	}

	it.each([true, 'true', 'yes', 'FALSE', 1, 0, {}])('is closed by %j', async (readOnly) => {
		await expect(sent(readOnly)).rejects.toThrow('Read Only');
	});

	it.each([false, 'false', '', null, undefined])('is opened by %j', async (readOnly) => {
		await expect(sent(readOnly)).resolves.toMatchObject({ url: stop.url });
	});
});
