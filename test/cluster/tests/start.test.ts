import { ask, at, endClusters, failureOf, given } from './ask';
import { eventually } from '../../eventually';
import type { ClusterOptions, EmbeddedCluster } from '../types';

afterEach(endClusters);

const path = (id: string, query = ''): string =>
	`/_ml/trained_models/${id}/deployment/_start${query}`;
const VALIDATION = 'action_request_validation_exception';
const node = { id: 'n1', name: 'ml-0', processors: 2, memoryBytes: 16 * 1024 ** 3 };

async function withModel(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await given(options);
	cluster.addModel({ model_id: 'ner', size_bytes: 1_000_000 });
	return cluster;
}

describe('_start', () => {
	it('starts with defaults and waits until it runs', async () => {
		const cluster = await withModel();
		const reply = await ask(cluster, 'POST', path('ner'));
		expect([reply.status, at(reply, 'assignment')]).toMatchObject([
			200,
			{
				task_parameters: {
					model_id: 'ner',
					deployment_id: 'ner',
					threads_per_allocation: 1,
					number_of_allocations: 1,
					queue_capacity: 10_000,
					cache_size: '1000000b',
					priority: 'normal',
				},
				assignment_state: 'started',
				adaptive_allocations: null,
			},
		]);
	});

	it('takes parameters from query and body, the query wins', async () => {
		const cluster = await withModel();
		const body = { number_of_allocations: 4, threads_per_allocation: '2', queue_capacity: 50 };
		const reply = await ask(
			cluster,
			'POST',
			path(
				'ner',
				'?number_of_allocations=2&deployment_id=for-search&cache_size=10kb&wait_for=fully_allocated',
			),
			body,
		);
		expect(at(reply, 'assignment', 'task_parameters')).toMatchObject({
			deployment_id: 'for-search',
			number_of_allocations: 2,
			threads_per_allocation: 2,
			queue_capacity: 50,
			cache_size: '10kb',
		});
	});

	it.each<[string, string, string]>([
		['0', '0', '0b'],
		['10kb', '10kb', '10kb'],
		['1500b', '1500b', '1.4kb'],
		['1.5kb', '1536b', '1.5kb'],
	])('with cache %s shows %s exactly, and %s in statistics', async (size, exact, rounded) => {
		const cluster = await withModel();
		const reply = await ask(cluster, 'POST', path('ner', `?cache_size=${size}`));
		expect(at(reply, 'assignment', 'task_parameters', 'cache_size')).toBe(exact);
		const stats = await ask(cluster, 'GET', '/_ml/trained_models/ner/_stats');
		expect(at(stats, 'trained_model_stats', 0, 'deployment_stats', 'cache_size')).toBe(rounded);
	});

	it('begins adaptive deployments at their minimum', async () => {
		const cluster = await withModel();
		const settings = { enabled: true, min_number_of_allocations: 3 };
		await ask(cluster, 'POST', path('ner'), { adaptive_allocations: settings });
		expect(cluster.deployment('ner')).toMatchObject({
			number_of_allocations: 3,
			adaptive_allocations: settings,
		});
	});

	it.each<[string, string, unknown, string]>([
		[
			'no allocation',
			'?number_of_allocations=0',
			undefined,
			'1: [number_of_allocations] must be a positive integer;',
		],
		[
			'three threads',
			'?threads_per_allocation=3',
			undefined,
			'1: [threads_per_allocation] must be a power of 2 less than or equal to 32;',
		],
		[
			'64 threads',
			'?threads_per_allocation=64',
			undefined,
			'1: [threads_per_allocation] must be a power of 2 less than or equal to 32;',
		],
		['no queue', '?queue_capacity=0', undefined, '1: [queue_capacity] must be a positive integer;'],
		[
			'an endless queue',
			'?queue_capacity=100001',
			undefined,
			'1: [queue_capacity] must be less than 100000;',
		],
		['no time', '?timeout=0', undefined, '1: [timeout] must be positive;'],
		[
			'low priority with three allocations and four threads',
			'?priority=low&number_of_allocations=3&threads_per_allocation=4',
			undefined,
			'1: [number_of_allocations] must be 1 when [priority] is low;2: [threads_per_allocation] must be 1 when [priority] is low;',
		],
		[
			'a number and adaptive allocations',
			'',
			{ number_of_allocations: 2, adaptive_allocations: { enabled: true } },
			'1: [number_of_allocations] cannot be set if adaptive allocations is enabled;',
		],
	])('refuses %s', async (_, query, body, problems) => {
		const cluster = await withModel();
		const reply = await ask(cluster, 'POST', path('ner', query), body);
		expect(failureOf(reply)).toEqual([400, VALIDATION, `Validation Failed: ${problems}`]);
		expect(cluster.deployments()).toEqual([]);
	});

	it('takes a queue of 100,000, although its words say less than that', async () => {
		const cluster = await withModel();
		const reply = await ask(cluster, 'POST', path('ner', '?queue_capacity=100000'));
		expect(reply.status).toBe(200);
		expect(cluster.deployment('ner')?.queue_capacity).toBe(100_000);
	});

	it('refuses an unknown state to wait for', async () => {
		const cluster = await withModel();
		const reply = await ask(cluster, 'POST', path('ner', '?wait_for=foo'));
		expect(failureOf(reply)[1]).toBe('illegal_argument_exception');
		expect(failureOf(reply)[2]).toContain('No enum constant');
		expect(failureOf(reply)[2]).toContain('State.FOO');
	});

	const refused: Array<
		[string, (cluster: EmbeddedCluster) => void, string, [number, string, string]]
	> = [
		[
			'without a licence',
			(c) => c.set({ licensed: false }),
			'ner',
			[403, 'security_exception', 'current license is non-compliant for [ml]'],
		],
		[
			'during an upgrade',
			(c) => c.set({ upgradeInProgress: true }),
			'ner',
			[
				403,
				'status_exception',
				'Cannot start model deployment [ner] while cluster upgrade is in progress.',
			],
		],
		[
			'at the limit of deployments',
			(c) => {
				c.set({ maxDeployments: 1 });
				c.addDeployment({ deployment_id: 'x' });
			},
			'ner',
			[
				429,
				'status_exception',
				'Could not start model deployment because existing deployments reached the limit of [1]',
			],
		],
		[
			'twice',
			(c) => c.addDeployment({ deployment_id: 'ner' }),
			'ner',
			[
				400,
				'status_exception',
				'Could not start model deployment because an existing deployment with the same id [ner] exist',
			],
		],
		[
			'for a model named like an endpoint',
			(c) => c.addInferenceEndpoint({ inference_id: 'ner', service: 'cohere' }),
			'ner',
			[
				400,
				'status_exception',
				'Inference endpoint IDs must be unique. Requested inference endpoint ID [ner] matches existing trained model ID(s) but must not.',
			],
		],
		[
			'for an unknown model',
			() => undefined,
			'nope',
			[
				404,
				'resource_not_found_exception',
				'No known trained model with model_id [nope]. You may need to create it',
			],
		],
		[
			'for several models',
			(c) => c.addModel({ model_id: 'ner2' }),
			'ner*',
			[
				400,
				'status_exception',
				'cannot deploy more than one model at the same time; [ner*] matches models [ner, ner2]',
			],
		],
		[
			'for a model of another kind',
			() => undefined,
			'lang_ident_model_1',
			[
				400,
				'status_exception',
				'model [lang_ident_model_1] of type [lang_ident] cannot be deployed. Only PyTorch models can be deployed',
			],
		],
		[
			"under another model's name",
			(c) => c.addModel({ model_id: 'e5' }),
			'ner?deployment_id=e5',
			[
				400,
				'status_exception',
				'Deployment id [e5] is the same as an another model which is not the model being deployed. Deployment id can be the same as the model being deployed but cannot match a different model',
			],
		],
		[
			'without a definition',
			(c) => c.addModel({ model_id: 'm', definition: 'missing' }),
			'm',
			[404, 'resource_not_found_exception', 'Could not find trained model definition [m]'],
		],
		[
			'with a truncated definition',
			(c) => c.addModel({ model_id: 'm', definition: 'truncated' }),
			'm',
			[
				400,
				'status_exception',
				'Model definition truncated. Unable to deserialize trained model definition [m]',
			],
		],
		[
			'while the model downloads',
			(c) => c.addModel({ model_id: 'm', definition: 'downloading' }),
			'm',
			[
				408,
				'status_exception',
				'Model download task is currently running. Wait for trained model [m] download task to complete then try again',
			],
		],
		[
			'without a location',
			(c) => c.addModel({ model_id: 'm', definition: 'no_location' }),
			'm',
			[500, 'exception', 'model [m] does not have location'],
		],
		[
			'during a feature reset',
			(c) => c.set({ featureReset: true }),
			'ner',
			[
				409,
				'status_exception',
				'cannot create new assignment [ner] for model [ner] while feature reset is in progress.',
			],
		],
		[
			'where nothing fits',
			(c) => c.set({ nodes: [] }),
			'ner',
			[
				429,
				'status_exception',
				'Could not start deployment because no ML nodes with sufficient capacity were found',
			],
		],
		[
			'where not all fits',
			(c) => c.set({ nodes: [node] }),
			'ner?number_of_allocations=3',
			[
				429,
				'status_exception',
				'Could not start deployment because there are not enough resources to provide all requested allocations',
			],
		],
		[
			'where the process fails',
			(c) => c.addModel({ model_id: 'm', start_failure: 'out of memory' }),
			'm',
			[
				500,
				'status_exception',
				'Could not start trained model deployment, the following nodes failed with errors [{uckeG3R8TLe2MMNBQ6AGrw=out of memory}]',
			],
		],
	];
	it.each(refused)(
		'is refused %s, and leaves nothing behind',
		async (_, prepare, target, failure) => {
			const cluster = await withModel();
			prepare(cluster);
			const before = cluster.deployments();
			const [id, query = ''] = target.split('?');
			const reply = await ask(cluster, 'POST', path(id, query && `?${query}`));
			expect(failureOf(reply)).toEqual(failure);
			expect(cluster.deployments()).toEqual(before);
		},
	);

	it('explains a lack of nodes in the cause', async () => {
		const cluster = await withModel({ nodes: [] });
		expect(at(await ask(cluster, 'POST', path('ner')), 'error', 'caused_by')).toEqual({
			type: 'illegal_state_exception',
			reason:
				'Could not start deployment because no suitable nodes were found, allocation explanation [No ML nodes exist in the cluster]',
		});
	});

	it('times out with 408 and goes on starting; a retry then meets 400', async () => {
		const cluster = await withModel({ allocationDelayMs: 60_000 });
		const asked = ask(cluster, 'POST', path('ner', '?timeout=30s'));
		await eventually(() => cluster.deployments().length > 0);
		await cluster.advance(30_000);
		expect(failureOf(await asked)).toEqual([
			408,
			'model_deployment_timeout_exception',
			'Timed out after [30s] waiting for trained model deployment [ner] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.',
		]);
		expect(cluster.deployment('ner')?.state).toBe('starting');
		expect((await ask(cluster, 'POST', path('ner'))).status).toBe(400);
		await cluster.advance(30_000);
		expect(cluster.deployment('ner')?.state).toBe('started');
	});

	it('answers at once where it waits for starting only', async () => {
		const cluster = await withModel({ allocationDelayMs: 60_000 });
		const reply = await ask(cluster, 'POST', path('ner', '?wait_for=starting'));
		expect(at(reply, 'assignment', 'assignment_state')).toBe('starting');
	});

	it('fails with 400 where somebody stops it meanwhile', async () => {
		const cluster = await withModel({ allocationDelayMs: 60_000 });
		const asked = ask(cluster, 'POST', path('ner'));
		await eventually(() => cluster.deployments().length > 0);
		cluster.removeDeployment('ner');
		expect(failureOf(await asked)).toEqual([
			400,
			'status_exception',
			'Error waiting for the model deployment to start. The trained model assignment was removed while waiting',
		]);
	});

	it('answers 200 with an empty routing table where the platform must grow first', async () => {
		const cluster = await withModel({ nodes: [], scalingPossible: true, growthDelayMs: 120_000 });
		const reply = await ask(cluster, 'POST', path('ner'));
		expect(reply.status).toBe(200);
		expect(at(reply, 'assignment')).toMatchObject({
			assignment_state: 'starting',
			routing_table: {},
			reason: 'No ML nodes exist in the cluster',
		});
		await cluster.advance(120_000);
		expect(cluster.deployment('ner')).toMatchObject({ state: 'started', running_allocations: 1 });
	});

	it('repairs an endpoint whose deployment was force-stopped', async () => {
		const cluster = await withModel();
		cluster.addInferenceEndpoint({ inference_id: 'search', model_id: 'ner' });
		await ask(cluster, 'POST', '/_ml/trained_models/search/deployment/_stop?force=true');
		const reply = await ask(cluster, 'POST', path('ner', '?deployment_id=search'));
		expect(reply.status).toBe(200);
		expect(cluster.deployment('search')?.created_by_endpoint).toBe(true);
	});

	it('gives every start a new start time', async () => {
		const cluster = await withModel();
		const startTime = async (): Promise<number> => {
			await ask(cluster, 'POST', path('ner'));
			return cluster.deployment('ner')?.start_time ?? 0;
		};
		const first = await startTime();
		await ask(cluster, 'POST', '/_ml/trained_models/ner/deployment/_stop');
		await cluster.advance(5000);
		expect(await startTime()).toBeGreaterThanOrEqual(first + 5000);
	});
});
