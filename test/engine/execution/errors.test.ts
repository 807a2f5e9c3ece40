import type { INodeParameters } from 'n8n-workflow';

import type { ClusterOptions, EmbeddedCluster } from '../../cluster';
import { credentialFor, givenCluster, keyWith, run, seen, stop, update } from '../given';

interface Row {
	/** A sentence. */
	when: string;
	options?: ClusterOptions;
	arrange?: (cluster: EmbeddedCluster) => void;
	apiKey?: (cluster: EmbeddedCluster) => string;
	given: INodeParameters;
	message: RegExp;
	/** Names what to change. */
	next: RegExp;
	/** The cluster's own words. */
	said?: string;
	status: number;
}

const once = { retries: 0 };
const to = (n: number, options = {}) => ({
	numberOfAllocations: n,
	options: { ...once, ...options },
});
const adaptive = (min: unknown, max: unknown) => ({
	allocationMode: 'adaptive',
	minNumberOfAllocations: min as string,
	maxNumberOfAllocations: max as string,
	options: once,
});
const stops = (options = {}) => stop('search', { ...once, ...options });
const deployed =
	(seed = {}) =>
	(cluster: EmbeddedCluster) =>
		cluster.addDeployment({ deployment_id: 'search', ...seed });
const esError = (status: number, type: string, reason: string | null) => ({
	error: { root_cause: [{ type, reason }], type, reason },
	status,
});
/** An answer that needs more than a deployment to come about. */
const answers =
	(path: RegExp, status: number, body: object | string) => (cluster: EmbeddedCluster) => {
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'status', path, status, body, times: Infinity });
	};

const UPDATE = /_update$/;
const STOP = /_stop$/;

const rows: Row[] = [
	// docs/elasticsearch-behaviour.md, "Update: errors"
	{
		when: 'the number is refused by the cluster',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'action_request_validation_exception',
				'Validation Failed: 1: [number_of_allocations] must be a positive integer;',
			),
		),
		given: update('search', to(2)),
		message: /number of allocations has to be 1 or more/,
		next: /'Number of Allocations'/,
		status: 400,
	},
	{
		when: 'adaptive allocations are on',
		arrange: deployed({ adaptive_allocations: { enabled: true } }),
		given: update('search', to(2)),
		message: /its adaptive allocations are on/,
		next: /'When Adaptive'/,
		said: '[number_of_allocations] cannot be set if adaptive allocations is enabled',
		status: 400,
	},
	{
		when: 'adaptive allocations are on and the type changed on its way from the master (note A)',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'illegal_argument_exception',
				'Validation Failed: 1: [number_of_allocations] cannot be set if adaptive allocations is enabled;',
			),
		),
		given: update('search', to(2)),
		message: /its adaptive allocations are on/,
		next: /'When Adaptive'/,
		status: 400,
	},
	{
		when: 'the minimum is refused by the cluster',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'action_request_validation_exception',
				'Validation Failed: 1: [min_number_of_allocations] must be a non-negative integer or null;',
			),
		),
		given: update('search', adaptive(1, '')),
		message: /minimum of allocations/,
		next: /'Minimum Number of Allocations'/,
		status: 400,
	},
	{
		when: 'the maximum is refused by the cluster',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'action_request_validation_exception',
				'Validation Failed: 1: [max_number_of_allocations] must be a positive integer or null;',
			),
		),
		given: update('search', adaptive('', 2)),
		message: /maximum of allocations/,
		next: /'Maximum Number of Allocations'/,
		status: 400,
	},
	{
		when: 'the new minimum is above the stored maximum',
		arrange: deployed({ adaptive_allocations: { enabled: true, max_number_of_allocations: 2 } }),
		given: update('search', adaptive(5, '')),
		message: /minimum of allocations would be above its maximum/,
		next: /keeps its stored value.*'No Maximum'/,
		said: 'must not be larger than [max_number_of_allocations]',
		status: 400,
	},
	{
		when: 'the cluster is older than adaptive allocations',
		options: { version: '8.12' },
		arrange: deployed(),
		given: update('search', adaptive(0, 2)),
		message: /knows no adaptive allocations/,
		next: /8\.16/,
		said: 'unknown field [adaptive_allocations]',
		status: 400,
	},
	{
		when: 'the cluster does not know another field',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'x_content_parse_exception',
				'[1:2] [cluster:admin/xpack/ml/trained_models/deployment/update] unknown field [foo]',
			),
		),
		given: update('search', to(2)),
		message: /doesn't know a field/,
		next: /\[foo\]/,
		status: 400,
	},
	{
		when: 'the value has the wrong type in the eyes of the cluster',
		arrange: answers(UPDATE, 400, {
			error: {
				type: 'x_content_parse_exception',
				reason: '[1:25] failed to parse field [number_of_allocations]',
				caused_by: { type: 'number_format_exception', reason: 'For input string: "abc"' },
			},
			status: 400,
		}),
		given: update('search', to(2)),
		message: /did not accept the request/,
		next: /correct the field/,
		said: 'For input string: "abc"',
		status: 400,
	},
	{
		when: 'the deployment is not known',
		given: update('search', to(2)),
		message: /No deployment is called 'search'/,
		next: /Get Many/,
		said: 'No known model deployment with id [search]',
		status: 404,
	},
	{
		when: 'the deployment is still starting',
		arrange: deployed({ state: 'starting', never_starts: true }),
		given: update('search', to(3)),
		message: /not in the state started/,
		next: /Wait Until Ready/,
		said: 'cannot update deployment that is not in [started] state',
		status: 409,
	},
	{
		when: 'there is no room',
		arrange: deployed(),
		given: update('search', to(257)),
		message: /no room/,
		next: /fewer allocations.*autoscaling/,
		said: 'Could not update deployment because there are not enough resources to provide all requested allocations',
		status: 429,
	},
	{
		when: 'an inference endpoint created it and it is to be updated (9.2)',
		arrange: deployed({ created_by_endpoint: true }),
		given: update('search', to(2)),
		message: /only the inference API may change it/,
		next: /_inference/,
		said: 'Cannot update deployment [search] as it was created by inference endpoint [search]',
		status: 409,
	},
	{
		when: 'a low-priority deployment is to have more than one',
		arrange: answers(
			UPDATE,
			400,
			esError(
				400,
				'action_request_validation_exception',
				'Validation Failed: 1: [number_of_allocations] must be 1 when [priority] is low;',
			),
		),
		given: update('search', to(2)),
		message: /exactly 1 allocation/,
		next: /normal priority/,
		status: 400,
	},
	{
		when: 'the cluster is older than update, or machine learning is off',
		options: { mlEnabled: false },
		given: update('search', to(2)),
		message: /no way to update deployments/,
		next: /8\.6.*xpack\.ml\.enabled/,
		said: 'no handler found for uri',
		status: 400,
	},
	// docs/elasticsearch-behaviour.md, "Stop"
	{
		when: 'the cluster cannot finish pending work',
		options: { version: '8.6' },
		arrange: deployed(),
		given: stops({ finishPendingWork: true }),
		message: /cannot finish pending work/,
		next: /8\.11.*'Finish Pending Work'/,
		said: 'unrecognized parameter: [finish_pending_work]',
		status: 400,
	},
	{
		when: 'the cluster does not know another parameter',
		arrange: answers(
			STOP,
			400,
			esError(
				400,
				'illegal_argument_exception',
				'request [/x] contains unrecognized parameter: [force]',
			),
		),
		given: stops({ force: true }),
		message: /doesn't know a setting/,
		next: /\[force\]/,
		status: 400,
	},
	{
		when: 'a pipeline uses it',
		arrange: (cluster) => {
			deployed()(cluster);
			cluster.addPipeline({ id: 'docs', model_id: 'search' });
		},
		given: stops(),
		message: /an ingest pipeline uses it$/,
		next: /'Force'/,
		said: 'Cannot stop deployment [search] as it is referenced by ingest processors; use force to stop the deployment',
		status: 409,
	},
	{
		when: 'a pipeline uses it through an alias',
		arrange: (cluster) => {
			deployed()(cluster);
			cluster.addAlias({ model_alias: 'live', model_id: 'search' });
			cluster.addPipeline({ id: 'docs', model_id: 'live' });
		},
		given: stops(),
		message: /through a model alias/,
		next: /'Force'.*point the alias/,
		said: 'model_alias [live]',
		status: 409,
	},
	{
		when: 'an inference endpoint created it and it is to be stopped (9.0.4)',
		options: { version: '9.0' },
		arrange: deployed({ created_by_endpoint: true }),
		given: stops(),
		message: /an inference endpoint created it/,
		next: /'Force'.*adaptive/,
		said: 'Cannot stop deployment [search] as it was created by inference endpoint [search]',
		status: 409,
	},
	{
		when: 'an inference endpoint is attached to it',
		arrange: (cluster) => {
			deployed()(cluster);
			cluster.addInferenceEndpoint({
				inference_id: 'my-endpoint',
				deployment_id: 'search',
				model_id: 'search',
			});
		},
		given: stops(),
		message: /an inference endpoint uses it/,
		next: /'Force'/,
		said: 'as it is used by inference endpoint [my-endpoint]',
		status: 409,
	},
	// docs/elasticsearch-behaviour.md, "Security"
	{
		when: 'the key is wrong',
		apiKey: () => Buffer.from('nobody:nothing-of-the-kind').toString('base64'),
		given: update('search', to(2)),
		message: /does not accept the API key/,
		next: /belongs to this cluster/,
		said: 'unable to authenticate with provided credentials',
		status: 401,
	},
	{
		when: 'the key is expired',
		apiKey: (cluster) => cluster.createApiKey({ privileges: ['manage_ml'], expired: true }),
		given: update('search', to(2)),
		message: /API key is expired/,
		next: /Create a new key/,
		said: 'api key is expired',
		status: 401,
	},
	{
		when: 'the key got lost on its way',
		arrange: answers(
			UPDATE,
			401,
			esError(
				401,
				'security_exception',
				'missing authentication credentials for REST request [/x]',
			),
		),
		given: update('search', to(2)),
		message: /did not arrive/,
		next: /proxy/,
		status: 401,
	},
	{
		when: 'the key may not update',
		arrange: deployed(),
		apiKey: (cluster) => keyWith(cluster, 'monitor_ml', 'manage_inference'),
		given: update('search', to(2)),
		message: /may not change the deployment 'search'/,
		next: /manage_ml.*manage_inference is enough for Stop/,
		said: 'this action is granted by the cluster privileges [manage_ml,manage,all]',
		status: 403,
	},
	{
		when: 'the key may not stop',
		arrange: deployed(),
		apiKey: (cluster) => keyWith(cluster, 'monitor_ml'),
		given: stops(),
		message: /may not stop the deployment 'search'/,
		next: /manage_ml/,
		said: 'is unauthorized for API key id',
		status: 403,
	},
	{
		when: 'the licence does not cover it',
		arrange: answers(
			UPDATE,
			403,
			esError(403, 'security_exception', 'current license is non-compliant for [ml]'),
		),
		given: update('search', to(2)),
		message: /licence/,
		next: /Platinum.*No privilege changes this/,
		status: 403,
	},
	{
		when: 'the cluster is being upgraded',
		arrange: answers(
			UPDATE,
			403,
			esError(
				403,
				'status_exception',
				'Cannot start model deployment [search] while cluster upgrade is in progress.',
			),
		),
		given: update('search', to(2)),
		message: /being upgraded/,
		next: /same version/,
		status: 403,
	},
	// docs/elasticsearch-behaviour.md, "REST"
	{
		when: 'a proxy changes the method',
		arrange: answers(UPDATE, 405, {
			error: 'Incorrect HTTP method for uri [/_ml/x] and method [GET], allowed: [POST]',
			status: 405,
		}),
		given: update('search', to(2)),
		message: /changed the request/,
		next: /proxy/,
		said: 'Incorrect HTTP method',
		status: 405,
	},
	{
		when: 'a proxy changes the content type',
		arrange: answers(UPDATE, 406, {
			error: 'Content-Type header [text/plain] is not supported',
			status: 406,
		}),
		given: update('search', to(2)),
		message: /changed the request/,
		next: /headers/,
		status: 406,
	},
	{
		when: 'the API is hidden on Serverless',
		arrange: answers(
			UPDATE,
			410,
			esError(
				410,
				'api_not_available_exception',
				'uri [/x] with method [post] exists but is not available when running in serverless mode',
			),
		),
		given: update('search', to(2)),
		message: /not available on Serverless/,
		next: /cannot be used/,
		status: 410,
	},
	{
		when: 'a circuit breaker trips',
		arrange: answers(
			UPDATE,
			429,
			esError(
				429,
				'circuit_breaking_exception',
				'[parent] Data too large, data for [<http_request>] would be larger than the limit',
			),
		),
		given: update('search', to(2)),
		message: /short of memory/,
		next: /'Retries'/,
		status: 429,
	},
	{
		when: 'the cloud throttles',
		arrange: answers(UPDATE, 429, { message: 'Too Many Requests' }),
		given: update('search', to(2)),
		message: /refuses more requests/,
		next: /'Max Concurrency'/,
		status: 429,
	},
	{
		when: 'the cluster has no master',
		options: { masterPresent: false, masterTimeoutMs: 10 },
		arrange: deployed(),
		given: update('search', to(2)),
		message: /no elected master/,
		next: /'Retries'/,
		said: 'master_not_discovered_exception',
		status: 503,
	},
	{
		when: 'the cluster is blocked',
		arrange: answers(
			UPDATE,
			503,
			esError(
				503,
				'cluster_block_exception',
				'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];',
			),
		),
		given: update('search', to(2)),
		message: /blocks changes/,
		next: /recovered/,
		said: 'state not recovered',
		status: 503,
	},
	{
		when: 'a proxy says that the cluster is down',
		arrange: answers(
			UPDATE,
			502,
			'<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
		),
		given: update('search', to(2)),
		message: /A proxy in front of the cluster answered with status 502/,
		next: /502 Bad Gateway nginx/,
		status: 502,
	},
	{
		when: 'the cloud has no such project',
		arrange: answers(UPDATE, 404, { ok: false, message: 'Unknown resource.' }),
		given: update('search', to(2)),
		message: /answered with status 404, but not like Elasticsearch/,
		next: /deleted in the cloud.*Unknown resource/,
		status: 404,
	},
	{
		when: 'the answer is something that nobody foresaw',
		arrange: answers(
			UPDATE,
			500,
			esError(500, 'null_pointer_exception', 'Cannot invoke "Object.hashCode()"'),
		),
		given: update('search', to(2)),
		message: /answered with status 500/,
		next: /operation Get/,
		said: 'Cannot invoke',
		status: 500,
	},
];

describe('an error tells what happened and what to do next, where', () => {
	it.each(rows.map((row) => [row.when, row] as const))('%s', async (_when, row) => {
		const cluster = await givenCluster(row.options);
		row.arrange?.(cluster);
		const credentials = credentialFor(cluster, row.apiKey && { apiKey: row.apiKey(cluster) });
		const result = await run(cluster, row.given, { credentials, onError: 'continueRegularOutput' });
		const [{ error, details }] = result.items as Array<{
			error: string;
			details: Record<string, unknown>;
		}>;
		expect(error).toMatch(row.message);
		expect(details.next_step).toMatch(row.next);
		expect(details.http_status).toBe(row.status);
		if (row.said !== undefined) expect(details.next_step).toContain(row.said);

		const thrown = await run(cluster, row.given, { credentials });
		expect(seen(thrown)).toEqual({ message: error, description: details.next_step });
		expect(thrown.error).toMatchObject({ context: { itemIndex: 0 } });
	});

	it.each([
		['a login page', { kind: 'html' as const }],
		['an empty object', { kind: 'status' as const, status: 200, body: {} }],
		['broken JSON', { kind: 'malformed' as const }],
		['nothing', { kind: 'empty' as const }],
	])('%s comes instead of an answer', async (_name, fault) => {
		const cluster = await givenCluster();
		deployed()(cluster);
		cluster.fault({ ...fault, path: UPDATE, times: Infinity });
		expect(seen(await run(cluster, update('search', to(2)))).message).toMatch(
			/but not like Elasticsearch/,
		);
		cluster.clearFaults();
		cluster.fault({ ...fault, path: /_stats$/, times: Infinity });
		expect(seen(await run(cluster, stops())).message).toMatch(/but not like Elasticsearch/);
	});

	it('nothing listens, and says so without waiting long', async () => {
		const cluster = await givenCluster();
		await cluster.close();
		const result = await run(cluster, update('search', to(2)));
		expect(seen(result).message).toBe('Nothing listens at the Cluster Endpoint');
	});

	it('the certificate is not trusted', async () => {
		const cluster = await givenCluster({ tls: true });
		const result = await run(cluster, update('search', to(2)), {
			credentials: credentialFor(cluster, { ca: '' }),
		});
		expect(seen(result).message).toBe("The cluster's certificate is not trusted");
		expect(seen(result).description).toContain("'CA Certificate (PEM)'");
	});

	it('the cluster gives no answer in time', async () => {
		const cluster = await givenCluster();
		cluster.fault({ kind: 'hang', path: UPDATE });
		const result = await run(cluster, update('search', to(2, { requestTimeout: 1 })));
		expect(seen(result).message).toBe('The cluster gave no answer in time');
		expect(seen(result).description).toContain("'Request Timeout (Seconds)'");
	});
});

describe('what passes is tried again', () => {
	it.each([
		['a dropped connection', { kind: 'reset' as const }],
		['502', { kind: 'html' as const, status: 502 }],
		[
			'503',
			{
				kind: 'status' as const,
				status: 503,
				body: esError(503, 'master_not_discovered_exception', null),
			},
		],
		['504', { kind: 'html' as const, status: 504 }],
		[
			'a circuit breaker',
			{
				kind: 'status' as const,
				status: 429,
				body: esError(429, 'circuit_breaking_exception', 'Data too large'),
			},
		],
	])('%s', async (_name, fault) => {
		const cluster = await givenCluster();
		deployed()(cluster);
		cluster.fault({ ...fault, path: UPDATE });
		expect((await run(cluster, update('search', { numberOfAllocations: 2 }))).status).toBe(
			'success',
		);
		expect(cluster.requests).toHaveLength(2);
	});

	it('and Retry-After is honoured', async () => {
		const cluster = await givenCluster();
		deployed()(cluster);
		cluster.fault({
			kind: 'status',
			path: UPDATE,
			status: 503,
			body: 'busy',
			headers: { 'retry-after': '1' },
		});
		const began = Date.now();
		await run(cluster, update('search', { numberOfAllocations: 2 }));
		expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
	});

	it('but never a 429 for capacity, and no other 4xx', async () => {
		const cluster = await givenCluster();
		deployed()(cluster);
		await run(cluster, update('search', { numberOfAllocations: 257 }));
		await run(cluster, update('nope', { numberOfAllocations: 2 }));
		expect(cluster.requests).toHaveLength(2);
	});
});
