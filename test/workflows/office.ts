import type { IDataObject } from 'n8n-workflow';

import type { DeploymentSeed, EmbeddedCluster } from '../cluster';
import { givenCluster, settingsOf } from '../engine/given';
import type { Stub } from '../engine/harness';
import { MemoryTable } from './memoryTable';
import { setUp, type SetUp, type ShippedWorkflow } from './shipped';
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
	stubs?: Record<string, Stub>;
}

/** What a person may change beside the set-up steps. */
type Change = (workflow: ShippedWorkflow) => void;

function officeOf(cluster: EmbeddedCluster, workflow: ShippedWorkflow) {
	const staticData: IDataObject = {};
	const startFrom = (startNode: string, { apiKey, ...options }: Differently = {}) =>
		start(cluster, workflow, { startNode, staticData, ...options }, apiKey);
	return {
		cluster,
		/** What the workflow remembers from run to run. */
		staticData,
		before: settingsOfAll(cluster),
		startEvening: (how?: Differently) => startFrom('Every Evening', how),
		evening: async (how?: Differently) => await startFrom('Every Evening', how),
		morning: async (how?: Differently) => await startFrom('Every Morning', how),
	};
}

async function givenSix(): Promise<EmbeddedCluster> {
	const cluster = await givenCluster(ENOUGH);
	for (const seed of SEEDS) cluster.addDeployment(seed);
	return cluster;
}

/** A cluster with the six, and nights-off.json as a person sets it up. */
export async function givenOffice(how: SetUp = {}, change: Change = () => {}) {
	const workflow = setUp('nights-off.json', how);
	change(workflow);
	return officeOf(await givenSix(), workflow);
}

const TABLE_NODES = ['Save Restore', 'Read Restores', 'Forget Restore'];

/** The same with office-hours-with-table.json, and its table. */
export async function givenOfficeWithTable(
	how: SetUp = {},
	columns = ['deployment_id', 'restore'],
	change: Change = () => {},
) {
	const picks = Object.fromEntries(TABLE_NODES.map((name) => [name, 'office_restores']));
	const workflow = setUp('office-hours-with-table.json', { picks, ...how });
	change(workflow);
	const table = new MemoryTable(columns);
	const stubs = Object.fromEntries(TABLE_NODES.map((name) => [name, table.stub]));
	const office = officeOf(await givenSix(), workflow);
	return {
		...office,
		table,
		startEvening: () => office.startEvening({ stubs }),
		evening: async () => await office.evening({ stubs }),
		morning: async () => await office.morning({ stubs }),
	};
}

/** What has to be the same again in the morning. */
export function settingsOfAll(cluster: EmbeddedCluster) {
	return IDS.map((id) => ({ id, ...settingsOf(cluster.deployment(id)) }));
}

export const idsIn = (cluster: EmbeddedCluster) =>
	cluster.deployments().map((each) => each.deployment_id);
