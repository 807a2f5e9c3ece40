import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { credentialFor, theEngine } from '../given';
import type { Activation, ActivationOptions, RunResult } from '../harness';

export const TRIGGER = 'n8n-nodes-elasticsearch-ml.mlDeploymentTrigger';

const ALL_EVENTS = [
	'failed',
	'disappeared',
	'stuck',
	'becameReady',
	'becameIdle',
	'becameActive',
	'allocationsChanged',
	'rejecting',
	'queueFilling',
	'appeared',
];

/** The fields of the trigger, with every event. */
export function watching(fields: IDataObject = {}): INodeParameters {
	return { events: ALL_EVENTS, deployments: 'all', options: {}, ...fields } as INodeParameters;
}

/** Publishes a workflow that watches a cluster. */
export async function activate(
	cluster: EmbeddedCluster,
	fields: IDataObject = {},
	other: Partial<ActivationOptions> = {},
): Promise<Activation> {
	return await theEngine().activate({
		parameters: watching(fields),
		credentials: credentialFor(cluster),
		...other,
	});
}

/** Runs the trigger by hand. */
export async function runByHand(
	cluster: EmbeddedCluster,
	fields: IDataObject = {},
): Promise<RunResult> {
	const node = {
		id: 'trigger',
		name: 'Trigger',
		type: TRIGGER,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: watching(fields),
	};
	return await theEngine().runWorkflow({
		workflow: { nodes: [node], connections: {} },
		credentials: { elasticsearchMlApi: credentialFor(cluster) },
		mode: 'manual',
		asksTrigger: true,
	});
}

/** "id: event" of each event, by execution. */
export function eventsOf({ emitted }: Activation): string[][] {
	return emitted.map((items) =>
		items.map(({ deployment_id, event }) => `${String(deployment_id)}: ${String(event)}`),
	);
}

/** What n8n's clock shows is so many minutes later from now on. */
export function later(minutes: number): void {
	const now = Date.now() + minutes * 60_000;
	const real = performance.now();
	jest.spyOn(Date, 'now').mockImplementation(() => now + performance.now() - real);
}
