import type { Case, Expected } from '../case';
import { clearCache, get, infer, models, post, startModel, stats, stop, update } from '../requests';
import { aBoolean, absent, anything, aText, contains } from '../shape';
import { before, between, since, stateful } from '../versions';
import { refused } from './given';

const SECURITY = 'security_exception';
const CREDENTIALS =
	'unable to authenticate with provided credentials and anonymous access is not allowed for this request';
const ACTION = 'cluster:admin/xpack/ml/trained_models/deployment';

const denied = (action: string, ...granting: string[]): Expected => ({
	...refused(403, SECURITY, `action [${action}] is unauthorized for API key id [`),
	shape: {
		error: { reason: contains(`this action is granted by the cluster privileges [`) },
	},
	mentions: granting.join(','),
});

const only = (...privileges: string[]) => ({ privileges });

/** Who may do what, and how it is refused. */
export const securityCases: Case[] = [
	{
		id: 'security-nobody',
		says: 'missing credentials are 401, with the ways in',
		section: 'security-401',
		rows: [
			'Missing credentials [seen, recorded bodies]',
			'The same `WWW-Authenticate` values are sent as headers',
		],
		steps: [
			{
				send: { ...stats('unknown', '?size=1'), as: 'nobody' },
				expect: {
					...refused(
						401,
						SECURITY,
						'missing authentication credentials for REST request [/_ml/trained_models/{unknown}/_stats?size=1]',
					),
					shape: { error: { header: { 'WWW-Authenticate': anything } } },
					headers: { 'www-authenticate': '' },
				},
			},
		],
	},
	{
		id: 'security-nobody-body',
		says: 'the body of that 401, to the letter',
		section: 'security-401',
		rows: ['Missing credentials [seen, recorded bodies]'],
		versions: since('8.17'),
		embedded: () => undefined,
		steps: [
			{
				send: { ...stats('unknown'), as: 'nobody' },
				expect: {
					status: 401,
					shape: {
						error: {
							root_cause: [{ type: SECURITY, reason: aText, header: anything }],
							header: {
								'WWW-Authenticate': [
									'Basic realm="security", charset="UTF-8"',
									'Bearer realm="security"',
									'ApiKey',
								],
							},
						},
						status: 401,
					},
				},
			},
		],
	},
	{
		id: 'security-stranger',
		says: 'an unknown API key is 401, and the answer says so',
		section: 'security-401',
		rows: ['A bad API key gives the reason'],
		steps: [
			{
				send: { ...stats('unknown'), as: 'stranger' },
				expect: {
					...refused(401, SECURITY, CREDENTIALS),
					shape: {
						error: {
							additional_unsuccessful_credentials:
								'API key: unable to find apikey with id conformance-nobody',
						},
					},
				},
			},
		],
	},
	{
		id: 'security-expired',
		says: 'an expired API key is 401, and the answer says so',
		section: 'security-401',
		rows: ['A bad API key gives the reason'],
		steps: [
			{
				send: { ...stats('unknown'), as: { privileges: ['all'], expired: true } },
				expect: {
					...refused(401, SECURITY, CREDENTIALS),
					shape: { error: { additional_unsuccessful_credentials: 'API key: api key is expired' } },
				},
			},
		],
	},
	{
		id: 'security-bad-password',
		says: 'a bad password is 401',
		section: 'security-401',
		rows: ['A bad password gives'],
		embedded: () => undefined,
		steps: [
			{
				send: {
					...stats('unknown'),
					headers: { authorization: `Basic ${Buffer.from('elastic:wrong').toString('base64')}` },
				},
				expect: refused(
					401,
					SECURITY,
					'unable to authenticate user [elastic] for REST request [/_ml/trained_models/',
				),
			},
		],
	},
	{
		id: 'security-update-denied',
		says: '_update without manage_ml is 403, which names the privileges',
		section: 'security-403',
		rows: ['A missing privilege gives type `security_exception`', '| `_update` | `cluster:admin'],
		steps: [
			{
				send: { ...update('unknown', { number_of_allocations: 1 }), as: only('monitor_ml') },
				expect: denied(`${ACTION}/update`, 'manage_ml', 'manage', 'all'),
			},
		],
	},
	{
		id: 'security-manage-inference',
		says: 'manage_inference alone may stop and start, and not update',
		section: 'security-privileges',
		rows: [
			'A key with only manage_inference can stop a deployment but not update it.',
			'| `_stop` | `cluster:admin',
			'| `_start` | `cluster:admin',
			'The privileges `monitor_inference` and `manage_inference` exist from 8.14 on.',
			'The privileges `monitor_inference` and `manage_inference` exist.',
		],
		versions: since('8.16'),
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addModel({ model_id: id('other') });
		},
		steps: [
			{
				send: { ...update('ner', { number_of_allocations: 2 }), as: only('manage_inference') },
				expect: denied(`${ACTION}/update`),
			},
			{
				send: { ...stop('ner', '?allow_no_match=false'), as: only('manage_inference') },
				expect: { status: 200, shape: { stopped: true } },
			},
			{ send: { ...startModel('other'), as: only('manage_inference') }, expect: { status: 200 } },
			{
				send: { ...stop('other'), as: only('monitor_ml') },
				expect: denied(`${ACTION}/stop`),
			},
		],
	},
	{
		id: 'security-stats',
		says: 'the statistics take monitor_ml',
		section: 'security-privileges',
		rows: ['| `GET …/_stats` |', '| `GET` models |', '[seen] constants of the actions'],
		steps: [
			{ send: { ...stats('_all'), as: only('monitor_ml') }, expect: { status: 200 } },
			{ send: { ...models('_all'), as: only('monitor') }, expect: { status: 200 } },
			{ send: { ...stats('_all'), as: only('manage_ml') }, expect: { status: 200 } },
			{
				send: { ...stats('_all'), as: only('manage_own_api_key') },
				expect: denied('cluster:monitor/xpack/ml/inference/stats/get'),
			},
		],
	},
	{
		id: 'security-endpoint-update',
		says: 'changing an endpoint takes manage_inference',
		section: 'security-privileges',
		rows: ['| `PUT _inference/…/_update` | | manage_inference |'],
		versions: stateful(since('8.17')),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: {
					method: 'PUT',
					path: '/_inference/sparse_embedding/{owned}/_update',
					body: { service_settings: { num_allocations: 2 } },
					as: only('manage_ml'),
				},
				expect: { status: 403 },
			},
			{
				send: {
					method: 'PUT',
					path: '/_inference/sparse_embedding/{owned}/_update',
					body: { service_settings: { num_allocations: 2 } },
					as: only('manage_inference'),
				},
				expect: { status: 200 },
			},
		],
	},
	{
		id: 'security-lookups-inside',
		says: 'the look-up of endpoints takes no privilege of the caller',
		section: 'security-privileges',
		rows: ['Look-ups inside Elasticsearch (pipelines, endpoints) run as the ML system user'],
		versions: since('9.2'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: { ...update('owned', { number_of_allocations: 2 }), as: only('manage_ml') },
				expect: { status: 409 },
			},
			{ send: { ...stop('owned'), as: only('manage_ml') }, expect: { status: 409 } },
		],
	},
	{
		id: 'security-has-privileges',
		says: 'every caller may ask what it may do',
		section: 'security-asking-about-oneself',
		rows: [
			'`POST` or `GET /_security/user/_has_privileges` takes',
			'`_security/user/_has_privileges` is there too.',
		],
		steps: [
			{
				send: post('/_security/user/_has_privileges', { cluster: ['manage_ml', 'monitor_ml'] }),
				expect: {
					status: 200,
					shape: {
						username: aText,
						has_all_requested: aBoolean,
						cluster: { manage_ml: aBoolean, monitor_ml: aBoolean },
						index: {},
						application: {},
					},
				},
			},
		],
	},
	{
		id: 'security-has-privileges-few',
		says: 'a key with monitor_ml has that, and not manage_ml',
		section: 'security-asking-about-oneself',
		rows: ['`POST` or `GET /_security/user/_has_privileges` takes'],
		steps: [
			{
				send: {
					...post('/_security/user/_has_privileges', { cluster: ['manage_ml', 'monitor_ml'] }),
					as: only('monitor_ml'),
				},
				expect: {
					status: 200,
					shape: { has_all_requested: false, cluster: { manage_ml: false, monitor_ml: true } },
				},
			},
		],
	},
	{
		id: 'security-authenticate',
		says: '_authenticate says who asks',
		section: 'security-asking-about-oneself',
		rows: ['`GET /_security/_authenticate` answers'],
		steps: [
			{
				send: get('/_security/_authenticate'),
				expect: {
					status: 200,
					shape: {
						username: aText,
						roles: {},
						enabled: true,
						authentication_realm: { name: aText, type: aText },
						lookup_realm: { name: aText, type: aText },
						authentication_type: aText,
					},
				},
			},
		],
	},
	{
		id: 'security-authenticate-key',
		says: 'of an API key it tells the id',
		section: 'security-asking-about-oneself',
		rows: ['`GET /_security/_authenticate` answers'],
		steps: [
			{
				send: { ...get('/_security/_authenticate'), as: only('monitor_ml') },
				expect: {
					status: 200,
					shape: {
						authentication_type: 'api_key',
						authentication_realm: { name: '_es_api_key' },
						api_key: { id: aText },
					},
				},
			},
		],
	},
	{
		id: 'security-endpoints-early',
		says: 'on 8.12 reading endpoints takes manage',
		section: 'security-privileges',
		rows: ['The privileges `monitor_inference` and `manage_inference` exist from 8.14 on.'],
		versions: between('8.12', '8.14'),
		steps: [
			{ send: { ...get('/_inference/_all'), as: only('monitor') }, expect: { status: 403 } },
			{ send: { ...get('/_inference/_all'), as: only('manage') }, expect: { status: 200 } },
		],
	},
	{
		id: 'security-infer',
		says: 'inference takes monitor_ml, clearing the cache manage_ml',
		section: 'security-privileges',
		rows: [
			'| `_infer` | `cluster:monitor',
			'| `deployment/cache/_clear` | `cluster:admin',
			'Inference changes no setting',
		],
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') }),
		versions: { serverless: 'not' },
		steps: [
			{ send: { ...infer('ner'), as: only('monitor_ml') }, expect: { status: 200 } },
			{ send: { ...clearCache('ner'), as: only('monitor_ml') }, expect: { status: 403 } },
			{ send: { ...clearCache('ner'), as: only('manage_ml') }, expect: { status: 200 } },
		],
	},
	{
		id: 'security-authenticate-managed-by',
		says: 'managed_by is not there up to 9.0',
		section: 'security-asking-about-oneself',
		rows: ['`GET /_security/_authenticate` answers'],
		versions: before('9.1'),
		steps: [
			{
				send: { ...get('/_security/_authenticate'), as: only('monitor_ml') },
				expect: { status: 200, shape: { api_key: { managed_by: absent } } },
			},
		],
	},
];
