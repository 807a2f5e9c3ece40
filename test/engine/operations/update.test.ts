import {
	beforeLook,
	CHANGE_KEYS,
	credentialFor,
	givenCluster,
	lines,
	run,
	seen,
	update,
	writes,
} from '../given';

const SEED_MODEL = 'elastic__distilbert-base-uncased-finetuned-conll03-english';

describe('update with a fixed number', () => {
	it("gives the shape of the documentation's example for 4 allocations", async () => {
		const cluster = await givenCluster({ version: '8.6', allocationDelayMs: 60_000 });
		cluster.addDeployment({
			deployment_id: SEED_MODEL,
			model_bytes: 265632637,
			queue_capacity: 1024,
			start_time: '2022-11-02T11:50:34.766591Z',
			routes: [{ node_id: 'uckeG3R8TLe2MMNBQ6AGrw', allocations: 1, reason: '' }],
		});

		const { items, status } = await run(cluster, update(SEED_MODEL, { numberOfAllocations: 4 }));

		expect(status).toBe('success');
		expect(items).toHaveLength(1);
		expect(Object.keys(items[0])).toEqual([...CHANGE_KEYS, 'assignment']);
		expect(items[0]).toMatchObject({
			deployment_id: SEED_MODEL,
			action: 'update',
			changed: true,
			reason: null,
			state: 'started',
			number_of_allocations: 4,
			vcpus: 4,
			// Update looks at nothing beforehand.
			vcpus_before: null,
			restore: null,
			dry_run: false,
			assignment: {
				task_parameters: {
					model_id: SEED_MODEL,
					model_bytes: 265632637,
					threads_per_allocation: 1,
					number_of_allocations: 4,
					queue_capacity: 1024,
				},
				routing_table: {
					uckeG3R8TLe2MMNBQ6AGrw: {
						current_allocations: 1,
						target_allocations: 4,
						routing_state: 'started',
						reason: '',
					},
				},
				assignment_state: 'started',
				start_time: '2022-11-02T11:50:34.766591Z',
			},
		});
		expect(lines(cluster.requests)).toEqual([
			`POST /_ml/trained_models/${SEED_MODEL}/deployment/_update`,
		]);
		expect(cluster.requests[0].body).toEqual({ number_of_allocations: 4 });
	});

	it('takes a text of digits from an expression', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, update('search', { numberOfAllocations: '={{ $json.wanted }}' }), {
			items: [{ wanted: '3' }],
		});
		expect(cluster.requests[0].body).toEqual({ number_of_allocations: 3 });
	});

	it('keeps the path of the endpoint and encodes the id', async () => {
		const cluster = await givenCluster({ basePath: '/elastic' });
		cluster.addDeployment({ deployment_id: 'my model/1?#%' });
		const credentials = credentialFor(cluster, { endpoint: `${cluster.endpoint}///` });
		const result = await run(cluster, update('my model/1?#%', { numberOfAllocations: 2 }), {
			credentials,
		});
		expect(result.status).toBe('success');
		expect(lines(cluster.requests)).toEqual([
			'POST /elastic/_ml/trained_models/my%20model%2F1%3F%23%25/deployment/_update',
		]);
	});

	it('names the run for the audit log and itself for the server', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, update('search'), { workflowId: 'wf7', executionId: '42' });
		expect(cluster.requests[0].headers).toMatchObject({
			accept: 'application/json',
			'user-agent': expect.stringMatching(/^n8n-nodes-elasticsearch-ml\/\d/),
			'x-opaque-id': 'n8n workflow wf7 execution 42',
		});
	});

	it('is an error for an id that the cluster does not know', async () => {
		const cluster = await givenCluster();
		const result = await run(cluster, update('serach', { numberOfAllocations: 2 }));
		expect(result.status).toBe('error');
		expect(seen(result).message).toBe("No deployment is called 'serach'");
		expect(seen(result).description).toContain('No known model deployment with id [serach]');
	});

	it('survives an id that holds a word which n8n takes for a network code', async () => {
		const cluster = await givenCluster();
		const result = await run(
			cluster,
			update('eperm-enoent-econnrefused', { numberOfAllocations: 2 }),
		);
		expect(seen(result).message).toBe("No deployment is called 'eperm-enoent-econnrefused'");
	});
});

describe('update of a deployment whose adaptive allocations are on', () => {
	const adaptive = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 8 };

	it('changes nothing and names the option', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: adaptive });
		const result = await run(cluster, update('search', { numberOfAllocations: 2 }));
		expect(result.status).toBe('error');
		expect(seen(result).description).toContain("'If Adaptive Allocations Are On'");
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(adaptive);
	});

	it.each([
		[
			'setBounds',
			{
				adaptive_allocations: {
					enabled: true,
					min_number_of_allocations: 2,
					max_number_of_allocations: 2,
				},
			},
			{ enabled: true, min_number_of_allocations: 2, max_number_of_allocations: 2 },
		],
		[
			'turnOff',
			{ number_of_allocations: 2, adaptive_allocations: { enabled: false } },
			{ ...adaptive, enabled: false },
		],
	])(
		'with %s sends the second body only after the first was ruled out',
		async (whenAdaptive, body, stored) => {
			const cluster = await givenCluster();
			cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: adaptive });
			const fields = { numberOfAllocations: 2, options: { whenAdaptive } };
			const result = await run(cluster, update('search', fields));
			expect(result.status).toBe('success');
			expect(cluster.requests.map((request) => request.body)).toEqual([
				{ number_of_allocations: 2 },
				body,
			]);
			expect(cluster.deployment('search')?.adaptive_allocations).toEqual(stored);
		},
	);
});

describe('update with adaptive allocations', () => {
	const fields = (min: unknown, max: unknown, options = {}) => ({
		allocationMode: 'adaptive',
		minNumberOfAllocations: min as number,
		maxNumberOfAllocations: max as number,
		options,
	});

	it.each([
		['both bounds', fields(0, 8), { min_number_of_allocations: 0, max_number_of_allocations: 8 }],
		['the minimum alone', fields(2, ''), { min_number_of_allocations: 2 }],
		['the maximum alone', fields('', 4), { max_number_of_allocations: 4 }],
		['neither', fields('', ''), {}],
		[
			'no maximum',
			fields(1, '', { noMaximum: true }),
			{ min_number_of_allocations: 1, max_number_of_allocations: null },
		],
	])('sends %s and leaves the rest as stored', async (_name, given, sent) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const result = await run(cluster, update('search', given));
		expect(result.status).toBe('success');
		expect(cluster.requests[0].body).toEqual({ adaptive_allocations: { enabled: true, ...sent } });
	});

	it('says from which version on they exist', async () => {
		const cluster = await givenCluster({ version: '8.12' });
		cluster.addDeployment({ deployment_id: 'search' });
		const result = await run(cluster, update('search', fields(0, 2)));
		expect(seen(result)).toMatchObject({
			message:
				"The deployment 'search' was not changed: this cluster knows no adaptive allocations",
			description: expect.stringContaining('8.16'),
		});
	});
});

describe('update that waits', () => {
	it('shows the state at the end beside the assignment, and says how long it took', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 600_000 });
		cluster.addDeployment({ deployment_id: 'search' });
		beforeLook(cluster, '/search/_stats', 2, () => cluster.advance(600_000));
		const fields = { numberOfAllocations: 3, options: { waitFor: 'fully_allocated' } };
		const { items, hints } = await run(cluster, update('search', fields));
		expect(items[0]).toMatchObject({
			deployment_id: 'search',
			assignment: { task_parameters: { number_of_allocations: 3 } },
			state: 'started',
			number_of_allocations: 3,
			vcpus: 3,
		});
		expect(hints).toEqual([
			{
				location: 'outputPane',
				message: expect.stringMatching(
					/^Updated 1 of 1\. 'search' was fully allocated after \d s; state: started, 3 of 3 allocations\.$/,
				),
			},
		]);
	});

	it('ends with an error that keeps the update, when time runs out', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 600_000 });
		cluster.addDeployment({ deployment_id: 'search' });
		const options = { waitFor: 'fully_allocated', waitTimeout: 1 };
		const result = await run(cluster, update('search', { numberOfAllocations: 3, options }));
		expect(seen(result).message).toBe("The deployment 'search' was not ready after 1 s");
		expect(seen(result).description).toContain("updated 'search'");
		expect(result.error).toMatchObject({
			context: { data: { done: [{ deployment_id: 'search', action: 'update', changed: true }] } },
		});
	});

	it('polls once for all items that wait', async () => {
		const cluster = await givenCluster({ allocationDelayMs: 600_000 });
		const ids = ['a', 'b', 'c', 'd'];
		for (const id of ids) cluster.addDeployment({ deployment_id: id });
		beforeLook(cluster, 'a,b,c,d/_stats', 2, () => cluster.advance(600_000));
		const fields = { numberOfAllocations: 2, options: { waitFor: 'fully_allocated' } };
		const { items } = await run(cluster, update('={{ $json.id }}', fields), {
			items: ids.map((id) => ({ id })),
		});
		expect(items.map((item) => item.deployment_id)).toEqual(ids);
		const looks = lines(cluster.requests).filter((line) => line.includes('/_stats'));
		// Whoever begins first may be looked at once before the others wait.
		expect(looks.slice(-2)).toEqual([
			'GET /_ml/trained_models/a,b,c,d/_stats?size=1000',
			'GET /_ml/trained_models/a,b,c,d/_stats?size=1000',
		]);
	});
});

describe('dry run of an update', () => {
	it('shows request, before and after, and sends nothing that changes anything', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 4,
			threads_per_allocation: 2,
		});
		const { items } = await run(
			cluster,
			update('search', { numberOfAllocations: 1, dryRun: true }),
		);
		expect(items).toEqual([
			{
				deployment_id: 'search',
				action: 'update',
				changed: false,
				reason: null,
				state: 'started',
				number_of_allocations: 1,
				vcpus: 2,
				vcpus_before: 8,
				restore: null,
				dry_run: true,
				assignment: null,
				request: {
					method: 'POST',
					path: '/_ml/trained_models/search/deployment/_update',
					body: { number_of_allocations: 1 },
				},
				breaks: { pipelines: [], aliases: [], inference_endpoints: [] },
			},
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('says what the real run would say where adaptive allocations are on', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: { enabled: true } });
		const result = await run(cluster, update('search', { numberOfAllocations: 1, dryRun: true }));
		expect(seen(result).description).toContain("'If Adaptive Allocations Are On'");
		expect(writes(cluster)).toEqual([]);
	});
});
