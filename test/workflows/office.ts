import type { DeploymentSeed, EmbeddedCluster } from '../cluster';
import { givenCluster, settingsOf } from '../engine/given';
import type { Stub } from '../engine/harness';
import { MemoryTable } from './memoryTable';
import { setUp, type SetUp } from './shipped';
import { start } from './start';

const adaptive = (min: number, max: number) => ({
	enabled: true,
	min_number_of_allocations: min,
	max_number_of_allocations: max,
});

/** Six models of an office: no two are set alike. In the order in which the cluster lists them. */
const SEEDS: DeploymentSeed[] = [
	{
		deployment_id: 'office-asleep',
		number_of_allocations: 0,
		adaptive_allocations: adaptive(0, 4),
	},
	{ deployment_id: 'office-busy', number_of_allocations: 6, adaptive_allocations: adaptive(2, 8) },
	{ deployment_id: 'office-calm', number_of_allocations: 1, adaptive_allocations: adaptive(1, 3) },
	{
		deployment_id: 'office-fixed',
		number_of_allocations: 3,
		threads_per_allocation: 2,
		queue_capacity: 2048,
	},
	{ deployment_id: 'office-cached', model_id: 'shared', cache_size: '10kb' },
	{ deployment_id: 'office-low', model_id: 'shared', priority: 'low' },
];

export const IDS = SEEDS.map((seed) => seed.deployment_id);

const TABLE_NODES = ['Store Restore', 'Read Stored Restores', 'Forget Restore'];

const withProcessors = (processors: number) => ({
	nodes: [{ id: 'n', name: 'n', processors, memoryBytes: 1e13 }],
});

export const NOTHING = withProcessors(0);
export const LITTLE = withProcessors(4);
export const ENOUGH = withProcessors(64);

/** How a run differs from the usual one. */
interface Differently {
	/** Absent: one that may do everything. */
	apiKey?: string;
	/** Beside those for the table. */
	stubs?: Record<string, Stub>;
}

/** A cluster with the six, and the workflow with its table as a person sets it up. */
export async function givenOffice(how: SetUp = {}) {
	const cluster = await givenCluster(ENOUGH);
	for (const seed of SEEDS) cluster.addDeployment(seed);
	const table = new MemoryTable(['deployment_id', 'restore']);
	const picks = Object.fromEntries(TABLE_NODES.map((name) => [name, 'office_restores']));
	const workflow = setUp('office-hours.json', { picks, ...how });
	const from = (startNode: string, { apiKey, stubs }: Differently = {}) => {
		const tables = Object.fromEntries(TABLE_NODES.map((name) => [name, table.stub]));
		return start(cluster, workflow, { startNode, stubs: { ...tables, ...stubs } }, apiKey);
	};
	return {
		cluster,
		table,
		startEvening: () => from('Every Weekday Evening'),
		evening: async (how?: Differently) => await from('Every Weekday Evening', how),
		morning: async (how?: Differently) => await from('Every 10 Minutes in the Morning', how),
		lastRound: async () => await from('Last Round of the Morning'),
	};
}

export type Office = Awaited<ReturnType<typeof givenOffice>>;

/** An office after its evening: all six are stopped. */
export async function givenNight(): Promise<Office & { before: unknown }> {
	const office = await givenOffice();
	const before = settingsOfAll(office.cluster);
	await office.evening();
	office.cluster.resetLog();
	return { ...office, before };
}

/** What has to be the same again in the morning. */
export function settingsOfAll(cluster: EmbeddedCluster) {
	return IDS.map((id) => ({ id, ...settingsOf(cluster.deployment(id)) }));
}
