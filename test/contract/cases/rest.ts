import type { Case, Control } from '../case';
import { get, stats, stop, update } from '../requests';
import { absent, anything, aText, beginsWith } from '../shape';
import { before, SERVERLESS } from '../versions';
import { refused } from './given';

const UPDATE = '/_ml/trained_models/{unknown}/deployment/_update';
const ILLEGAL = 'illegal_argument_exception';

const answering =
	(status: number, body: object | string, headers: Record<string, string> = {}): Control =>
	(cluster) =>
		cluster.fault({ kind: 'status', status, body, headers });

/** What holds for every route: envelopes, methods, bodies, parameters, and what stands before the cluster. */
export const restCases: Case[] = [
	{
		id: 'rest-banner',
		says: 'GET / tells the version, and the header names the product',
		section: 'rest-the-envelope',
		rows: ['`stack_trace` is there only with `?error_trace=true`.'],
		steps: [
			{
				send: get('/'),
				expect: {
					status: 200,
					shape: { version: { number: aText, build_flavor: aText } },
					headers: { 'x-elastic-product': 'Elasticsearch' },
				},
			},
		],
	},
	{
		id: 'rest-envelope',
		says: 'an error has a type, a reason, a root cause and the status, and no stack trace',
		section: 'rest-the-envelope',
		rows: [
			'An error is `{"error":{"root_cause"',
			'`stack_trace` is there only with `?error_trace=true`.',
		],
		steps: [
			{
				send: stats('unknown'),
				expect: {
					status: 404,
					shape: {
						error: {
							root_cause: [{ type: 'resource_not_found_exception', reason: aText }],
							type: 'resource_not_found_exception',
							reason: aText,
							stack_trace: absent,
						},
						status: 404,
					},
					headers: { 'x-elastic-product': 'Elasticsearch' },
				},
			},
			{
				send: stats('unknown', '?error_trace=true'),
				expect: { status: 404, shape: { error: { stack_trace: aText } } },
			},
		],
	},
	{
		id: 'rest-wrong-method',
		says: 'a wrong method is 405, and the error is a text',
		section: 'rest-situations',
		rows: ['| wrong method on a known path | 405', '`error` may be a plain **string**'],
		steps: [
			{
				send: get(UPDATE),
				expect: {
					status: 405,
					reason: `Incorrect HTTP method for uri [${UPDATE}] and method [GET], allowed: [POST]`,
					shape: { error: beginsWith('Incorrect HTTP method'), status: 405 },
					headers: { allow: 'POST' },
				},
			},
		],
	},
	{
		id: 'rest-unknown-path',
		says: 'an unknown path is 400, and has no status in the body',
		section: 'rest-situations',
		rows: [
			'| unknown path (ML switched off',
			'`status` may be missing',
			'`error` may be a plain **string**',
		],
		steps: [
			{
				send: get('/_ml/conformance_no_such_path'),
				expect: {
					status: 400,
					reason: 'no handler found for uri [/_ml/conformance_no_such_path] and method [GET]',
					shape: { status: absent },
				},
			},
		],
	},
	{
		id: 'rest-no-content-type',
		says: 'a body without Content-Type is 406',
		section: 'rest-situations',
		rows: ['| a body without `Content-Type` | **406**'],
		steps: [
			{
				send: {
					...update('unknown', { number_of_allocations: 1 }),
					headers: { 'content-type': undefined },
				},
				expect: {
					status: 406,
					shape: { error: 'Content-Type header is missing', status: 406 },
				},
			},
		],
	},
	...['text/plain', 'application/x-www-form-urlencoded'].map((type): Case => ({
		id: `rest-content-type-${type.replace('/', '-')}`,
		says: `a body of type ${type} is 406`,
		section: 'rest-situations',
		rows: ['| a body with an unsupported `Content-Type` | **406**'],
		steps: [
			{
				send: {
					...update('unknown', { number_of_allocations: 1 }),
					headers: { 'content-type': type },
				},
				expect: {
					status: 406,
					shape: { error: `Content-Type header [${type}] is not supported`, status: 406 },
				},
			},
		],
	})),
	{
		id: 'rest-unknown-parameters',
		says: 'several unknown parameters are sorted',
		section: 'rest-situations',
		rows: ['| unknown query parameters | 400'],
		steps: [
			{
				send: stats('unknown', '?zzz=1&aaa=2'),
				expect: refused(
					400,
					ILLEGAL,
					'request [/_ml/trained_models/{unknown}/_stats] contains unrecognized parameters: [aaa], [zzz]',
				),
			},
		],
	},
	{
		id: 'rest-body-where-none-belongs',
		says: 'a body where none belongs is 400',
		section: 'rest-situations',
		rows: ['| a body where none belongs | 400'],
		steps: [
			{
				send: { ...stats('_all'), body: { a: 1 } },
				expect: refused(
					400,
					ILLEGAL,
					'request [GET /_ml/trained_models/_all/_stats] does not support having a body',
				),
			},
		],
	},
	{
		id: 'rest-dot-in-id',
		says: 'a leading dot in an id is usual',
		section: 'rest-situations',
		rows: ['A leading dot (`.elser_model_2`) is usual [seen].'],
		embedded: (cluster) => cluster.addDeployment({ deployment_id: '.elser_model_2' }),
		steps: [
			{
				send: stats('.elser_model_2'),
				expect: { status: 200, shape: { trained_model_stats: [{ model_id: '.elser_model_2' }] } },
			},
		],
	},
	{
		id: 'rest-no-master',
		says: 'without a master _update waits, and is 503 with a reason of null',
		section: 'rest-situations',
		rows: ['| no elected master | 503 |', '`reason` may be **null**'],
		embedded: (cluster) => cluster.set({ masterPresent: false, masterTimeoutMs: 1 }),
		steps: [
			{
				send: update('unknown', { number_of_allocations: 1 }),
				meanwhile: async (cluster) => await cluster.advance(10),
				expect: {
					status: 503,
					shape: {
						error: {
							root_cause: [{ type: 'master_not_discovered_exception', reason: null }],
							type: 'master_not_discovered_exception',
							reason: null,
						},
						status: 503,
					},
				},
			},
		],
	},
	{
		id: 'rest-no-nodes',
		says: 'without ML nodes statistics and stop work as usual',
		section: 'rest-situations',
		rows: ['| no ML nodes |'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ nodes: [] });
		},
		steps: [
			{ send: stats('ner'), expect: { status: 200 } },
			{ send: stop('ner', '?allow_no_match=false'), expect: { status: 200 } },
		],
	},
	{
		id: 'rest-circuit-breaker',
		says: 'a circuit breaker is 429 of another type',
		section: 'rest-situations',
		rows: ['| circuit breaker | 429 circuit_breaking_exception', '429 has four meanings'],
		embedded: answering(429, {
			error: {
				root_cause: [],
				type: 'circuit_breaking_exception',
				reason: '[parent] Data too large, data for [<http_request>] would be [..]',
				bytes_wanted: 1,
				bytes_limit: 1,
				durability: 'TRANSIENT',
			},
			status: 429,
		}),
		steps: [
			{
				send: stats('unknown'),
				expect: {
					...refused(429, 'circuit_breaking_exception', '[parent] Data too large'),
					shape: { error: { durability: 'TRANSIENT', bytes_wanted: anything } },
				},
			},
		],
	},
	{
		id: 'rest-cloud-edge',
		says: 'the edge proxy of Elastic Cloud has a 404 of its own, without an error object',
		section: 'rest-proxies',
		rows: ['The edge proxy of Elastic Cloud answers', 'The body may be JSON of another program'],
		embedded: answering(404, { ok: false, message: 'Unknown resource.' }),
		steps: [
			{
				send: stats('unknown'),
				expect: { status: 404, shape: { ok: false, message: 'Unknown resource.', error: absent } },
			},
		],
	},
	{
		id: 'rest-control-plane',
		says: 'the control plane of Elastic Cloud has a list of errors',
		section: 'rest-proxies',
		rows: ['Errors of the control-plane API of Elastic Cloud Enterprise'],
		embedded: answering(400, { errors: [{ code: 'x', message: 'y' }] }),
		steps: [
			{
				send: stats('unknown'),
				expect: { status: 400, shape: { errors: [{ code: aText, message: aText }] } },
			},
		],
	},
	{
		id: 'rest-before-infer',
		says: 'a route that the version lacks is an unknown path',
		section: 'versions-timeline',
		rows: ['The routes of `_inference` come one after the other'],
		versions: before('8.11'),
		steps: [
			{
				send: get('/_inference/_all'),
				expect: { status: 400, reason: 'no handler found for uri' },
			},
		],
	},
	{
		id: 'rest-hidden-on-serverless',
		says: 'an API that Serverless hides says that it exists',
		section: 'rest-situations',
		rows: ['| an API that Serverless hides | 410'],
		versions: SERVERLESS,
		embedded: answering(410, {
			error: {
				root_cause: [],
				type: 'api_not_available_exception',
				reason:
					'uri [/_nodes] with method [GET] exists but is not available when running in serverless mode',
			},
			status: 410,
		}),
		steps: [
			{
				send: get('/_nodes'),
				expect: refused(
					410,
					'api_not_available_exception',
					'uri [/_nodes] with method [GET] exists',
				),
			},
		],
	},
];
