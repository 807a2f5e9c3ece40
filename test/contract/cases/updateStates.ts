import type { Case } from '../case';
import { stats, update } from '../requests';
import { atLeast, beginsWith, contains } from '../shape';
import { since, stateful } from '../versions';
import { adaptiveAnswer, numbered, refused, unknown } from './given';

const NODE = {
	id: 'uckeG3R8TLe2MMNBQ6AGrw',
	name: 'ml-0',
	processors: 2,
	memoryBytes: 16 * 1024 ** 3,
};
const NOT_STARTED = refused(
	409,
	'status_exception',
	'cannot update deployment that is not in [started] state',
);

/** `_update` in states of a cluster that a request alone does not bring about. */
export const updateStates: Case[] = [
	...(['starting', 'stopping', 'failed'] as const).map((state): Case => ({
		id: `update-while-${state}`,
		says: `a change is 409 while the deployment is ${state}, the same number is 200`,
		section: 'update-order-of-checks',
		rows: [
			'An assignment whose state is not `started` gives **409**',
			'a real change while it is not started (starting, stopping, failed)',
			'Where nothing would change (the same number',
		],
		versions: stateful(),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner'), state }),
		steps: [
			{ send: update('ner', { number_of_allocations: 1 }), expect: numbered(1) },
			{ send: update('ner', { number_of_allocations: 2 }), expect: NOT_STARTED },
		],
	})),
	{
		id: 'update-owned-by-endpoint',
		says: 'the deployment of an inference endpoint is changed through the inference API only',
		section: 'update-errors',
		rows: [
			'an inference endpoint created it (9.2 and later)',
			'`_update` refuses with 409 where an inference endpoint created the deployment',
		],
		versions: since('9.2'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: update('owned', { number_of_allocations: 2 }),
				expect: refused(
					409,
					'status_exception',
					'Cannot update deployment [{owned}] as it was created by inference endpoint [{owned}]. This model deployment must be updated through the inference API.',
				),
			},
		],
	},
	{
		id: 'update-owned-before-it-exists',
		says: 'the endpoint is in the way even where its deployment is gone',
		section: 'update-order-of-checks',
		rows: ['(9.2 and later) For a request that does not come from Elasticsearch itself'],
		versions: since('9.2'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({ inference_id: id('owned'), deployed: false });
			cluster.addDeployment({ deployment_id: id('used') });
			cluster.addInferenceEndpoint({ inference_id: id('user'), deployment_id: id('used') });
			cluster.addInferenceEndpoint({ inference_id: id('foreign'), service: 'openai' });
			cluster.addDeployment({ deployment_id: id('foreign') });
		},
		steps: [
			{
				send: update('owned', { adaptive_allocations: { enabled: true } }),
				expect: { status: 409, reason: 'Cannot update deployment [{owned}]' },
			},
			// An endpoint that is only attached does not block, nor does one of another service.
			{
				send: update('used', { adaptive_allocations: { enabled: true } }),
				expect: adaptiveAnswer({ enabled: true }),
			},
			{
				send: update('foreign', { adaptive_allocations: { enabled: true } }),
				expect: adaptiveAnswer({ enabled: true }),
			},
		],
	},
	{
		id: 'update-alias',
		says: 'an alias does not stand in for a deployment',
		section: 'update-addressing',
		rows: ['There are no wildcards, no lists, no aliases'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addAlias({ model_alias: id('alias'), model_id: id('ner') });
		},
		steps: [{ send: update('alias', { number_of_allocations: 2 }), expect: unknown('alias') }],
	},
	{
		id: 'update-low-priority',
		says: 'more than one allocation of low priority is refused',
		section: 'versions-timeline',
		rows: [
			'`_update` refuses more than one allocation for a low-priority deployment',
			'low priority, more than 1 allocation (8.19.10, 9.2.4, 9.3.0 and later)',
		],
		versions: stateful(since('8.19.10', '9.2.4', '9.3.0')),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('low'), priority: 'low' }),
		steps: [
			{
				send: update('low', { number_of_allocations: 2 }),
				expect: { status: 400, mentions: 'priority' },
			},
		],
	},
	{
		id: 'update-low-priority-early',
		says: 'earlier versions take more than one allocation of low priority',
		section: 'update-capacity',
		rows: ['Low-priority deployments are planned after the normal ones.'],
		versions: stateful({ before: ['8.19.10', '9.2.4', '9.3.0'] }),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('low'), priority: 'low' }),
		steps: [{ send: update('low', { number_of_allocations: 2 }), expect: numbered(2) }],
	},
	{
		id: 'update-partly',
		says: 'where the platform may grow, a shortage gives 200 with a part and the reason',
		section: 'update-capacity',
		rows: [
			'On Elastic Cloud with autoscaling, and on Serverless, scaling is possible',
			'| `reason` (a string, only where set)',
			'The number of allocations is the total over all nodes',
			'The reason is one of the texts below.',
			'Scaling counts as possible where',
		],
		versions: stateful(),
		embedded: (cluster, id) => {
			cluster.set({ nodes: [NODE], scalingPossible: true });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: update('ner', { number_of_allocations: 42 }),
				expect: {
					status: 200,
					shape: {
						assignment: {
							task_parameters: { number_of_allocations: 42 },
							routing_table: { [NODE.id]: { target_allocations: 2 } },
							reason: contains(
								`Could not assign (more) allocations on node [${NODE.id}]. Reason: This node has insufficient allocated processors. Available processors [2], free processors [0], processors required for each allocation of this model [1]`,
							),
						},
					},
				},
			},
		],
	},
	{
		id: 'update-no-nodes',
		says: 'without ML nodes an increase is 429 where the platform cannot grow',
		section: 'rest-situations',
		rows: ['| no ML nodes |'],
		versions: stateful(),
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ nodes: [] });
		},
		steps: [
			{ send: update('ner', { number_of_allocations: 2 }), expect: { status: 429 } },
			{ send: stats('ner'), expect: { status: 200 } },
			{
				first: (cluster) => cluster.set({ scalingPossible: true }),
				send: update('ner', { number_of_allocations: 2 }),
				expect: {
					status: 200,
					shape: { assignment: { reason: beginsWith('No ML nodes exist in the cluster') } },
				},
			},
		],
	},
	{
		id: 'update-memory',
		says: 'since 8.11 the memory of each allocation counts',
		section: 'update-capacity',
		rows: [
			'Since 8.11 the memory of each allocation counts',
			'The memory of each allocation is counted, so raising the number can fail for memory',
		],
		versions: stateful(since('8.11')),
		embedded: (cluster, id) => {
			cluster.set({ nodes: [{ ...NODE, processors: 8, memoryBytes: 4 * 1024 ** 3 }] });
			cluster.addModel({
				model_id: id('ner'),
				per_deployment_memory_bytes: 1024 ** 3,
				per_allocation_memory_bytes: 1024 ** 3,
			});
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [{ send: update('ner', { number_of_allocations: 8 }), expect: { status: 429 } }],
	},
	{
		id: 'update-at-once',
		says: 'the answer does not wait for the new allocations',
		section: 'update-the-answer',
		rows: ['The answer is 200 with `{"assignment":{…}}`. It comes at once'],
		versions: stateful(),
		embedded: (cluster, id) => {
			cluster.set({ nodes: [{ ...NODE, processors: 8 }], allocationDelayMs: 3_600_000 });
			cluster.addDeployment({ deployment_id: id('ner') });
		},
		steps: [
			{
				send: update('ner', { number_of_allocations: 4 }),
				expect: {
					status: 200,
					shape: {
						assignment: {
							routing_table: {
								[NODE.id]: { current_allocations: 1, target_allocations: 4 },
							},
							max_assigned_allocations: atLeast(1),
						},
					},
				},
			},
		],
	},
	{
		id: 'update-highest-number',
		says: 'max_assigned_allocations remembers the highest number',
		section: 'update-the-answer',
		rows: ['`max_assigned_allocations` is the highest number that the deployment ever had.'],
		versions: stateful(),
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), number_of_allocations: 4 }),
		steps: [
			{
				send: update('ner', { number_of_allocations: 1 }),
				expect: { status: 200, shape: { assignment: { max_assigned_allocations: 4 } } },
			},
		],
	},
	{
		id: 'update-without-licence',
		says: '_update does not check the licence',
		section: 'update-order-of-checks',
		rows: ['Neither `_update` nor `_stop` checks the licence.'],
		versions: stateful(),
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ licensed: false });
		},
		steps: [{ send: update('ner', { number_of_allocations: 2 }), expect: numbered(2) }],
	},
];
