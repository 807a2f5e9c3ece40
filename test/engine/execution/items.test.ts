import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
	writes,
} from '../given';
import { stopped } from '../operations/outputs';
import { restoreWith } from '../restoreText';

const ids = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ id: `d${String(index).padStart(2, '0')}` }));

async function givenDeployments(count: number) {
	const cluster = await givenCluster({
		nodes: [{ id: 'n', name: 'n', processors: 999, memoryBytes: 1e12 }],
	});
	for (const { id } of ids(count)) cluster.addDeployment({ deployment_id: String(id) });
	return cluster;
}

const pairs = (branch: INodeExecutionData[] = []) => branch.map((item) => item.pairedItem);

describe('many items', () => {
	it('come back in order and paired, with never more requests in flight than allowed', async () => {
		const cluster = await givenDeployments(50);
		cluster.fault({ kind: 'latency', ms: 20, times: Infinity });
		const { items, outputs } = await run(
			cluster,
			update('={{ $json.id }}', { numberOfAllocations: 2, options: { maxConcurrency: 5 } }),
			{ items: ids(50) },
		);
		expect(items.map((item) => item.deployment_id)).toEqual(ids(50).map(({ id }) => id));
		expect(pairs(outputs[0])).toEqual(ids(50).map((_, item) => ({ item })));
		expect(cluster.maxInFlight()).toBe(5);
	});

	it('for one id are sent in the order of the items', async () => {
		const cluster = await givenDeployments(2);
		// The first answer is slow: an item that doesn't wait for it is quicker.
		cluster.fault({ kind: 'latency', ms: 150 });
		const items = [4, 2, 3, 5].map((wanted, index) => ({
			id: index === 2 ? 'd01' : 'd00',
			wanted,
		}));
		await run(cluster, update('={{ $json.id }}', { numberOfAllocations: '={{ $json.wanted }}' }), {
			items,
		});
		const forFirst = cluster.requests.filter(({ path }) => path.includes('/d00/'));
		expect(forFirst.map(({ body }) => body)).toEqual(
			[4, 2, 5].map((number_of_allocations) => ({ number_of_allocations })),
		);
		expect(cluster.deployment('d00')?.number_of_allocations).toBe(5);
	});

	it('with patterns keep their order too, since patterns may overlap', async () => {
		const cluster = await givenDeployments(4);
		const items = [{ pattern: 'd00,d01' }, { pattern: 'd0*' }];
		const result = await run(cluster, stopPattern('={{ $json.pattern }}'), { items });
		expect(
			result.outputs[0].map(({ json, pairedItem }) => [json.deployment_id, pairedItem]),
		).toEqual([
			['d00', { item: 0 }],
			['d01', { item: 0 }],
			['d02', { item: 1 }],
			['d03', { item: 1 }],
		]);
	});
});

describe('one failing item of ten', () => {
	const wrong = (): IDataObject[] =>
		ids(10).map((item, index) => (index === 3 ? { id: 'wrong' } : item));
	const failedItem = {
		error: "No deployment is called 'wrong'",
		details: {
			deployment_id: 'wrong',
			model_id: null,
			http_status: 404,
			reason: 'No known model deployment with id [wrong]',
			next_step: expect.stringContaining('Get Many'),
		},
	};

	it('leaves nine done with Continue On Fail', async () => {
		const cluster = await givenDeployments(10);
		const result = await run(cluster, update('={{ $json.id }}', { numberOfAllocations: 2 }), {
			items: wrong(),
			onError: 'continueRegularOutput',
		});
		expect(result.status).toBe('success');
		expect(result.items[3]).toEqual(failedItem);
		expect(result.items.filter((item) => 'assignment' in item)).toHaveLength(9);
		expect(pairs(result.outputs[0])).toEqual(wrong().map((_, item) => ({ item })));
	});

	it('leaves nine done with the error output, where it keeps its details', async () => {
		const cluster = await givenDeployments(10);
		const result = await run(cluster, update('={{ $json.id }}', { numberOfAllocations: 2 }), {
			items: wrong(),
			onError: 'continueErrorOutput',
		});
		expect(result.items).toHaveLength(9);
		expect(result.errors).toEqual([expect.objectContaining(failedItem)]);
	});

	it('ends the node otherwise, begins nothing further and tells what was done', async () => {
		const cluster = await givenDeployments(10);
		const result = await run(
			cluster,
			update('={{ $json.id }}', { numberOfAllocations: 2, options: { maxConcurrency: 1 } }),
			{ items: wrong() },
		);
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			httpCode: '404',
			context: {
				itemIndex: 3,
				data: {
					done: [{ deployment_id: 'd00' }, { deployment_id: 'd01' }, { deployment_id: 'd02' }],
				},
			},
		});
		expect(seen(result).description).toContain("updated 'd00', updated 'd01', updated 'd02'");
		expect(writes(cluster)).toHaveLength(4);
	});

	it('awaits what is in flight before it ends', async () => {
		const cluster = await givenDeployments(2);
		cluster.fault({ kind: 'latency', ms: 300, path: '/d01/' });
		const items = [{ id: 'wrong' }, { id: 'd01' }, { id: 'd00' }];
		const options = { maxConcurrency: 2 };
		const result = await run(
			cluster,
			update('={{ $json.id }}', { numberOfAllocations: 2, options }),
			{ items },
		);
		expect(result.error).toMatchObject({ context: { data: { done: [{ deployment_id: 'd01' }] } } });
		expect(lines(writes(cluster)).some((line) => line.includes('/d00/'))).toBe(false);
	});
});

describe('after the first failure', () => {
	it('does not begin a start that waited for its turn', async () => {
		const cluster = await givenCluster();
		for (const id of ['b', 'c', 'd']) cluster.addModel({ model_id: id });
		const start = parameters('start', { modelId: byId('={{ $json.id }}') });
		const items = ['wrong', 'b', 'c', 'd'].map((id) => ({ id }));
		const result = await run(cluster, start, { items });
		expect(seen(result).message).toContain("'wrong'");
		expect(cluster.deployments()).toEqual([]);
		expect(result.error).toMatchObject({ context: { data: { done: [] } } });
	});

	it('does not begin a stop after no more than a look', async () => {
		const cluster = await givenDeployments(3);
		cluster.fault({ kind: 'latency', ms: 300, path: /d0\d\/_stats/, times: 3 });
		const items = [{ id: 'wrong' }, ...ids(3)];
		await run(cluster, stop('={{ $json.id }}'), { items });
		expect(writes(cluster)).toEqual([]);
	});
});

describe('a bad value in one item', () => {
	it('stops the run before any item sent anything', async () => {
		const cluster = await givenDeployments(3);
		const items = [{ n: 2 }, { n: 2 }, {}];
		const result = await run(cluster, update('d00', { numberOfAllocations: '={{ $json.n }}' }), {
			items,
		});
		expect(result.error).toMatchObject({ context: { itemIndex: 2 } });
		expect(cluster.requests).toEqual([]);
	});

	it('is an item of its own with Continue On Fail', async () => {
		const cluster = await givenDeployments(1);
		const items = [{ n: 2 }, {}];
		const result = await run(cluster, update('d00', { numberOfAllocations: '={{ $json.n }}' }), {
			items,
			onError: 'continueRegularOutput',
		});
		expect(result.items[0]).toHaveProperty('assignment');
		expect(result.items[1]).toMatchObject({
			error: expect.stringContaining("'Number of Allocations' is nothing (undefined)"),
			details: { next_step: expect.stringContaining('expression') },
		});
	});
});

describe('Retry On Fail', () => {
	it('does not repeat a success', async () => {
		const cluster = await givenDeployments(1);
		const result = await run(cluster, stop('d00'), { retryOnFail: true, maxTries: 3 });
		expect(result.tries).toBe(1);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('keeps the restore of what an earlier try stopped, in the end of all tries', async () => {
		const cluster = await givenDeployments(3);
		cluster.addPipeline({ id: 'docs', model_id: 'd01' });
		const retry = { retryOnFail: true, maxTries: 2 };
		const result = await run(cluster, stopPattern('d0*'), retry);
		expect(result.status).toBe('error');
		expect(seen(result).message).toBe('1 of 3 deployments was not stopped');
		expect(result.error?.context).toEqual({
			itemIndex: 0,
			data: {
				done: [
					stopped('d00', { restore: restoreWith({ deployment_id: 'd00' }) }),
					stopped('d02', { restore: restoreWith({ deployment_id: 'd02' }) }),
				],
				failed: [
					{
						error: "The deployment 'd01' was not stopped: an ingest pipeline uses it",
						details: expect.objectContaining({ deployment_id: 'd01', http_status: 409 }),
					},
				],
			},
		});
		expect(lines(writes(cluster)).filter((line) => line.includes('/d00/'))).toHaveLength(1);
	});

	it('hands on what all tries did, each once', async () => {
		const cluster = await givenDeployments(3);
		cluster.addPipeline({ id: 'docs', model_id: 'd01' });
		cluster.fault({
			kind: 'status',
			path: /d01.*_stop/,
			status: 409,
			body: { error: { type: 'status_exception', reason: 'busy' }, status: 409 },
		});
		const result = await run(cluster, stopPattern('d0*', { force: true }), {
			retryOnFail: true,
			maxTries: 2,
		});
		expect(result.status).toBe('success');
		expect(result.items.map(({ deployment_id, action }) => [deployment_id, action])).toEqual([
			['d00', 'stop'],
			['d02', 'stop'],
			['d01', 'stop'],
		]);
		expect(result.items[0]).toMatchObject({ restore: restoreWith({ deployment_id: 'd00' }) });
	});

	it('does not stop twice what an item of its own stopped, where the first item failed', async () => {
		const cluster = await givenDeployments(2);
		const result = await run(cluster, stop('={{ $json.id }}'), {
			items: [{ id: 'wrong' }, { id: 'd00' }],
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 2,
		});
		expect(result.items[1]).toMatchObject({
			action: 'stop',
			changed: true,
			restore: restoreWith({ deployment_id: 'd00' }),
		});
		expect(writes(cluster)).toHaveLength(1);
	});
});
