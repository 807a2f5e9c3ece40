import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import { byId, parameters, stop, stopPattern, update } from '../engine/given';
import { restoreText } from './restored';

/** An operation of the node, or one of its ways, as the matrix runs it. */
export interface Play {
	name: string;
	parameters: INodeParameters;
	/** What the cluster holds before. */
	given(cluster: EmbeddedCluster): void;
	/** The deployments that it leads to, with their numbers; absent where it changes nothing. */
	leadsTo?: Record<string, number>;
	/** Whether it is about all that match a pattern. */
	isPattern?: true;
	/** Whether it stops one deployment by its id. */
	isStop?: true;
	/** Whether all that it does is waiting. */
	isWait?: true;
}

const HOUR = 3_600_000;

/** A deployment that no operation means: it must never change. */
export const BYSTANDER = 'batch';

/** One deployment that runs, and a model that does not. */
function running(cluster: EmbeddedCluster): void {
	cluster.addDeployment({
		deployment_id: 'search',
		number_of_allocations: 2,
		threads_per_allocation: 2,
		queue_capacity: 99,
		start_time: cluster.now() - HOUR,
	});
}

function modelOnly(cluster: EmbeddedCluster): void {
	cluster.addModel({ model_id: 'search' });
}

function two(cluster: EmbeddedCluster): void {
	running(cluster);
	cluster.addDeployment({ deployment_id: 'shop', start_time: cluster.now() - HOUR });
}

const scale = (number: number, fields: IDataObject = {}): INodeParameters =>
	parameters('scale', { deploymentId: byId('search'), numberOfAllocations: number, ...fields });

export const PLAYS: readonly Play[] = [
	{ name: 'Get', parameters: parameters('get', { deploymentId: byId('search') }), given: running },
	{ name: 'Get Many', parameters: parameters('getMany', { returnAll: true }), given: two },
	{
		name: 'Wait Until Ready',
		parameters: parameters('waitUntilReady', {
			deploymentId: byId('search'),
			options: { waitTimeout: 90 },
		}),
		given: running,
		isWait: true,
	},
	{
		name: 'Infer',
		parameters: parameters('infer', {
			deploymentId: byId('search'),
			text: 'a text',
			options: { waitTimeout: 90 },
		}),
		given: running,
	},
	{
		name: 'Clear Cache',
		parameters: parameters('clearCache', { deploymentId: byId('search') }),
		given: running,
	},
	{
		name: 'Update',
		parameters: update('search', { numberOfAllocations: 3 }),
		given: running,
		leadsTo: { search: 3 },
	},
	{
		name: 'Start',
		parameters: parameters('start', { modelId: byId('search'), options: { waitTimeout: 90 } }),
		given: modelOnly,
		leadsTo: { search: 1 },
	},
	{
		name: 'Start from a restore object',
		parameters: parameters('start', {
			startFrom: 'restore',
			restore: restoreText('search'),
			options: { waitTimeout: 90 },
		}),
		given: modelOnly,
		leadsTo: { search: 2 },
	},
	{ name: 'Stop', parameters: stop('search'), given: running, isStop: true, leadsTo: {} },
	{
		name: 'Stop by pattern',
		parameters: stopPattern('s*'),
		given: two,
		isPattern: true,
		leadsTo: {},
	},
	{
		name: 'Stop as a dry run',
		parameters: stop('search', {}, { dryRun: true }),
		given: running,
		isStop: true,
	},
	{ name: 'Scale', parameters: scale(3), given: running, leadsTo: { search: 3 } },
	{ name: 'Scale to 0', parameters: scale(0), given: running, isStop: true, leadsTo: {} },
	{
		name: 'Scale by pattern',
		parameters: parameters('scale', { target: 'pattern', pattern: 's*', numberOfAllocations: 3 }),
		given: two,
		isPattern: true,
		leadsTo: { search: 3, shop: 3 },
	},
	{
		name: 'Scale what is not running',
		parameters: scale(2, {
			ifNotRunning: 'startModel',
			modelId: byId('search'),
			options: { waitTimeout: 90 },
		}),
		given: modelOnly,
		leadsTo: { search: 2 },
	},
];
