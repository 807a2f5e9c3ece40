import type { IDataObject } from 'n8n-workflow';

import { byId, credentialFor, givenCluster, keyWith, parameters, theEngine } from '../given';
import { resolveSubtitle } from '../harness/expressions';

const TYPE = 'n8n-nodes-elasticsearch-ml.mlDeployment';

describe('the deployment picker', () => {
	const search = async (
		cluster: Awaited<ReturnType<typeof givenCluster>>,
		filter?: string,
		paginationToken?: string,
	) =>
		await theEngine().listSearch('searchDeployments', {
			parameters: parameters('update', { deploymentId: byId('') }),
			credentials: credentialFor(cluster),
			filter,
			paginationToken,
		});

	it('lists deployments sorted, with model, state and size', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			model_id: 'my_model',
			number_of_allocations: 2,
		});
		cluster.addDeployment({ deployment_id: 'ingest', model_id: 'my_model' });
		cluster.addModel({ model_id: 'not_deployed' });
		expect(await search(cluster)).toEqual({
			results: [
				{
					name: 'ingest (my_model)',
					value: 'ingest',
					description: 'Model my_model, started, allocations: 1',
				},
				{
					name: 'search (my_model)',
					value: 'search',
					description: 'Model my_model, started, allocations: 2',
				},
			],
		});
	});

	it('tells in the name what lasts', async () => {
		const cluster = await givenCluster();
		const adaptive_allocations = { enabled: true, max_number_of_allocations: 4 };
		const ELSER = { model_id: '.elser_model_2' };
		cluster.addDeployment({ deployment_id: 'a_model', model_id: 'a_model' });
		cluster.addDeployment({ deployment_id: 'batch-nightly', ...ELSER });
		cluster.addDeployment({ deployment_id: 'both', ...ELSER, adaptive_allocations });
		cluster.addDeployment({
			deployment_id: 'off',
			model_id: 'off',
			adaptive_allocations: { enabled: false },
		});
		cluster.addDeployment({
			deployment_id: 'owned',
			...ELSER,
			adaptive_allocations,
			created_by_endpoint: true,
		});
		cluster.addDeployment({
			deployment_id: 'search-shop',
			model_id: 'search-shop',
			adaptive_allocations,
		});
		expect((await search(cluster)).results.map(({ name, value }) => [value, name])).toEqual([
			['a_model', 'a_model'],
			['batch-nightly', 'batch-nightly (.elser_model_2)'],
			['both', 'both (.elser_model_2, adaptive)'],
			['off', 'off'],
			['owned', 'owned (inference endpoint)'],
			['search-shop', 'search-shop (adaptive)'],
		]);
		const found = (await search(cluster, 'inference end')).results;
		expect(found.map(({ value }) => value)).toEqual(['owned']);
	});

	it.each<[string, { privileges?: string[]; fails?: boolean }]>([
		['the key may not read endpoints', { privileges: ['monitor_ml'] }],
		['endpoints cannot be read', { fails: true }],
	])(
		'lists where %s, and knows the default endpoints by their ids',
		async (_what, { privileges, fails }) => {
			const cluster = await givenCluster();
			cluster.addDeployment({ deployment_id: '.elser-2-elasticsearch', created_by_endpoint: true });
			cluster.addDeployment({ deployment_id: 'owned', model_id: 'm', created_by_endpoint: true });
			if (fails)
				cluster.fault({ kind: 'status', path: '/_inference', status: 500, times: Infinity });
			const apiKey = privileges && keyWith(cluster, ...privileges);
			const { results } = await theEngine().listSearch('searchDeployments', {
				parameters: parameters('update', { deploymentId: byId('') }),
				credentials: credentialFor(cluster, apiKey === undefined ? {} : { apiKey }),
			});
			expect(results.map(({ name }) => name)).toEqual([
				'.elser-2-elasticsearch (inference endpoint)',
				'owned (m)',
			]);
		},
	);

	it('finds by what is typed, in id and model, whatever the case', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'for-Search', model_id: 'elser' });
		cluster.addDeployment({ deployment_id: 'other' });
		expect((await search(cluster, 'SEARCH')).results.map(({ value }) => value)).toEqual([
			'for-Search',
		]);
		expect((await search(cluster, ' Elser ')).results.map(({ value }) => value)).toEqual([
			'for-Search',
		]);
		expect((await search(cluster, 'nothing')).results).toEqual([]);
	});

	it('gives 250 deployments in pages, each once', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i < 250; i++)
			cluster.addDeployment({ deployment_id: `d${i}`, priority: 'low' });
		const values: unknown[] = [];
		let token: string | undefined;
		do {
			const page = await search(cluster, undefined, token);
			values.push(...page.results.map(({ value }) => value));
			token = page.paginationToken as string | undefined;
		} while (token !== undefined && values.length <= 250);
		expect(new Set(values).size).toBe(250);
		expect(values).toHaveLength(250);
	});

	it('says what is wrong with the credential', async () => {
		const cluster = await givenCluster();
		const credentials = credentialFor(cluster, { endpoint: 'localhost' });
		await expect(theEngine().listSearch('searchDeployments', { credentials })).rejects.toThrow(
			'The Cluster Endpoint does not start with http:// or https://',
		);
	});
});

describe('the model picker', () => {
	it('lists what can be deployed, and finds by what is typed', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: '.elser_model_2', description: 'Elastic Learned Sparse EncodeR' });
		cluster.addModel({ model_id: 'my_model' });
		cluster.addModel({ model_id: 'forest', model_type: 'tree_ensemble' });
		const search = async (filter?: string) =>
			await theEngine().listSearch('searchModels', { credentials: credentialFor(cluster), filter });
		expect((await search()).results.map(({ value }) => value)).toEqual([
			'.elser_model_2',
			'my_model',
		]);
		expect((await search('sparse')).results.map(({ value }) => value)).toEqual(['.elser_model_2']);
	});
});

describe('the node in the editor', () => {
	it.each([
		'clearCache',
		'get',
		'getMany',
		'infer',
		'scale',
		'start',
		'stop',
		'update',
		'waitUntilReady',
	])('has an action for %s that reads as what a tool does', (value) => {
		const operation = theEngine()
			.description(TYPE)
			.properties.find(({ name }) => name === 'operation');
		const option = operation?.options?.find((each) => 'value' in each && each.value === value);
		expect(option).toMatchObject({
			action: expect.stringMatching(/^[A-Z][a-z]+ .*deployments?( |$)/),
		});
	});

	it.each(['elasticsearch', 'machine learning', 'ml', 'trained model', 'scale'])(
		'is found by %s',
		(typed) => {
			const entry = theEngine()
				.searchData()
				.find(({ name }) => name === TYPE);
			const words = [entry?.displayName, ...(entry?.alias ?? [])].map((word) =>
				word?.toLowerCase(),
			);
			expect(words.some((word) => word?.startsWith(typed))).toBe(true);
		},
	);

	it('keeps out of the category that hides it from the search', () => {
		const entry = theEngine()
			.searchData()
			.find(({ name }) => name === TYPE);
		expect(entry?.categories).toEqual(['Development', 'Data & Storage']);
	});

	it('reads when nothing was chosen yet', () => {
		const operation = theEngine()
			.description(TYPE)
			.properties.find(({ name }) => name === 'operation');
		expect(operation?.default).toBe('getMany');
	});

	it.each([
		['update', { has: ['noMaximum'], lacks: ['requireRestore'] }],
		['scale', { has: ['noMaximum', 'requireRestore'], lacks: ['allowNoMatch', 'newDeploymentId'] }],
		['stop', { has: ['requireRestore'], lacks: ['noMaximum'] }],
		['start', { has: [], lacks: ['noMaximum', 'requireRestore'] }],
	])('offers in %s only the options that do something there', (operation, { has, lacks }) => {
		const names = theEngine()
			.description(TYPE)
			.properties.filter(({ name }) => name === 'options')
			.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
			.flatMap(({ options = [] }) => options.map(({ name }) => name));
		expect(names).toEqual(expect.arrayContaining(has));
		for (const lacking of lacks) expect(names).not.toContain(lacking);
	});

	const subtitle = (operation: string, fields: IDataObject = {}) =>
		resolveSubtitle(theEngine().nodeTypes.getByNameAndVersion(TYPE), parameters(operation, fields));
	const fromList = {
		__rl: true,
		mode: 'list',
		value: 'my_model',
		cachedResultName: 'my_model (adaptive)',
	};
	const adaptive = { deploymentId: fromList, allocationMode: 'adaptive' };

	it.each<[string, string, IDataObject?]>([
		['Get Many', 'getMany'],
		['Clear Cache: my_model', 'clearCache', { deploymentId: fromList }],
		['Get', 'get'],
		['Get: my_model', 'get', { deploymentId: fromList }],
		['Infer: my_model', 'infer', { deploymentId: fromList }],
		['Wait Until Ready: my_model', 'waitUntilReady', { deploymentId: byId('my_model') }],
		['Stop: my_model', 'stop', { deploymentId: fromList }],
		['Stop: elser-*', 'stop', { target: 'pattern', pattern: 'elser-*' }],
		['Stop: elser-* (dry run)', 'stop', { target: 'pattern', pattern: 'elser-*', dryRun: true }],
		['Start: .elser_model_2', 'start', { modelId: byId('.elser_model_2'), numberOfAllocations: 2 }],
		['Start: from restore', 'start', { startFrom: 'restore', restore: '={{ $json.restore }}' }],
		['Scale: my_model → 1', 'scale', { deploymentId: fromList }],
		['Scale: my_model → 1 (dry run)', 'scale', { deploymentId: fromList, dryRun: true }],
		['Scale: my_model → 0', 'scale', { deploymentId: fromList, numberOfAllocations: 0 }],
		['Scale: a,b → 3', 'scale', { target: 'pattern', pattern: 'a,b', numberOfAllocations: 3 }],
		[
			'Update: my_model → 0 to 4',
			'update',
			{ ...adaptive, minNumberOfAllocations: 0, maxNumberOfAllocations: 4 },
		],
		['Update: my_model → at least 2', 'update', { ...adaptive, minNumberOfAllocations: 2 }],
		['Update: my_model → at most 4', 'update', { ...adaptive, maxNumberOfAllocations: 4 }],
		['Update: my_model', 'update', adaptive],
	])('says below its name what it does: %s', (expected, operation, fields = {}) => {
		expect(subtitle(operation, fields)).toBe(expected);
	});

	it.each<[string, string, IDataObject]>([
		['Scale', '={{ $json.deployment_id }}', {}],
		['Scale', "={{ $('Get Many').item.json.deployment_id }}", {}],
		['Scale', '=elser-{{ $json.use }}', {}],
		['Scale', '={{ $vars.deployment }}', {}],
		['Scale', '={{ nothing.known }}', {}],
		['Scale', "={{ $fromAI('deployment') }}", {}],
		['Scale (dry run)', '={{ $json.deployment_id }}', { dryRun: true }],
		['Scale: my_model → 1', '=my_model', {}],
		['Scale: my_model → 1', '={{ "my" + "_model" }}', {}],
		['Scale: my_model', 'my_model', { numberOfAllocations: '={{ $json.n }}' }],
		['Scale: my_model', 'my_model', { numberOfAllocations: '={{ $now.hour < 8 ? 0 : 2 }}' }],
		['Scale: my_model → 2', 'my_model', { numberOfAllocations: '={{ 2 }}' }],
		['Scale: my_model → 1', 'my_model', { dryRun: '={{ $json.dry }}' }],
	])('says %s where the deployment is %s', (expected, id, fields) => {
		expect(subtitle('scale', { deploymentId: byId(id), ...fields })).toBe(expected);
	});

	it('calls each operation below its name as in the list', () => {
		const operation = theEngine()
			.description(TYPE)
			.properties.find(({ name }) => name === 'operation');
		const options = operation?.options ?? [];
		expect(options.length).toBeGreaterThan(5);
		for (const option of options) {
			if ('value' in option && option.value !== '__CUSTOM_API_CALL__') {
				expect(subtitle(String(option.value))).toMatch(new RegExp(`^${option.name}(: |$)`));
			}
		}
	});

	it('shows each field only for operations that exist', () => {
		const { properties } = theEngine().description(TYPE);
		const operation = properties.find(({ name }) => name === 'operation');
		const known = operation?.options?.map((option) =>
			'value' in option ? option.value : undefined,
		);
		for (const { displayOptions } of properties) {
			for (const shown of displayOptions?.show?.operation ?? []) expect(known).toContain(shown);
		}
	});
});
