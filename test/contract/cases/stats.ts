import type { Case, Expected } from '../case';
import { models, start, stats } from '../requests';
import {
	absent,
	aNumber,
	aText,
	atLeast,
	each,
	epochMs,
	goesOn,
	inOrder,
	oneOf,
	some,
} from '../shape';
import { since, stateful, before } from '../versions';
import { ADAPTIVE, FIXED, refused } from './given';

const unknownModel = (name: string): Expected =>
	refused(404, 'resource_not_found_exception', `No known trained model with model_id [${name}]`);

const entry = (deployment: unknown, other: object = {}): Expected => ({
	status: 200,
	shape: { trained_model_stats: [{ ...other, deployment_stats: deployment }] },
});

const EMPTY: Expected = { status: 200, shape: { count: 0, trained_model_stats: [] } };

const KEYS = inOrder(
	...['deployment_id', 'model_id', 'threads_per_allocation', 'number_of_allocations'],
	...['adaptive_allocations', 'queue_capacity', 'state', 'reason', 'allocation_status'],
	...['cache_size', 'priority', 'start_time', 'error_count', 'rejected_execution_count'],
	...['timeout_count', 'inference_count', 'peak_throughput_per_minute', 'nodes'],
);

const NODE_KEYS = inOrder(
	...['node', 'routing_state', 'inference_count', 'average_inference_time_ms'],
	...['average_inference_time_ms_excluding_cache_hits', 'inference_cache_hit_count'],
	...['last_access', 'number_of_pending_requests', 'error_count', 'rejected_execution_count'],
	...['timeout_count', 'start_time', 'threads_per_allocation', 'number_of_allocations'],
	...['peak_throughput_per_minute', 'throughput_last_minute'],
	...['average_inference_time_ms_last_minute', 'inference_cache_hit_count_last_minute'],
);

/** The statistics: how ids are found, and how an entry looks. */
export const statsCases: Case[] = [
	{
		id: 'stats-unknown-id',
		says: 'a missing id is 404, even with allow_no_match',
		section: 'stats-addressing-and-paging',
		rows: [
			'A concrete id that is missing gives **404 even with `allow_no_match=true`**',
			'The reason of that 404, for the statistics as well as for the list of models',
			'The query takes `allow_no_match` (true by default), `from` (0) and `size` (**100**)',
		],
		steps: [
			{ send: stats('unknown', '?allow_no_match=true'), expect: unknownModel('{unknown}') },
			{ send: models('unknown', '?allow_no_match=true'), expect: unknownModel('{unknown}') },
		],
	},
	{
		id: 'stats-unknown-ids',
		says: 'several missing ids stand in one pair of brackets, without a blank',
		section: 'stats-addressing-and-paging',
		rows: ['The reason of that 404, for the statistics as well as for the list of models'],
		steps: [{ send: stats('{one},{two}'), expect: unknownModel('{one},{two}') }],
	},
	{
		id: 'stats-unknown-tail',
		says: 'since 8.13 a further sentence follows',
		section: 'versions-timeline',
		rows: ['The 404 of model look-ups ends in a further sentence.'],
		versions: since('8.13'),
		steps: [
			{
				send: stats('unknown'),
				expect: {
					status: 404,
					shape: {
						error: { reason: goesOn('No known trained model with model_id [{unknown}]') },
					},
				},
			},
		],
	},
	{
		id: 'stats-unknown-no-tail',
		says: 'before 8.13 none follows',
		section: 'versions-timeline',
		rows: ['The 404 of model look-ups ends in a further sentence.'],
		versions: before('8.13'),
		steps: [
			{
				send: stats('unknown'),
				expect: {
					status: 404,
					shape: { error: { reason: 'No known trained model with model_id [{unknown}]' } },
				},
			},
		],
	},
	{
		id: 'stats-no-match',
		says: 'a wildcard without a match is an empty list, or 404',
		section: 'stats-addressing-and-paging',
		rows: ['A wildcard without a match gives'],
		steps: [
			{ send: stats('{none}*'), expect: EMPTY },
			{ send: stats('{none}*', '?allow_no_match=false'), expect: unknownModel('{none}*') },
		],
	},
	{
		id: 'stats-paging',
		says: 'count is the number of models, whatever page is asked for',
		section: 'stats-addressing-and-paging',
		rows: ['`count` is the number of matching **models**', 'The list is sorted by `model_id`.'],
		steps: [
			{
				send: stats('_all', '?size=0'),
				expect: { status: 200, shape: { count: atLeast(1), trained_model_stats: [] } },
			},
			{
				send: stats('_all', '?from=1&size=1000'),
				expect: { status: 200, shape: { count: atLeast(1) } },
			},
			{
				send: stats('_all', '?from=5000'),
				expect: { status: 200, shape: { count: atLeast(1), trained_model_stats: [] } },
			},
		],
	},
	{
		id: 'stats-negative-page',
		says: 'a negative page is refused',
		section: 'stats-addressing-and-paging',
		rows: ['The query takes `allow_no_match` (true by default), `from` (0) and `size` (**100**)'],
		steps: ['from', 'size'].map((name) => ({
			send: stats('_all', `?${name}=-1`),
			expect: { status: 400, mentions: `[${name}] cannot be < 0` },
		})),
	},
	{
		id: 'stats-bundled-model',
		says: 'the bundled model is in every list',
		section: 'stats-addressing-and-paging',
		rows: [
			'The bundled model `lang_ident_model_1` always appears',
			'`GET /_ml/trained_models/_stats`, `GET',
		],
		steps: ['/_all/_stats', '/*/_stats', '/_stats'].map((path) => ({
			send: { method: 'GET' as const, path: `/_ml/trained_models${path}?size=1000` },
			expect: {
				status: 200,
				shape: { trained_model_stats: some({ model_id: 'lang_ident_model_1' }) },
			},
		})),
	},
	{
		id: 'stats-without-deployment',
		says: 'a model that is not deployed has an entry without deployment_stats, and without ingest',
		section: 'stats-shape-of-an-entry',
		rows: [
			'`ingest` is there only where `pipeline_count` is above 0.',
			'`{model_id, model_size_stats{',
			'A model that is stopped, or was never started, has an entry **without**',
		],
		steps: [
			{
				send: stats('lang_ident_model_1'),
				expect: entry(absent, {
					model_id: 'lang_ident_model_1',
					model_size_stats: { model_size_bytes: aNumber, required_native_memory_bytes: aNumber },
					pipeline_count: 0,
					ingest: absent,
				}),
			},
		],
	},
	{
		id: 'stats-of-deployment',
		says: 'by the id of a deployment there is only that deployment',
		section: 'stats-addressing-and-paging',
		rows: [
			"By a model's id there is one entry for each deployment of it.",
			'`{id}` is an exact id, a comma list, a wildcard',
			'| `deployment_id` | 8.8 and later |',
			'| `model_id` | |',
		],
		versions: since('8.8'),
		given: FIXED,
		steps: [
			{
				send: stats('fixed'),
				expect: {
					status: 200,
					shape: {
						count: 1,
						trained_model_stats: [
							{
								model_id: '{model}',
								deployment_stats: { deployment_id: '{fixed}', model_id: '{model}' },
							},
						],
					},
				},
			},
			{ send: stats('{fix}*'), expect: entry({ deployment_id: '{fixed}' }) },
			{ send: stats('{fixed},{none}*'), expect: entry({ deployment_id: '{fixed}' }) },
			{
				send: stats('{model}'),
				expect: {
					status: 200,
					shape: {
						count: 1,
						trained_model_stats: some({ deployment_stats: { deployment_id: '{fixed}' } }),
					},
				},
			},
		],
	},
	{
		id: 'stats-no-deployment-id',
		says: 'before 8.8 there is no deployment id',
		section: 'stats-shape-of-an-entry',
		rows: ['| `deployment_id` | 8.8 and later |'],
		versions: before('8.8'),
		given: FIXED,
		steps: [{ send: stats('fixed'), expect: entry({ deployment_id: absent }) }],
	},
	{
		id: 'stats-shape',
		says: 'a deployment that runs shows its settings, in the known order',
		section: 'stats-shape-of-an-entry',
		rows: [
			'| `threads_per_allocation?`, `number_of_allocations?` | The number is the requested one. |',
			'| `queue_capacity?` | |',
			'| `state?` | starting, started',
			'| `allocation_status?` |',
			'| `cache_size?`, `priority` | |',
			'| `start_time` | A **number of milliseconds** since 1970.',
			'| `error_count?`, `rejected_execution_count?`, `timeout_count?`, `inference_count?` |',
			'| `peak_throughput_per_minute` | |',
			'| `nodes[]` | see below |',
			'`deployment_stats`, in the order in which it is printed',
			'`allocation_status.state` is starting (0 run)',
		],
		versions: stateful(),
		given: FIXED,
		steps: [
			{
				send: stats('fixed'),
				expect: entry({
					threads_per_allocation: 1,
					number_of_allocations: 1,
					queue_capacity: aNumber,
					state: 'started',
					allocation_status: {
						allocation_count: 1,
						target_allocation_count: 1,
						state: 'fully_allocated',
					},
					cache_size: aText,
					priority: 'normal',
					start_time: epochMs,
					error_count: absent,
					rejected_execution_count: absent,
					timeout_count: absent,
					peak_throughput_per_minute: aNumber,
					nodes: [{}],
				}),
			},
			{ send: stats('fixed'), expect: entry(KEYS) },
		],
	},
	{
		id: 'stats-node',
		says: 'a node that runs shows who it is and what it did, in the known order',
		section: 'stats-shape-of-an-entry',
		rows: [
			'| `node` | `{nodeId: {name',
			'| `routing_state` | `{routing_state, reason?}` |',
			'| `inference_count?`, `average_inference_time_ms?`',
			'| `number_of_pending_requests?`',
			'| `start_time?`, `threads_per_allocation?`, `number_of_allocations?` |',
			'| `peak_throughput_per_minute`, `throughput_last_minute` | |',
			'| `average_inference_time_ms_last_minute?`',
			'Each entry of `nodes[]` has, in this order',
		],
		versions: stateful(),
		given: FIXED,
		steps: [
			{
				send: stats('fixed'),
				expect: entry({
					nodes: [
						{
							node: each({
								name: aText,
								ephemeral_id: aText,
								transport_address: aText,
								attributes: {},
								roles: {},
							}),
							routing_state: { routing_state: 'started' },
							inference_count: aNumber,
							number_of_pending_requests: aNumber,
							start_time: epochMs,
							threads_per_allocation: 1,
							number_of_allocations: 1,
							peak_throughput_per_minute: aNumber,
							throughput_last_minute: aNumber,
							inference_cache_hit_count_last_minute: aNumber,
						},
					],
				}),
			},
			{ send: stats('fixed'), expect: entry({ nodes: [NODE_KEYS] }) },
		],
	},
	{
		id: 'stats-never-used',
		says: 'a node that was never used has counts of zero, and no averages and no last access',
		section: 'stats-shape-of-an-entry',
		rows: [
			'A started node that was never used prints',
			'| `last_access?` | milliseconds since 1970; absent',
		],
		versions: stateful(since('8.8')),
		changes: true,
		steps: [
			{ send: start('unused', 'timeout=60s&wait_for=fully_allocated'), expect: { status: 200 } },
			{
				send: stats('unused'),
				expect: entry({
					nodes: [
						{
							inference_count: 0,
							inference_cache_hit_count: 0,
							number_of_pending_requests: 0,
							throughput_last_minute: 0,
							average_inference_time_ms: absent,
							last_access: absent,
							error_count: absent,
							rejected_execution_count: absent,
							timeout_count: absent,
						},
					],
				}),
			},
		],
	},
	{
		id: 'stats-adaptive',
		says: 'adaptive settings are shown where they are set',
		section: 'stats-shape-of-an-entry',
		rows: [
			'| `adaptive_allocations?` | 8.16 and later, only where set |',
			'`adaptive_allocations` in start, update and statistics',
		],
		versions: since('8.16'),
		given: ADAPTIVE,
		steps: [
			{
				send: stats('adaptive'),
				expect: entry({
					adaptive_allocations: {
						enabled: true,
						min_number_of_allocations: 1,
						max_number_of_allocations: 2,
					},
				}),
			},
		],
	},
	{
		id: 'stats-not-adaptive',
		says: 'without adaptive settings the key is absent',
		section: 'stats-shape-of-an-entry',
		rows: ['| `adaptive_allocations?` | 8.16 and later, only where set |'],
		versions: stateful(),
		given: FIXED,
		steps: [{ send: stats('fixed'), expect: entry({ adaptive_allocations: absent }) }],
	},
	{
		id: 'models-list',
		says: 'the list of models takes tags, include and exclude_generated',
		section: 'stats-addressing-and-paging',
		rows: [
			'The query takes `allow_no_match` (true by default), `from` (0) and `size` (**100**)',
			'`GET /_ml/trained_models/_stats`, `GET',
		],
		steps: [
			{
				send: models('lang_ident_model_1', '?exclude_generated=true&decompress_definition=false'),
				expect: {
					status: 200,
					shape: { count: 1, trained_model_configs: [{ model_id: 'lang_ident_model_1' }] },
				},
			},
			{
				send: models('{model}', '?include=definition_status'),
				expect: {
					status: 200,
					shape: {
						trained_model_configs: [
							{
								model_type: 'pytorch',
								fully_defined: true,
								input: { field_names: each(aText) },
							},
						],
					},
				},
			},
			{
				send: models('_all', '?tags=conformance-no-such-tag'),
				expect: { status: 200, shape: { count: oneOf(0), trained_model_configs: [] } },
			},
		],
	},
];
