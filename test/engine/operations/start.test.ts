import type { IDataObject } from 'n8n-workflow';

import {
	beforeLook,
	byId,
	CHANGE_KEYS,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	writes,
} from '../given';
import { restoreWith } from '../restoreText';
import { asAsked, nothing, started, updated } from './outputs';

const start = (model: string, fields: IDataObject = {}) =>
	parameters('start', { modelId: byId(model), ...fields });
const restore = (value: unknown, fields: IDataObject = {}) =>
	parameters('start', { startFrom: 'restore', restore: value as IDataObject, ...fields });

/** What Start takes from an item where nothing is chosen. */
const fromRestore = parameters('start', { startFrom: 'restore' });

/** Start and Update add the cluster's answer. */
const KEYS = [...CHANGE_KEYS, 'assignment'];

const RESTORE = {
	schema: 1,
	cluster: '000000000000',
	taken_at: '2026-11-20T18:00:00.000Z',
	model_id: 'my_model',
	deployment_id: 'search',
	threads_per_allocation: 2,
	priority: 'normal',
	queue_capacity: 2048,
	number_of_allocations: 3,
	observed_allocations: 3,
};

async function givenModel(options = {}) {
	const cluster = await givenCluster(options);
	cluster.addModel({ model_id: 'my_model' });
	return cluster;
}

describe('start from fields', () => {
	it('sends what was chosen, waits until it is started, and hands on the assignment', async () => {
		const cluster = await givenModel();
		const options = {
			newDeploymentId: 'search',
			threadsPerAllocation: 2,
			queueCapacity: 2048,
			priority: 'normal',
			cacheSize: '10mb',
		};
		const { items } = await run(cluster, start('my_model', { numberOfAllocations: 2, options }));
		expect(items).toEqual([
			started('search', 2, {
				state: 'started',
				vcpus: 4,
				assignment: expect.objectContaining({
					task_parameters: expect.objectContaining({
						model_id: 'my_model',
						number_of_allocations: 2,
					}),
				}),
			}),
		]);
		expect(Object.keys(items[0])).toEqual(KEYS);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&deployment_id=search&number_of_allocations=2&threads_per_allocation=2&queue_capacity=2048&priority=normal&cache_size=10mb',
		]);
		expect(writes(cluster)[0].body).toBeUndefined();
	});

	it('sends adaptive settings in the body, and nothing that was not chosen', async () => {
		const cluster = await givenModel();
		const fields = {
			allocationMode: 'adaptive',
			minNumberOfAllocations: 1,
			maxNumberOfAllocations: 4,
		};
		await run(cluster, start('my_model', fields));
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting',
		]);
		expect(writes(cluster)[0].body).toEqual({
			adaptive_allocations: {
				enabled: true,
				min_number_of_allocations: 1,
				max_number_of_allocations: 4,
			},
		});
	});

	it('starts one after the other in the order of the items, so that the first gets the room', async () => {
		const cluster = await givenCluster({
			nodes: [{ id: 'n', name: 'n', processors: 2, memoryBytes: 1e12 }],
		});
		for (const id of ['a', 'b', 'c']) cluster.addModel({ model_id: id });
		cluster.fault({ kind: 'latency', ms: 100, path: '/a/' });
		const result = await run(cluster, start('={{ $json.id }}'), {
			items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([
			{ deployment_id: 'a', changed: true },
			{ deployment_id: 'b', changed: true },
			{ error: expect.stringContaining("'c'"), details: { http_status: 429 } },
		]);
	});
});

describe('start of what exists', () => {
	it('with the same settings is a success that changed nothing', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'my_model', number_of_allocations: 2 });
		const { items } = await run(cluster, start('my_model', { numberOfAllocations: 2 }));
		expect(items).toEqual([
			asAsked('my_model', {
				number_of_allocations: 2,
				vcpus: 2,
				vcpus_before: 2,
				assignment: null,
			}),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('with other settings names the differences', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({
			deployment_id: 'my_model',
			number_of_allocations: 1,
			threads_per_allocation: 1,
		});
		const options = { threadsPerAllocation: 4 };
		const result = await run(cluster, start('my_model', { numberOfAllocations: 2, options }));
		expect(seen(result).message).toBe(
			"The deployment 'my_model' runs already with other settings: threads_per_allocation is 1, not 4; number_of_allocations is 1, not 2",
		);
		expect(seen(result).description).toMatch(/stop it first.*threads_per_allocation is 1, not 4/);
		expect(writes(cluster)).toEqual([]);
	});

	it('changes its allocations where that is allowed', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'my_model', adaptive_allocations: { enabled: true } });
		const result = await run(
			cluster,
			start('my_model', { numberOfAllocations: 2, options: { whenExists: 'update' } }),
		);
		expect(result.items).toEqual([
			updated('my_model', 2, {
				assignment: expect.objectContaining({ assignment_state: 'started' }),
			}),
		]);
		expect(cluster.deployment('my_model')).toMatchObject({
			number_of_allocations: 2,
			adaptive_allocations: { enabled: false },
		});
	});

	it('is left as it is, and counts as started, where that is chosen', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'my_model', number_of_allocations: 1 });
		const fields = { numberOfAllocations: 2, options: { whenExists: 'leave' } };
		const { items } = await run(cluster, start('my_model', fields));
		expect(items).toEqual([asAsked('my_model', { reason: 'left_as_it_is', assignment: null })]);
		const dry = await run(cluster, start('my_model', { ...fields, dryRun: true }));
		expect(dry.items).toMatchObject([{ action: 'none', reason: 'left_as_it_is', dry_run: true }]);
		expect(writes(cluster)).toEqual([]);
	});

	it('waits until a stopping one is gone', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'my_model', state: 'stopping' });
		beforeLook(cluster, '/my_model/_stats', 2, () => cluster.removeDeployment('my_model'));
		const { items } = await run(cluster, start('my_model'));
		expect(items[0]).toMatchObject({ action: 'start', changed: true, state: 'started' });
	});

	it('says Stop first where it failed', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'my_model', state: 'failed', reason: 'out of luck' });
		const result = await run(cluster, start('my_model'));
		expect(seen(result).message).toContain('out of luck');
		expect(seen(result).description).toMatch(/^Stop it first/);
	});
});

/** What `_start` answers where the deployment was not started in time (docs/elasticsearch-behaviour.md, "Start"). */
const GAVE_UP = {
	type: 'model_deployment_timeout_exception',
	reason:
		'Timed out after [30s] waiting for trained model deployment [my_model] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.',
};
const gaveUp = {
	kind: 'status' as const,
	status: 408,
	body: { error: { root_cause: [GAVE_UP], ...GAVE_UP }, status: 408 },
};

describe('start whose answer is lost', () => {
	it.each([
		['the connection drops', { kind: 'reset' as const }],
		['a proxy answers 504', { kind: 'status' as const, status: 504, body: '<h1>504</h1>' }],
		['a proxy answers 404', { kind: 'status' as const, status: 404, body: '<h1>404</h1>' }],
		['no answer comes', { kind: 'hang' as const }],
		['the answer is no HTTP', { kind: 'garbage' as const, as: 'bytes' as const }],
		['the cluster answers that it goes on', gaveUp],
	])('is looked up, and is not sent again where it ran: %s', async (_name, fault) => {
		const cluster = await givenModel();
		cluster.fault({ ...fault, path: /_start$/, after: true });
		const { items } = await run(cluster, start('my_model', { options: { requestTimeout: 1 } }));
		expect(items).toEqual([started('my_model', 1, { state: 'started', assignment: null })]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it.each([
		['the connection drops', { kind: 'reset' as const }],
		['a login page answers', { kind: 'html' as const }],
		['the cluster answers that it goes on', gaveUp],
	])('is sent again where the look shows that it never ran: %s', async (_name, fault) => {
		const cluster = await givenModel();
		cluster.fault({ ...fault, path: /_start$/ });
		const { items } = await run(cluster, start('my_model'));
		expect(items[0]).toMatchObject({ action: 'start', changed: true, state: 'started' });
		expect(lines(cluster.requests).slice(0, 4)).toEqual([
			'GET /_ml/trained_models/my_model/_stats',
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&number_of_allocations=1',
			'GET /_ml/trained_models/my_model/_stats',
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&number_of_allocations=1',
		]);
	});

	it.each([
		[
			'a redirect',
			{ kind: 'redirect' as const, location: 'https://login.example.com/' },
			'The Cluster Endpoint redirects to https://login.example.com/',
		],
		[
			"a proxy's 429",
			{ kind: 'html' as const, status: 429 },
			'A proxy in front of the cluster refuses more requests for now',
		],
	])('is looked up once, and not sent again, after %s', async (_name, fault, message) => {
		const cluster = await givenModel();
		cluster.fault({ ...fault, path: /_start$/, times: Infinity });
		const result = await run(cluster, start('my_model'));
		expect(seen(result).message).toBe(message);
		expect(lines(cluster.requests)).toEqual([
			'GET /_ml/trained_models/my_model/_stats',
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&number_of_allocations=1',
			'GET /_ml/trained_models/my_model/_stats',
		]);
	});

	it('does not say that it goes on starting where the cluster does not show it', async () => {
		const cluster = await givenModel();
		cluster.fault({ ...gaveUp, path: /_start$/, times: Infinity });
		const result = await run(cluster, start('my_model', { options: { retries: 1 } }), {
			onError: 'continueRegularOutput',
		});
		expect(result.items).toEqual([
			{
				error:
					"The deployment 'my_model' was not started: the cluster gave up waiting and does not show it",
				details: {
					deployment_id: 'my_model',
					model_id: 'my_model',
					http_status: 408,
					reason: GAVE_UP.reason,
					next_step: expect.stringMatching(/then start it again\.$/),
				},
			},
		]);
		expect(writes(cluster)).toHaveLength(2);
	});

	it('knows its own where the look before it was sent again was too old', async () => {
		const cluster = await givenModel();
		const stats = '/_ml/trained_models/my_model/_stats';
		const answer = await fetch(`${cluster.endpoint}${stats}`, {
			headers: { authorization: `ApiKey ${cluster.apiKey}` },
		});
		const body = (await answer.json()) as object;
		cluster.fault({ kind: 'reset', path: /_start$/, after: true });
		cluster.fault({ kind: 'status', status: 200, body, path: 'my_model/_stats', skip: 1 });
		const { items } = await run(cluster, start('my_model'));
		expect(items[0]).toMatchObject({ action: 'start', changed: true, state: 'started' });
		expect(writes(cluster).map(({ status }) => status)).toEqual([0, 400]);
	});

	it('does not take over what somebody else started with other settings', async () => {
		const cluster = await givenModel();
		cluster.fault({
			kind: 'effect',
			path: /_start$/,
			effect: () => cluster.addDeployment({ deployment_id: 'my_model', number_of_allocations: 5 }),
		});
		const result = await run(cluster, start('my_model', { numberOfAllocations: 2 }));
		expect(seen(result).message).toContain('number_of_allocations is 5, not 2');
	});
});

describe('start from a restore object', () => {
	it.each([
		['an object', RESTORE],
		['its JSON text', JSON.stringify(RESTORE)],
	])('takes %s and brings everything back', async (_name, value) => {
		const cluster = await givenModel();
		const { items } = await run(cluster, fromRestore, {
			items: [{ restore: value as IDataObject }],
		});
		expect(items[0]).toMatchObject({
			deployment_id: 'search',
			changed: true,
			warnings: [expect.stringContaining('another cluster')],
		});
		expect(cluster.deployment('search')).toMatchObject({
			model_id: 'my_model',
			number_of_allocations: 3,
			threads_per_allocation: 2,
			queue_capacity: 2048,
			priority: 'normal',
		});
	});

	it.each([
		['null', null],
		['the text null', 'null'],
	])('passes over %s, which means that nothing was stopped', async (_name, value) => {
		const cluster = await givenModel();
		const items = [{ deployment_id: 'search', restore: value }, { restore: value }];
		const result = await run(cluster, fromRestore, { items });
		// Nobody looked, so nothing says whether it runs.
		const unknown = nothing('nothing_to_restore', { assignment: null });
		expect(result.items).toEqual([{ ...unknown, deployment_id: 'search' }, unknown]);
		expect(cluster.requests).toEqual([]);
	});

	it('starts the others where one was not stopped', async () => {
		const cluster = await givenModel();
		const items = [
			{ deployment_id: 'busy', restore: null },
			{ deployment_id: 'search', restore: JSON.stringify(RESTORE) },
		];
		const result = await run(cluster, fromRestore, { items });
		expect(result.items).toMatchObject([
			{ deployment_id: 'busy', action: 'none', reason: 'nothing_to_restore' },
			{ deployment_id: 'search', action: 'start', changed: true },
		]);
	});

	it('is an error where the item has no restore', async () => {
		const cluster = await givenModel();
		const result = await run(cluster, fromRestore, { items: [{ deployment_id: 'search' }] });
		expect(seen(result).message).toBe('There is no restore object');
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['undefined', '={{ $json.nope }}', /There is no restore object/],
		['an empty text', '={{ "" }}', /restore object is empty/],
		['text that is no JSON', '{oops', /not valid JSON/],
		['a list', '[]', /is not an object/],
		['a whole output item', { restore: RESTORE }, /an output item, not the restore object/],
		['no schema', { ...RESTORE, schema: undefined }, /'schema'.*missing/],
		['a newer schema', { ...RESTORE, schema: 2 }, /'schema' of the restore object is 2/],
		['an unknown key', { ...RESTORE, thread: 2 }, /a key 'thread'/],
		[
			'no model',
			{ ...RESTORE, model_id: undefined },
			/'model_id' of the restore object is missing/,
		],
		['a pattern as id', { ...RESTORE, deployment_id: 's*' }, /is a pattern/],
		[
			'half a thread',
			{ ...RESTORE, threads_per_allocation: 0.5 },
			/'threads_per_allocation'.*is 0.5, but has to be a whole number of 1 or more/,
		],
		['a priority that is no text', { ...RESTORE, priority: 1 }, /'priority'.*has to be a text/],
		['a queue of 0', { ...RESTORE, queue_capacity: 0 }, /'queue_capacity'/],
		['a cache that is no size', { ...RESTORE, cache_size: 'big' }, /'cache_size'/],
		['0 allocations', { ...RESTORE, number_of_allocations: 0 }, /'number_of_allocations'/],
		['adaptive as text', { ...RESTORE, adaptive_allocations: 'on' }, /'adaptive_allocations'/],
		['a number beside adaptive', { ...RESTORE, adaptive_allocations: { enabled: true } }, /both/],
	])('refuses %s before anything is sent', async (_name, value, message) => {
		const cluster = await givenModel();
		const given = typeof value === 'string' ? value : JSON.stringify(value);
		const result = await run(cluster, restore(given));
		expect(seen(result).message).toMatch(message);
		expect(cluster.requests).toEqual([]);
	});
});

describe('limits of the cluster', () => {
	it('are left to it: what one ran, Start hands back', async () => {
		// Newer versions refuse a range above 1 with low priority.
		const cluster = await givenModel({ version: '9.0' });
		const adaptive = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 };
		cluster.addDeployment({
			deployment_id: 'trial',
			priority: 'low',
			adaptive_allocations: adaptive,
		});
		cluster.addDeployment({ deployment_id: 'search', queue_capacity: 100_000 });
		const stopped = await run(cluster, stop('={{ $json.id }}'), {
			items: [{ id: 'trial' }, { id: 'search' }],
		});
		expect(stopped.items).toMatchObject([{ action: 'stop' }, { action: 'stop' }]);
		expect(stopped.items.map((item) => item.warnings)).toEqual([undefined, undefined]);
		const started = await run(cluster, fromRestore, { items: stopped.items });
		expect(started.items).toMatchObject([{ changed: true }, { changed: true }]);
		expect(cluster.deployment('trial')).toMatchObject({
			priority: 'low',
			adaptive_allocations: adaptive,
		});
		expect(cluster.deployment('search')).toMatchObject({ queue_capacity: 100_000 });
	});

	it('are said at the stop, and in words where the start is refused', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'search', queue_capacity: 250_000 });
		const stopped = await run(cluster, stop('search'));
		expect(stopped.items).toMatchObject([
			{
				action: 'stop',
				restore: restoreWith({ queue_capacity: 250_000 }),
				warnings: [expect.stringMatching(/^'queue_capacity' is 250000, .*100000 at most/)],
			},
		]);
		const result = await run(cluster, fromRestore, { items: stopped.items });
		expect(seen(result)).toEqual({
			message:
				"The deployment 'search' was not started: its queue may hold 100000 requests at most",
			description:
				"Lower the option 'Queue Capacity', or 'queue_capacity' in the restore object.\nElasticsearch said: Validation Failed: 1: [queue_capacity] must be less than 100000",
		});
	});

	it('of low priority are the words of the cluster too', async () => {
		const cluster = await givenModel();
		const result = await run(cluster, restore(JSON.stringify({ ...RESTORE, priority: 'low' })));
		expect(seen(result).message).toBe(
			"The deployment 'search' was not started: low priority allows 1 allocation with 1 thread only",
		);
		expect(seen(result).description).toMatch(/In a restore object, correct what is named below/);
	});

	it('of the bounds are the words of the cluster too', async () => {
		const cluster = await givenModel();
		const bounds = { min_number_of_allocations: 4, max_number_of_allocations: 2 };
		const adaptive_allocations = { enabled: true, ...bounds };
		const given = { ...RESTORE, number_of_allocations: undefined, adaptive_allocations };
		expect(seen(await run(cluster, restore(JSON.stringify(given)))).message).toBe(
			"The deployment 'search' was not started: its minimum of allocations is above its maximum",
		);
	});

	it('that no version goes beyond are checked in the fields', async () => {
		const cluster = await givenModel();
		const taken = await run(cluster, start('my_model', { options: { queueCapacity: 100_000 } }));
		expect(taken.items).toMatchObject([{ changed: true }]);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&number_of_allocations=1&queue_capacity=100000',
		]);
		cluster.requests.length = 0;
		for (const [fields, message] of [
			[{ options: { queueCapacity: 100_001 } }, "'Queue Capacity' is 100001, more than 100000"],
			[
				{ numberOfAllocations: 2, options: { priority: 'low' } },
				'Low priority allows exactly 1 allocation with 1 thread',
			],
			[
				{ options: { priority: 'low', threadsPerAllocation: 2 } },
				'Low priority allows exactly 1 allocation with 1 thread',
			],
		] as const) {
			expect(seen(await run(cluster, start('my_model', fields))).message).toBe(message);
		}
		expect(cluster.requests).toEqual([]);
	});

	it('of low priority with a range are left to the cluster, which takes one before 8.19.11', async () => {
		const cluster = await givenModel({ version: '8.16' });
		const fields = {
			allocationMode: 'adaptive',
			minNumberOfAllocations: 0,
			maxNumberOfAllocations: 3,
			options: { priority: 'low' },
		};
		const { items } = await run(cluster, start('my_model', fields));
		expect(items).toMatchObject([{ changed: true }]);
		expect(cluster.deployment('my_model')).toMatchObject({ priority: 'low' });
	});
});

describe('start that cannot work', () => {
	it.each([
		['the model is not known', {}, 'nope', 404, /no trained model called 'nope'/],
		['an upgrade is in progress', { upgradeInProgress: true }, 'my_model', 403, /being upgraded/],
		['the licence does not cover it', { licensed: false }, 'my_model', 403, /licence/],
		['there is no room', { nodes: [] }, 'my_model', 429, /no room/],
	])('says why: %s', async (_name, options, model, status, message) => {
		const cluster = await givenModel(options);
		const result = await run(cluster, start(model), { onError: 'continueRegularOutput' });
		expect(result.items[0]).toMatchObject({
			error: expect.stringMatching(message),
			details: { http_status: status },
		});
	});

	it.each([
		['definition', { definition: 'missing' as const }, /definition/],
		['download', { definition: 'downloading' as const }, /download/],
		['type', { model_type: 'tree_ensemble' }, /PyTorch/],
	])('says what is wrong with the model: its %s', async (_name, seed, message) => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'odd', ...seed });
		expect(seen(await run(cluster, start('odd'))).message).toMatch(message);
	});

	it.each([
		['8.12', 'unknown', start('nope')],
		['9.2', 'unknown', start('nope')],
		['9.2', 'of another kind', start('odd')],
	] as const)(
		'says the same beforehand, in a dry run on %s: a model that is %s',
		async (version, _what, given) => {
			const cluster = await givenCluster({ version });
			cluster.addModel({ model_id: 'odd', model_type: 'tree_ensemble' });
			const real = await run(cluster, given);
			const dry = await run(cluster, { ...given, dryRun: true });
			const { message, description } = seen(real);
			expect(seen(dry).message).toBe(message);
			// What a dry run foresees itself, the cluster has not said.
			const foreseen = seen(dry).description;
			expect(foreseen).toMatch(/^Pick it from|^Other models work/);
			expect(description.startsWith(foreseen)).toBe(true);
			expect(seen(real).message).toMatch(
				/^There is no trained model called 'nope'$|^The model 'odd' cannot be deployed/,
			);
		},
	);

	it('fails at once, with the reason, where the process fails on its node', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'odd', start_failure: 'bad weights' });
		const result = await run(cluster, start('odd', { options: { waitTimeout: 20 } }));
		expect(`${seen(result).message} ${seen(result).description}`).toContain('bad weights');
	});
});

describe('dry run of a start', () => {
	it('waits for nothing: it shows that the real one would, where it is stopping', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({
			deployment_id: 'my_model',
			number_of_allocations: 2,
			threads_per_allocation: 2,
			state: 'stopping',
		});
		const { items } = await run(
			cluster,
			start('my_model', { numberOfAllocations: 3, dryRun: true }),
		);
		expect(items).toEqual([
			{
				deployment_id: 'my_model',
				action: 'start',
				changed: false,
				reason: null,
				state: 'started',
				number_of_allocations: 3,
				vcpus: 3,
				vcpus_before: 4,
				restore: null,
				dry_run: true,
				assignment: null,
				request: {
					method: 'POST',
					path: '/_ml/trained_models/my_model/deployment/_start?wait_for=starting&number_of_allocations=3',
				},
				breaks: { pipelines: [], aliases: [], inference_endpoints: [] },
				warnings: ['It is stopping now: the start would wait until it is gone'],
			},
		]);
		expect(lines(cluster.requests)).toEqual([
			'GET /_ml/trained_models/my_model/_stats',
			'GET /_ml/trained_models/my_model',
		]);
	});

	it('warns of both where a restore object of another cluster is for one that is stopping', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'search', model_id: 'my_model', state: 'stopping' });
		const { items } = await run(cluster, restore(JSON.stringify(RESTORE), { dryRun: true }));
		expect(items[0]).toMatchObject({
			action: 'start',
			warnings: [expect.stringContaining('another cluster'), expect.stringContaining('stopping')],
		});
	});

	it('shows the request and sends nothing that changes anything', async () => {
		const cluster = await givenModel();
		const { items } = await run(
			cluster,
			start('my_model', { numberOfAllocations: 2, dryRun: true }),
		);
		expect(items[0]).toMatchObject({
			changed: false,
			dry_run: true,
			action: 'start',
			request: { path: expect.stringContaining('_start?wait_for=starting') },
			state: 'started',
			number_of_allocations: 2,
			vcpus: 2,
			vcpus_before: 0,
		});
		expect(writes(cluster)).toEqual([]);
	});
});
