import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster, ModelSeed } from '../../cluster';
import { byId, CHANGE_KEYS, givenCluster, parameters, run, seen, writes } from '../given';

const PROBE = { probe: 'Is anybody there?' };

/** The model `topics`, deployed under its id unless a test starts it. */
async function givenModel({
	deployed = true,
	...seed
}: Partial<ModelSeed> & { deployed?: boolean } = {}) {
	const cluster = await givenCluster();
	cluster.addModel({ model_id: 'topics', task: 'text_embedding', ...seed });
	if (deployed) cluster.addDeployment({ deployment_id: 'topics' });
	return cluster;
}

const start = (options: IDataObject = PROBE, more = {}) =>
	parameters('start', { modelId: byId('topics'), options, ...more });
const scale = (options: IDataObject = PROBE, more = {}) =>
	parameters('scale', {
		deploymentId: byId('topics'),
		numberOfAllocations: 2,
		options,
		...more,
	});
const wait = (options: IDataObject = PROBE, more = {}) =>
	parameters('waitUntilReady', { deploymentId: byId('topics'), options, ...more });

const WAYS: Array<[string, INodeParameters, boolean]> = [
	['start', start(), false],
	['scale', scale(), true],
	['wait until ready', wait(), true],
];

const asked = ({ requests }: EmbeddedCluster) =>
	requests.filter(({ path }) => path.endsWith('/_infer'));
const last = ({ requests }: EmbeddedCluster) =>
	requests.filter(({ path }) => path.startsWith('/_ml/')).at(-1)?.path;

describe('the probe', () => {
	it.each(WAYS)(
		'of %s is one inference when the state is reached',
		async (_way, given, deployed) => {
			const cluster = await givenModel({ deployed });
			const { items } = await run(cluster, given);
			expect(items[0]).toMatchObject({
				deployment_id: 'topics',
				probe: { answered: true, took_ms: expect.any(Number) },
			});
			expect(asked(cluster).map(({ body }) => body)).toEqual([
				{ docs: [{ text_field: 'Is anybody there?' }] },
			]);
			expect(last(cluster)).toBe('/_ml/trained_models/topics/_infer');
		},
	);

	it.each(WAYS)('of %s is not sent without the option', async (_way, given, deployed) => {
		const cluster = await givenModel({ deployed });
		const { items } = await run(cluster, { ...given, options: {} });
		expect(items[0]).not.toHaveProperty('probe');
		expect(asked(cluster)).toEqual([]);
	});

	it.each(WAYS)('of %s is refused if it is empty, before anything is sent', async (_way, given) => {
		const cluster = await givenModel();
		const { message } = seen(await run(cluster, { ...given, options: { probe: ' ' } }));
		expect(message).toBe("'Probe' is empty, but has to be filled in");
		expect(cluster.requests).toEqual([]);
	});

	it.each(WAYS)(
		'of %s is asked again while what is in the way passes',
		async (_way, given, deployed) => {
			const cluster = await givenModel({ deployed });
			const error = {
				type: 'es_rejected_execution_exception',
				reason: 'inference process queue is full. Unable to execute command',
			};
			cluster.fault({ kind: 'status', status: 429, path: /_infer$/, body: { error, status: 429 } });
			const { items } = await run(cluster, given);
			expect(items[0]).toHaveProperty('probe');
			expect(asked(cluster)).toHaveLength(2);
		},
	);

	it.each(WAYS)(
		'of %s ends at once where asking again would not help',
		async (_way, given, deployed) => {
			const cluster = await givenModel({ deployed, infer_failure: 'out of memory' });
			const { message, description } = seen(await run(cluster, given));
			expect(message).toBe("The deployment 'topics' runs, but cannot answer the probe");
			expect(description).toMatch(
				/Elasticsearch said: Error in inference process: \[out of memory\]/,
			);
			expect(asked(cluster)).toHaveLength(1);
		},
	);

	it.each(WAYS)('of %s is given up at the deadline', async (_way, given, deployed) => {
		const cluster = await givenModel({ deployed });
		cluster.fault({ kind: 'html', status: 503, path: /_infer$/, times: Infinity });
		const options = { ...PROBE, waitTimeout: 1 };
		const result = await run(cluster, { ...given, options });
		expect(result.status).toBe('error');
		expect(asked(cluster).length).toBeGreaterThan(1);
	});

	it.each([
		['start', start(), false],
		['scale', scale(), true],
	] as const)('of %s loses nothing of what was done if it fails', async (_way, given, deployed) => {
		const cluster = await givenModel({ deployed, infer_warning: 'no tokens' });
		const { items } = await run(cluster, given, { onError: 'continueRegularOutput' });
		expect(items[0]).toMatchObject({
			error: "The deployment 'topics' has no answer to this text: no tokens",
			details: { done: { deployment_id: 'topics', changed: true, state: 'started' } },
		});
		const { error } = await run(await givenModel({ deployed, infer_failure: 'x' }), given);
		expect(error).toMatchObject({
			context: { data: { done: [expect.objectContaining({ changed: true })] } },
		});
	});

	it.each(WAYS)(
		'of %s looks for the field again while what is in the way passes',
		async (_way, given, deployed) => {
			const cluster = await givenModel({ deployed });
			cluster.fault({ kind: 'html', status: 502, path: /trained_models\/topics$/ });
			const { items } = await run(cluster, { ...given, options: { ...PROBE, retries: 0 } });
			expect(items[0]).toHaveProperty('probe');
		},
	);

	it.each([/trained_models\/topics$/, /_infer$/])(
		'waits for no answer of %s beyond the deadline',
		async (path) => {
			const cluster = await givenModel();
			cluster.fault({ kind: 'hang', path, times: Infinity });
			const { message } = seen(await run(cluster, wait({ ...PROBE, waitTimeout: 1 })));
			expect(message).toBe("The deployment 'topics' runs, but did not answer the probe within 1 s");
		},
	);

	it('stands behind the ten keys, and in front of warnings', async () => {
		const cluster = await givenModel({ deployed: false });
		const { items } = await run(cluster, start());
		expect(Object.keys(items[0])).toEqual([...CHANGE_KEYS, 'assignment', 'probe']);
		const { items: waited } = await run(cluster, wait());
		expect(Object.keys(waited[0]).slice(-2)).toEqual(['restore', 'probe']);
	});

	it('proves what was as asked already', async () => {
		const cluster = await givenModel();
		const { items } = await run(cluster, scale(PROBE, { numberOfAllocations: 1 }));
		expect(items[0]).toMatchObject({ action: 'none', probe: { answered: true } });
	});

	it('is not sent by a dry run, nor to what is scaled to 0', async () => {
		const cluster = await givenModel();
		await run(cluster, scale(PROBE, { dryRun: true }));
		expect(writes(cluster)).toEqual([]);
		const { items } = await run(cluster, scale(PROBE, { numberOfAllocations: 0 }));
		expect(items[0]).toMatchObject({ action: 'stop' });
		expect(asked(cluster)).toEqual([]);
	});

	it('does not wake what sleeps at zero: the wait for it says so', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({
			deployment_id: 'topics',
			number_of_allocations: 0,
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		});
		expect(seen(await run(cluster, wait())).message).toMatch(/^The deployment 'topics' is scaled/);
		expect(asked(cluster)).toEqual([]);
	});

	it('of an agent does not wake what is at zero while its last allocation still runs', async () => {
		const cluster = await givenModel();
		const stats = {
			deployment_id: 'topics',
			model_id: 'topics',
			state: 'started',
			number_of_allocations: 0,
			allocation_status: { allocation_count: 1, target_allocation_count: 0, state: 'started' },
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
			nodes: [],
		};
		const entry = { model_id: 'topics', deployment_stats: stats };
		const body = { count: 1, trained_model_stats: [entry] };
		cluster.fault({ kind: 'status', status: 200, path: '_stats', body, times: Infinity });
		const nodeType = 'n8n-nodes-elasticsearch-ml.mlDeploymentTool';
		const result = await run(cluster, wait(PROBE, { waitFor: 'started' }), { nodeType });
		expect(seen(result).message).toMatch(/^The deployment 'topics' sleeps at zero, and an agent/);
		expect(asked(cluster)).toEqual([]);
	});

	it('of a pattern is sent to each match', async () => {
		const cluster = await givenModel();
		cluster.addDeployment({ deployment_id: 'other', model_id: 'topics' });
		const given = scale(PROBE, { target: 'pattern', pattern: '*' });
		const { items } = await run(cluster, given);
		expect(items.map(({ probe }) => probe)).toEqual([
			expect.objectContaining({ answered: true }),
			expect.objectContaining({ answered: true }),
		]);
	});
});
