import type { EmbeddedCluster } from '../../cluster';
import type { Case, Control } from '../case';
import { infer, startModel, stats, update } from '../requests';
import { absent, atLeast } from '../shape';
import { before, between, since, stateful } from '../versions';
import { numbered } from './given';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Bounds = {
	enabled: boolean;
	min_number_of_allocations?: number;
	max_number_of_allocations?: number;
};
const adaptive = (min?: number, max?: number): Bounds => ({
	enabled: true,
	...(min !== undefined && { min_number_of_allocations: min }),
	...(max !== undefined && { max_number_of_allocations: max }),
});

const number = (name: string, value: unknown, other: object = {}) => ({
	send: stats(name),
	expect: {
		status: 200,
		shape: {
			trained_model_stats: [{ deployment_stats: { number_of_allocations: value, ...other } }],
		},
	},
});

const after =
	(ms: number): Control =>
	async (cluster) =>
		await cluster.advance(ms);

const asleep = (cluster: EmbeddedCluster, id: (name: string) => string): void =>
	cluster.addDeployment({
		deployment_id: id('ner'),
		number_of_allocations: 0,
		adaptive_allocations: adaptive(0),
	});

/** What the scaler does with time, and how a deployment wakes up. */
export const adaptiveCases: Case[] = [
	{
		id: 'adaptive-every-ten-seconds',
		says: 'the scaler looks every 10 s, and grows above a load of 0.9',
		section: 'adaptive-allocations-the-scaler',
		rows: ['It runs every 10 s on the master.'],
		versions: since('8.16'),
		embedded: (cluster, id) =>
			cluster.addDeployment({
				deployment_id: id('ner'),
				load: 2.6,
				adaptive_allocations: adaptive(1, 8),
			}),
		steps: [
			{ ...number('ner', 1), first: after(9000) },
			{ ...number('ner', 3), first: after(1000) },
		],
	},
	{
		id: 'adaptive-at-most-32',
		says: 'without a maximum the limit is 32',
		section: 'adaptive-allocations-the-scaler',
		rows: ['It runs every 10 s on the master.'],
		versions: since('8.16'),
		embedded: (cluster, id) => {
			const nodes = [{ id: 'n1', name: 'ml-0', processors: 64, memoryBytes: 512 * 1024 ** 3 }];
			cluster.set({ nodes });
			cluster.addDeployment({
				deployment_id: id('ner'),
				load: 60,
				adaptive_allocations: adaptive(1),
			});
		},
		steps: [{ ...number('ner', 32), first: after(10_000) }],
	},
	{
		id: 'adaptive-bounds-at-next-cycle',
		says: 'the next cycle moves the number into its bounds',
		section: 'adaptive-allocations-the-scaler',
		rows: ['Enabling does not change the number at once.'],
		versions: since('8.16'),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') }),
		steps: [
			{
				send: update('ner', { adaptive_allocations: adaptive(3, 4) }),
				expect: numbered(1),
			},
			{ ...number('ner', 3), first: after(10_000) },
		],
	},
	{
		id: 'adaptive-skips-what-does-not-run',
		says: 'the scaler skips what is not started',
		section: 'adaptive-allocations-the-scaler',
		rows: ['It skips a deployment whose assignment is not `started`.'],
		versions: since('8.16'),
		embedded: (cluster, id) =>
			cluster.addDeployment({
				deployment_id: id('ner'),
				state: 'starting',
				number_of_allocations: 1,
				never_starts: true,
				adaptive_allocations: adaptive(3, 4),
			}),
		steps: [{ ...number('ner', 1), first: after(MINUTE) }],
	},
	{
		id: 'adaptive-cool-down',
		says: 'for 5 minutes after a scale-up nothing is scaled down',
		section: 'adaptive-allocations-the-scaler',
		rows: ['After a scale-up there is no scale-down for 5 minutes'],
		versions: since('8.16'),
		embedded: (cluster, id) =>
			cluster.addDeployment({
				deployment_id: id('ner'),
				load: 2.6,
				adaptive_allocations: adaptive(1, 8),
			}),
		steps: [
			{ ...number('ner', 3), first: after(10_000) },
			{
				...number('ner', 3),
				first: async (cluster, id) => {
					cluster.changeDeployment(id('ner'), { load: 0.1 });
					await cluster.advance(4 * MINUTE);
				},
			},
			{ ...number('ner', 1), first: after(2 * MINUTE) },
		],
	},
	{
		id: 'adaptive-scaler-passes-guards',
		says: "the scaler's own updates pass the guards of the API",
		section: 'adaptive-allocations-the-scaler',
		rows: ["The scaler's own updates bypass"],
		versions: since('9.2'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({
				inference_id: id('owned'),
				adaptive_allocations: adaptive(2, 4),
				num_allocations: 1,
			});
		},
		steps: [{ ...number('owned', 2), first: after(10_000) }],
	},
	...(
		[
			['adaptive-zero-early', '15 idle minutes up to 9.0', between('8.16', '9.1'), 15 * MINUTE],
			['adaptive-zero', '24 idle hours from 9.1 on', since('9.1'), 24 * HOUR],
		] as const
	).map(([id, says, versions, idle]): Case => ({
		id,
		says: `a minimum of 0 scales to zero after ${says}, and the deployment stays started`,
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: [
			'A deployment scales to zero only where its minimum is 0 or unset',
			'Scaling to zero keeps the deployment',
			'A deployment that was scaled to zero keeps the assignment state `started`',
			'Scaling to zero takes 24 idle hours by default',
			'`adaptive_allocations` in start, update and statistics; scaling to zero after 15 idle minutes.',
		],
		versions: stateful(versions),
		embedded: (cluster, name) => {
			cluster.addDeployment({
				deployment_id: name('ner'),
				adaptive_allocations: adaptive(0, 4),
			});
			cluster.addDeployment({
				deployment_id: name('kept'),
				adaptive_allocations: adaptive(1, 4),
			});
		},
		steps: [
			{ ...number('ner', 1), first: after(idle - MINUTE) },
			{
				...number('ner', 0, {
					state: 'started',
					allocation_status: {
						allocation_count: 0,
						target_allocation_count: 0,
						state: 'fully_allocated',
					},
					nodes: [],
					adaptive_allocations: adaptive(0, 4),
				}),
				first: after(2 * MINUTE),
			},
			number('kept', 1),
		],
	})),
	{
		id: 'adaptive-wakes-up',
		says: 'a request at zero waits, and wakes the deployment up',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['A request at zero allocations makes Elasticsearch update the number to 1'],
		versions: since('8.16'),
		embedded: asleep,
		steps: [{ send: infer('ner'), expect: { status: 200 } }, number('ner', 1)],
	},
	{
		id: 'adaptive-wakes-up-refused',
		says: 'where it does not wait, it is 409 and wakes the deployment up all the same',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['A request at zero allocations makes Elasticsearch update the number to 1'],
		versions: since('8.16'),
		embedded: (cluster, id) => {
			cluster.set({ wakeUp: 'refuse' });
			asleep(cluster, id);
		},
		steps: [
			{
				send: infer('ner'),
				expect: {
					status: 409,
					reason:
						'Trained model deployment [{ner}] is not allocated to any nodes; starting deployment of one allocation',
				},
			},
			number('ner', 1),
		],
	},
	{
		id: 'adaptive-lost-at-start',
		says: 'before 9.3 starting a deployment loses those that sleep, and inference says how to repair it',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: [
			'After its assignment got lost, a sleeping deployment answers 404',
			'the assignment got lost | 404',
			'Planning keeps deployments with zero allocations when another one is started.',
		],
		versions: stateful(between('8.16', '9.3')),
		embedded: (cluster, id) => {
			asleep(cluster, id);
			cluster.addModel({ model_id: id('other') });
		},
		steps: [
			{ send: startModel('other'), expect: { status: 200 } },
			{
				send: infer('ner'),
				expect: {
					status: 404,
					reason: 'Unable to find model deployment task [{ner}] please stop and start',
				},
			},
		],
	},
	{
		id: 'adaptive-kept-at-start',
		says: 'from 9.3 on it keeps them',
		section: 'versions-timeline',
		rows: ['Planning keeps deployments with zero allocations when another one is started.'],
		versions: since('9.3'),
		embedded: (cluster, id) => {
			asleep(cluster, id);
			cluster.addModel({ model_id: id('other') });
		},
		steps: [
			{ send: startModel('other'), expect: { status: 200 } },
			{ send: infer('ner'), expect: { status: 200 } },
		],
	},
	{
		id: 'adaptive-kept-at-shutdown',
		says: 'from 9.3.5 and 9.4 on they survive the shutdown of a node',
		section: 'versions-timeline',
		rows: ['Deployments with zero allocations survive the shutdown of an ML node.'],
		versions: since('9.3.5', '9.4.0'),
		embedded: (cluster, id) => {
			asleep(cluster, id);
			cluster.shutDownNode('uckeG3R8TLe2MMNBQ6AGrw');
		},
		steps: [number('ner', 0), { send: infer('ner'), expect: { status: 200 } }],
	},
	{
		id: 'adaptive-stays-at-zero',
		says: 'a deployment at zero that is not adaptive does not wake up',
		section: 'adaptive-allocations-zero-and-waking-up',
		rows: ['That happens only where adaptive allocations are enabled'],
		versions: stateful(since('8.16')),
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
			number('ner', 0),
		],
	},
	{
		id: 'adaptive-early',
		says: 'before 8.15 the statistics know no adaptive settings',
		section: 'versions-timeline',
		rows: [
			'`adaptive_allocations` in start, update and statistics; scaling to zero after 15 idle minutes.',
		],
		versions: before('8.15'),
		embedded: (cluster, id) => cluster.addDeployment({ deployment_id: id('ner') }),
		steps: [number('ner', atLeast(1), { adaptive_allocations: absent })],
	},
];
