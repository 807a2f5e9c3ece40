/** What a long life of a workflow consists of: runs of the node, and what happens meanwhile. */

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Trouble } from '../../engine/execution/memory/history';

export const IDS = ['a1', 'a2', 'b1', 'b2', 'c1'];

/** What other people do to the cluster, or what befalls it. */
export type Deed =
	| { do: 'start' | 'stop' | 'restart' | 'scale'; id: string }
	/** The ML node goes, with all that runs on it, and comes back when the run is over. */
	| { do: 'nodeLost' };

/** One run of the node. */
export interface Step {
	operation: string;
	fields: IDataObject;
	options: IDataObject;
	/** Each with an id, a pattern and a number. A restore is put in where the run begins. */
	items: Array<{ id: string; pattern: string; number: number }>;
	onError: 'stopWorkflow' | 'continueRegularOutput';
	tries: number;
	byHand: boolean;
	troubles: Trouble[];
	/** So many milliseconds nothing listens, after so many requests. */
	down: { skip: number; ms: number } | null;
	/** At this request; at 0 before the run. */
	deed: { at: number; what: Deed } | null;
	/** The user stops the execution at this request. */
	cancelAt: number | null;
}

const id = fc.constantFrom(...IDS);

function rarely<T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
	return fc.oneof({ weight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
	path: fc.oneof(
		fc
			.tuple(id, fc.constantFrom('_stop', '_start', '_update'))
			.map(([of, end]) => `/${of}/deployment/${end}`),
		id.map((of) => `/${of}/_stats`),
		fc.constantFrom(
			'_start',
			'_stop',
			'_update',
			'_infer',
			'/trained_models/_stats',
			'/_inference',
		),
	),
	kind: fc.constantFrom<Trouble['kind']>(
		...(['lost', 'lost', 'late', 'reset', 'proxy', 'refused', 'full', 'broken'] as const),
		'unauthorized',
	),
	skip: fc.constantFrom(0, 0, 1),
	times: fc.integer({ min: 1, max: 3 }),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constantFrom(...(['start', 'stop', 'restart', 'scale'] as const)),
			id,
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ do: 'nodeLost' as const }) },
);

const ONE = { target: 'one', deploymentId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };
const MANY = { target: 'pattern', pattern: '={{ $json.pattern }}' };
const MODEL = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
const NUMBER = { numberOfAllocations: '={{ $json.number }}' };
const BOUNDS = {
	allocationMode: 'adaptive',
	minNumberOfAllocations: 0,
	maxNumberOfAllocations: '={{ $json.number + 1 }}',
};

const sizes = fc.record({
	target: fc.constantFrom(ONE, ONE, MANY),
	sizeRule: fc.constantFrom('exactly', 'exactly', 'atLeast', 'atMost'),
	ifNotRunning: fc.constantFrom('error', 'startRemembered', 'startRemembered', 'startModel'),
	modelId: fc.constant(MODEL),
});

const does: fc.Arbitrary<[operation: string, fields: IDataObject]> = fc.oneof(
	fc.constantFrom(ONE, MANY).map((target): [string, IDataObject] => ['stop', target]),
	sizes.map(({ target, ...others }): [string, IDataObject] => [
		'scale',
		{ ...target, ...others, ...NUMBER },
	]),
	fc.constantFrom<Array<[string, IDataObject]>>(
		['update', { ...ONE, ...NUMBER }],
		['update', { ...ONE, ...BOUNDS }],
		['scale', { ...ONE, ...BOUNDS }],
		['start', { startFrom: 'remembered', pattern: '={{ $json.pattern }}' }],
		['start', { startFrom: 'restore', restore: '={{ $json.restore }}' }],
		['start', { startFrom: 'fields', modelId: MODEL, ...NUMBER }],
	),
	fc.constantFrom<Array<[string, IDataObject]>>(
		['get', { ...ONE }],
		['getMany', { returnAll: true }],
		['infer', { ...ONE, text: 'hello' }],
		['waitUntilReady', { ...ONE }],
		['clearCache', { ...ONE }],
	),
);

const options: fc.Arbitrary<IDataObject> = fc
	.record(
		{
			whenExists: fc.constantFrom('error', 'leave', 'update'),
			whenSomeFail: fc.constantFrom('endAfterAll', 'goOn'),
			whenAdaptive: fc.constantFrom('error', 'setBounds', 'turnOff'),
			waitFor: fc.constantFrom('started', 'fully_allocated'),
			force: fc.boolean(),
			ignoreMissing: fc.boolean(),
		},
		{ requiredKeys: [] },
	)
	.chain((drawn) => fc.nat(2).map((retries) => ({ ...drawn, retries }) as IDataObject));

/** One run; most have no trouble at all, or nobody would know what runs without it are like. */
export const step: fc.Arbitrary<Step> = fc
	.record({
		does,
		options,
		items: fc.array(
			fc.record({
				id,
				pattern: fc.constantFrom('*', 'a*', 'b*', 'a1', 'a1,b1', 'c*,a2', 'x*,a1'),
				number: fc.constantFrom(0, 1, 2, 3),
			}),
			{ minLength: 1, maxLength: 3 },
		),
		onError: fc.constantFrom(...(['stopWorkflow', 'continueRegularOutput'] as const)),
		tries: fc.constantFrom(1, 1, 2, 3),
		byHand: fc.constantFrom(false, false, false, true),
		troubles: fc.oneof(
			{ weight: 2, arbitrary: fc.constant<Trouble[]>([]) },
			{ weight: 1, arbitrary: fc.array(trouble, { minLength: 1, maxLength: 3 }) },
		),
		down: rarely(15, fc.record({ skip: fc.nat(3), ms: fc.constantFrom(5, 40) })),
		deed: rarely(4, fc.record({ at: fc.nat(5), what: deed })),
		cancelAt: rarely(12, fc.integer({ min: 1, max: 8 })),
	})
	.map(({ does: [operation, fields], ...others }): Step => ({ operation, fields, ...others }));
