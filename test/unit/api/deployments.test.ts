import {
	lookUp,
	modelPath,
	settingsOfAssignment,
	startRequest,
	stopRequest,
	updateDeployment,
	updateRequest,
} from '../../../nodes/elasticsearch/api/deployments';
import type { StartSpec } from '../../../nodes/elasticsearch/deployment/startSpec';
import { failed, notElasticsearch, success } from '../../../nodes/elasticsearch/transport/failure';
import { absent, proxySaid, timedOut } from '../failures';
import { ScriptedConnection } from '../flows/harness/scriptedConnection';
import { assignment, lookAt, shows } from '../flows/harness/wire';

describe('a path', () => {
	it('holds the id as one segment', () => {
		expect(modelPath('.my e5/x', '/_stats')).toBe('/_ml/trained_models/.my%20e5%2Fx/_stats');
	});

	it.each(['', '.', '..', '\ud800'])('is not formed with the id %j', (id) => {
		expect(() => modelPath(id, '/_stats')).toThrow(new TypeError(`'${id}' cannot be an id`));
	});
});

describe('one id', () => {
	const model = (modelId: string) =>
		success({ count: 1, trained_model_stats: [{ model_id: modelId }] });
	const entry = { modelId: 'a', raw: { model_id: 'a' } };

	it.each<[string, ReturnType<typeof shows>, object]>([
		[
			'is that of a deployment, whatever its model is called',
			shows({ b: { modelId: 'e5' }, a: { modelId: 'e5' } }),
			{ found: 'deployment', deployment: { id: 'a', modelId: 'e5' } },
		],
		[
			'is that of a model without a deployment',
			model('a'),
			{ found: 'not_deployed', modelId: 'a', entry },
		],
		[
			'is that of a model whose deployments have other ids',
			shows({ b: { modelId: 'a' }, c: { modelId: 'a' } }),
			{ found: 'other_ids', modelId: 'a', deploymentIds: ['b', 'c'] },
		],
		[
			'is an alias of a model without a deployment',
			model('e5'),
			{ found: 'other_ids', modelId: 'e5', deploymentIds: [] },
		],
		['names nothing', shows({}), { found: 'nothing' }],
	])('%s', async (_what, answer, expected) => {
		const connection = new ScriptedConnection([[lookAt('a'), answer]]);
		expect(await lookUp(connection, 'a')).toMatchObject({ ok: true, value: expected });
	});

	it('names nothing where Elasticsearch does not know it', async () => {
		const connection = new ScriptedConnection([[lookAt('a'), absent()]]);
		expect(await lookUp(connection, 'a')).toEqual(success({ found: 'nothing' }));
	});

	it.each([
		['of something else', proxySaid(404)],
		['of the network', timedOut()],
	])('may name something all the same after a failure %s', async (_what, failure) => {
		const connection = new ScriptedConnection([[lookAt('a'), failure]]);
		expect(await lookUp(connection, 'a', { retries: 0 })).toEqual(failed(failure));
		expect(connection.sent[0].settings).toEqual({ retries: 0 });
	});

	it.each([
		['a login page', '<html>'],
		['a page that counts models and shows none', { count: 1, trained_model_stats: [] }],
	])('is not looked for on %s', async (_what, body) => {
		const connection = new ScriptedConnection([[lookAt('a'), success(body)]]);
		expect(await lookUp(connection, 'a')).toEqual(notElasticsearch('read'));
	});
});

describe('an update', () => {
	const request = updateRequest('a', { number_of_allocations: 2 });

	it('has all in its body, and may be repeated, because its values are absolute', () => {
		expect(request).toEqual({
			method: 'POST',
			purpose: 'update',
			changes: true,
			path: '/_ml/trained_models/a/deployment/_update',
			body: { number_of_allocations: 2 },
			repeat: 'safe',
		});
	});

	it('hands on the assignment that it is answered with', async () => {
		const answer = assignment('a', 2);
		const connection = new ScriptedConnection([[request, answer]]);
		expect(await updateDeployment(connection, 'a', { number_of_allocations: 2 })).toEqual(
			success((answer as unknown as { value: { assignment: unknown } }).value.assignment),
		);
	});

	it('that ends a start fails as one', async () => {
		const asStart = { ...request, purpose: 'start' as const };
		const connection = new ScriptedConnection([[asStart, success({})]]);
		const ended = await updateDeployment(connection, 'a', { number_of_allocations: 2 }, 'start');
		expect(ended).toEqual(notElasticsearch('start'));
	});

	it('fails with what failed', async () => {
		const connection = new ScriptedConnection([[request, timedOut()]]);
		const ended = await updateDeployment(connection, 'a', { number_of_allocations: 2 });
		expect(ended).toEqual(failed({ ...timedOut(), purpose: 'update' }));
	});
});

describe('a start', () => {
	it('is sent once only, and does not wait in the cluster', () => {
		expect(startRequest({ modelId: 'e5', deploymentId: 'e5' })).toEqual({
			method: 'POST',
			purpose: 'start',
			changes: true,
			path: '/_ml/trained_models/e5/deployment/_start',
			query: { wait_for: 'starting' },
			body: undefined,
			repeat: 'unsent',
		});
	});

	it.each<[string, Partial<StartSpec>, object, object | undefined]>([
		['an id of its own', { deploymentId: 'a' }, { deployment_id: 'a' }, undefined],
		[
			'all settings, zero among them',
			{
				numberOfAllocations: 2,
				threadsPerAllocation: 4,
				queueCapacity: 500,
				priority: 'low',
				cacheSize: '0b',
			},
			{
				number_of_allocations: '2',
				threads_per_allocation: '4',
				queue_capacity: '500',
				priority: 'low',
				cache_size: '0b',
			},
			undefined,
		],
		[
			'adaptive settings, which go in the body only',
			{ adaptive: { enabled: true, min_number_of_allocations: 0 } },
			{},
			{ adaptive_allocations: { enabled: true, min_number_of_allocations: 0 } },
		],
	])('asks for %s', (_what, own, query, body) => {
		const request = startRequest({ modelId: 'e5', deploymentId: 'e5', ...own });
		expect(request.query).toEqual({ wait_for: 'starting', ...query });
		expect(request.body).toEqual(body);
	});
});

describe('a stop', () => {
	it.each([
		['a plain one', false, false, {}],
		['with force', true, false, { force: 'true' }],
		['that finishes pending work', false, true, { finish_pending_work: 'true' }],
	])(
		'has all in its query, and is never repeated: %s',
		(_what, force, finishPendingWork, query) => {
			expect(stopRequest('a', { force, finishPendingWork })).toEqual({
				method: 'POST',
				purpose: 'stop',
				changes: true,
				path: '/_ml/trained_models/a/deployment/_stop',
				query: { allow_no_match: 'false', ...query },
				repeat: 'never',
			});
		},
	);
});

describe('the settings in an assignment', () => {
	it.each([
		[
			'are those of its tasks',
			{
				assignment_state: 'started',
				task_parameters: { number_of_allocations: 3, threads_per_allocation: 2 },
				adaptive_allocations: { enabled: true, max_number_of_allocations: 4 },
			},
			{
				state: 'started',
				number_of_allocations: 3,
				threads_per_allocation: 2,
				adaptive_allocations: { enabled: true, max_number_of_allocations: 4 },
			},
		],
		[
			'are the least where it tells nothing',
			{},
			{
				state: 'starting',
				number_of_allocations: 0,
				threads_per_allocation: 1,
				adaptive_allocations: null,
			},
		],
	])('%s', (_what, given, settings) => {
		expect(settingsOfAssignment(given)).toEqual(settings);
	});
});
