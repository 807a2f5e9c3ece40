import { ask, at, endClusters, failureOf, given, type Extra } from './ask';
import type { ClusterOptions, EmbeddedCluster } from '../types';

afterEach(endClusters);

const STATS = '/_ml/trained_models/_stats';
const UPDATE = '/_ml/trained_models/ner/deployment/_update';
const STOP = '/_ml/trained_models/ner/deployment/_stop';
const START = '/_ml/trained_models/ner/deployment/_start';
const REFUSED =
	'unable to authenticate with provided credentials and anonymous access is not allowed for this request';

function encode(text: string): string {
	return Buffer.from(text).toString('base64');
}

function idOf(key: string): string {
	return Buffer.from(key, 'base64').toString().split(':')[0];
}

describe('401', () => {
	it('without credentials names the request, and the schemes in body and headers', async () => {
		const cluster = await given();
		const reply = await ask(cluster, 'GET', `${STATS}?size=1`, undefined, { authorization: null });
		const schemes = [
			'Basic realm="security", charset="UTF-8"',
			'Bearer realm="security"',
			'ApiKey',
		];
		const error = {
			type: 'security_exception',
			reason: `missing authentication credentials for REST request [${STATS}?size=1]`,
			header: { 'WWW-Authenticate': schemes },
		};
		expect([reply.status, reply.body]).toEqual([
			401,
			{ error: { root_cause: [error], ...error }, status: 401 },
		]);
		expect(reply.headers['www-authenticate']).toEqual(schemes);
	});

	it('spells the Basic scheme without a comma before 8.17', async () => {
		const cluster = await given({ version: '8.16' });
		const reply = await ask(cluster, 'GET', STATS, undefined, { authorization: null });
		expect(reply.headers['www-authenticate']).toContain('Basic realm="security" charset="UTF-8"');
	});

	it.each<
		[
			string,
			(cluster: EmbeddedCluster) => Extra,
			string,
			(cluster: EmbeddedCluster) => string | undefined,
		]
	>([
		[
			'an unknown key',
			() => ({ key: encode('nobody:secret') }),
			REFUSED,
			() => 'API key: unable to find apikey with id nobody',
		],
		[
			'a wrong secret',
			(c) => ({ key: encode(`${idOf(c.apiKey)}:wrong`) }),
			REFUSED,
			(c) => `API key: invalid credentials for API key [${idOf(c.apiKey)}]`,
		],
		[
			'an expired key',
			(c) => ({ key: c.createApiKey({ privileges: ['all'], expired: true }) }),
			REFUSED,
			() => 'API key: api key is expired',
		],
		[
			'a wrong password',
			() => ({ authorization: `Basic ${encode('elastic:wrong')}` }),
			`unable to authenticate user [elastic] for REST request [${STATS}]`,
			() => undefined,
		],
	])('for %s', async (_, extra, reason, unsuccessful) => {
		const cluster = await given();
		const reply = await ask(cluster, 'GET', STATS, undefined, extra(cluster));
		expect(failureOf(reply)).toEqual([401, 'security_exception', reason]);
		expect(at(reply, 'error', 'additional_unsuccessful_credentials')).toBe(unsuccessful?.(cluster));
	});

	it('does not ask where security is off, and hides its routes', async () => {
		const cluster = await given({ security: false });
		expect((await ask(cluster, 'GET', STATS, undefined, { authorization: null })).status).toBe(200);
		expect((await ask(cluster, 'GET', '/_security/_authenticate')).status).toBe(400);
	});

	it('lets the superuser in by password', async () => {
		const cluster = await given();
		const { username, password } = cluster.user;
		const authorization = `Basic ${encode(`${username}:${password}`)}`;
		expect((await ask(cluster, 'GET', '/', undefined, { authorization })).status).toBe(200);
	});
});

describe('privileges', () => {
	const ML = 'cluster:admin/xpack/ml/trained_models/deployment';
	it.each<[string, string, string, unknown, string, string]>([
		['monitor_ml', 'POST', UPDATE, {}, `${ML}/update`, 'manage_ml,manage,all'],
		['manage_inference', 'POST', UPDATE, {}, `${ML}/update`, 'manage_ml,manage,all'],
		['monitor_ml', 'POST', STOP, undefined, `${ML}/stop`, 'manage_inference,manage_ml,manage,all'],
		[
			'monitor_ml',
			'POST',
			START,
			undefined,
			`${ML}/start`,
			'manage_inference,manage_ml,manage,all',
		],
		[
			'monitor_inference',
			'GET',
			STATS,
			undefined,
			'cluster:monitor/xpack/ml/inference/stats/get',
			'monitor_ml,monitor,manage_ml,manage,all',
		],
		[
			'monitor_ml',
			'GET',
			'/_inference',
			undefined,
			'cluster:monitor/xpack/inference/get',
			'monitor_inference,monitor,manage_inference,manage,all',
		],
		[
			'manage_ml',
			'GET',
			'/_ingest/pipeline',
			undefined,
			'cluster:admin/ingest/pipeline/get',
			'read_pipeline,manage_ingest_pipelines,manage_pipeline,manage,all',
		],
	])('%s alone may not %s %s', async (privilege, method, path, body, action, granting) => {
		const cluster = await given();
		const key = cluster.createApiKey({ privileges: [privilege] });
		const reply = await ask(cluster, method, path, body, { key });
		expect(failureOf(reply)).toEqual([
			403,
			'security_exception',
			`action [${action}] is unauthorized for API key id [${idOf(key)}] of user [elastic], this action is granted by the cluster privileges [${granting}]`,
		]);
	});

	it('to read endpoints on 8.12 are manage and all', async () => {
		const cluster = await given({ version: '8.12' });
		const key = cluster.createApiKey({ privileges: ['monitor', 'manage_ml'] });
		const reply = await ask(cluster, 'GET', '/_inference/_all', undefined, { key });
		expect(failureOf(reply)[2]).toMatch(/granted by the cluster privileges \[manage,all\]$/);
	});

	it('manage_inference may stop', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'ner' });
		const key = cluster.createApiKey({ privileges: ['manage_inference'] });
		expect((await ask(cluster, 'POST', STOP, undefined, { key })).status).toBe(200);
	});

	it.each(['GET', 'POST'])('are told by %s _has_privileges', async (method) => {
		const cluster = await given();
		const key = cluster.createApiKey({ privileges: ['monitor_ml'] });
		const body = { cluster: ['manage_ml', 'monitor_ml'] };
		const reply = await ask(cluster, method, '/_security/user/_has_privileges', body, { key });
		expect(reply.body).toEqual({
			username: 'elastic',
			has_all_requested: false,
			cluster: { manage_ml: false, monitor_ml: true },
			index: {},
			application: {},
		});
	});

	it.each([
		['manage_ml', 'monitor_ml', true],
		['manage', 'manage_ml', true],
		['monitor', 'monitor_ml', true],
		['all', 'monitor_ml', true],
		['manage_ml', 'manage', false],
		['manage_ml', `${ML}/update`, true],
	])('%s holds %s: %s', async (held, wanted, expected) => {
		const cluster = await given();
		const key = cluster.createApiKey({ privileges: [held] });
		const reply = await ask(
			cluster,
			'POST',
			'/_security/user/_has_privileges',
			{ cluster: [wanted] },
			{ key },
		);
		expect(at(reply, 'cluster', wanted)).toBe(expected);
	});

	it('are not shown by _authenticate, which names the key', async () => {
		const cluster = await given();
		const key = cluster.createApiKey({ privileges: [], name: 'mine' });
		const reply = await ask(cluster, 'GET', '/_security/_authenticate', undefined, { key });
		expect(reply.body).toMatchObject({
			username: 'elastic',
			authentication_type: 'api_key',
			authentication_realm: { name: '_es_api_key' },
			api_key: { id: idOf(key), name: 'mine' },
		});
	});
});

describe('REST', () => {
	it('answers a wrong method with 405, Allow and a mere string', async () => {
		const cluster = await given();
		const reply = await ask(cluster, 'GET', `${UPDATE}?pretty`);
		expect([reply.status, reply.headers.allow, reply.body]).toEqual([
			405,
			'POST',
			{
				error: `Incorrect HTTP method for uri [${UPDATE}?pretty] and method [GET], allowed: [POST]`,
				status: 405,
			},
		]);
	});

	it.each<[string, ClusterOptions, string]>([
		['an unknown path', {}, '/_ml/trained_model/x'],
		['machine learning switched off', { mlEnabled: false }, STATS],
		['an API of later versions', { version: '8.6' }, '/_inference'],
	])('answers %s with 400 and no status', async (_, options, path) => {
		const cluster = await given(options);
		const reply = await ask(cluster, 'GET', path);
		expect([reply.status, reply.body]).toEqual([
			400,
			{ error: `no handler found for uri [${path}] and method [GET]` },
		]);
	});

	it.each([
		['missing', undefined, 'Content-Type header is missing'],
		['empty', '', 'Content-Type header is missing'],
		['nonsense', 'foo', 'Content-Type header [foo] is not supported'],
		['text/plain', 'text/plain', 'Content-Type header [text/plain] is not supported'],
		[
			'a form',
			'application/x-www-form-urlencoded',
			'Content-Type header [application/x-www-form-urlencoded] is not supported',
		],
	])('answers a content type that is %s with 406', async (_, type, error) => {
		const cluster = await given();
		const reply = await ask(cluster, 'POST', UPDATE, undefined, {
			text: '{}',
			headers: { 'content-type': type },
		});
		expect([reply.status, reply.body]).toEqual([406, { error, status: 406 }]);
	});

	it('refuses an address that cannot be decoded', async () => {
		const cluster = await given();
		const reply = await ask(cluster, 'GET', '/_ml/trained_models/%E0%A4%A/_stats');
		expect(failureOf(reply)).toEqual([400, 'illegal_argument_exception', expect.any(String)]);
	});

	it('loses the type of a validation error that comes from a master elsewhere', async () => {
		const cluster = await given({ remoteMaster: true });
		cluster.addDeployment({ deployment_id: 'ner', adaptive_allocations: { enabled: true } });
		const reply = await ask(cluster, 'POST', UPDATE, { number_of_allocations: 2 });
		expect(failureOf(reply).slice(0, 2)).toEqual([400, 'illegal_argument_exception']);
		expect(at(reply, 'error', 'root_cause', 0, 'type')).toBe('remote_transport_exception');
	});

	it('does not take a body where none belongs', async () => {
		const cluster = await given();
		const reply = await ask(cluster, 'POST', '/_ml/trained_models/ner/deployment/cache/_clear', {
			a: 1,
		});
		expect(failureOf(reply)[2]).toBe(
			'request [POST /_ml/trained_models/ner/deployment/cache/_clear] does not support having a body',
		);
	});

	it('adds a stack trace on demand, prints prettily and filters', async () => {
		const cluster = await given();
		const traced = await ask(cluster, 'POST', `${STOP}?allow_no_match=false&error_trace`);
		expect(at(traced, 'error', 'stack_trace')).toContain('resource_not_found_exception');
		const filtered = await ask(
			cluster,
			'GET',
			`${STATS}?filter_path=trained_model_stats.model_id,-count`,
		);
		expect(filtered.body).toEqual({ trained_model_stats: [{ model_id: 'lang_ident_model_1' }] });
	});

	it.each([
		['9.2', 9, 200],
		['9.2', 8, 200],
		['9.2', 7, 400],
		['8.16', 8, 200],
		['8.16', 9, 400],
	] as const)('in %s speaks the media type of version %i: %i', async (version, major, status) => {
		const cluster = await given({ version });
		const accept = `application/vnd.elasticsearch+json; compatible-with=${major}`;
		const reply = await ask(cluster, 'GET', STATS, undefined, { headers: { accept } });
		expect(reply.status).toBe(status);
		expect(reply.headers['content-type']).toBe(
			`application/vnd.elasticsearch+json;compatible-with=${major}`,
		);
	});

	it('marks every answer as its own, and returns the opaque id', async () => {
		const cluster = await given();
		const extra = { headers: { 'x-opaque-id': 'workflow-7' } };
		for (const path of ['/', STATS, '/nope']) {
			const { headers } = await ask(cluster, 'GET', path, undefined, extra);
			expect([headers['x-elastic-product'], headers['x-opaque-id']]).toEqual([
				'Elasticsearch',
				'workflow-7',
			]);
		}
	});

	it('decodes ids in paths', async () => {
		const cluster = await given();
		cluster.addDeployment({ deployment_id: 'my model/ö' });
		const id = encodeURIComponent('my model/ö');
		const reply = await ask(
			cluster,
			'POST',
			`/_ml/trained_models/${id}/deployment/_stop?allow_no_match=false`,
		);
		expect(reply.status).toBe(200);
		expect(cluster.requests[0].path).toBe(`/_ml/trained_models/${id}/deployment/_stop`);
	});

	it('lives under a base path, beside which a proxy answers', async () => {
		const cluster = await given({ basePath: '/elastic/' });
		expect(cluster.endpoint).toMatch(/\/elastic$/);
		expect((await ask(cluster, 'GET', STATS)).status).toBe(200);
		expect(cluster.requests[0]).toMatchObject({ path: `/elastic${STATS}`, status: 200 });
		const outside = await fetch(cluster.endpoint.replace('/elastic', STATS));
		expect([outside.status, outside.headers.get('content-type')]).toEqual([404, 'text/html']);
	});

	it('logs requests as they came', async () => {
		const cluster = await given();
		await ask(cluster, 'POST', `${STOP}?force&allow_no_match=true`);
		await ask(cluster, 'POST', UPDATE, { number_of_allocations: 2 });
		expect(cluster.requests).toMatchObject([
			{
				method: 'POST',
				path: STOP,
				query: { force: '', allow_no_match: 'true' },
				body: undefined,
				status: 200,
			},
			{ method: 'POST', path: UPDATE, query: {}, body: { number_of_allocations: 2 }, status: 404 },
		]);
		cluster.resetLog();
		expect(cluster.requests).toEqual([]);
	});
});
