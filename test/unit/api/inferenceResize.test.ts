import {
	orphansAmong,
	ownerOf,
	resizeEndpoint,
	resizeRequest,
	type InferenceEndpoint,
} from '../../../nodes/elasticsearch/api/inference';
import { failed, notElasticsearch, success } from '../../../nodes/elasticsearch/transport/failure';
import { timedOut } from '../failures';
import { ScriptedConnection } from '../flows/harness/scriptedConnection';

describe('an inference endpoint is resized', () => {
	it('by a request that may be repeated, because its number is absolute', () => {
		expect(resizeRequest('my-e5', 'text_embedding', 3)).toEqual({
			method: 'PUT',
			purpose: 'update',
			changes: true,
			path: '/_inference/text_embedding/my-e5/_update',
			body: { service_settings: { num_allocations: 3 } },
			repeat: 'safe',
		});
	});

	it.each([
		['its id alone, where its task is not known', undefined, 'my-e5', 'my-e5'],
		['its id alone, where it tells an empty task', '', 'my-e5', 'my-e5'],
		['task and id, each encoded', 'a/b', '.e 5', 'a%2Fb/.e%205'],
	])('under %s', (_what, task, id, path) => {
		expect(resizeRequest(id, task, 1).path).toBe(`/_inference/${path}/_update`);
	});

	it.each([
		['..', 'text_embedding'],
		['', 'text_embedding'],
		['my-e5', '..'],
	])('never under another path: %j with the task %j', (id, task) => {
		expect(() => resizeRequest(id, task, 1)).toThrow('cannot be an id');
	});

	const request = resizeRequest('my-e5', 'rerank', 2);

	it.each([
		['it answers with itself', success({ inference_id: 'my-e5' }), success(null)],
		['it answers with another', success({ inference_id: 'e5' }), notElasticsearch('update')],
		['a login page answers', success('<html>'), notElasticsearch('update')],
		['no answer comes', timedOut(), failed({ ...timedOut(), purpose: 'update' })],
	])('where %s', async (_what, answer, expected) => {
		const connection = new ScriptedConnection([[request, answer]]);
		expect(await resizeEndpoint(connection, 'my-e5', 'rerank', 2)).toEqual(expected);
	});
});

const ENDPOINT: InferenceEndpoint = {
	id: 'mine',
	taskType: 'rerank',
	modelId: 'e5',
	deploymentId: 'mine',
	isLocal: true,
	owner: true,
	isDefault: false,
};

describe('the owner of a deployment', () => {
	it.each<[string, InferenceEndpoint[] | null, string | null]>([
		['is the endpoint whose own deployment it is', [ENDPOINT], 'mine'],
		['is none that is only attached to it', [{ ...ENDPOINT, id: 'other', owner: false }], null],
		['is none that owns another one', [{ ...ENDPOINT, deploymentId: 'x' }], null],
		['is unknown where the key may not read endpoints', null, 'unknown'],
	])('%s', (_what, endpoints, owner) => {
		expect(ownerOf('mine', endpoints)).toBe(owner);
	});
});

describe('an orphan', () => {
	it.each<[string, Partial<InferenceEndpoint>, boolean]>([
		['is an endpoint whose deployment is gone', {}, true],
		['is no endpoint whose deployment is there', { deploymentId: 'there' }, false],
		['is no endpoint of a remote service', { isLocal: false }, false],
		['is no default endpoint, whose first use starts it', { isDefault: true }, false],
	])('%s', (_what, own, isOrphan) => {
		const endpoint = { ...ENDPOINT, ...own };
		expect(orphansAmong([endpoint], new Set(['there']))).toEqual(isOrphan ? [endpoint] : []);
	});
});
