import { mayBeSent } from '../contract/guard';
import { beginCluster, endClusters } from '../given';
import { readOptions, UsageError, type Options } from './options';
import { connect } from './target';

afterEach(endClusters);

const ENCODED = Buffer.from('somebody:top-secret').toString('base64');
const refusalOf = (args: string[]): string => {
	try {
		readOptions(args, {});
		return '';
	} catch (error) {
		return error instanceof UsageError ? error.message : 'another error';
	}
};

describe('the command line', () => {
	it.each<[string, string[], NodeJS.ProcessEnv, Partial<Options>]>([
		['nothing', [], {}, { endpoint: undefined, apiKey: undefined, readOnly: false }],
		[
			'an endpoint with slashes',
			['--endpoint', 'https://es:9200/base//'],
			{},
			{ endpoint: 'https://es:9200/base' },
		],
		['a key', ['--api-key', ENCODED], {}, { apiKey: ENCODED }],
		[
			'a key of the environment',
			[],
			{ ELASTIC_API_KEY: ` ApiKey ${ENCODED} ` },
			{ apiKey: ENCODED },
		],
		['a key in two parts', ['--api-key', 'somebody:top-secret'], {}, { apiKey: ENCODED }],
		['an empty key', [], { ELASTIC_API_KEY: '' }, { apiKey: undefined }],
		['read only', ['--read-only'], {}, { readOnly: true }],
	])('takes %s', (_, args, environment, expected) => {
		expect(readOptions(args, environment)).toMatchObject(expected);
	});

	it.each<[string, string[], RegExp]>([
		['an unknown option', ['--key', ENCODED], /^There is no option --key\.$/],
		['a key that stands alone', [ENCODED], /^The options could not be read/],
		['an endpoint without a scheme', ['--endpoint', 'localhost:9200'], /such as https:/],
		['a user in the endpoint', ['--endpoint', 'https://u:p@es'], /without user, password/],
		['a CA that is not there', ['--ca', '/no/such/file'], /cannot be read/],
		['a CA that is none', ['--ca', 'package.json'], /holds no certificate/],
		['a key of two lines', ['--api-key', `${ENCODED}\nmore`], /^The API key holds a character/],
		['a file as folder', ['--output', 'package.json'], /^Nothing can be written to --output/],
		['a version that is not played', ['--version', '7.17'], /^--version is one of 8\.6, /],
	])('refuses %s, and repeats no key', (_, args, message) => {
		expect(refusalOf(args)).toMatch(message);
		expect(refusalOf(args)).not.toContain(ENCODED);
	});
});

describe('connecting', () => {
	const options = (more: Partial<Options>): Options => ({
		readOnly: false,
		output: '.',
		profile: '9.5',
		...more,
	});

	it.each<[string, Parameters<typeof beginCluster>[0], Partial<Options>, RegExp]>([
		['without a PyTorch model', {}, {}, /^There is no PyTorch model\. Import a small one/],
		[
			'with a model that is not there',
			{},
			{ model: 'mine' },
			/^There is no complete PyTorch model mine\.$/,
		],
		['with a version before 8.8', { version: '8.6' }, {}, /Use 8\.8 or later, or --read-only\.$/],
		[
			'with a key that is not accepted',
			{},
			{ apiKey: ENCODED },
			/^The cluster does not accept the API key \(401\)/,
		],
		[
			'without a key',
			{},
			{ apiKey: undefined },
			/^The cluster asks for an API key \(401\): set ELASTIC_API_KEY/,
		],
	])('is refused %s', async (_, cluster, more, message) => {
		const { endpoint, apiKey } = await beginCluster(cluster);
		const refused = connect(options({ endpoint, apiKey, ...more }));
		await expect(refused).rejects.toThrow(UsageError);
		await expect(refused).rejects.toThrow(message);
	});

	it.each<[string[], boolean, RegExp]>([
		[['manage_ml'], false, /may not see the cluster's version \(403\)\. It needs monitor\b/],
		[['monitor'], false, /lacks manage_ml\. Give it that, or use --read-only\.$/],
	])('is refused with a key that has %s only', async (privileges, readOnly, message) => {
		const cluster = await beginCluster();
		cluster.addModel({ model_id: 'small', size_bytes: 1000 });
		const apiKey = cluster.createApiKey({ privileges });
		const refused = connect(options({ endpoint: cluster.endpoint, apiKey, readOnly }));
		await expect(refused).rejects.toThrow(UsageError);
		await expect(refused).rejects.toThrow(message);
	});

	it('takes a key with monitor where nothing is changed', async () => {
		const cluster = await beginCluster();
		const apiKey = cluster.createApiKey({ privileges: ['monitor'] });
		const target = await connect(options({ endpoint: cluster.endpoint, apiKey, readOnly: true }));
		expect(target.hasKey).toBe(true);
		await target.close();
	});

	it('asks a cluster without security, which knows no privileges', async () => {
		const cluster = await beginCluster({ security: false });
		cluster.addModel({ model_id: 'small', size_bytes: 1000 });
		const target = await connect(options({ endpoint: cluster.endpoint }));
		expect(target.model).toBe('small');
		await target.close();
	});

	it('asks for the name of a large model', async () => {
		const cluster = await beginCluster();
		cluster.addModel({ model_id: 'huge', size_bytes: 8e9 });
		const { endpoint, apiKey } = cluster;
		await expect(connect(options({ endpoint, apiKey }))).rejects.toThrow(
			/huge, is large\. Name it/,
		);
		const target = await connect(options({ endpoint, apiKey, model: 'huge' }));
		expect(target.model).toBe('huge');
		await target.close();
	});

	it('says what is wrong with a certificate that nobody vouches for', async () => {
		const { endpoint, apiKey } = await beginCluster({ tls: true });
		await expect(connect(options({ endpoint, apiKey }))).rejects.toThrow(
			/^The cluster cannot be asked: .*certificate/,
		);
	});
});

describe('the guard', () => {
	const bounds = { prefix: 'conformance-1-', model: '.elser', readOnly: false };
	const path = (id: string, action: string): string =>
		`/_ml/trained_models/${id}/deployment/${action}`;

	it.each<[string, string, boolean]>([
		['GET', '/_ml/trained_models/_stats', true],
		['POST', '/_security/user/_has_privileges', true],
		['POST', path('conformance-1-a', '_update?x=1'), true],
		['POST', path('conformance-1-*', '_stop'), true],
		['POST', path('conformance-1-a,conformance-1-b', '_stop'), true],
		['POST', `${path('.elser', '_start')}?deployment_id=conformance-1-a`, true],
		['POST', '/_ml/trained_models/conformance-1-a/_infer', true],
		['POST', path('.elser', '_start'), false],
		['POST', `${path('other', '_start')}?deployment_id=conformance-1-a`, false],
		['POST', `${path('.elser', '_start')}?deployment_id=production`, false],
		['POST', path('production', '_stop'), false],
		['POST', path('conformance-2-a', '_stop'), false],
		['POST', path('_all', '_stop'), false],
		['POST', path('*', '_stop'), false],
		['POST', path('conformance-1-a,production', '_stop'), false],
		['POST', path('conformance-1-a%2Cproduction', '_stop'), false],
		['POST', path('%2A', '_update'), false],
		['POST', path('.elser', '_update'), false],
		['PUT', '/_ml/trained_models/conformance-1-a', false],
		['DELETE', '/_ml/trained_models/conformance-1-a', false],
		['PUT', '/_inference/sparse_embedding/conformance-1-a', false],
	])('%s %s: %s', (method, to, allowed) => {
		const sent = { method: method as 'GET', path: to };
		expect(mayBeSent(sent, bounds) === undefined).toBe(allowed);
		const reads = method === 'GET' || to.includes('_has_privileges');
		expect(mayBeSent(sent, { ...bounds, readOnly: true }) === undefined).toBe(reads);
	});
});
