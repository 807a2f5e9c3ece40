import type { EmbeddedCluster } from '../../cluster';
import type { CredentialJson } from '../rest';
import { givenCluster, givenCredential, rest } from './given';

let cluster: EmbeddedCluster;
let credential: CredentialJson;

beforeAll(async () => {
	cluster = await givenCluster();
	credential = await givenCredential(cluster);
});

async function deployments(filter?: string) {
	const request = { field: 'deploymentId', method: 'searchDeployments', credential, filter };
	return (await rest.nodeTypes.list(request)).results;
}

async function models(filter?: string) {
	const request = { field: 'modelId', method: 'searchModels', credential, filter };
	return (await rest.nodeTypes.list(request)).results;
}

describe('The list of deployments', () => {
	it('holds all, with model, state and size', async () => {
		const results = await deployments();
		expect(results.map(({ value }) => value)).toEqual([
			'.elser-2-elasticsearch',
			'e5-trial',
			'e5-weekend',
			'elastic__distilbert-base-uncased-finetuned-conll03-english',
			'elser-ingest',
			'elser-search',
		]);
		expect(results.at(-1)).toEqual({
			name: 'elser-search (.elser_model_2, adaptive)',
			value: 'elser-search',
			description: 'Model .elser_model_2, started, allocations: 2',
		});
	});

	it.each([
		['elser-s', ['elser-search']],
		['E5', ['e5-trial', 'e5-weekend']],
		['conll03', ['elastic__distilbert-base-uncased-finetuned-conll03-english']],
		['nothing like it', []],
	])('is narrowed to what is typed: %s', async (typed, ids) => {
		expect((await deployments(typed)).map(({ value }) => value)).toEqual(ids);
	});

	it('comes a page at a time', async () => {
		const many = await givenCluster({ maxDeployments: 300 });
		for (let i = 0; i < 150; i++) {
			const deployment_id = `many-${String(i).padStart(3, '0')}`;
			many.addDeployment({ deployment_id, model_id: 'many', number_of_allocations: 1 });
		}
		const other = await givenCredential(many);
		const request = {
			field: 'deploymentId',
			method: 'searchDeployments',
			credential: other,
			filter: 'many-',
		};
		const first = await rest.nodeTypes.list(request);
		const { paginationToken } = first;
		const second = await rest.nodeTypes.list({ ...request, paginationToken });
		expect([first.results.length, second.results.length]).toEqual([100, 50]);
		expect(second.paginationToken).toBeUndefined();
		expect(second.results[0].value).toBe('many-100');
	});

	it('says why it is empty', async () => {
		const wrong = Buffer.from('wrong:key-of-nobody').toString('base64');
		credential = await givenCredential(cluster, { apiKey: wrong });
		await expect(deployments()).rejects.toThrow('Elasticsearch does not accept the API key');
		credential = await givenCredential(cluster);
	});
});

describe('The list of models', () => {
	it('holds those that can be deployed', async () => {
		expect((await models()).map(({ value }) => value)).toEqual([
			'.elser_model_2',
			'.multilingual-e5-small',
			'elastic__distilbert-base-uncased-finetuned-conll03-english',
		]);
	});

	it('is narrowed to what is typed', async () => {
		expect((await models('e5')).map(({ value }) => value)).toEqual(['.multilingual-e5-small']);
	});
});
