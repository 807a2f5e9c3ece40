import {
	givenCluster,
	keyWith,
	CHANGE_KEYS,
	credentialFor,
	lines,
	run,
	seen,
	stop,
	stopPattern,
	writes,
} from '../given';
import { absent, leftAlone, nothing, RESTORE, restoreIn, stopped } from './outputs';

const MINUTE = 60_000;
const NOTHING_BREAKS = { pipelines: [], aliases: [], inference_endpoints: [] };

describe('stop of one deployment', () => {
	it('hands on all that Start needs, and sends everything in the query', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			model_id: 'my_model',
			number_of_allocations: 2,
			threads_per_allocation: 4,
			queue_capacity: 2048,
			cache_size: '10kb',
		});
		const { items } = await run(cluster, stop('search'));
		expect(items).toEqual([
			{
				deployment_id: 'search',
				action: 'stop',
				changed: true,
				reason: null,
				state: 'not_deployed',
				number_of_allocations: 0,
				vcpus: 0,
				vcpus_before: 8,
				restore: expect.any(String),
				dry_run: false,
			},
		]);
		expect(Object.keys(items[0])).toEqual(CHANGE_KEYS);
		expect(restoreIn(items[0])).toEqual({
			schema: 1,
			cluster: expect.stringMatching(/^[0-9a-f]{12}$/),
			taken_at: expect.stringMatching(/^20\d\d-.*Z$/),
			model_id: 'my_model',
			deployment_id: 'search',
			threads_per_allocation: 4,
			priority: 'normal',
			queue_capacity: 2048,
			cache_size: '10240b',
			number_of_allocations: 2,
			observed_allocations: 2,
		});
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/search/deployment/_stop?allow_no_match=false',
		]);
		expect(writes(cluster)[0].body).toBeUndefined();
		expect(cluster.deployment('search')).toBeUndefined();
	});

	it('keeps adaptive settings in the restore, without a number beside them', async () => {
		const cluster = await givenCluster();
		const adaptive = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 6 };
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 3,
			adaptive_allocations: adaptive,
		});
		const { items } = await run(cluster, stop('search'));
		expect(restoreIn(items[0])).toMatchObject({
			adaptive_allocations: adaptive,
			observed_allocations: 3,
		});
		expect(restoreIn(items[0])).not.toHaveProperty('number_of_allocations');
		expect(restoreIn(items[0])).not.toHaveProperty('cache_size');
	});

	it.each([
		['force', { force: true }, '&force=true'],
		['finish pending work', { finishPendingWork: true }, '&finish_pending_work=true'],
		['both', { force: true, finishPendingWork: true }, '&force=true&finish_pending_work=true'],
		['neither, though switched off', { force: false, finishPendingWork: false }, ''],
	])('sends %s', async (_name, options, query) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, stop('search', options));
		expect(lines(writes(cluster))).toEqual([
			`POST /_ml/trained_models/search/deployment/_stop?allow_no_match=false${query}`,
		]);
	});

	it('is never a success for a wrong id', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const result = await run(cluster, stop('serach'));
		expect(result.status).toBe('error');
		expect(seen(result).message).toBe("No deployment and no model is called 'serach'");
		expect(seen(result).description).toContain("'Ignore Unknown ID'");
		expect(writes(cluster)).toEqual([]);
	});

	it('reports a wrong id as not stopped where missing ones are ignored', async () => {
		const cluster = await givenCluster();
		const { items, status } = await run(cluster, stop('serach', { ignoreMissing: true }));
		expect(status).toBe('success');
		expect(items).toEqual([absent('serach', 'unknown_id')]);
	});

	it('says of a known model without deployment that it was stopped already', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		const { items } = await run(cluster, stop('my_model'));
		expect(items).toEqual([absent('my_model', 'not_deployed')]);
		expect(writes(cluster)).toEqual([]);
	});

	it("names the deployments where a model's id or an alias is given", async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'for-search', model_id: 'my_model' });
		cluster.addDeployment({ deployment_id: 'for-ingest', model_id: 'my_model' });
		cluster.addAlias({ model_alias: 'live', model_id: 'my_model' });
		for (const id of ['my_model', 'live']) {
			const result = await run(cluster, stop(id));
			expect(seen(result).description).toMatch(
				/'for-ingest'.*'for-search'|'for-search'.*'for-ingest'/,
			);
		}
		expect(writes(cluster)).toEqual([]);
	});

	it('explains force where a pipeline uses it', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.addPipeline({ id: 'docs', model_id: 'search' });
		const result = await run(cluster, stop('search'));
		expect(seen(result)).toMatchObject({
			message: "The deployment 'search' was not stopped: an ingest pipeline uses it",
			description: expect.stringContaining("'Force'"),
		});
		expect((await run(cluster, stop('search', { force: true }))).items[0]).toMatchObject({
			action: 'stop',
		});
	});

	it.each([
		['by its id', stop('={{ $json.id }}', { maxConcurrency: 1 }), ['a', 'b']],
		['by a pattern', stopPattern('*'), ['a']],
		[
			'by a pattern with what endpoints own',
			stopPattern('*', { includeEndpointOwned: true }),
			['a'],
		],
	])('reads nothing between the look and the stop of one %s', async (_name, given, ids) => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b']) cluster.addDeployment({ deployment_id: id });
		await run(cluster, given, { items: ids.map((id) => ({ id })) });
		const sent = cluster.requests.map(({ path }) => path.replace('/_ml/trained_models/', ''));
		const before = sent.filter((_path, place) => sent[place + 1]?.endsWith('/deployment/_stop'));
		expect(before).toEqual(['a/_stats', 'b/_stats']);
	});

	it('needs no privilege but manage_ml', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		const { items } = await run(cluster, stop('search'), { credentials });
		expect(items[0]).toMatchObject({ action: 'stop' });
	});

	it('refuses to stop what it may not record, unless told to', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_inference') });
		const refused = await run(cluster, stop('search'), { credentials });
		expect(seen(refused).description).toMatch(/monitor_ml.*'Fail If Settings Cannot Be Saved'/);
		expect(writes(cluster)).toEqual([]);
		const { items } = await run(cluster, stop('search', { requireRestore: false }), {
			credentials,
		});
		expect(items[0]).toMatchObject({ deployment_id: 'search', action: 'stop', restore: null });
	});

	it.each([
		['a dry run', {}, { dryRun: true }],
		['a minimum age', { minAgeMinutes: 5 }, {}],
		['a minimum age of 0', { minAgeMinutes: 0 }, {}],
		['a condition of idleness', { onlyIfIdleMinutes: 5 }, {}],
	])('stops nothing with a key that cannot see what %s needs', async (_name, options, fields) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_inference') });
		const result = await run(
			cluster,
			stop('search', { requireRestore: false, ...options }, fields),
			{
				credentials,
			},
		);
		expect(result.status).toBe('error');
		expect(seen(result).description).toContain('monitor_ml');
		expect(writes(cluster)).toEqual([]);
	});

	it("warns that one of Elasticsearch's own endpoints starts it again", async () => {
		const cluster = await givenCluster();
		cluster.addInferenceEndpoint({
			inference_id: '.elser-2-elasticsearch',
			default: true,
			model_id: '.elser_model_2',
		});
		const { items } = await run(cluster, stop('.elser-2-elasticsearch', { force: true }));
		expect(items[0]).toMatchObject({
			action: 'stop',
			warnings: [expect.stringContaining('starts this deployment again')],
		});
	});

	it.each([
		[
			'one that was used 10 minutes ago',
			{ last_access: -10 * MINUTE },
			{ onlyIfIdleMinutes: 30 },
			'not_idle',
		],
		['one with requests waiting', { pending_requests: 1 }, { onlyIfIdleMinutes: 0 }, 'not_idle'],
		[
			'one that was started 10 minutes ago',
			{ start_time: -10 * MINUTE },
			{ minAgeMinutes: 30 },
			'too_young',
		],
	])('leaves alone %s', async (_name, seed, options, reason) => {
		const cluster = await givenCluster();
		const since = (ms?: number): number | undefined =>
			ms === undefined ? undefined : cluster.now() + ms;
		cluster.addDeployment({
			deployment_id: 'search',
			start_time: cluster.now() - 600 * MINUTE,
			...seed,
			...('last_access' in seed && { last_access: since(seed.last_access) }),
			...('start_time' in seed && { start_time: since(seed.start_time) }),
		});
		const { items } = await run(cluster, stop('search', options));
		expect(items).toEqual([leftAlone('search', reason)]);
		expect(writes(cluster)).toEqual([]);
	});

	it('stops one that is idle for long enough', async () => {
		const cluster = await givenCluster();
		const longAgo = cluster.now() - 600 * MINUTE;
		cluster.addDeployment({
			deployment_id: 'search',
			start_time: longAgo,
			routes: [{ start_time: longAgo, last_access: cluster.now() - 45 * MINUTE }],
		});
		const { items } = await run(
			cluster,
			stop('search', { onlyIfIdleMinutes: 30, minAgeMinutes: 30 }),
		);
		expect(items[0]).toMatchObject({ action: 'stop' });
	});
});

describe('stop of a pattern', () => {
	it.each([
		[250, ['0']],
		[2_100, ['0', '1000', '2000']],
	])('stops exactly what matches among %d models, over all pages', async (models, pagesFrom) => {
		const cluster = await givenCluster();
		for (let i = 0; i < models; i++)
			cluster.addModel({ model_id: `model-${String(i).padStart(4, '0')}` });
		const matching = ['batch-a', 'batch-b', 'batch-c'];
		for (const id of matching) cluster.addDeployment({ deployment_id: id, model_id: 'model-0249' });
		cluster.addDeployment({ deployment_id: 'search', model_id: 'model-0249' });
		cluster.addDeployment({ deployment_id: 'my-batch-a' });

		const { items } = await run(cluster, stopPattern('batch-*'));

		expect(items.map((item) => [item.deployment_id, item.action])).toEqual(
			matching.map((id) => [id, 'stop']),
		);
		expect(
			cluster
				.deployments()
				.map((each) => each.deployment_id)
				.sort(),
		).toEqual(['my-batch-a', 'search']);
		const pages = cluster.requests.filter(({ path }) => path === '/_ml/trained_models/_stats');
		expect(pages.map(({ query }) => query.from)).toEqual(pagesFrom);
	});

	it('stops nothing where more match than allowed', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i < 6; i++) cluster.addDeployment({ deployment_id: `batch-${i}` });
		const result = await run(cluster, stopPattern('batch-*', {}, { maxMatches: 5 }));
		expect(seen(result).message).toContain("6 deployments, more than 'Max Matches' of 5");
		expect(writes(cluster)).toEqual([]);
	});

	it('stops at most 25 unless told otherwise', async () => {
		const cluster = await givenCluster();
		for (let i = 0; i < 26; i++) cluster.addModel({ model_id: `m${i}` });
		for (let i = 0; i < 26; i++)
			cluster.addDeployment({ deployment_id: `batch-${i}`, priority: 'low' });
		expect(seen(await run(cluster, stopPattern('_all'))).message).toContain("'Max Matches' of 25");
		expect(writes(cluster)).toEqual([]);
	});

	it('never touches what is excluded, nor what an inference endpoint owns', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'batch-a' });
		cluster.addDeployment({ deployment_id: 'batch-prod' });
		cluster.addDeployment({ deployment_id: 'batch-owned', created_by_endpoint: true });
		const { items } = await run(
			cluster,
			stopPattern('batch-*', { exclude: 'batch-prod, other-*' }),
		);
		expect(items).toEqual([
			leftAlone('batch-prod', 'excluded', {
				warnings: ["'other-*' in 'Exclude' matches no deployment"],
			}),
			leftAlone('batch-owned', 'endpoint_owned'),
			stopped('batch-a'),
		]);
		expect(
			cluster
				.deployments()
				.map((each) => each.deployment_id)
				.sort(),
		).toEqual(['batch-owned', 'batch-prod']);
	});

	it('gives one item that says so, where nothing matches', async () => {
		const cluster = await givenCluster();
		const { items } = await run(cluster, stopPattern('batch-*'));
		expect(items).toEqual([nothing('no_match', { warnings: ["Nothing matches 'batch-*'"] })]);
	});

	it.each(['batch-*', 'search,batch-*'])(
		'ends before anything is stopped where %s matches nothing or only in part, and that is not allowed',
		async (pattern) => {
			const cluster = await givenCluster();
			cluster.addDeployment({ deployment_id: 'search' });
			const result = await run(cluster, stopPattern(pattern, { allowNoMatch: false }));
			expect(seen(result).message).toBe("No deployment matches 'batch-*', so nothing was changed");
			expect(writes(cluster)).toEqual([]);
		},
	);

	it('stops the rest of a list and names what matched nothing', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const { items } = await run(cluster, stopPattern('search, serach-2'));
		expect(items).toEqual([
			nothing('no_match', { warnings: ["Nothing matches 'serach-2'"] }),
			stopped('search'),
		]);
	});

	it('stops c too where b is refused, and hands on what was done in the error', async () => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b', 'c']) cluster.addDeployment({ deployment_id: id });
		cluster.addPipeline({ id: 'docs', model_id: 'b' });
		const result = await run(cluster, stopPattern('a,b,c'));
		const { message, description } = seen(result);
		expect(message).toBe('1 of 3 deployments was not stopped');
		expect(description.split('\n')).toEqual([
			"The deployment 'b' was not stopped: an ingest pipeline uses it. Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else remove it from the pipeline first.",
			expect.stringMatching(/^Elasticsearch said: /),
			"Done before this and not undone: stopped 'a', stopped 'c'. The outputs, with restore, are under 'done' in the error data.",
		]);
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [stopped('a'), stopped('c')],
					failed: [{ details: { deployment_id: 'b', http_status: 409 } }],
				},
			},
		});
		expect(lines(writes(cluster))).toEqual(
			['a', 'b', 'c'].map(
				(id) => `POST /_ml/trained_models/${id}/deployment/_stop?allow_no_match=false`,
			),
		);
	});

	it('goes on to c with Continue On Fail, with an item for each', async () => {
		const cluster = await givenCluster();
		for (const id of ['a', 'b', 'c']) cluster.addDeployment({ deployment_id: id });
		cluster.addPipeline({ id: 'docs', model_id: 'b' });
		const { items } = await run(cluster, stopPattern('a,b,c'), {
			onError: 'continueRegularOutput',
		});
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'stop' },
			{ error: expect.stringContaining("'b'"), details: { deployment_id: 'b', http_status: 409 } },
			{ deployment_id: 'c', action: 'stop' },
		]);
	});
});

describe('stop beside inference endpoints', () => {
	it('goes on behind one that the cluster itself protects', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'a-owned', created_by_endpoint: true });
		cluster.addDeployment({ deployment_id: 'b-mine' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		const { items } = await run(cluster, stopPattern('a-*,b-*'), { credentials });
		expect(items).toEqual([
			leftAlone('a-owned', 'endpoint_owned'),
			stopped('b-mine', { warnings: [expect.stringContaining('monitor_inference')] }),
		]);
	});

	it("leaves Elasticsearch's own alone by their name where endpoints may not be read", async () => {
		const cluster = await givenCluster({ version: '8.16' });
		cluster.addInferenceEndpoint({
			inference_id: '.elser-2-elasticsearch',
			default: true,
			model_id: '.elser_model_2',
		});
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		const { items } = await run(cluster, stopPattern('_all'), { credentials });
		expect(items).toEqual([expect.objectContaining({ action: 'none', reason: 'endpoint_owned' })]);
	});

	it('refuses a pattern with Force where it cannot tell what belongs to endpoints', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		const result = await run(cluster, stopPattern('_all', { force: true }), { credentials });
		expect(seen(result).description).toMatch(
			/monitor_inference.*'Include What Inference Endpoints Own'/,
		);
		expect(writes(cluster)).toEqual([]);
	});

	it('ends a pattern where the endpoints could not be read this time', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'html', status: 500, path: '/_inference', times: Infinity });
		expect((await run(cluster, stopPattern('_all', { retries: 0 }))).status).toBe('error');
		expect(writes(cluster)).toEqual([]);
		expect((await run(cluster, stop('search', { retries: 0 }))).items[0]).toMatchObject({
			action: 'stop',
			warnings: [expect.stringContaining('could not be read this time')],
		});
	});
});

describe('dry run of a stop', () => {
	it('gives the promised keys for what would be left alone too', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'prod', number_of_allocations: 3 });
		const { items } = await run(
			cluster,
			stopPattern('prod,nope', { exclude: 'prod' }, { dryRun: true }),
		);
		expect(items).toEqual([
			nothing('no_match', {
				dry_run: true,
				request: null,
				breaks: NOTHING_BREAKS,
				warnings: ["Nothing matches 'nope'"],
			}),
			leftAlone('prod', 'excluded', {
				...{ number_of_allocations: 3, vcpus: 3, vcpus_before: 3 },
				...{ dry_run: true, request: null, breaks: NOTHING_BREAKS },
			}),
		]);
	});

	it('warns where the real run would be refused', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.addPipeline({ id: 'docs', model_id: 'search' });
		const { items } = await run(cluster, stop('search', {}, { dryRun: true }));
		expect(items[0].warnings).toEqual([expect.stringMatching(/refuse.*'Force'.*'docs'/)]);
	});

	it('shows what would be sent, saved and broken, and sends nothing that changes anything', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 2,
			threads_per_allocation: 2,
		});
		cluster.addPipeline({ id: 'docs', model_id: 'search' });
		cluster.addAlias({ model_alias: 'live', model_id: 'search' });
		cluster.addInferenceEndpoint({
			inference_id: 'my-endpoint',
			deployment_id: 'search',
			model_id: 'search',
		});
		const { items } = await run(cluster, stop('search', { force: true }, { dryRun: true }));
		expect(items[0]).toMatchObject({
			deployment_id: 'search',
			action: 'stop',
			changed: false,
			reason: null,
			state: 'not_deployed',
			number_of_allocations: 0,
			vcpus: 0,
			vcpus_before: 4,
			restore: RESTORE,
			dry_run: true,
			request: {
				method: 'POST',
				path: '/_ml/trained_models/search/deployment/_stop?allow_no_match=false&force=true',
			},
			breaks: { pipelines: ['docs'], aliases: ['live'], inference_endpoints: ['my-endpoint'] },
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('says null where the key may not read what would break', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { apiKey: keyWith(cluster, 'manage_ml') });
		const { items } = await run(cluster, stop('search', {}, { dryRun: true }), { credentials });
		expect(items[0].breaks).toMatchObject({ inference_endpoints: null });
	});
});
