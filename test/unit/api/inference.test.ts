import {
	isLeftToEndpoint,
	listInferenceEndpoints,
	ownerOf,
	type InferenceEndpoint,
} from '../../../nodes/elasticsearch/api/inference';
import type { Connection } from '../../../nodes/elasticsearch/transport/connection';
import {
	failed,
	notElasticsearch,
	success,
	type Result,
} from '../../../nodes/elasticsearch/transport/failure';
import { answered, answeredWith } from '../builders';
import { DrivenClock } from '../drivenClock';
import { proxySaid, timedOut } from '../failures';
import { ScriptedConnection } from '../flows/harness/scriptedConnection';

/** A cluster that answers `GET _inference/_all` with this. */
function answering(answer: Result<unknown>): Connection {
	return {
		cluster: '3fef7ba456df',
		clock: new DrivenClock(),
		log: () => undefined,
		send: async () => answer,
	};
}

async function listed(body: unknown) {
	return await listInferenceEndpoints(answering(success(body)));
}

async function endpointsIn(...entries: unknown[]): Promise<InferenceEndpoint[]> {
	const result = await listed({ endpoints: entries });
	if (!result.ok || result.value === null) throw new Error('The list was not read');
	return result.value;
}

const OWN = {
	id: 'my-e5',
	taskType: 'text_embedding',
	modelId: 'e5',
	deploymentId: 'my-e5',
	isLocal: true,
	owner: true,
	isDefault: false,
};

describe('the inference endpoints', () => {
	const settings = { num_allocations: 1, num_threads: 1, model_id: 'e5' };

	it('are read in the form of 8.15 and later', async () => {
		const entry = { inference_id: 'my-e5', task_type: 'text_embedding', service: 'elasticsearch' };
		expect(await endpointsIn({ ...entry, service_settings: settings })).toEqual([OWN]);
	});

	it('are read in the form of 8.11 to 8.14, where they are called models', async () => {
		const entry = { model_id: 'my-e5', task_type: 'text_embedding', service: 'elasticsearch' };
		const models = [{ ...entry, service_settings: settings, task_settings: {} }];
		expect(await listed({ models })).toEqual(success([OWN]));
	});

	it.each(['elasticsearch', 'elser', 'text_embedding', 'a-later-one', undefined])(
		'own the deployment that is called like them, with the service %j',
		async (service) => {
			const endpoints = await endpointsIn({ inference_id: 'my-e5', service });
			expect(endpoints).toMatchObject([{ taskType: '', modelId: null }]);
			expect(ownerOf('my-e5', endpoints)).toBe('my-e5');
			expect(isLeftToEndpoint('my-e5', endpoints)).toBe(true);
			expect(isLeftToEndpoint('another', endpoints)).toBe(false);
		},
	);

	it.each(['elasticsearch', 'elser'])(
		'use the deployment that they are attached to, without owning it: %s',
		async (service) => {
			const service_settings = { model_id: 'e5', deployment_id: 'for-search' };
			const endpoints = await endpointsIn({ inference_id: 'mine', service, service_settings });
			expect(endpoints).toMatchObject([{ deploymentId: 'for-search', owner: false }]);
			expect(isLeftToEndpoint('for-search', endpoints)).toBe(false);
		},
	);

	it('of a service elsewhere use no deployment here, whatever they call theirs', async () => {
		const endpoints = await endpointsIn(
			{ inference_id: 'gpt', service: 'openai', service_settings: { model_id: 'for-search' } },
			{
				inference_id: 'azure',
				service: 'azureopenai',
				service_settings: { deployment_id: 'for-search' },
			},
		);
		expect(endpoints.map((each) => each.deploymentId)).toEqual(['gpt', 'azure']);
		expect(ownerOf('for-search', endpoints)).toBeNull();
	});

	it("are Elasticsearch's own where they begin with a dot", async () => {
		const entry = { inference_id: '.elser-2-elasticsearch', service: 'elasticsearch' };
		expect(await endpointsIn(entry)).toMatchObject([{ isDefault: true }]);
	});

	it.each<[string, unknown]>([
		['no list', {}],
		['a text', '<html>Log in</html>'],
		['a list that is an object', { endpoints: {} }],
		['an entry without a name', { endpoints: [{ service: 'elasticsearch' }] }],
		['one such entry among others', { models: [{ model_id: 'a' }, { service: 'elser' }] }],
		['a name that is a number', { endpoints: [{ inference_id: 1 }] }],
		['an entry that is a text', { endpoints: ['my-e5'] }],
		['an entry that is null', { endpoints: [null] }],
	])('are not read at all, rather than fewer, in an answer with %s', async (_what, body) => {
		expect(await listed(body)).toEqual(notElasticsearch('read'));
	});

	it.each([
		// Since 8.14, and before.
		'cluster:monitor/xpack/inference/get',
		'cluster:admin/xpack/inference/get',
	])('are not known where the key may not do %s', async (action) => {
		const failure = answered(403, 'security_exception', `action [${action}] is unauthorized`);
		expect(await listInferenceEndpoints(answering(failed(failure)))).toEqual(success(null));
	});

	it.each([
		answered(403, 'security_exception', 'current license is non-compliant for [inference]'),
		proxySaid(403),
	])('fail with a 403 that no privilege changes', async (failure) => {
		expect(await listInferenceEndpoints(answering(failed(failure)))).toEqual(failed(failure));
	});

	it('that no key can read leave to an endpoint what has the name of one', () => {
		expect(isLeftToEndpoint('my-e5', null)).toBe(false);
		expect(isLeftToEndpoint('.elser-2-elasticsearch', null)).toBe(true);
		expect(isLeftToEndpoint('my.elser-2-elasticsearch', null)).toBe(false);
		expect(isLeftToEndpoint('.elser-2-elasticsearch-copy', null)).toBe(false);
	});

	it('are asked for with one request, whose failure is theirs', async () => {
		const failure = timedOut();
		const list = { method: 'GET' as const, path: '/_inference/_all' };
		const connection = new ScriptedConnection([[list, failure]]);
		expect(await listInferenceEndpoints(connection)).toEqual(failed(failure));
	});

	it('are none where the cluster has no inference API', async () => {
		const reason = 'no handler found for uri [/_inference/_all] and method [GET]';
		const failure = answeredWith(400, { error: reason });
		expect(await listInferenceEndpoints(answering(failed(failure)))).toEqual(success([]));
	});
});
