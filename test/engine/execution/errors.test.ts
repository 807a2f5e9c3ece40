import type { INodeParameters } from 'n8n-workflow';

import type { ClusterOptions, EmbeddedCluster } from '../../cluster';
import { credentialFor, givenCluster, keyWith, run, seen, stop, update, writes } from '../given';

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
const deployed =
	(seed = {}) =>
	(cluster: EmbeddedCluster) =>
		cluster.addDeployment({ deployment_id: 'search', ...seed });
const UPDATE = /_update$/;

/** One for each way from the wire to the user; test/unit/errors has all that is said. */
const rows: Row[] = [
	{
		when: 'adaptive allocations are on',
		arrange: deployed({ adaptive_allocations: { enabled: true } }),
		given: update('search', to(2)),
		message: /its adaptive allocations are on/,
		next: /'If Adaptive Allocations Are On'/,
		said: '[number_of_allocations] cannot be set if adaptive allocations is enabled',
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
		when: 'there is no room',
		arrange: deployed(),
		given: update('search', to(257)),
		message: /no room/,
		next: /fewer allocations.*autoscaling/,
		said: 'Could not update deployment because there are not enough resources to provide all requested allocations',
		status: 429,
	},
	{
		when: 'a pipeline uses it',
		arrange: (cluster) => {
			deployed()(cluster);
			cluster.addPipeline({ id: 'docs', model_id: 'search' });
		},
		given: stop('search', once),
		message: /an ingest pipeline uses it$/,
		next: /'Force'/,
		said: 'Cannot stop deployment [search] as it is referenced by ingest processors; use force to stop the deployment',
		status: 409,
	},
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
		when: 'the key may not stop',
		arrange: deployed(),
		apiKey: (cluster) => keyWith(cluster, 'monitor_ml'),
		given: stop('search', once),
		message: /may not stop the deployment 'search'/,
		next: /manage_ml/,
		said: 'is unauthorized for API key id',
		status: 403,
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
		when: 'a proxy says that the cluster is down',
		arrange: (cluster) => {
			deployed()(cluster);
			const body = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
			cluster.fault({ kind: 'status', path: UPDATE, status: 502, body, times: Infinity });
		},
		given: update('search', to(2)),
		message: /A proxy in front of the cluster answered with status 502/,
		next: /502 Bad Gateway nginx/,
		status: 502,
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

		const thrown = await run(cluster, row.given, { credentials });
		const [first, ...others] = seen(thrown).description.split('\n');
		expect(seen(thrown).message).toBe(error);
		expect(first).toBe(details.next_step);
		expect(first).toMatch(/\.$/);
		expect(others).toEqual(row.said === undefined ? [] : [expect.stringContaining(row.said)]);
		for (const line of others) expect(line).toMatch(/^Elasticsearch said: /);
		expect(thrown.error?.context).toEqual({
			itemIndex: 0,
			data: { done: [], failed: [{ error, details }] },
		});
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
		expect(seen(await run(cluster, stop('search', once))).message).toMatch(
			/but not like Elasticsearch/,
		);
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
		[
			'a circuit breaker',
			{
				kind: 'status' as const,
				status: 429,
				body: {
					error: { root_cause: [], type: 'circuit_breaking_exception', reason: 'Data too large' },
					status: 429,
				},
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
		expect(writes(cluster)).toHaveLength(2);
	});
});
