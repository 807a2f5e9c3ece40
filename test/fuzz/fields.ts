/** Values for the fields of a node, made from their declarations: a new field is fuzzed by itself. */

import fc from 'fast-check';
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { anything } from './values';

/** The deployments that are there. */
export const IDS = ['fz-0', 'fz-1', 'fz-2', 'fz-3'];

const RESTORE = {
	schema: 1,
	model_id: 'fz-1',
	deployment_id: 'fz-1',
	threads_per_allocation: 1,
	number_of_allocations: 2,
};

/** Values of texts whose declaration does not tell what they are. */
const TEXTS: Readonly<Record<string, readonly unknown[]>> = {
	pattern: ['fz-*', 'fz-0', 'fz-0,fz-1', '_all', 'nope*'],
	exclude: ['fz-1', 'fz-*,a'],
	restore: [RESTORE, JSON.stringify(RESTORE), null],
	cacheSize: ['100mb', '0', 0],
	newDeploymentId: ['fz-new', ...IDS],
	modelId: IDS,
	text: ['hello'],
	probe: ['hello'],
	inputField: ['text_field'],
	inferenceConfig: [{ text_expansion: {} }, '{"text_expansion":{}}'],
};

/** A value that a person could mean. */
function meant({ name, type, options = [] }: INodeProperties): fc.Arbitrary<unknown> {
	switch (type) {
		case 'options':
			return fc.constantFrom(...options.map((each) => ('value' in each ? each.value : undefined)));
		case 'multiOptions':
			return fc.subarray(options.map((each) => ('value' in each ? each.value : undefined)));
		case 'boolean':
			return fc.boolean();
		case 'number':
			return fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('2', ''));
		case 'resourceLocator':
			return fc.constantFrom(...IDS);
		default:
			return fc.constantFrom(...(TEXTS[name] ?? ['some text']));
	}
}

/** A field, and where it stands: n8n drops a collection that is no object, so its options stand alone. */
export interface Place {
	field: INodeProperties;
	/** Of the collection that it is an option of. */
	within?: string;
}

export function placesOf(fields: readonly INodeProperties[]): Place[] {
	return fields.flatMap((field): Place[] =>
		field.type === 'collection'
			? ((field.options ?? []) as INodeProperties[]).map((option) => ({
					field: option,
					within: field.name,
				}))
			: [{ field }],
	);
}

/** The key of the value of a field in an item. */
export function keyOf({ field, within = '' }: Place): string {
	return `${within}_${field.name}`;
}

/** Which fields stand in a node: all that are no options, and some of these. */
export function chosenOf(fields: readonly INodeProperties[]): fc.Arbitrary<Place[]> {
	const places = placesOf(fields);
	const isLasting = ({ field }: Place): boolean => field.name === 'waitTimeout';
	const fixed = places.filter((place) => place.within === undefined || isLasting(place));
	const others = places.filter((place) => !fixed.includes(place));
	return fc
		.subarray(others, { maxLength: Math.min(4, others.length) })
		.map((some) => [...fixed, ...some]);
}

/** What an item holds for these fields: one or two of the values are wrong. */
export function valuesOf(places: readonly Place[]): fc.Arbitrary<IDataObject> {
	const right = Object.fromEntries(places.map((place) => [keyOf(place), meant(place.field)]));
	const wrong = fc.tuple(fc.constantFrom(...places.map(keyOf)), anything);
	return fc
		.tuple(fc.record(right), fc.array(wrong, { maxLength: 2 }))
		.map(([values, others]) =>
			patient({ ...values, ...Object.fromEntries(others) } as IDataObject),
		);
}

/** Values of the fields that n8n takes as they are saved: no expression reaches them. */
export function savedOf(fields: readonly INodeProperties[]): fc.Arbitrary<Record<string, unknown>> {
	const saved = placesOf(fields).filter(({ field }) => field.noDataExpression === true);
	const values = saved.map((place) =>
		fc.oneof({ weight: 12, arbitrary: meant(place.field) }, { weight: 1, arbitrary: savable }),
	);
	return fc
		.tuple(...values)
		.map((each) => Object.fromEntries(saved.map((place, at) => [keyOf(place), each[at]])));
}

/** What the file of a workflow can hold. */
const savable = anything.map(
	(value) => (JSON.parse(JSON.stringify({ value })) as { value?: unknown }).value,
);

/** No run waits for longer than a second for a deployment, whatever is drawn. */
function patient(values: IDataObject): IDataObject {
	const { options_waitTimeout: seconds } = values;
	const isLong = ['number', 'string'].includes(typeof seconds) && Number(seconds) > 1;
	return isLong ? { ...values, options_waitTimeout: 1 } : values;
}
