import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import {
	beforeLook,
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	writes,
} from '../given';
import { RESTORE, started, updated } from './outputs';

const scale = (id: unknown, number: unknown, fields: IDataObject = {}) =>
	parameters('scale', { deploymentId: byId(id), numberOfAllocations: number as number, ...fields });
const adaptive = (id: string, min: number, max: number, fields: IDataObject = {}) =>
	parameters('scale', {
		deploymentId: byId(id),
		allocationMode: 'adaptive',
		minNumberOfAllocations: min,
		maxNumberOfAllocations: max,
		...fields,
	});
const matching = (pattern: string, number: number, fields: IDataObject = {}) =>
	parameters('scale', { target: 'pattern', pattern, numberOfAllocations: number, ...fields });

async function givenSearch(seed = {}) {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', ...seed });
	return cluster;
}

/** Runs the same again: a desired state is idempotent. */
async function expectSecondRunChangesNothing(
	cluster: EmbeddedCluster,
	given: ReturnType<typeof scale>,
) {
	cluster.resetLog();
	const { items } = await run(cluster, given);
	for (const item of items) expect(item).toMatchObject({ action: 'none', changed: false });
	expect(writes(cluster)).toEqual([]);
}

describe('scale of one deployment', () => {
	it('updates the number', async () => {
		const cluster = await givenSearch();
		const given = scale('search', 3);
		const { items } = await run(cluster, given);
		expect(items).toEqual([
			{
				deployment_id: 'search',
				action: 'update',
				changed: true,
				reason: null,
				state: 'started',
				number_of_allocations: 3,
				vcpus: 3,
				vcpus_before: 1,
				restore: null,
				dry_run: false,
			},
		]);
		await expectSecondRunChangesNothing(cluster, given);
	});

	it.each([0, '0'])('stops at a literal %p and hands on the restore', async (zero) => {
		const cluster = await givenSearch();
		cluster.addModel({ model_id: 'search' });
		const given = scale('search', zero);
		const { items } = await run(cluster, given);
		expect(items).toEqual([
			{
				deployment_id: 'search',
				action: 'stop',
				changed: true,
				reason: null,
				state: 'not_deployed',
				number_of_allocations: 0,
				vcpus: 0,
				vcpus_before: 1,
				restore: RESTORE,
				dry_run: false,
			},
		]);
		await expectSecondRunChangesNothing(cluster, given);
	});

	it.each([
		['an expression that finds nothing', '={{ $json.nope }}'],
		['an empty text', '={{ "" }}'],
		['null', '={{ null }}'],
		['false', '={{ false }}'],
		['an empty list', '={{ [] }}'],
		['-1', -1],
		['0.4', 0.4],
	])('never stops for %s', async (_name, value) => {
		const cluster = await givenSearch();
		const result = await run(cluster, scale('search', value));
		expect(seen(result).message).toContain('whole number of 0 or more');
		expect(cluster.requests).toEqual([]);
	});

	it('sets the bounds of adaptive allocations', async () => {
		const cluster = await givenSearch();
		const given = adaptive('search', 0, 4, { options: { details: true } });
		const { items } = await run(cluster, given);
		expect(items[0]).toMatchObject({
			action: 'update',
			details: {
				after: {
					adaptive_allocations: {
						enabled: true,
						min_number_of_allocations: 0,
						max_number_of_allocations: 4,
					},
				},
			},
		});
		await expectSecondRunChangesNothing(cluster, given);
	});

	it.each(['setBounds', 'turnOff'])(
		'is idempotent with %s on an adaptive deployment',
		async (whenAdaptive) => {
			const cluster = await givenSearch({
				adaptive_allocations: { enabled: true, max_number_of_allocations: 8 },
			});
			const given = scale('search', 2, { options: { whenAdaptive } });
			expect((await run(cluster, given)).items[0]).toMatchObject({
				action: 'update',
				changed: true,
			});
			await cluster.advance(30_000);
			expect(cluster.deployment('search')?.number_of_allocations).toBe(2);
			await expectSecondRunChangesNothing(cluster, given);
		},
	);

	it('waits for one that is still starting before it changes it', async () => {
		const cluster = await givenSearch({ state: 'starting' });
		const started = () => cluster.addDeployment({ deployment_id: 'search' });
		beforeLook(cluster, '/search/_stats', 2, started);
		const { items } = await run(
			cluster,
			scale('search', 2, { options: { waitFor: 'fully_allocated' } }),
		);
		expect(items).toEqual([updated('search', 2)]);
		expect(cluster.deployment('search')?.running_allocations).toBe(2);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('resizes through the inference API what an endpoint owns, where that is chosen', async () => {
		const cluster = await givenSearch({ created_by_endpoint: true });
		const refused = await run(cluster, scale('search', 2));
		expect(seen(refused).message).toContain('only the inference API may change it');
		const given = scale('search', 2, { options: { whenEndpointOwned: 'inferenceApi' } });
		const { items } = await run(cluster, given);
		expect(items).toEqual([updated('search', 2)]);
		expect(lines(writes(cluster)).at(-1)).toMatch(/^PUT \/_inference\/.*search\/_update$/);
		await expectSecondRunChangesNothing(cluster, given);
	});
});

describe('scale of what is absent', () => {
	it('is an error that names the way to start it', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const result = await run(cluster, scale('search', 2));
		expect(seen(result)).toEqual({
			message: "The deployment 'search' is not there: its model is not deployed",
			description:
				"To start it, set 'If Not Running' to one of its other values. If the ID is wrong, pick it from the list.",
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('starts it where that is wanted', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		const fields = {
			ifNotRunning: 'startModel',
			modelId: byId('my_model'),
			options: { threadsPerAllocation: 2 },
		};
		const given = scale('search', 2, fields);
		const { items } = await run(cluster, given);
		expect(items).toEqual([started('search', 2, { vcpus: 4 })]);
		expect(cluster.deployment('search')).toMatchObject({
			model_id: 'my_model',
			threads_per_allocation: 2,
		});
		await expectSecondRunChangesNothing(cluster, given);
	});

	it('starts it from the restore of its stop, at the wanted size', async () => {
		const cluster = await givenSearch({
			model_id: 'my_model',
			threads_per_allocation: 4,
			queue_capacity: 99,
		});
		const [stopped] = (await run(cluster, stop('search'))).items;
		const given = scale('search', 2, { ifNotRunning: 'startFromRestore' });
		const { items } = await run(cluster, given, { items: [stopped] });
		expect(items).toEqual([started('search', 2, { vcpus: 8 })]);
		expect(cluster.deployment('search')).toMatchObject({
			threads_per_allocation: 4,
			queue_capacity: 99,
		});
	});

	it('does not start a second deployment where only the id of the model was given', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', model_id: 'my_model' });
		const result = await run(cluster, scale('my_model', 2, { ifNotRunning: 'startModel' }));
		expect(seen(result).description).toContain("'search'");
		expect(writes(cluster)).toEqual([]);
	});

	it('refuses the restore of another deployment', async () => {
		const cluster = await givenSearch();
		const [stopped] = (await run(cluster, stop('search'))).items;
		cluster.resetLog();
		const result = await run(cluster, scale('other', 2, { ifNotRunning: 'startFromRestore' }), {
			items: [stopped],
		});
		expect(seen(result).message).toBe(
			"The restore object is for the deployment 'search', not for 'other'",
		);
		expect(cluster.requests).toEqual([]);
	});

	it('to zero is fine for a known model, and an error for a wrong id', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		expect((await run(cluster, scale('my_model', 0))).items[0]).toMatchObject({
			action: 'none',
			changed: false,
			reason: 'not_deployed',
		});
		expect((await run(cluster, scale('my_modle', 0))).status).toBe('error');
	});
});

describe('scale of a pattern', () => {
	it('reports each match, and a second run changes nothing', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'batch-a', number_of_allocations: 2 });
		cluster.addDeployment({ deployment_id: 'batch-b' });
		cluster.addDeployment({ deployment_id: 'batch-c' });
		const given = matching('batch-*', 2, { options: { exclude: 'batch-c' } });
		const { items } = await run(cluster, given);
		expect(
			items.map(({ deployment_id, action, reason }) => [deployment_id, action, reason]),
		).toEqual([
			['batch-c', 'none', 'excluded'],
			['batch-a', 'none', 'as_asked'],
			['batch-b', 'update', null],
		]);
		await expectSecondRunChangesNothing(cluster, given);
	});

	it('is an error where nothing matches', async () => {
		const cluster = await givenCluster();
		expect(seen(await run(cluster, matching('batch-*', 2))).message).toContain(
			"No deployment matches 'batch-*'",
		);
	});

	it('to zero leaves alone what an inference endpoint owns', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'batch-a' });
		cluster.addDeployment({ deployment_id: 'batch-b', created_by_endpoint: true });
		const { items } = await run(cluster, matching('batch-*', 0));
		expect(items).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ deployment_id: 'batch-a', action: 'stop' }),
				expect.objectContaining({
					deployment_id: 'batch-b',
					action: 'none',
					reason: 'endpoint_owned',
				}),
			]),
		);
		expect(items).toHaveLength(2);
	});
});

describe('scale at the edges', () => {
	it('never stops for -0, which rounding makes', async () => {
		const cluster = await givenSearch();
		const result = await run(cluster, scale('search', '={{ Math.round(-0.3) }}'));
		expect(seen(result).message).toContain('whole number of 0 or more');
		expect(cluster.requests).toEqual([]);
	});

	it('keeps the bounds of the restore where the fields leave them empty', async () => {
		const adaptive_allocations = {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		};
		const cluster = await givenSearch({ adaptive_allocations });
		const [stopped] = (await run(cluster, stop('search'))).items;
		const given = parameters('scale', {
			deploymentId: byId('search'),
			allocationMode: 'adaptive',
			ifNotRunning: 'startFromRestore',
		});
		await run(cluster, given, { items: [stopped] });
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(adaptive_allocations);
	});

	it('starts in the order of the items, so that the first gets the room', async () => {
		const cluster = await givenCluster({
			nodes: [{ id: 'n', name: 'n', processors: 2, memoryBytes: 1e12 }],
		});
		for (const id of ['a', 'b', 'c']) cluster.addModel({ model_id: id });
		cluster.fault({ kind: 'latency', ms: 200, path: '/a/_stats' });
		const result = await run(cluster, scale('={{ $json.id }}', 1, { ifNotRunning: 'startModel' }), {
			items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([
			{ action: 'start' },
			{ action: 'start' },
			{ details: { http_status: 429 } },
		]);
	});

	it('is an error where everything that matches is excluded', async () => {
		const cluster = await givenSearch();
		const result = await run(cluster, matching('search', 2, { options: { exclude: 's*' } }));
		expect(seen(result).message).toContain('is excluded, so nothing was changed');
	});

	it('to zero goes on where one of a pattern vanished meanwhile', async () => {
		const cluster = await givenCluster();
		for (const id of ['a-1', 'a-2', 'a-3']) cluster.addDeployment({ deployment_id: id });
		cluster.fault({
			kind: 'effect',
			path: 'a-2/_stats',
			effect: () => cluster.removeDeployment('a-2'),
		});
		const { items } = await run(cluster, matching('a-*', 0));
		expect(items.map(({ deployment_id, action }) => [deployment_id, action])).toEqual([
			['a-1', 'stop'],
			['a-2', 'none'],
			['a-3', 'stop'],
		]);
	});

	it('says that the bounds of an adaptive endpoint cannot be changed here', async () => {
		const cluster = await givenCluster();
		cluster.addInferenceEndpoint({
			inference_id: 'owner',
			model_id: 'm',
			adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
		});
		const options = { whenEndpointOwned: 'inferenceApi', whenAdaptive: 'setBounds' };
		const result = await run(cluster, scale('owner', 3, { options }));
		expect(seen(result).message).toContain('no way to change its bounds');
	});
});

describe('dry run of a scale', () => {
	it('warns where an inference endpoint owns it', async () => {
		const cluster = await givenSearch({ created_by_endpoint: true });
		const { items } = await run(cluster, scale('search', 3, { dryRun: true }));
		expect(items[0]).toMatchObject({
			action: 'update',
			warnings: [expect.stringContaining('9.2')],
		});
	});

	it('waits for nothing where it is stopping: it shows the start that would follow', async () => {
		const cluster = await givenSearch({ state: 'stopping', threads_per_allocation: 2 });
		const { items } = await run(
			cluster,
			scale('search', 3, { dryRun: true, ifNotRunning: 'startModel' }),
		);
		expect(items).toEqual([
			{
				deployment_id: 'search',
				action: 'start',
				changed: false,
				reason: null,
				state: 'started',
				number_of_allocations: 3,
				vcpus: 3,
				vcpus_before: 2,
				restore: null,
				dry_run: true,
				request: {
					method: 'POST',
					path: '/_ml/trained_models/search/deployment/_start?wait_for=starting&number_of_allocations=3',
				},
				breaks: { pipelines: [], aliases: [], inference_endpoints: [] },
				warnings: ['It is stopping now: the start would wait until it is gone'],
			},
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('waits for nothing where it is stopping and is not to be started', async () => {
		const cluster = await givenSearch({ state: 'stopping' });
		const result = await run(cluster, scale('search', 3, { dryRun: true }));
		expect(result.status).toBe('error');
		expect(seen(result).description).toContain("set 'If Not Running'");
	});

	it('waits for nothing where it is starting', async () => {
		const cluster = await givenSearch({ state: 'starting' });
		const options = { waitFor: 'fully_allocated', details: true };
		const { items } = await run(cluster, scale('search', 3, { dryRun: true, options }));
		expect(items[0]).toMatchObject({
			action: 'update',
			details: { before: { state: 'starting' } },
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('says what a start would say of the model', async () => {
		const cluster = await givenCluster();
		const result = await run(
			cluster,
			scale('nope', 3, { dryRun: true, ifNotRunning: 'startModel' }),
		);
		expect(seen(result).message).toBe("There is no trained model called 'nope'");
	});

	it.each([
		['update', scale('search', 3, { dryRun: true }), 1, 3],
		['stop', scale('search', 0, { dryRun: true }), 1, 0],
		['none', scale('search', 1, { dryRun: true }), 1, 1],
	])(
		'shows an action of %s and sends nothing that changes anything',
		async (action, given, before, after) => {
			const cluster = await givenSearch();
			const { items } = await run(cluster, given);
			expect(items[0]).toMatchObject({
				deployment_id: 'search',
				changed: false,
				dry_run: true,
				action,
				number_of_allocations: after,
				vcpus: after,
				vcpus_before: before,
			});
			expect(writes(cluster)).toEqual([]);
		},
	);
});
