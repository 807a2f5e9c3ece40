import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { operations } from '../../nodes/MlDeployment/operations';
import type { EmbeddedCluster } from '../cluster';
import { credentialFor, givenCluster, parameters, theEngine } from '../engine/given';
import { chosenOf, IDS, keyOf, savedOf, valuesOf, type Place } from './fields';
import { broken } from './lawful';
import { HANGS_MS, runs } from './runs';

/** Items of one run: n8n takes longer to begin a run than the node takes for an item. */
const AT_ONCE = 40;

/** Expressions that give what no item can hold. */
const EVIL_EXPRESSIONS = [
	...['={{ $json }}', '={{ $input }}', '={{ () => 1 }}', '={{ nope }}', '={{ BigInt(5) }}'],
	...['={{ new Date(NaN) }}', '={{ [undefined] }}', '={{ Symbol("x") }}', '={{ /a/ }}', '={{ }}'],
	...['={{ new Map() }}', '={{ null.x }}', '={{ $now }}', '={{ Object.create(null) }}', '='],
];

/** Each field has its value from the item, but for those that are saved, or have an expression of their own. */
function parametersOf(
	places: readonly Place[],
	saved: Readonly<Record<string, unknown>>,
	own: Readonly<Record<string, string>>,
): IDataObject {
	const all: Record<string, unknown> = {};
	for (const place of places) {
		const { field, within } = place;
		const key = keyOf(place);
		const expression = own[key] ?? `={{ $json.${key} }}`;
		const isId = field.type === 'resourceLocator' && !(key in own);
		const given = isId ? { __rl: true, mode: 'id', value: expression } : expression;
		const value = key in saved ? saved[key] : given;
		if (within === undefined) all[field.name] = value;
		else all[within] = { ...(all[within] as object), [field.name]: value };
	}
	return all as IDataObject;
}

function refill(cluster: EmbeddedCluster): void {
	for (const id of cluster.deployments().map(({ deployment_id }) => deployment_id)) {
		cluster.removeDeployment(id);
	}
	IDS.forEach((deployment_id, index) => {
		const bounds = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 };
		cluster.addDeployment({
			deployment_id,
			number_of_allocations: index + 1,
			adaptive_allocations: index === 3 ? bounds : null,
		});
	});
}

describe.each(operations.map((each) => [each.option.name, each] as const))(
	'any values in the fields of %s',
	(_name, { option, fields }) => {
		it(
			'end in an output or in a message, and reach no other endpoint',
			async () => {
				const cluster = await givenCluster();
				const drawn = chosenOf(fields).chain((places) =>
					fc.record({
						places: fc.constant(places),
						items: fc.array(valuesOf(places), { minLength: AT_ONCE, maxLength: AT_ONCE }),
						saved: savedOf(fields),
						own: fc.dictionary(
							fc.constantFrom(...places.map(keyOf)),
							fc.constantFrom(...EVIL_EXPRESSIONS),
							{ maxKeys: 1 },
						),
						onError: fc.constantFrom(
							...(['continueRegularOutput', 'continueRegularOutput', 'stopWorkflow'] as const),
						),
					}),
				);
				await fc.assert(
					fc.asyncProperty(drawn, async ({ places, items, saved, own, onError }) => {
						refill(cluster);
						const result = await theEngine().runNode({
							parameters: parameters(String(option.value), parametersOf(places, saved, own)),
							items,
							credentials: credentialFor(cluster),
							onError,
						});
						expect(broken(result, cluster, theEngine().logs)).toEqual([]);
					}),
					runs(5),
				);
			},
			HANGS_MS,
		);
	},
);
