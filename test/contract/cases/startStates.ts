import type { Case, Control, Expected } from '../case';
import { post, start, startModel, stats } from '../requests';
import { absent, beginsWith, each, empty } from '../shape';
import { since, stateful, type Versions } from '../versions';
import { refused, VALIDATION } from './given';

const STATUS = 'status_exception';
const NODE = { id: 'n1', name: 'ml-0', processors: 2, memoryBytes: 16 * 1024 ** 3 };
const NO_CAPACITY =
	'Could not start deployment because no ML nodes with sufficient capacity were found';

interface Refusal {
	id: string;
	says: string;
	rows: string[];
	embedded: Control;
	expect: Expected;
	query?: string;
	versions?: Versions;
}

/** A start of the model `{ner}` under its own name, which is refused. */
const refusal = ({ query = '', expect, ...other }: Refusal): Case => ({
	section: 'start-errors',
	...other,
	steps: [{ send: startModel('ner', query), expect }],
});

type Definition = 'missing' | 'truncated' | 'downloading' | 'no_location';
const incomplete = (definition: Definition, row: string, expect: Expected): Case =>
	refusal({
		id: `start-definition-${definition.replace('_', '-')}`,
		says: `a model whose definition is ${definition.replace('_', ' ')}`,
		rows: [row],
		embedded: (cluster, id) => cluster.addModel({ model_id: id('ner'), definition }),
		expect,
	});

const withModel: Control = (cluster, id) => cluster.addModel({ model_id: id('ner') });

/** `_start` where the model, the cluster or its room is in the way. */
export const startStates: Case[] = [
	refusal({
		id: 'start-without-licence',
		says: 'a licence that does not cover ML is 403',
		rows: ['| licence missing or expired | 403 |', 'A licence that does not cover ML gives type'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ licensed: false });
		},
		expect: {
			...refused(403, 'security_exception', 'current license is non-compliant for [ml]'),
			shape: { error: { 'license.expired.feature': 'ml' } },
		},
	}),
	refusal({
		id: 'start-during-upgrade',
		says: 'an upgrade in progress is 403',
		rows: [
			'| nodes of several versions in the cluster |',
			'So there are three 403 that are no matter of permissions',
		],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ upgradeInProgress: true });
		},
		expect: refused(
			403,
			STATUS,
			'Cannot start model deployment [{ner}] while cluster upgrade is in progress.',
		),
	}),
	refusal({
		id: 'start-too-many-deployments',
		says: 'the limit of deployments is 429',
		rows: ['| too many deployments | 429 |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ maxDeployments: 0 });
		},
		expect: refused(
			429,
			STATUS,
			'Could not start model deployment because existing deployments reached the limit of [0]',
		),
	}),
	refusal({
		id: 'start-named-like-endpoint',
		says: 'a model that is named like an inference endpoint is refused',
		rows: ["| the model's id equals the id of an inference endpoint |"],
		versions: since('9.0'),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.addInferenceEndpoint({ inference_id: id('ner'), deployed: false });
		},
		expect: {
			status: 400,
			reason:
				'Inference endpoint IDs must be unique. Requested inference endpoint ID [{ner}] matches existing trained model ID(s) but must not.',
		},
	}),
	refusal({
		id: 'start-not-pytorch',
		says: 'only PyTorch models can be deployed',
		rows: ['| not a PyTorch model |'],
		embedded: (cluster, id) =>
			cluster.addModel({ model_id: id('ner'), model_type: 'tree_ensemble' }),
		expect: {
			status: 400,
			reason:
				'model [{ner}] of type [tree_ensemble] cannot be deployed. Only PyTorch models can be deployed',
		},
	}),
	{
		id: 'start-several-models',
		says: 'an expression of several models is refused',
		section: 'start-errors',
		rows: ['| several models match |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('a') });
			cluster.addModel({ model_id: id('b') });
		},
		steps: [
			{
				send: startModel('{a},{b}'),
				expect: {
					status: 400,
					reason:
						'cannot deploy more than one model at the same time; [{a},{b}] matches models [{a}, {b}]',
				},
			},
		],
	},
	{
		id: 'start-named-like-other-model',
		says: 'a deployment id that is another model is refused',
		section: 'start-errors',
		rows: ['| the deployment id is the id of another model |'],
		versions: since('8.8'),
		embedded: (cluster, id) => cluster.addModel({ model_id: id('other') }),
		steps: [
			{
				send: start('other'),
				expect: {
					status: 400,
					reason:
						'Deployment id [{other}] is the same as an another model which is not the model being deployed.',
				},
			},
		],
	},
	incomplete(
		'missing',
		"| the model's definition is missing | 404 |",
		refused(404, 'resource_not_found_exception', 'Could not find trained model definition [{ner}]'),
	),
	incomplete('truncated', '| the definition is truncated | 400 |', {
		status: 400,
		reason: 'Model definition truncated. Unable to deserialize trained model definition [{ner}]',
	}),
	incomplete('downloading', '| the model is still being downloaded | 408 |', {
		status: 408,
		reason:
			'Model download task is currently running. Wait for trained model [{ner}] download task to complete then try again',
	}),
	incomplete('no_location', '| the model has no location | 500 |', {
		status: 500,
		reason: 'model [{ner}] does not have location',
	}),
	refusal({
		id: 'start-no-room',
		says: 'where nothing fits and the platform cannot grow, 429',
		rows: [
			'| nothing fits, and no scaling possible | 429 |',
			'`Could not start deployment because no ML nodes with sufficient capacity were found`',
			'429 has four meanings',
		],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ nodes: [], scalingPossible: false });
		},
		expect: {
			...refused(429, STATUS, NO_CAPACITY),
			shape: {
				error: {
					root_cause: [{ type: STATUS, reason: beginsWith(NO_CAPACITY) }],
					caused_by: {
						type: 'illegal_state_exception',
						reason: beginsWith(
							'Could not start deployment because no suitable nodes were found, allocation explanation [',
						),
					},
				},
			},
		},
	}),
	{
		id: 'start-part-fits',
		says: 'where only a part fits, 429 and nothing is left behind',
		section: 'start-errors',
		rows: ['| only a part fits, and no scaling possible | 429 |'],
		versions: stateful(),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ nodes: [NODE] });
		},
		steps: [
			{
				send: startModel('ner', '?number_of_allocations=5'),
				expect: refused(
					429,
					STATUS,
					'Could not start deployment because there are not enough resources to provide all requested allocations',
				),
			},
			{
				send: stats('ner'),
				expect: { status: 200, shape: { trained_model_stats: [{ deployment_stats: absent }] } },
			},
		],
	},
	{
		id: 'start-times-out',
		says: 'a wait that ends is 408, and the deployment stays',
		section: 'start-errors',
		rows: [
			'| `wait_for` is not reached in time | **408**',
			'Elasticsearch itself answers a timeout of `_start`',
		],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ allocationDelayMs: 3_600_000 });
		},
		steps: [
			{
				send: startModel('ner', '?timeout=30s'),
				meanwhile: async (cluster) => await cluster.advance(31_000),
				expect: refused(
					408,
					'model_deployment_timeout_exception',
					'Timed out after [30s] waiting for trained model deployment [{ner}] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.',
				),
			},
			{
				send: stats('ner'),
				expect: { status: 200, shape: { trained_model_stats: [{ deployment_stats: {} }] } },
			},
		],
	},
	{
		id: 'start-process-fails',
		says: 'a process that fails on a node is 500, and the assignment is gone',
		section: 'start-errors',
		rows: ['| the process failed on a node | 500 status_exception |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner'), start_failure: 'bad graph' });
		},
		steps: [
			{
				send: startModel('ner'),
				expect: {
					status: 500,
					reason:
						'Could not start trained model deployment, the following nodes failed with errors [{',
					mentions: '=bad graph}]',
				},
			},
			{
				send: stats('ner'),
				expect: { status: 200, shape: { trained_model_stats: [{ deployment_stats: absent }] } },
			},
		],
	},
	{
		id: 'start-removed-meanwhile',
		says: 'a stop while it waits is 400',
		section: 'start-errors',
		rows: ['| stopped while it waited | 400 |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ allocationDelayMs: 3_600_000 });
		},
		steps: [
			{
				send: startModel('ner'),
				meanwhile: (cluster, id) => cluster.removeDeployment(id('ner')),
				expect: {
					status: 400,
					reason:
						'Error waiting for the model deployment to start. The trained model assignment was removed while waiting',
				},
			},
		],
	},
	refusal({
		id: 'start-feature-reset',
		says: 'a feature reset in progress is 409',
		rows: ['| a feature reset is running | 409 |'],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ featureReset: true });
		},
		expect: refused(
			409,
			STATUS,
			'cannot create new assignment [{ner}] for model [{ner}] while feature reset is in progress.',
		),
	}),
	{
		id: 'start-where-platform-grows',
		says: 'where the platform must grow first, 200 with starting and without nodes',
		section: 'start-the-answer-and-waiting',
		rows: [
			'Where scaling is possible but no node fits now',
			'The answer is 200 with the same `{"assignment":{…}}`',
		],
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('ner') });
			cluster.set({ nodes: [], scalingPossible: true, growthDelayMs: 3_600_000 });
		},
		steps: [
			{
				send: startModel('ner', '?wait_for=started'),
				expect: {
					status: 200,
					shape: { assignment: { assignment_state: 'starting', routing_table: empty } },
				},
			},
			{
				send: stats('ner'),
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [
							{
								deployment_stats: {
									state: 'starting',
									allocation_status: { allocation_count: 0, state: 'starting' },
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
		id: 'start-legacy-names',
		says: 'the old names model_threads and inference_threads are still taken',
		section: 'start-parameters',
		rows: ['The old query names `model_threads` and `inference_threads` still exist'],
		versions: stateful(),
		embedded: withModel,
		steps: [
			{
				send: startModel('ner', '?model_threads=2&inference_threads=2'),
				expect: {
					status: 200,
					shape: {
						assignment: {
							task_parameters: { number_of_allocations: 2, threads_per_allocation: 2 },
							routing_table: each({ routing_state: 'started' }),
						},
					},
				},
			},
		],
	},
	{
		id: 'start-several-problems',
		says: 'several problems are numbered',
		section: 'start-parameters',
		rows: ['Failed validation is 400 `action_request_validation_exception`.'],
		embedded: withModel,
		steps: [
			{
				send: post(
					'/_ml/trained_models/{ner}/deployment/_start?priority=low&number_of_allocations=3&threads_per_allocation=4',
				),
				expect: refused(400, VALIDATION, 'Validation Failed: 1: [number_of_allocations] must be 1'),
			},
		],
	},
];
