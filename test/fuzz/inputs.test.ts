import fc from 'fast-check';
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
} from 'n8n-workflow';

import { exactId } from '../../nodes/elasticsearch/deployment/ids';
import { readRestore } from '../../nodes/elasticsearch/deployment/parseRestore';
import {
	encodeApiKey,
	normaliseEndpoint,
	onlyReads,
	pathAt,
	rebuildPem,
} from '../../nodes/elasticsearch/transport/credential';
import { explainRestore } from '../../nodes/MlDeployment/errors/restoreErrors';
import { openMemory } from '../../nodes/MlDeployment/execution/memory';
import { operations } from '../../nodes/MlDeployment/operations';
import { ItemInput } from '../../nodes/MlDeployment/parameters/itemParameters';
import { compare } from '../../nodes/MlDeploymentTrigger/events';
import { recall, remember } from '../../nodes/MlDeploymentTrigger/memory';
import { fields as triggerFields, readRules } from '../../nodes/MlDeploymentTrigger/parameters';
import { keyOf, placesOf, valuesOf } from './fields';
import { slips } from './lawful';
import { HANGS_MS, runs } from './runs';
import { anything, mutated } from './values';

const NODE: INode = {
	id: 'x',
	name: 'ML Deployment',
	type: 'n8n-nodes-elasticsearch-ml.mlDeployment',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What n8n resolved, in place of n8n: the engine is asked for the same, more slowly, in fields.test.ts. */
function hostWith(values: Readonly<Record<string, unknown>>): IExecuteFunctions {
	return {
		getNode: () => NODE,
		getInputData: () => [{ json: values }],
		getNodeParameter: (name: string) => values[name],
	} as unknown as IExecuteFunctions;
}

/** The options stand in their collection, as n8n hands it over. */
function resolved(fields: Parameters<typeof placesOf>[0], drawn: IDataObject, share: Set<string>) {
	const values: Record<string, unknown> = {};
	for (const place of placesOf(fields)) {
		const { within, field } = place;
		if (within === undefined) values[field.name] = drawn[keyOf(place)];
		else if (share.has(field.name)) {
			values[within] = { ...(values[within] as object), [field.name]: drawn[keyOf(place)] };
		} else values[within] ??= {};
	}
	return values;
}

describe.each(operations.map((each) => [each.option.name, each] as const))(
	'the readers of %s',
	(_name, { fields, prepare }) => {
		it(
			'take any values, or say what is wrong',
			() => {
				const places = placesOf(fields);
				const names = places.flatMap(({ within, field }) => (within ? [field.name] : []));
				const some = fc.subarray(names, { maxLength: Math.min(5, names.length) });
				fc.assert(
					fc.property(valuesOf(places), some, (drawn, share) => {
						const host = hostWith(resolved(fields, drawn, new Set(share)));
						try {
							prepare(new ItemInput(host, 0));
						} catch (error) {
							expect(error).toBeInstanceOf(NodeOperationError);
							const { message, description } = error as NodeOperationError;
							expect(slips([message, description])).toEqual([]);
						}
					}),
					runs(150),
				);
			},
			HANGS_MS,
		);
	},
);

describe('any JSON in any place', () => {
	const RESTORE = {
		schema: 1,
		cluster: '0123456789ab',
		taken_at: '2026-01-01T00:00:00.000Z',
		model_id: 'm',
		deployment_id: 'd',
		threads_per_allocation: 1,
		priority: 'normal',
		queue_capacity: 10,
		cache_size: '10kb',
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		observed_allocations: 1,
	};

	it('of a restore object or its text is taken whole, or refused with words', () => {
		const fixed = {
			...RESTORE,
			adaptive_allocations: { enabled: false },
			number_of_allocations: 2,
		};
		const given = fc.oneof(anything, mutated(RESTORE), mutated(fixed));
		fc.assert(
			fc.property(given, fc.boolean(), (value, isText) => {
				const read = readRestore(isText ? JSON.stringify(value) : value);
				if (read.ok) {
					const { modelId, deploymentId } = read.value.spec;
					expect([exactId(modelId, 'model').ok, exactId(deploymentId, 'deployment').ok]).toEqual([
						true,
						true,
					]);
					return;
				}
				const { message, next } = explainRestore(read.problem);
				expect(slips([message, next])).toEqual([]);
			}),
			runs(400),
		);
	});

	it('of what the workflow remembers is passed over, or read', () => {
		const memory = {
			version: 1,
			clusters: ['0123456789ab'],
			stopped: [JSON.stringify(RESTORE)],
			dropped: [{ cluster: '0123456789ab', deployment_id: 'x' }],
		};
		fc.assert(
			fc.property(fc.oneof(anything, mutated(memory)), (kept) => {
				const staticData = { mlDeployments: kept } as IDataObject;
				const opened = openMemory({ staticData, flow: {} });
				opened.recall('0123456789ab', 'd');
				opened.stoppedOn('0123456789ab');
				opened.remember('0123456789ab', [RESTORE]);
				opened.forget('0123456789ab', 'x');
				expect(opened.isNewer || opened.recall('0123456789ab', 'd') !== undefined).toBe(true);
			}),
			runs(400),
		);
	});

	it('of what the trigger keeps is no memory, or read', () => {
		const read = readRules(({ default: otherwise }) => otherwise);
		if (!read.ok) throw new Error('the defaults are valid');
		const rules = read.value;
		const look = { cluster: 'c', at: 1_000_000, entries: [] };
		const staticData: IDataObject = {};
		const seen = { observed_allocations: 1, threads_per_allocation: 1, priority: 'normal' };
		remember(staticData, rules, {
			cluster: 'c',
			at: 1,
			deployments: new Map([
				[
					'd',
					{
						...{ modelId: 'm', startTime: 5, state: 'started', isStuck: false, isReady: true },
						...{ transit: { is: 'starting' as const, since: 1 }, number: 1, lastAccess: 5 },
						...{ routeStart: 5, inferences: 5, quietSince: 5, isIdle: true, rejected: 5 },
						...{ isRejecting: true, isQueueFull: true, settings: seen },
					},
				],
			]),
		});
		fc.assert(
			fc.property(mutated(staticData), (kept) => {
				const { happenings, kept: next } = compare(recall(kept, rules, 'c'), look, rules);
				JSON.stringify(happenings);
				remember({}, rules, next);
			}),
			runs(600),
		);
	});

	it('of the fields of the trigger is taken, or refused with words', () => {
		const places = placesOf(triggerFields);
		const names = ['exclude', 'minAgeMinutes'];
		fc.assert(
			fc.property(valuesOf(places), fc.subarray(names), (drawn, share) => {
				const values = resolved(triggerFields, drawn, new Set(share));
				const read = readRules(({ name }) => values[name]);
				if (!read.ok) expect(slips([read.problem.message, read.problem.next])).toEqual([]);
			}),
			runs(400),
		);
	});

	it('of the credential is taken, or refused by a code', () => {
		const CODE = /^(endpoint|key|certificate|address)_[a-z_]+$/;
		fc.assert(
			fc.property(anything, fc.string({ unit: 'binary' }), (value, path) => {
				for (const read of [normaliseEndpoint(value), encodeApiKey(value), rebuildPem(value)]) {
					if (!read.ok) expect(read.problem.code).toMatch(CODE);
				}
				const at = pathAt('https://x.test/base', path, true);
				if (at.ok) onlyReads('POST', at.value);
			}),
			runs(400),
		);
	});
});
