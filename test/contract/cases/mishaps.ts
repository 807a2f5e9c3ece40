import type { Case, Control } from '../case';
import { get, infer, models, post, startModel, stats, stop, update } from '../requests';
import { aNumber, absent, anything, aText, each } from '../shape';
import { before, since, stateful } from '../versions';
import { LOW, refused, VALIDATION } from './given';

const FAILED = 'All node routes are failed; see node route reason for details';
const RSS = 'average_inference_process_memory_rss_bytes';
const ADAPTIVE = { enabled: true, max_number_of_allocations: 2 };
const EXHAUSTED = ['8.19.22', '9.4.7', '9.5.4'];
const BY_DEPLOYMENT = ['8.19.20', '9.5.0'];
const INPUT = { input: 'a few words' };

const entry = (deployment: unknown, other: object = {}) => ({
	status: 200,
	shape: { trained_model_stats: [{ ...other, deployment_stats: deployment }] },
});

const withPipeline: Control = (cluster, id) => {
	cluster.addDeployment({ deployment_id: id('ner') });
	cluster.addPipeline({ id: id('pipeline'), model_id: id('ner') });
};

const exhausted: Control = (cluster, id) =>
	cluster.addModel({ model_id: id('ner'), start_exhausted: 'no room left' });

const asleepUnderOtherId: Control = (cluster, id) => {
	cluster.addModel({ model_id: id('model-of') });
	cluster.addDeployment({
		deployment_id: id('ner'),
		model_id: id('model-of'),
		number_of_allocations: 0,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
	});
};

/** What goes wrong on nodes, and what is left over. */
export const mishapCases: Case[] = [
	{
		id: 'stats-pipelines',
		says: 'the statistics name the pipelines that use a model, with byte counters since 8.15',
		section: 'stats-shape-of-an-entry',
		rows: [
			'`ingest` is there only where `pipeline_count` is above 0.',
			'`ingest.pipelines` in the statistics has byte counters.',
		],
		versions: since('8.15'),
		embedded: withPipeline,
		steps: [
			{
				send: stats('ner'),
				expect: entry(anything, {
					pipeline_count: 1,
					ingest: {
						pipelines: {
							'{pipeline}': {
								ingested_as_first_pipeline_in_bytes: aNumber,
								produced_as_first_pipeline_in_bytes: aNumber,
							},
						},
					},
				}),
			},
		],
	},
	{
		id: 'stats-pipelines-early',
		says: 'before 8.15 they have none',
		section: 'versions-timeline',
		rows: ['`ingest.pipelines` in the statistics has byte counters.'],
		versions: before('8.15'),
		embedded: withPipeline,
		steps: [
			{
				send: stats('ner'),
				expect: entry(anything, {
					ingest: { pipelines: { '{pipeline}': { ingested_as_first_pipeline_in_bytes: absent } } },
				}),
			},
		],
	},
	{
		id: 'stats-model-inference',
		says: 'a PyTorch model has inference_stats, also unused',
		section: 'stats-shape-of-an-entry',
		rows: ['`inference_stats` is there for PyTorch models too'],
		versions: since('8.16'),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') }),
		steps: [
			{
				send: stats('ner'),
				expect: entry(anything, { inference_stats: { inference_count: 0, timestamp: aNumber } }),
			},
		],
	},
	{
		id: 'stats-human',
		says: '?human adds texts',
		section: 'stats-shape-of-an-entry',
		rows: ['`?human` adds twins called `*_string`'],
		steps: [
			{
				send: models('lang_ident_model_1', '?human=true'),
				expect: {
					status: 200,
					shape: { trained_model_configs: [{ create_time_string: aText, model_size: aText }] },
				},
			},
		],
	},
	{
		id: 'stats-one-node-failed',
		says: 'with one failed node a deployment stays started; that node has its state and the reason only',
		section: 'stats-shape-of-an-entry',
		rows: ['A node that is not started shows only `routing_state`'],
		versions: stateful(),
		embedded: (cluster, id) =>
			cluster.addDeployment({
				deployment_id: id('ner'),
				number_of_allocations: 2,
				routes: [
					{ node_id: 'uckeG3R8TLe2MMNBQ6AGrw', state: 'started' },
					{ node_id: 'mEqHjMSIRNSGUbyq8UYjSg', state: 'failed', reason: 'bad graph' },
				],
			}),
		steps: [
			{
				send: stats('ner'),
				expect: entry({
					state: 'started',
					nodes: [
						{ routing_state: { routing_state: 'started' } },
						{
							routing_state: { routing_state: 'failed', reason: 'bad graph' },
							throughput_last_minute: 0,
							error_count: absent,
							number_of_allocations: absent,
						},
					],
				}),
			},
		],
	},
	{
		id: 'stats-all-nodes-failed',
		says: 'where every node failed the state is failed, with a reason',
		section: 'stats-shape-of-an-entry',
		rows: ['`state` becomes `failed` where every route failed', '| `reason?` | |'],
		versions: stateful(),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner'), state: 'failed' }),
		steps: [
			{
				send: stats('ner'),
				expect: entry({ state: 'failed', reason: FAILED, allocation_status: absent }),
			},
			{ send: update('ner', { number_of_allocations: 2 }), expect: { status: 409 } },
		],
	},
	{
		id: 'stats-no-process-memory',
		says: 'before 9.4 a node does not tell the memory of its process',
		section: 'stats-shape-of-an-entry',
		rows: [
			'| `average_inference_process_memory_rss_bytes?` |',
			'The statistics of a node may have `average_inference_process_memory_rss_bytes`',
		],
		versions: before('9.4'),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') }),
		steps: [{ send: stats('ner'), expect: entry({ nodes: each({ [RSS]: absent }) }) }],
	},
	{
		id: 'stats-stuck',
		says: 'a route may stay stopping',
		section: 'stop-duration-and-work-in-flight',
		rows: ['A route that stays `stopping` although no process is left'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.leaveStopping(id('ner'));
		},
		steps: [
			{
				send: stats('ner'),
				expect: entry({ nodes: each({ routing_state: { routing_state: 'stopping' } }) }),
			},
		],
	},
	{
		id: 'low-priority-range',
		says: 'low priority refuses a maximum above 1',
		section: 'versions-timeline',
		rows: [
			'Start and update refuse `max_number_of_allocations` above 1 for low priority.',
			'| low priority with `max_number_of_allocations` above 1',
		],
		versions: stateful(since('8.19.11', '9.2.5', '9.3.0')),
		given: LOW,
		steps: [
			{ send: update('low', { adaptive_allocations: ADAPTIVE }), expect: { status: [400, 409] } },
			{
				send: post(
					'/_ml/trained_models/{model}/deployment/_start?deployment_id={new}&priority=low',
					{
						adaptive_allocations: ADAPTIVE,
					},
				),
				expect: { status: [400, 409] },
			},
		],
	},
	{
		id: 'start-exhausted',
		says: 'a start whose nodes never get the resources is 409',
		section: 'start-errors',
		rows: [
			'| the nodes never get the resources',
			'A start that fails because its nodes never get the resources answers 409',
		],
		versions: since(...EXHAUSTED),
		embedded: exhausted,
		steps: [{ send: startModel('ner'), expect: { status: 409 } }],
	},
	{
		id: 'start-exhausted-early',
		says: 'before, it is 500',
		section: 'start-errors',
		rows: ['| the nodes never get the resources'],
		versions: before(...EXHAUSTED),
		embedded: exhausted,
		steps: [{ send: startModel('ner'), expect: { status: 500 } }],
	},
	{
		id: 'update-nobody',
		says: 'who asks is looked at before what is asked',
		section: 'update-order-of-checks',
		rows: ['Security answers 401 or 403. In practice it comes before step 2'],
		steps: [
			{
				send: { ...update('unknown', { number_of_allocations: 0 }), as: 'nobody' },
				expect: { status: 401 },
			},
			{
				send: update('unknown', { number_of_allocations: 0 }),
				expect: { status: 400, type: VALIDATION },
			},
		],
	},
	{
		id: 'update-endpoints-cannot-be-read',
		says: 'an inference index that cannot be read fails an update of a healthy deployment',
		section: 'update-order-of-checks',
		rows: ['The look-up of step 4 uses the acknowledgement timeout of the request.'],
		versions: since('9.2'),
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ inferenceIndexDown: true });
		},
		steps: [
			{
				send: update('ner', { adaptive_allocations: { enabled: true } }),
				expect: { status: [500, 503] },
			},
		],
	},
	{
		id: 'endpoints-index-down',
		says: 'inference through an endpoint may meet a 503 that passes',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['Several requests at once on the first use of a default endpoint can meet a 503'],
		versions: since('8.17'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({ inference_id: id('ner') });
			cluster.set({ inferenceIndexDown: true });
		},
		steps: [
			{ send: post('/_inference/sparse_embedding/{ner}', INPUT), expect: { status: 503 } },
			{
				first: (cluster) => cluster.set({ inferenceIndexDown: false }),
				send: post('/_inference/sparse_embedding/{ner}', INPUT),
				expect: { status: 200 },
			},
		],
	},
	{
		id: 'wake-times-out',
		says: 'the wait for a waking deployment ends with 408',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['The wait ends with 408 model_deployment_timeout_exception'],
		versions: since('8.16'),
		embedded: async (cluster, id) => {
			cluster.set({ allocationDelayMs: 3_600_000 });
			await asleepUnderOtherId(cluster, id);
		},
		steps: [
			{
				send: infer('ner', '?timeout=10s'),
				meanwhile: async (cluster) => await cluster.advance(11_000),
				expect: refused(
					408,
					'model_deployment_timeout_exception',
					'Timed out after [10s] waiting for trained model deployment [{ner}] to start.',
				),
			},
		],
	},
	...[
		{
			id: 'wake-by-model-id-early',
			says: 'early it fails at once',
			before: BY_DEPLOYMENT,
			status: 409,
		},
		{ id: 'wake-by-model-id', says: 'it waits', before: undefined, status: 200 },
	].map(({ id, says, before: last, status }): Case => ({
		id,
		says: `a request under the model's id wakes a deployment of another id: ${says}`,
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['a request under the id of the *model* or an alias'],
		versions: last ? { since: ['8.16'], before: last } : since(...BY_DEPLOYMENT),
		embedded: asleepUnderOtherId,
		steps: [{ send: infer('{model-of}'), expect: { status } }],
	})),
	{
		id: 'endpoints-rerank',
		says: 'results of rerank have an index and a relevance score',
		section: 'inference-endpoints',
		rows: ['Results of rerank tasks are'],
		versions: since('8.17'),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('model'), task: 'text_similarity' });
			cluster.addInferenceEndpoint({
				inference_id: id('ner'),
				task_type: 'rerank',
				model_id: id('model'),
			});
		},
		steps: [
			{
				send: post('/_inference/rerank/{ner}', { input: ['one', 'two'], query: 'two' }),
				expect: {
					status: 200,
					shape: { rerank: each({ index: aNumber, relevance_score: aNumber }) },
				},
			},
		],
	},
	{
		id: 'endpoints-orphan-deployment',
		says: 'a deployment may outlive its endpoint, and is stopped without force then',
		section: 'inference-endpoints',
		rows: ['`DELETE _inference/{id}?force=true` removes an endpoint'],
		versions: since('8.17'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({ inference_id: id('ner') });
			cluster.orphanDeployment(id('ner'));
		},
		steps: [
			{ send: get('/_inference/{ner}'), expect: { status: 404 } },
			{ send: stats('ner'), expect: entry({ deployment_id: '{ner}' }) },
			{ send: stop('ner', '?allow_no_match=false'), expect: { status: 200 } },
		],
	},
	{
		id: 'endpoints-orphan-endpoint',
		says: 'an endpoint may exist without a deployment, and every call is 404',
		section: 'inference-endpoints',
		rows: ['An endpoint whose creation got a 400 can exist without a deployment'],
		versions: since('8.17'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({ inference_id: id('ner') });
			cluster.orphanEndpoint(id('ner'));
		},
		steps: [
			{ send: get('/_inference/{ner}'), expect: { status: 200 } },
			{ send: post('/_inference/sparse_embedding/{ner}', INPUT), expect: { status: 404 } },
		],
	},
	{
		id: 'infer-by-other-names',
		says: 'inference takes the id of a model, an alias or a deployment',
		section: 'inference',
		rows: ["`{id}` is a model's id, an alias or a deployment's id."],
		versions: since('8.8'),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('model-of') });
			cluster.addDeployment({ deployment_id: id('ner'), model_id: id('model-of') });
			cluster.addAlias({ model_alias: id('alias'), model_id: id('model-of') });
		},
		steps: ['ner', 'model-of', 'alias'].map((name) => ({
			send: infer(name),
			expect: { status: 200 },
		})),
	},
	{
		id: 'models-task',
		says: 'the inference_config of a model goes by its task',
		section: 'inference',
		rows: ['The `inference_config` of a model goes by its task'],
		embedded: (cluster, id) => cluster.addModel({ model_id: id('ner'), task: 'ner' }),
		steps: [
			{
				send: models('ner'),
				expect: {
					status: 200,
					shape: { trained_model_configs: [{ inference_config: { ner: anything } }] },
				},
			},
		],
	},
	{
		id: 'infer-question',
		says: 'question answering needs a question, and finds a place in the text',
		section: 'inference',
		rows: ['| question_answering | `predicted_value`, `start_offset`'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), task: 'question_answering' });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{ send: infer('ner'), expect: { status: [400, 500] } },
			{
				send: post('/_ml/trained_models/{ner}/_infer', {
					docs: [{ text_field: 'Elastic is in Amsterdam' }],
					inference_config: { question_answering: { question: 'Where is Elastic?' } },
				}),
				expect: {
					status: 200,
					shape: {
						inference_results: [
							{ predicted_value: aText, start_offset: aNumber, end_offset: aNumber },
						],
					},
				},
			},
		],
	},
	{
		id: 'infer-similarity',
		says: 'similarity is a number',
		section: 'inference',
		rows: ['| text_similarity | `predicted_value` (a number) |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), task: 'text_similarity' });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: post('/_ml/trained_models/{ner}/_infer', {
					docs: [{ text_field: 'one' }],
					inference_config: { text_similarity: { text: 'two' } },
				}),
				expect: { status: 200, shape: { inference_results: [{ predicted_value: aNumber }] } },
			},
		],
	},
	...[
		{
			id: 'endpoints-update-timeout',
			says: 'from 9.5 on',
			versions: stateful(since('9.5')),
			status: 200,
		},
		{
			id: 'endpoints-update-timeout-early',
			says: 'not before 9.5',
			versions: stateful({ since: ['8.17'], before: ['9.5'] }),
			status: 400,
		},
	].map(({ id, says, versions, status }): Case => ({
		id,
		says: `updating an endpoint takes a timeout: ${says}`,
		section: 'versions-timeline',
		rows: ['`PUT _inference/{task}/{id}/_update` takes `timeout`'],
		versions,
		embedded: (cluster, name) => cluster.addInferenceEndpoint({ inference_id: name('ner') }),
		steps: [
			{
				send: {
					method: 'PUT',
					path: '/_inference/sparse_embedding/{ner}/_update?timeout=30s',
					body: { service_settings: { num_allocations: 2 } },
				},
				expect: { status },
			},
		],
	})),
];
