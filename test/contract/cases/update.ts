import type { Case } from '../case';
import { update, stats } from '../requests';
import { absent, aNumber, anything, each, inOrder, isoTime } from '../shape';
import { before, since, stateful } from '../versions';
import { adaptiveAnswer, ADAPTIVE, FIXED, numbered } from './given';

const ASSIGNMENT = inOrder(
	'task_parameters',
	'routing_table',
	'assignment_state',
	'reason',
	'start_time',
	'max_assigned_allocations',
	'adaptive_allocations',
);

/** `_update`: what succeeds, and how the answer looks. */
export const updateCases: Case[] = [
	{
		id: 'update-same-number',
		says: 'the same number gives 200 with the present assignment',
		section: 'update-order-of-checks',
		rows: ['Where nothing would change (the same number'],
		versions: stateful(),
		given: FIXED,
		steps: [{ send: update('fixed', { number_of_allocations: 1 }), expect: numbered(1) }],
	},
	{
		id: 'update-number-in-body',
		says: 'an increase gives 200, and the statistics follow',
		section: 'update-the-answer',
		rows: ['The answer is 200 with `{"assignment":{…}}`', '| `number_of_allocations` | An integer'],
		versions: stateful(),
		given: FIXED,
		changes: true,
		steps: [
			{ send: update('fixed', { number_of_allocations: 2 }), expect: numbered(2) },
			{
				send: stats('fixed'),
				until: true,
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [
							{
								deployment_stats: {
									number_of_allocations: 2,
									allocation_status: { allocation_count: 2, state: 'fully_allocated' },
								},
							},
						],
					},
				},
			},
		],
	},
	{
		id: 'update-fewer',
		says: 'a decrease gives 200',
		section: 'update-capacity',
		rows: ['A decrease never fails for capacity.'],
		versions: stateful(),
		given: [{ name: 'double', number_of_allocations: 2 }],
		changes: true,
		steps: [{ send: update('double', { number_of_allocations: 1 }), expect: numbered(1) }],
	},
	{
		id: 'update-number-in-query',
		says: 'the number may stand in the query',
		section: 'update-parameters',
		rows: [
			'The request is built from it alone, and **the body is never parsed**',
			'`_update` is generally available, and `number_of_allocations` may be a query parameter',
		],
		versions: stateful(since('8.15')),
		given: FIXED,
		steps: [
			{ send: update('fixed', undefined, '?number_of_allocations=1'), expect: numbered(1) },
			{
				send: update('fixed', { number_of_allocations: 1 }, '?number_of_allocations=1'),
				expect: {
					status: 400,
					type: 'illegal_argument_exception',
					reason:
						'request [POST /_ml/trained_models/{fixed}/deployment/_update] does not support having a body',
				},
			},
		],
	},
	{
		id: 'update-number-in-query-unknown',
		says: 'before 8.15 the number in the query is an unknown parameter',
		section: 'update-parameters',
		rows: ['contains unrecognized parameter: [number_of_allocations]`. The body is mandatory'],
		versions: before('8.15'),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }, '?number_of_allocations=2'),
				expect: {
					status: 400,
					type: 'illegal_argument_exception',
					reason:
						'request [/_ml/trained_models/{fixed}/deployment/_update] contains unrecognized parameter: [number_of_allocations]',
				},
			},
		],
	},
	{
		id: 'update-timeouts',
		says: 'takes timeout and master_timeout in the query, and a timeout in the body',
		section: 'update-parameters',
		rows: [
			'The query takes `timeout` (for the acknowledgement',
			'| `timeout` | A string. It is accepted',
		],
		versions: stateful(),
		given: FIXED,
		steps: [
			{
				send: update(
					'fixed',
					{ number_of_allocations: 1, timeout: '1s' },
					'?timeout=20s&master_timeout=20s&filter_path=assignment.task_parameters',
				),
				expect: {
					status: 200,
					shape: {
						assignment: { task_parameters: { number_of_allocations: 1 }, routing_table: absent },
					},
				},
			},
		],
	},
	{
		id: 'update-own-model-id',
		says: 'model_id in the body may equal the path',
		section: 'update-parameters',
		rows: ['A string that has to equal the id in the path.'],
		versions: stateful(),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { model_id: '{fixed}', number_of_allocations: 1 }),
				expect: numbered(1),
			},
		],
	},
	{
		id: 'update-empty-object',
		says: 'an empty object changes nothing',
		section: 'update-errors',
		rows: ['8.15 or 8.16 and later, body `{}`'],
		versions: since('8.16'),
		given: FIXED,
		steps: [
			{ send: update('fixed', {}), expect: { status: 200, shape: { assignment: anything } } },
		],
	},
	{
		id: 'update-digits-in-text',
		says: 'digits in a text are a number',
		section: 'update-errors',
		rows: ['Integers accept digits in a string.'],
		versions: stateful(),
		given: FIXED,
		steps: [{ send: update('fixed', { number_of_allocations: '1' }), expect: numbered(1) }],
	},
	{
		id: 'update-answer-fields',
		says: 'the assignment has its fields, in their order',
		section: 'update-the-answer',
		rows: [
			'The fields stand in the order in which they are printed.',
			'There is no list of nodes in this answer',
			'| `task_parameters`: `model_id`, `model_bytes`',
			'| `task_parameters.priority`',
			'| `routing_table.{node_id}`',
			'| `assignment_state`',
			'| `start_time` (ISO',
			'| `max_assigned_allocations` (integer)',
		],
		given: FIXED,
		steps: [
			{
				send: update('fixed', { adaptive_allocations: undefined, number_of_allocations: 1 }),
				expect: {
					status: 200,
					shape: {
						assignment: {
							task_parameters: {
								model_bytes: aNumber,
								threads_per_allocation: 1,
								number_of_allocations: 1,
								queue_capacity: aNumber,
								priority: 'normal',
							},
							routing_table: each({
								current_allocations: 1,
								target_allocations: 1,
								routing_state: 'started',
								nodes: absent,
							}),
							assignment_state: 'started',
							start_time: isoTime,
							max_assigned_allocations: 1,
						},
					},
				},
			},
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: { status: 200, shape: { assignment: ASSIGNMENT } },
			},
		],
		versions: stateful(),
	},
	{
		id: 'update-answer-deployment-id',
		says: 'the task parameters name model and deployment',
		section: 'update-the-answer',
		rows: ['| `task_parameters.deployment_id` |'],
		versions: stateful(since('8.8')),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: {
					status: 200,
					shape: {
						assignment: { task_parameters: { model_id: '{model}', deployment_id: '{fixed}' } },
					},
				},
			},
		],
	},
	{
		id: 'update-answer-no-deployment-id',
		says: 'before 8.8 there is no deployment id',
		section: 'update-the-answer',
		rows: ['| `task_parameters.deployment_id` |'],
		versions: before('8.8'),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: {
					status: 200,
					shape: { assignment: { task_parameters: { deployment_id: absent } } },
				},
			},
		],
	},
	{
		id: 'update-answer-memory',
		says: 'the memory fields come with 8.11',
		section: 'update-the-answer',
		rows: ['`per_deployment_memory_bytes`, `per_allocation_memory_bytes` (numbers, often 0)'],
		versions: stateful(since('8.11')),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: {
					status: 200,
					shape: {
						assignment: {
							task_parameters: {
								per_deployment_memory_bytes: aNumber,
								per_allocation_memory_bytes: aNumber,
							},
						},
					},
				},
			},
		],
	},
	{
		id: 'update-answer-no-adaptive',
		says: 'adaptive_allocations is null where nothing was set',
		section: 'update-the-answer',
		rows: ['| `adaptive_allocations` | no | no | no | always there'],
		versions: stateful(since('8.16')),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: { status: 200, shape: { assignment: { adaptive_allocations: null } } },
			},
		],
	},
	{
		id: 'update-answer-before-adaptive',
		says: 'before 8.16 there is no adaptive_allocations',
		section: 'update-the-answer',
		rows: ['| `adaptive_allocations` | no | no | no | always there'],
		versions: before('8.15'),
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }),
				expect: { status: 200, shape: { assignment: { adaptive_allocations: absent } } },
			},
		],
	},
	{
		id: 'update-adaptive-merged',
		says: 'adaptive settings are merged with the stored ones, and the number stays',
		section: 'update-parameters',
		rows: [
			'settings are **merged** with the stored ones',
			'`adaptive_allocations` always prints `enabled`',
			'`adaptive_allocations` in start, update and statistics',
		],
		versions: since('8.16'),
		given: ADAPTIVE,
		changes: true,
		steps: [
			{
				send: update('adaptive', { adaptive_allocations: { max_number_of_allocations: 3 } }),
				expect: adaptiveAnswer({
					enabled: true,
					min_number_of_allocations: 1,
					max_number_of_allocations: 3,
				}),
			},
			{
				send: update('adaptive', { adaptive_allocations: { max_number_of_allocations: null } }),
				expect: adaptiveAnswer({
					enabled: true,
					min_number_of_allocations: 1,
					max_number_of_allocations: absent,
				}),
			},
		],
	},
	{
		id: 'update-adaptive-off',
		says: 'one call switches adaptive off and sets the number; the settings stay as disabled, and null removes them',
		section: 'update-the-answer',
		rows: [
			'After switching off, `adaptive_allocations` stays as',
			'This is allowed: one call switches adaptive off and sets the number.',
			'To switch adaptive allocations off, send',
		],
		versions: stateful(since('8.16')),
		given: ADAPTIVE,
		changes: true,
		steps: [
			{
				send: update('adaptive', {
					adaptive_allocations: { enabled: false },
					number_of_allocations: 1,
				}),
				expect: adaptiveAnswer({ enabled: false }),
			},
			{ send: update('adaptive', { adaptive_allocations: null }), expect: adaptiveAnswer(null) },
		],
	},
	{
		id: 'update-adaptive-minus-one',
		says: '-1 as a bound means unset',
		section: 'update-errors',
		rows: ['-1 passes the validation and means "unset"'],
		versions: since('8.16'),
		given: ADAPTIVE,
		changes: true,
		steps: [
			{
				send: update('adaptive', { adaptive_allocations: { max_number_of_allocations: -1 } }),
				expect: adaptiveAnswer({ enabled: true, max_number_of_allocations: absent }),
			},
		],
	},
	{
		id: 'update-enabling-keeps-number',
		says: 'enabling adaptive allocations does not change the number at once',
		section: 'adaptive-allocations-the-scaler',
		rows: ['Enabling does not change the number at once.'],
		versions: stateful(since('8.16')),
		given: FIXED,
		changes: true,
		steps: [
			{
				send: update('fixed', {
					adaptive_allocations: { enabled: true, min_number_of_allocations: 2 },
				}),
				expect: {
					status: 200,
					shape: { assignment: { task_parameters: { number_of_allocations: 1 } } },
				},
			},
		],
	},
	{
		id: 'update-by-model-id',
		says: 'a model id does not stand in for its deployment',
		section: 'update-addressing',
		rows: [
			'a model id does not stand in for its deployment',
			'`deployment_id` is separate from `model_id`',
		],
		versions: since('8.8'),
		given: FIXED,
		// A live model may have a deployment of its own name.
		embedded: () => undefined,
		steps: [
			{
				send: update('{model}', { number_of_allocations: 1 }),
				expect: { status: 404, reason: 'No known model deployment with id [{model}]' },
			},
		],
	},
	{
		id: 'update-pattern',
		says: 'a wildcard is an unknown id',
		section: 'update-addressing',
		rows: ['There are no wildcards, no lists, no aliases'],
		given: FIXED,
		steps: [
			{
				send: update('{fix}*', { number_of_allocations: 1 }),
				expect: { status: 404, reason: 'No known model deployment with id [{fix}*]' },
			},
			{
				send: update('{fixed},{fixed}', { number_of_allocations: 1 }),
				expect: { status: 404, reason: 'No known model deployment with id [{fixed},{fixed}]' },
			},
		],
	},
];
