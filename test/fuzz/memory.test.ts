import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { credentialFor, givenCluster, parameters, theEngine } from '../engine/given';
import { activate } from '../engine/trigger/triggered';
import { fields as triggerFields } from '../../nodes/MlDeploymentTrigger/parameters';
import type { EmbeddedCluster } from '../cluster';
import { IDS, keyOf, placesOf, valuesOf } from './fields';
import { badError, broken, shown, strayRequests } from './lawful';
import { HANGS_MS, runs } from './runs';
import { anything, mutated } from './values';
import { expectNoKey } from '../given';

/** As n8n has stored it: an object, or n8n itself does not open the workflow. */
function stored(value: unknown): IDataObject {
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	return JSON.parse(JSON.stringify(isObject ? value : {})) as IDataObject;
}

function refill(cluster: EmbeddedCluster): void {
	for (const deployment_id of IDS) {
		if (cluster.deployment(deployment_id) !== undefined) continue;
		cluster.addDeployment({ deployment_id, number_of_allocations: 2 });
	}
}

/** What the workflow keeps after it has stopped two deployments. */
async function memoryOfStops(cluster: EmbeddedCluster): Promise<IDataObject> {
	const staticData: IDataObject = {};
	await theEngine().runNode({
		parameters: parameters('stop', { target: 'pattern', pattern: 'fz-0,fz-1' }),
		credentials: credentialFor(cluster),
		staticData,
	});
	return staticData;
}

const OPERATIONS: Array<[operation: string, fields: IDataObject]> = [
	['start', { startFrom: 'remembered', pattern: '*' }],
	['start', { startFrom: 'remembered', pattern: '*', dryRun: true }],
	['stop', { target: 'pattern', pattern: 'fz-*', options: { allowNoMatch: true } }],
	[
		'scale',
		{ target: 'pattern', pattern: 'fz-*', numberOfAllocations: 1, ifNotRunning: 'startRemembered' },
	],
];

describe('any JSON in what n8n keeps for the node', () => {
	it(
		'ends in an output or a message, and reaches no other endpoint',
		async () => {
			const cluster = await givenCluster();
			refill(cluster);
			const memory = await memoryOfStops(cluster);
			const kept = (memory.global as IDataObject).mlDeployments as IDataObject;
			// The restores are texts, and so they are changed as objects first.
			const restores = (kept.stopped as string[]).map((text) => JSON.parse(text) as unknown);
			const changedRestores = mutated(restores).map((changed) => ({
				global: {
					mlDeployments: {
						...kept,
						stopped: Array.isArray(changed) ? changed.map((each) => JSON.stringify(each)) : changed,
					},
				},
			}));
			const any = fc.oneof(
				{ weight: 1, arbitrary: anything },
				{ weight: 1, arbitrary: anything.map((global) => ({ global })) },
				{ weight: 1, arbitrary: anything.map((mlDeployments) => ({ global: { mlDeployments } })) },
				{ weight: 4, arbitrary: mutated(memory) },
				{ weight: 4, arbitrary: changedRestores },
			);
			await fc.assert(
				fc.asyncProperty(
					any.map(stored),
					fc.constantFrom(...OPERATIONS),
					fc.boolean(),
					async (staticData, [operation, fields], areThere) => {
						if (areThere) refill(cluster);
						else for (const id of IDS) if (cluster.deployment(id)) cluster.removeDeployment(id);
						const result = await theEngine().runNode({
							parameters: parameters(operation, fields),
							credentials: credentialFor(cluster),
							staticData,
						});
						expect(broken(result, cluster, theEngine().logs)).toEqual([]);
					},
				),
				runs(60),
			);
		},
		HANGS_MS,
	);
});

/** What a published trigger says; nothing else of it is written down. */
async function brokenTrigger(
	cluster: EmbeddedCluster,
	fields: IDataObject,
	staticData: IDataObject,
): Promise<string[]> {
	let thrown: unknown;
	try {
		const trigger = await activate(cluster, fields, { staticData, how: 'init' });
		await trigger.poll();
		await trigger.deactivate();
		expectNoKey(shown([trigger.emitted, trigger.errors, staticData, theEngine().logs]));
		const wrong = [...trigger.errors.flatMap(badError), ...strayRequests(cluster.requests)];
		cluster.resetLog();
		return wrong;
	} catch (error) {
		thrown = error;
	}
	// The first poll's error is what a person sees who publishes it.
	return badError(thrown);
}

describe('the trigger', () => {
	it(
		'says what is wrong with any values in its fields',
		async () => {
			const cluster = await givenCluster();
			refill(cluster);
			const places = placesOf(triggerFields);
			await fc.assert(
				fc.asyncProperty(valuesOf(places), async (values) => {
					const fields: Record<string, unknown> = {};
					for (const place of places) {
						const { within, field } = place;
						const value = values[keyOf(place)];
						if (within === undefined) fields[field.name] = value;
						else fields[within] = { ...(fields[within] as object), [field.name]: value };
					}
					expect(await brokenTrigger(cluster, stored(fields), {})).toEqual([]);
				}),
				runs(60),
			);
		},
		HANGS_MS,
	);

	it(
		'goes on with any JSON in what n8n keeps for it',
		async () => {
			const cluster = await givenCluster();
			refill(cluster);
			const staticData: IDataObject = {};
			await (await activate(cluster, {}, { staticData })).deactivate();
			const any = fc.oneof(
				{ weight: 1, arbitrary: anything },
				{ weight: 1, arbitrary: anything.map((each) => ({ 'node:Trigger': each })) },
				{ weight: 6, arbitrary: mutated(staticData) },
			);
			await fc.assert(
				fc.asyncProperty(any.map(stored), async (kept) => {
					expect(await brokenTrigger(cluster, {}, kept)).toEqual([]);
				}),
				runs(60),
			);
		},
		HANGS_MS,
	);

	it(
		'ends with events or a message whatever the cluster answers',
		async () => {
			const cluster = await givenCluster();
			refill(cluster);
			const answer = await fetch(`${cluster.endpoint}/_ml/trained_models/_stats`, {
				headers: { authorization: `ApiKey ${cluster.apiKey}` },
			});
			const valid: unknown = await answer.json();
			await fc.assert(
				fc.asyncProperty(mutated(valid), fc.boolean(), async (body, isFirst) => {
					const given = typeof body === 'object' && body !== null ? body : String(body);
					cluster.fault({ kind: 'status', status: 200, body: given, skip: isFirst ? 0 : 1 });
					expect(await brokenTrigger(cluster, {}, {})).toEqual([]);
					cluster.clearFaults();
				}),
				runs(40),
			);
		},
		HANGS_MS,
	);
});
