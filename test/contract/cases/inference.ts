import type { Case, Control } from '../case';
import { clearCache, infer, post, stats, stop } from '../requests';
import { aNumber, anything, aText, atLeast, empty } from '../shape';
import { between, SERVERLESS, since, stateful } from '../versions';
import { FIXED, refused, unknown } from './given';

const STATUS = 'status_exception';
const named: Control = (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') });
const docs = (path: string, ...texts: object[]) => post(path, { docs: texts });
const INFER = '/_ml/trained_models/{ner}/_infer';

type Task = 'ner' | 'text_classification' | 'text_embedding' | 'text_expansion' | 'fill_mask';

const task = (name: Task, row: string, shape: object, config?: object): Case => ({
	id: `infer-${name.replace(/_/g, '-')}`,
	says: `what a result of ${name} holds`,
	section: 'inference',
	rows: [row],
	embedded: (cluster, id) => {
		cluster.addModel({ model_id: id('ner'), task: name });
		cluster.addDeployment({ deployment_id: id('ner') });
	},
	steps: [
		{
			send: post(INFER, {
				docs: [{ text_field: 'Elastic is in [MASK] Amsterdam' }],
				...(config && { inference_config: { [name]: config } }),
			}),
			expect: { status: 200, shape: { inference_results: [shape] } },
		},
	],
});

/** Inference with a deployment, and the cache. */
export const inferenceCases: Case[] = [
	{
		id: 'infer',
		says: 'one document gives one result, and the statistics count it',
		section: 'inference',
		rows: [
			'The query takes `timeout` (10 s by default).',
			'`POST _ml/trained_models/{id}/_infer` exists. From',
		],
		given: FIXED,
		changes: true,
		steps: [
			{
				send: infer('fixed', '?timeout=30s'),
				until: true,
				expect: { status: 200, shape: { inference_results: [anything] } },
			},
			{
				send: stats('fixed'),
				until: true,
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [
							{
								deployment_stats: {
									nodes: [{ inference_count: atLeast(1), last_access: aNumber }],
								},
							},
						],
					},
				},
			},
		],
		versions: stateful(),
	},
	{
		id: 'infer-no-body',
		says: 'a request without a body is 400',
		section: 'inference',
		rows: ['A request without a body gives 400, `requires body`.'],
		steps: [
			{
				send: post('/_ml/trained_models/{unknown}/_infer'),
				expect: { status: 400, mentions: 'requires body' },
			},
		],
	},
	{
		id: 'infer-unknown',
		says: 'what is unknown is 404',
		section: 'inference',
		rows: ['| no such deployment | 404 | `Could not find trained model [X]`'],
		steps: [
			{
				send: infer('unknown'),
				expect: refused(
					404,
					'resource_not_found_exception',
					'Could not find trained model [{unknown}]',
				),
			},
		],
	},
	{
		id: 'infer-not-deployed',
		says: 'a model that is not deployed is 409',
		section: 'inference',
		rows: ['| a PyTorch model that is not deployed | 409 |'],
		embedded: (cluster, id) => cluster.addModel({ model_id: id('ner') }),
		steps: [
			{
				send: infer('ner'),
				expect: {
					status: 409,
					reason:
						'Model [{ner}] must be deployed to use. Please deploy with the start trained model deployment API.',
				},
			},
		],
	},
	{
		id: 'infer-stopping',
		says: 'a deployment that is stopping is 409',
		section: 'inference',
		rows: ['| it is stopping, or failed | 409 |'],
		versions: since('8.12'),
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), state: 'stopping' }),
		steps: [
			{
				send: infer('ner'),
				expect: { status: 409, reason: 'Trained model [{ner}] is [stopping]' },
			},
		],
	},
	{
		id: 'infer-nowhere',
		says: 'where nothing runs, and it may not wake up, 409',
		section: 'inference',
		rows: ['| nothing runs now | 409 |'],
		versions: stateful(),
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), number_of_allocations: 0 }),
		steps: [
			{
				send: infer('ner'),
				expect: {
					status: 409,
					reason: 'Trained model deployment [{ner}] is not allocated to any nodes',
				},
			},
		],
	},
	{
		id: 'infer-queue-full',
		says: 'a full queue is 429',
		section: 'inference',
		rows: ['| the queue is full | 429 es_rejected_execution_exception |'],
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), queue_capacity: 2, pending_requests: 2 }),
		steps: [
			{
				send: infer('ner'),
				expect: refused(
					429,
					'es_rejected_execution_exception',
					'inference process queue is full. Unable to execute command',
				),
			},
		],
	},
	{
		id: 'infer-times-out',
		says: 'an inference that takes too long is 408',
		section: 'inference',
		rows: ['| `_infer` timed out | 408 status_exception |'],
		embedded: (cluster, id) => {
			cluster.set({ inferenceMs: 3_600_000 });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: infer('ner', '?timeout=10s'),
				meanwhile: async (cluster) => await cluster.advance(11_000),
				expect: refused(408, STATUS, 'timeout [10s] waiting for inference result'),
			},
		],
	},
	...(
		[
			['408', between('8.17', '9.4'), 408],
			['504', since('9.4'), [504, 429]],
		] as const
	).map(([id, versions, status]): Case => ({
		id: `infer-endpoint-times-out-${id}`,
		says: `a timeout of the inference API is ${id}`,
		section: 'inference',
		rows: [
			'| the inference API timed out | 408 before 9.4.0',
			'Timeouts of the inference API are 504; before they were 408.',
		],
		versions,
		embedded: (cluster, name) => {
			cluster.set({ inferenceMs: 3_600_000 });
			cluster.addInferenceEndpoint({ inference_id: name('ner') });
		},
		steps: [
			{
				send: post('/_inference/sparse_embedding/{ner}?timeout=30s', { input: 'a few words' }),
				meanwhile: async (cluster) => await cluster.advance(31_000),
				expect: {
					status: typeof status === 'number' ? status : [...status],
					reason: 'Request timed out after [30s]',
				},
			},
		],
	})),
	{
		id: 'infer-process-error',
		says: 'an error in the process is 500',
		section: 'inference',
		rows: ['| an error in the process | 500 status_exception |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), infer_failure: 'out of range' });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: infer('ner'),
				expect: refused(500, STATUS, 'Error in inference process: [out of range]'),
			},
		],
	},
	{
		id: 'infer-wrong-field',
		says: 'a field that the model does not read is 400, and the right one is named',
		section: 'inference',
		rows: ['| wrong field | 400 status_exception |'],
		embedded: named,
		steps: [
			{
				send: docs(INFER, { words: 'a few' }),
				expect: {
					status: 400,
					reason: 'Input field [text_field] does not exist in the source document',
				},
			},
			{
				send: docs(INFER, { text_field: 7 }),
				expect: { status: 400, reason: 'Input value [7] for field [text_field] must be a string' },
			},
		],
	},
	{
		id: 'infer-other-task',
		says: 'a configuration of another task is 403, and no matter of permissions',
		section: 'inference',
		rows: ['| configuration of another task | **403** status_exception |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), task: 'ner' });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: post(INFER, {
					docs: [{ text_field: 'a' }],
					inference_config: { text_classification: {} },
				}),
				expect: refused(
					403,
					STATUS,
					'Trained model [{ner}] is configured for task [ner] but called with task [text_classification]',
				),
			},
		],
	},
	{
		id: 'infer-without-licence',
		says: 'inference checks the licence',
		section: 'inference',
		rows: ['| basic licence | 403 |'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ licensed: false });
		},
		steps: [
			{
				send: infer('ner'),
				expect: refused(403, 'security_exception', 'current license is non-compliant for [ml]'),
			},
		],
	},
	{
		id: 'infer-cut',
		says: 'a text that is too long is cut, and a failed document has a warning',
		section: 'inference',
		rows: ['| every task | `is_truncated: true` where the input was cut'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), max_words: 3 });
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addModel({ model_id: id('warns'), infer_warning: 'no text' });
			cluster.addDeployment({ deployment_id: id('warns') });
		},
		steps: [
			{
				send: docs(INFER, { text_field: 'one two three four five six seven' }),
				expect: { status: 200, shape: { inference_results: [{ is_truncated: true }] } },
			},
			{
				send: infer('warns'),
				expect: { status: 200, shape: { inference_results: [{ warning: 'no text' }] } },
			},
		],
	},
	task(
		'text_classification',
		'| text_classification, zero_shot |',
		{ predicted_value: aText, prediction_probability: aNumber, top_classes: [{}, {}] },
		{ num_top_classes: 2 },
	),
	task('ner', '| ner | `predicted_value`', { predicted_value: aText, entities: anything }),
	task('fill_mask', '| fill_mask |', { predicted_value: aText, predicted_value_sequence: aText }),
	task('text_embedding', '| text_embedding |', { predicted_value: { 0: aNumber } }),
	task('text_expansion', '| text_expansion |', { predicted_value: anything }),
	{
		id: 'infer-old-route',
		says: 'the old route takes one document and answers the bare result',
		section: 'inference',
		rows: ['`POST …/deployment/_infer` is still served'],
		versions: stateful(),
		embedded: named,
		steps: [
			{
				send: docs('/_ml/trained_models/{ner}/deployment/_infer', { text_field: 'a' }),
				expect: { status: 200, shape: { predicted_value: anything }, headers: { warning: '299 ' } },
			},
			{
				send: docs(
					'/_ml/trained_models/{ner}/deployment/_infer',
					{ text_field: 'a' },
					{ text_field: 'b' },
				),
				expect: { status: 400, mentions: 'multiple documents are not supported;' },
			},
		],
	},
	{
		id: 'infer-after-stop',
		says: 'an endpoint whose deployment a user stopped is 409 from 9.1 on',
		section: 'inference',
		rows: ['| a user stopped it (9.1.0 and later) | 409 |'],
		versions: since('9.1'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('ner') }),
		steps: [
			{ send: stop('ner', '?force=true&allow_no_match=false'), expect: { status: 200 } },
			{
				send: post('/_inference/sparse_embedding/{ner}', { input: 'a' }),
				expect: { status: [404, 409] },
			},
		],
	},
	{
		id: 'clear-cache',
		says: 'the cache of a deployment is cleared, by its exact id',
		section: 'inference',
		rows: [
			'`POST _ml/trained_models/{id}/deployment/cache/_clear` exists from 8.5 on.',
			'`POST _ml/trained_models/{id}/deployment/cache/_clear` exists.',
		],
		versions: stateful(),
		given: FIXED,
		steps: [
			{ send: clearCache('fixed'), expect: { status: 200, shape: { cleared: true } } },
			{ send: clearCache('unknown'), expect: unknown('unknown') },
		],
	},
	{
		id: 'serverless-no-cache',
		says: 'clearing the cache is private on Serverless',
		section: 'serverless',
		rows: ['`_update`, `_stop`, `_start` and the statistics are public there.'],
		versions: SERVERLESS,
		given: FIXED,
		steps: [{ send: clearCache('fixed'), expect: { status: 410 } }],
	},
	{
		id: 'serverless-always-adaptive',
		says: 'on Serverless adaptive allocations are on, and a fixed number may be refused',
		section: 'serverless',
		rows: [
			'Adaptive allocations are always on and cannot be turned off.',
			'[#128758](https://github.com/elastic/elasticsearch/issues/128758) reports',
		],
		versions: SERVERLESS,
		embedded: named,
		steps: [
			{
				send: post('/_ml/trained_models/{ner}/deployment/_update', { number_of_allocations: 2 }),
				expect: { status: 400, mentions: 'cannot be set if adaptive allocations is enabled' },
			},
		],
	},
	{
		id: 'serverless-hides-state',
		says: 'on Serverless state and allocation_status may be missing, and nodes have no names',
		section: 'serverless',
		rows: [
			'`deployment_stats.state` and `deployment_stats.allocation_status` can be missing altogether.',
		],
		versions: SERVERLESS,
		embedded: (cluster, id) => {
			cluster.set({ serverlessHidesState: true });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: stats(
					'ner',
					'?filter_path=trained_model_stats.deployment_stats.state,trained_model_stats.deployment_stats.allocation_status,trained_model_stats.deployment_stats.nodes.node',
				),
				expect: { status: 200, shape: empty },
			},
			{
				send: stats('ner'),
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [
							{ deployment_stats: { nodes: [{ routing_state: { routing_state: 'started' } }] } },
						],
					},
				},
			},
		],
	},
];
