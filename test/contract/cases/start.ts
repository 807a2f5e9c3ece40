import type { Case, Expected, Sent } from '../case';
import { infer, start, startModel, stats, stop, update } from '../requests';
import { aNumber, anything, isoTime, some } from '../shape';
import { before, since, stateful, type Versions } from '../versions';
import { CANNOT_BE_SET, FIXED, numbered, refused, STOPPED, VALIDATION } from './given';

const VALIDATES = 'Validation Failed: 1: ';
/** Deployments have ids of their own. */
const IDS = since('8.8');

const parameters = (expected: object): Expected => ({
	status: 200,
	shape: { assignment: { task_parameters: expected } },
});

interface Started {
	id: string;
	says: string;
	rows: string[];
	send: Sent;
	expect: Expected;
	versions?: Versions;
}

/** A start that succeeds, and its stop. */
const started = (one: Started): Case => ({
	section: 'start-parameters',
	versions: stateful(IDS),
	...one,
	changes: true,
	steps: [
		{ send: one.send, expect: one.expect },
		{ send: stop('new', '?allow_no_match=false'), expect: STOPPED },
	],
});

interface Invalid {
	id: string;
	rows: string[];
	query?: string;
	body?: unknown;
	problem: string;
	versions?: Versions;
}

/** A start that is refused before anything is looked up. */
const invalid = ({ id, rows, query = '', body, problem, versions = IDS }: Invalid): Case => ({
	id: `start-${id}`,
	says: `refuses: ${problem}`,
	section: 'start-parameters',
	rows,
	versions,
	steps: [
		{
			send: start('new', query, body),
			expect: refused(400, VALIDATION, `${VALIDATES}${problem}`),
		},
	],
});

/** `_start`: parameters and answer. */
export const startCases: Case[] = [
	started({
		id: 'start-defaults',
		says: 'one allocation with one thread, started when the answer comes',
		rows: [
			'| `deployment_id` (query; 8.8 and later) |',
			'| `number_of_allocations` | 1, or the adaptive minimum',
			'| `threads_per_allocation` | 1 |',
			'| `priority` | normal |',
			'| `wait_for` | started |',
			'A start takes a `priority`, low or normal.',
		],
		send: start('new', 'timeout=60s'),
		expect: {
			status: 200,
			shape: {
				assignment: {
					task_parameters: {
						model_id: '{model}',
						deployment_id: '{new}',
						number_of_allocations: 1,
						threads_per_allocation: 1,
						queue_capacity: aNumber,
						priority: 'normal',
					},
					assignment_state: 'started',
					start_time: isoTime,
					routing_table: some({ routing_state: 'started' }),
				},
			},
		},
	}),
	started({
		id: 'start-from-query-and-body',
		says: 'settings come from the query or the body',
		rows: ['| `queue_capacity` | 10000 in the code', '| `timeout` | 30s in the code'],
		send: start('new', 'timeout=60s&queue_capacity=50&wait_for=fully_allocated', {
			cache_size: '10kb',
		}),
		expect: parameters({ queue_capacity: 50, cache_size: '10kb' }),
	}),
	...['0', '10kb'].map((size) =>
		started({
			id: `start-cache-${size}`,
			says: `a cache of ${size} is shown to the letter`,
			rows: ['| `cache_size` | the model', '| `task_parameters.cache_size` (a string'],
			send: start('new', `timeout=60s&cache_size=${size}`),
			expect: parameters({ cache_size: size }),
		}),
	),
	started({
		id: 'start-low-priority',
		says: 'low priority has one allocation and one thread',
		rows: ['| `priority` | normal |'],
		send: start('new', 'timeout=60s&priority=low'),
		expect: parameters({ priority: 'low', number_of_allocations: 1, threads_per_allocation: 1 }),
	}),
	started({
		id: 'start-adaptive',
		says: 'an adaptive deployment begins at its minimum',
		rows: [
			'| `number_of_allocations` | 1, or the adaptive minimum',
			'| `adaptive_allocations` (body only) |',
		],
		versions: since('8.16'),
		send: start('new', 'timeout=60s', {
			adaptive_allocations: { enabled: true, min_number_of_allocations: 2 },
		}),
		expect: {
			status: 200,
			shape: {
				assignment: {
					task_parameters: { number_of_allocations: 2 },
					adaptive_allocations: { enabled: true, min_number_of_allocations: 2 },
				},
			},
		},
	}),
	{
		id: 'start-then-update',
		says: 'what was started under a name of its own is updated by that name',
		section: 'update-addressing',
		rows: [
			'a model id does not stand in for its deployment',
			'`deployment_id` is separate from `model_id`',
		],
		versions: stateful(IDS),
		changes: true,
		steps: [
			{ send: start('for-search', 'timeout=60s'), expect: { status: 200 } },
			{ send: update('for-search', { number_of_allocations: 1 }), expect: numbered(1) },
			{ send: stop('for-search', '?allow_no_match=false'), expect: STOPPED },
		],
	},
	{
		id: 'start-twice',
		says: 'a deployment id that exists is 400, not 409',
		section: 'start-errors',
		rows: [
			'| the deployment id exists already |',
			'A client that gave up and tries again often meets the 400',
		],
		versions: IDS,
		given: FIXED,
		steps: [
			{
				send: start('fixed'),
				expect: refused(
					400,
					'status_exception',
					'Could not start model deployment because an existing deployment with the same id [{fixed}] exist',
				),
			},
		],
	},
	{
		id: 'start-several-of-a-model',
		says: 'one model may have several deployments',
		section: 'versions-timeline',
		rows: ['`deployment_id` is separate from `model_id`'],
		versions: stateful(IDS),
		changes: true,
		steps: [
			{ send: start('for-search', 'timeout=60s&priority=low'), expect: { status: 200 } },
			{ send: start('for-ingest', 'timeout=60s&priority=low'), expect: { status: 200 } },
			{
				send: stats('{for}*'),
				expect: {
					status: 200,
					shape: {
						count: 1,
						trained_model_stats: [
							{ deployment_stats: { deployment_id: '{for-ingest}' } },
							{ deployment_stats: { deployment_id: '{for-search}' } },
						],
					},
				},
			},
			{ send: stop('for-search', '?allow_no_match=false'), expect: STOPPED },
			{ send: stop('for-ingest', '?allow_no_match=false'), expect: STOPPED },
		],
	},
	{
		id: 'start-unknown-model',
		says: 'an unknown model is 404',
		section: 'start-errors',
		rows: ['| unknown model | 404 |'],
		steps: [
			{
				send: startModel('unknown'),
				expect: refused(
					404,
					'resource_not_found_exception',
					'No known trained model with model_id [{unknown}]',
				),
			},
		],
	},
	{
		id: 'start-unknown-wait-for',
		says: 'an unknown state to wait for is refused',
		section: 'start-parameters',
		rows: ['| `wait_for` | started |'],
		versions: IDS,
		steps: [{ send: start('new', 'wait_for=foo'), expect: { status: 400 } }],
	},
	invalid({
		id: 'no-allocation',
		rows: ['| `number_of_allocations` | 1, or the adaptive minimum'],
		query: 'number_of_allocations=0',
		problem: '[number_of_allocations] must be a positive integer;',
	}),
	invalid({
		id: 'number-and-adaptive',
		rows: ['| `number_of_allocations` | 1, or the adaptive minimum'],
		query: 'number_of_allocations=2',
		body: { adaptive_allocations: { enabled: true } },
		problem: CANNOT_BE_SET.replace(VALIDATES, ''),
		versions: since('8.16'),
	}),
	invalid({
		id: 'no-thread',
		rows: ['| `threads_per_allocation` | 1 |'],
		query: 'threads_per_allocation=0',
		problem: '[threads_per_allocation] must be a positive integer;',
	}),
	invalid({
		id: 'three-threads',
		rows: ['| `threads_per_allocation` | 1 |'],
		query: 'threads_per_allocation=3',
		problem: '[threads_per_allocation] must be a power of 2 less than or equal to 32;',
	}),
	invalid({
		id: 'no-queue',
		rows: ['| `queue_capacity` | 10000 in the code'],
		query: 'queue_capacity=0',
		problem: '[queue_capacity] must be a positive integer;',
	}),
	invalid({
		id: 'endless-queue',
		rows: ['| `queue_capacity` | 10000 in the code'],
		query: 'queue_capacity=100001',
		problem: '[queue_capacity] must be less than 100000;',
	}),
	invalid({
		id: 'low-with-three',
		rows: ['| `priority` | normal |'],
		query: 'priority=low&number_of_allocations=3',
		problem: '[number_of_allocations] must be 1 when [priority] is low;',
	}),
	invalid({
		id: 'low-with-threads',
		rows: ['| `priority` | normal |'],
		query: 'priority=low&threads_per_allocation=4',
		problem: '[threads_per_allocation] must be 1 when [priority] is low;',
	}),
	invalid({
		id: 'no-time',
		rows: ['| `timeout` | 30s in the code'],
		query: 'timeout=0',
		problem: '[timeout] must be positive;',
	}),
	{
		id: 'start-query-wins',
		says: 'where query and body differ, the query wins',
		section: 'start-parameters',
		rows: ['Both may be used together, and in the newest tests the query wins.'],
		// A snapshot of 8.15 or 8.16 refused it.
		versions: stateful(since('8.17')),
		changes: true,
		steps: [
			{
				send: start('new', 'timeout=60s&queue_capacity=60', { queue_capacity: 70 }),
				expect: parameters({ queue_capacity: 60 }),
			},
			{ send: stop('new', '?allow_no_match=false'), expect: STOPPED },
		],
	},
	{
		id: 'start-no-deployment-id',
		says: 'before 8.8 there is no deployment_id',
		section: 'start-parameters',
		rows: ['| `deployment_id` (query; 8.8 and later) |'],
		versions: before('8.8'),
		steps: [
			{
				send: start('new'),
				expect: { status: 400, mentions: 'unrecognized parameter: [deployment_id]' },
			},
		],
	},
	{
		id: 'start-then-infer',
		says: 'what was started answers inference',
		section: 'inference',
		rows: ['`POST _ml/trained_models/{id}/_infer` exists from 8.3 on.'],
		given: FIXED,
		steps: [
			{
				send: infer('fixed'),
				until: true,
				expect: { status: 200, shape: { inference_results: [anything] } },
			},
		],
	},
];
