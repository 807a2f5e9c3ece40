import type { IDataObject } from 'n8n-workflow';

import type { ClusterOptions } from '../cluster';
import { givenCluster, keyWith, letTimePass, writes } from '../engine/given';
import type { Stub } from '../engine/harness';
import { withServerPart } from './serverPart';
import { setUp, type SetUp } from './shipped';
import { start } from './start';

interface Answer {
	statusCode: number;
	headers: IDataObject;
	body: IDataObject;
}

/** Only the connection to the caller is missing. */
const answering = (answers: Answer[]): Stub =>
	withServerPart(() => ({ sendResponse: async (answer: Answer) => void answers.push(answer) }));

async function givenWebhook(options: ClusterOptions = {}, how: SetUp = {}) {
	const cluster = await givenCluster(options);
	const picks = { 'Wake Model': ['search', 'my_model'] };
	const workflow = setUp('wake-on-webhook.json', { picks, ...how });
	const call = async (apiKey?: string) => {
		const answers: Answer[] = [];
		const startItems = [{ headers: {}, params: {}, query: {}, body: { deployment_id: 'other' } }];
		const stubs = { 'Answer Ready': answering(answers), 'Answer Not Ready': answering(answers) };
		const result = await start(cluster, workflow, { startItems, stubs }, apiKey);
		expect(answers).toHaveLength(1);
		return { ...answers[0], run: result.status };
	};
	return { cluster, call };
}

const READY = { statusCode: 200, run: 'success' };

describe('wake-on-webhook.json answers 200', () => {
	it('after it started what was absent', async () => {
		const { cluster, call } = await givenWebhook();
		cluster.addModel({ model_id: 'my_model' });
		expect(await call()).toMatchObject({
			...READY,
			body: {
				deployment_id: 'search',
				action: 'start',
				changed: true,
				state: 'started',
				number_of_allocations: 1,
			},
		});
		expect(cluster.deployment('search')).toMatchObject({
			model_id: 'my_model',
			running_allocations: 1,
		});
	});

	it.each([
		['fixed', null],
		['adaptive', { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 9 }],
	])('for what runs already, and leaves its %s allocations alone', async (_name, adaptive) => {
		const { cluster, call } = await givenWebhook();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 6,
			adaptive_allocations: adaptive,
		});
		expect(await call()).toMatchObject({
			...READY,
			body: { action: 'none', number_of_allocations: 6 },
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('after it raised the minimum of what was scaled to zero, keeping the maximum', async () => {
		const { cluster, call } = await givenWebhook();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 0,
			adaptive_allocations: {
				enabled: true,
				min_number_of_allocations: 0,
				max_number_of_allocations: 9,
			},
		});
		letTimePass(cluster);
		expect(await call()).toMatchObject({ ...READY, body: { action: 'update' } });
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual({
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 9,
		});
	});

	it('to calls that come together, and starts the model once', async () => {
		const { cluster, call } = await givenWebhook();
		cluster.addModel({ model_id: 'my_model' });
		const calls = await Promise.all([call(), call(), call()]);
		expect(calls).toEqual(calls.map(() => expect.objectContaining(READY)));
		expect(cluster.deployments()).toHaveLength(1);
	});
});

describe('wake-on-webhook.json answers 503', () => {
	const NOT_READY = { ...READY, statusCode: 503, headers: { 'retry-after': '60' } };

	it('where there is no room, with the reason', async () => {
		const nodes = [{ id: 'n', name: 'n', processors: 0, memoryBytes: 1e12 }];
		const { cluster, call } = await givenWebhook({ nodes });
		cluster.addModel({ model_id: 'my_model' });
		expect(await call()).toMatchObject({
			...NOT_READY,
			body: {
				error: expect.stringContaining('no room'),
				next_step: expect.stringContaining('fewer allocations'),
			},
		});
	});

	it('without what the caller sent, which may be secret', async () => {
		const { call } = await givenWebhook();
		expect(Object.keys((await call()).body)).toEqual(['error', 'next_step']);
	});

	it('where the model is not known', async () => {
		const { call } = await givenWebhook();
		const { body, ...answer } = await call();
		expect(answer).toMatchObject(NOT_READY);
		expect(body.error).toBe("There is no trained model called 'my_model'");
	});

	it('where the API key may not see it', async () => {
		const { cluster, call } = await givenWebhook();
		const { body, ...answer } = await call(keyWith(cluster, 'monitor_inference'));
		expect(answer).toMatchObject(NOT_READY);
		expect(body.error).toBe('The API key may not read deployments');
	});

	it('where it did not start', async () => {
		const { cluster, call } = await givenWebhook();
		cluster.addModel({ model_id: 'my_model', start_failure: 'too little memory' });
		expect(await call()).toMatchObject(NOT_READY);
	});
});
