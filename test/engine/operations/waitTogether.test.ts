import type { IDataObject } from 'n8n-workflow';

import { beforeLook, byId, givenCluster, lines, parameters, run, seen, writes } from '../given';
import { updated } from './outputs';

const matching = (fields: IDataObject = {}, options: IDataObject = {}) =>
	parameters('scale', {
		target: 'pattern',
		pattern: 'batch-*',
		numberOfAllocations: 2,
		options: { waitFor: 'fully_allocated', ...options },
		...fields,
	});
const start = (model: unknown, options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('start', { modelId: byId(model), options, ...fields });

const IDS = ['batch-a', 'batch-b', 'batch-c'];
const changed = (id: string): object => updated(id, 2);

async function givenBatch(allocationDelayMs: number) {
	const cluster = await givenCluster({ allocationDelayMs });
	for (const id of IDS) cluster.addDeployment({ deployment_id: id });
	return cluster;
}

/** A function anywhere in a value: it would not outlive the execution's data being stored. */
function holdsFunction(value: unknown): boolean {
	if (typeof value === 'function') return true;
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsFunction);
}

describe('a pattern that is waited for', () => {
	it('is changed as a whole first, then waited for together, and told in its order', async () => {
		const cluster = await givenBatch(600_000);
		beforeLook(cluster, `${IDS.join(',')}/_stats`, 2, () => cluster.advance(600_000));
		const { items } = await run(cluster, matching());
		expect(items).toEqual(IDS.map(changed));
		const sent = lines(cluster.requests);
		const firstLook = sent.findIndex((line) => line.includes('batch-a,'));
		expect(sent.slice(firstLook)).toEqual(
			sent.slice(firstLook).map(() => `GET /_ml/trained_models/${IDS.join(',')}/_stats?size=1000`),
		);
		expect(sent.slice(0, firstLook).filter((line) => line.startsWith('POST'))).toEqual(
			IDS.map((id) => `POST /_ml/trained_models/${id}/deployment/_update`),
		);
	});

	it('keeps what was changed where the waiting of one fails, and waits for the others', async () => {
		const cluster = await givenBatch(0);
		cluster.fault({
			kind: 'effect',
			path: 'batch-b/deployment/_update',
			effect: () => cluster.changeDeployment('batch-b', { never_starts: true }),
		});
		const result = await run(cluster, matching({}, { waitTimeout: 1 }), {
			onError: 'continueRegularOutput',
		});
		expect(result.items).toEqual([
			changed('batch-a'),
			{
				error: "The deployment 'batch-b' was not ready after 1 s",
				details: expect.objectContaining({ done: changed('batch-b') }),
			},
			changed('batch-c'),
		]);
	});

	it('is waited for where one was refused; what was changed is told', async () => {
		const cluster = await givenBatch(0);
		cluster.fault({
			kind: 'status',
			path: 'batch-c/deployment/_update',
			status: 429,
			body: {
				error: { root_cause: [], type: 'status_exception', reason: 'not enough resources' },
				status: 429,
			},
			times: Infinity,
		});
		const result = await run(cluster, matching());
		expect(seen(result).message).toBe('1 of 3 deployments was not scaled');
		expect(seen(result).description).toContain("'batch-c'");
		expect(result.error).toMatchObject({
			context: { data: { done: [changed('batch-a'), changed('batch-b')] } },
		});
		expect(seen(result).description).toContain("scaled 'batch-a', scaled 'batch-b'");
		expect(holdsFunction(result.raw.data.executionData?.contextData)).toBe(false);
		expect(holdsFunction(result.error?.context)).toBe(false);
	});

	it('is waited for by the next try of Retry On Fail where an earlier one ended before', async () => {
		const cluster = await givenBatch(1_000);
		cluster.fault({
			kind: 'status',
			path: 'batch-c/deployment/_update',
			status: 409,
			body: {
				error: { root_cause: [], type: 'status_exception', reason: 'busy' },
				status: 409,
			},
		});
		const result = await run(cluster, matching(), { retryOnFail: true, maxTries: 2 });
		expect(result.tries).toBe(2);
		expect(result.items).toMatchObject([
			{ deployment_id: 'batch-a', action: 'update', number_of_allocations: 2 },
			{ deployment_id: 'batch-b', action: 'update', number_of_allocations: 2 },
			{ deployment_id: 'batch-c', action: 'update', number_of_allocations: 2 },
		]);
	});

	it('ends the run with the first that is not ready, and names all that was changed', async () => {
		const cluster = await givenBatch(600_000);
		const result = await run(cluster, matching({}, { waitTimeout: 1 }));
		expect(seen(result).message).toBe('3 of 3 deployments were not scaled');
		expect(seen(result).description).toMatch(
			/^The deployment 'batch-a' was not ready after 1 s\. It goes on by itself;/,
		);
		expect(result.error).toMatchObject({ context: { data: { done: IDS.map(changed) } } });
		expect(writes(cluster)).toHaveLength(3);
	});
});

describe('a start that has to wait for one that is starting', () => {
	it('does not hold the starts behind it back', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'first', state: 'starting' });
		cluster.addModel({ model_id: 'second' });
		// Only the second start brings the first on its way.
		cluster.fault({
			kind: 'effect',
			path: 'second/deployment/_start',
			effect: () => cluster.addDeployment({ deployment_id: 'first' }),
		});
		const { items } = await run(
			cluster,
			start('={{ $json.id }}', { whenExists: 'update' }, { numberOfAllocations: 2 }),
			{ items: [{ id: 'first' }, { id: 'second' }] },
		);
		expect(items).toMatchObject([
			{ deployment_id: 'first', changed: true, number_of_allocations: 2 },
			{ deployment_id: 'second', changed: true, number_of_allocations: 2 },
		]);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/second/deployment/_start?wait_for=starting&number_of_allocations=2',
			'POST /_ml/trained_models/first/deployment/_update',
		]);
	});
});

// The second wait begins after 1 s of 2, and would take 1.5 s.
describe('the time of one item', () => {
	const LOOK = '/search/_stats';

	it('runs on from waiting until one is gone to waiting until it is started', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 1_500 });
		cluster.addDeployment({ deployment_id: 'search', state: 'stopping' });
		beforeLook(cluster, LOOK, 3, () => cluster.removeDeployment('search'));
		const result = await run(cluster, start('search', { waitTimeout: 2 }), {
			onError: 'continueRegularOutput',
		});
		expect(result.items).toEqual([
			{
				error: "The deployment 'search' was not ready after 2 s",
				details: expect.objectContaining({
					done: expect.objectContaining({ deployment_id: 'search', changed: true }),
				}),
			},
		]);
	});

	it.each(['start', 'scale'])(
		'of %s runs on from waiting until it is started to waiting until all runs',
		async (operation) => {
			const cluster = await givenCluster({ allocationDelayMs: 1_500 });
			cluster.addDeployment({ deployment_id: 'search', state: 'starting' });
			beforeLook(cluster, LOOK, 3, () => cluster.addDeployment({ deployment_id: 'search' }));
			const options = { waitFor: 'fully_allocated', waitTimeout: 2, whenExists: 'update' };
			const given = parameters(operation, {
				deploymentId: byId('search'),
				modelId: byId('search'),
				numberOfAllocations: 2,
				options,
			});
			const result = await run(cluster, given, { onError: 'continueRegularOutput' });
			expect(result.items).toEqual([
				{
					error: "The deployment 'search' was not ready after 2 s",
					details: expect.objectContaining({
						done: expect.objectContaining({ deployment_id: 'search', changed: true }),
					}),
				},
			]);
		},
	);

	it('is not used up by what another item waits for', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'never', state: 'starting' });
		cluster.addDeployment({ deployment_id: 'later', state: 'starting' });
		const wait = parameters('waitUntilReady', {
			deploymentId: byId('={{ $json.id }}'),
			options: { waitTimeout: '={{ $json.seconds }}' },
		});
		beforeLook(cluster, '/later/_stats', 2, () =>
			cluster.addDeployment({ deployment_id: 'later' }),
		);
		const { items } = await run(cluster, wait, {
			items: [
				{ id: 'never', seconds: 1 },
				{ id: 'later', seconds: 60 },
			],
			onError: 'continueRegularOutput',
		});
		expect(items).toMatchObject([
			{ error: "The deployment 'never' was not ready after 1 s" },
			{ deployment_id: 'later', ready: true },
		]);
	});
});
