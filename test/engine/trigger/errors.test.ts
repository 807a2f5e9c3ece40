import { NodeApiError, type IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster, FaultRule } from '../../cluster';
import { credentialFor, givenCluster, keyWith, theEngine } from '../given';
import { activate, eventsOf, runByHand, watching } from './triggered';

const HEADERS = { 'Retry-After': '0' };

/** What n8n shows of the error of one poll of a published workflow. */
async function errorOf(
	fault: FaultRule,
	budgetMs?: number,
): Promise<{ message: string; description?: string | null; httpCode?: string | null }> {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'x' });
	const activation = await activate(cluster, {}, { budgetMs });
	cluster.fault(fault);
	await activation.poll();
	cluster.clearFaults();
	expect(activation.emitted).toEqual([]);
	expect(activation.errors).toHaveLength(1);
	const [error] = activation.errors as NodeApiError[];
	expect(error).toBeInstanceOf(NodeApiError);
	const { message, description, httpCode } = error;
	return { message, description, httpCode };
}

const NEXT =
	'Nothing is lost: the next poll looks again, and reports what changed meanwhile. If this goes on, look at the cluster and at what is between it and n8n.';

describe('a poll that fails', () => {
	it('tells of a cluster in trouble, and that nothing is lost', async () => {
		const fault: FaultRule = { kind: 'status', status: 503, times: 4, headers: HEADERS, body: '' };
		expect(await errorOf(fault)).toEqual({
			message: 'A proxy in front of the cluster answered with status 503, not Elasticsearch',
			description: NEXT,
			httpCode: '503',
		});
	});

	it('promises no next poll in a run by hand that saw nothing before', async () => {
		const cluster = await givenCluster();
		cluster.fault({ kind: 'status', status: 503, times: 4, headers: HEADERS, body: '' });
		const { error } = await runByHand(cluster);
		expect(error).toMatchObject({
			description:
				'The trigger has seen nothing yet: publish or run it again in a minute. If this goes on, look at the cluster and at what is between it and n8n.',
		});
	});

	it('tells of a connection that was cut', async () => {
		expect(await errorOf({ kind: 'reset', times: 4 })).toMatchObject({
			message: 'The connection to the cluster was cut before the answer came',
			description: NEXT,
		});
	});

	it('tells of a page that is not of Elasticsearch, and what to check', async () => {
		expect(await errorOf({ kind: 'html', status: 200, times: 4 })).toMatchObject({
			message: 'The Cluster Endpoint answered with status 200, but not like Elasticsearch',
			description: expect.stringContaining('Check host, port and path in the credential'),
		});
	});

	it.each<FaultRule['kind'] & ('hang' | 'drip')>(['hang', 'drip'])(
		'ends when its time is up: %s',
		async (kind) => {
			expect(await errorOf({ kind, times: Infinity }, 300)).toMatchObject({
				message: 'The cluster gave no answer in time',
				description: NEXT,
			});
		},
	);

	it('that does not end leaves the memory as it was', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'x' });
		const activation = await activate(cluster, {}, { budgetMs: 300 });
		cluster.removeDeployment('x');
		cluster.fault({ kind: 'hang', times: 1 });
		await activation.poll();
		await activation.poll();
		expect(eventsOf(activation)).toEqual([['x: disappeared']]);
	});
});

/** Why the workflow could not be published. */
async function refusal(
	cluster: EmbeddedCluster,
	how: { apiKey?: string; endpoint?: string; fields?: object; staticData?: IDataObject } = {},
): Promise<string> {
	const { fields, staticData, ...credential } = how;
	const published = theEngine().activate({
		parameters: watching({ ...fields }),
		credentials: credentialFor(cluster, credential),
		staticData,
	});
	return await published.then(
		() => 'published',
		(error: Error) => error.message,
	);
}

describe('a workflow that cannot be published', () => {
	const problem = (message: string): string =>
		`There was a problem activating the workflow: "${message}"`;

	it('says what is wrong with the credential', async () => {
		const cluster = await givenCluster();
		const other = cluster.apiKey.replace(/^..../, 'AAAA');
		expect(await refusal(cluster, { apiKey: keyWith(cluster, 'monitor_inference') })).toBe(
			problem('The API key may not read deployments'),
		);
		expect(await refusal(cluster, { apiKey: other })).toContain('API key');
		expect(await refusal(cluster, { endpoint: 'my-cluster:9200' })).toBe(
			problem('The Cluster Endpoint does not start with http:// or https://'),
		);
		expect(await refusal(cluster, { endpoint: 'http://127.0.0.1:9' })).toBe(
			problem('Nothing listens at the Cluster Endpoint'),
		);
	});

	it.each<[object, string]>([
		[{ events: [] }, "No event is chosen in 'Events'"],
		[{ events: ['vanished'] }, `'Events' is "vanished", which is none of its values`],
		[
			{ events: ['stuck'], stuckMinutes: 0 },
			"'Stuck After (Minutes)' is 0, but has to be a whole number of 1 or more",
		],
		[
			{ events: ['becameIdle'], idleMinutes: '={{ "" }}' },
			"'Idle for (Minutes)' is an empty text, but has to be a whole number of 1 or more",
		],
		[
			{ events: ['rejecting'], rejectedThreshold: true },
			"'Rejected Requests' is true, but has to be a whole number of 1 or more",
		],
		[
			{ events: ['queueFilling'], pendingThreshold: 1.5 },
			"'Waiting Requests' is 1.5, but has to be a whole number of 1 or more",
		],
		[{ deployments: 'pattern', pattern: ' , ' }, 'The pattern is empty'],
		[
			{ deployments: 'pattern', pattern: 'a,-b' },
			"'-b' starts with a minus, as no deployment id does",
		],
		[{ options: { exclude: '' } }, 'The pattern is empty'],
		[
			{ options: { minAgeMinutes: 'soon' } },
			`'Minimum Age (Minutes)' is "soon", but has to be a number of minutes`,
		],
	])('%j: %s', async (fields, message) => {
		const cluster = await givenCluster();
		expect(await refusal(cluster, { fields })).toBe(problem(message));
		expect(cluster.requests).toEqual([]);
	});

	it('reads only the fields that are shown', async () => {
		const cluster = await givenCluster();
		const fields = { events: ['failed'], stuckMinutes: -1, idleMinutes: '', pattern: '' };
		expect(await refusal(cluster, { fields })).toBe('published');
	});

	it('says so where there is more than it can watch', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i <= 1_000; i++)
			cluster.addDeployment({ deployment_id: `d-${i}`, model_id: 'm' });
		expect(await refusal(cluster)).toBe(
			problem('1001 deployments are to be watched, but one trigger watches 1000 at most'),
		);
		expect(await refusal(cluster, { fields: { options: { exclude: 'd-0' } } })).toBe('published');
	});

	it.each([null, 5, 'x', []])('says so where it cannot keep anything: %j', async (kept) => {
		const cluster = await givenCluster();
		const staticData = { 'node:Trigger': kept } as IDataObject;
		expect(await refusal(cluster, { staticData })).toBe(
			problem('The trigger cannot keep what it sees, so it would never tell anything'),
		);
	});
});
