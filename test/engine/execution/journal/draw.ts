import fc from 'fast-check';

import type { AdaptiveAllocations, ClusterVersion } from '../../../cluster';
import {
	GUARD_MINUTES,
	LONG_AGO,
	type Deed,
	type Id,
	type Intervention,
	type Item,
	type Options,
	type Schedule,
	type Standing,
	type Trouble,
	type TroubleKind,
} from './schedule';

/** One of several; a failing schedule shrinks towards the first. */
function either<T>(
	...arbitraries: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>
): fc.Arbitrary<T> {
	const all = arbitraries.map(([weight, arbitrary]) => ({ weight, arbitrary }));
	return fc.oneof({ withCrossShrink: true }, ...all);
}

function value<T>(...values: Array<[weight: number, value: T]>): fc.Arbitrary<T> {
	const all = values.map(([weight, each]): [number, fc.Arbitrary<T>] => [
		weight,
		fc.constant(each),
	]);
	return either(...all);
}

/** An option that is absent most of the time. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
	return either<T | undefined>([5, fc.constant(undefined)], [2, arbitrary]);
}

function upTo<T>(maxLength: number, arbitrary: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> {
	return fc.array(arbitrary, { minLength, maxLength, size: 'max' });
}

/** Most things happen to one deployment, so that they meet. */
const id = value<Id>([15, 'ap-1'], [2, 'ap-2'], [2, 'bq-1'], [2, 'own-1']);
const threads = fc.constantFrom(1, 2, 4);
const number = fc.integer({ min: 1, max: 3 });
const few = value([5, 0], [3, 1], [1, 2]);

const standing: fc.Arbitrary<Standing> = fc.record({
	model: fc.constantFrom<Standing['model']>('own', 'other'),
	threads,
	number,
	adaptive: value<AdaptiveAllocations | null>(
		[3, null],
		[2, { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 }],
		[1, { enabled: false }],
	),
	startedMinutesAgo: value([5, LONG_AGO], [1, 5]),
	used: value<Standing['used']>([3, 'never'], [3, 'longAgo'], [1, 'justNow'], [1, 'waiting']),
	inPipeline: value([6, false], [1, true]),
});

const deployments: fc.Arbitrary<Schedule['deployments']> = fc.record({
	'ap-1': either<Standing | null>([1, fc.constant(null)], [9, standing]),
	'ap-2': fc.option(standing),
	'bq-1': fc.option(standing),
	'own-1': fc.option(standing),
});

const byId: fc.Arbitrary<Item> = fc.record({
	id: either<string>([20, id], [1, fc.constantFrom('ghost', '')]),
});

const byPattern: fc.Arbitrary<Item> = fc.record({
	pattern: value(
		[2, 'ap-1'],
		[4, 'ap-*'],
		[2, '*'],
		[2, 'ap-1,ap-2'],
		[2, 'ap-1,bq-1'],
		[2, 'ap-*,zz-*'],
		[2, 'ghost,ap-1'],
		[1, '_all'],
		[1, '*-1'],
		[1, 'bq-*'],
		[1, 'own-1,ap-1'],
		[1, ''],
	),
	max: value([24, 25], [1, 0]),
});

const items = fc.oneof(upTo(4, byId, 1), upTo(4, byPattern, 1));

const options: fc.Arbitrary<Options> = fc
	.record({
		force: rarely(fc.boolean()),
		exclude: rarely(fc.constantFrom('ap-2', 'bq-*, ghost', 'ap-1')),
		minAgeMinutes: rarely(fc.constant(GUARD_MINUTES)),
		onlyIfIdleMinutes: value<number | undefined>([1, undefined], [1, GUARD_MINUTES]),
		allowNoMatch: value<boolean | undefined>([1, undefined], [1, true], [2, false]),
		includeEndpointOwned: rarely(fc.boolean()),
		ignoreMissing: rarely(fc.boolean()),
		maxConcurrency: rarely(fc.constant(1)),
	})
	.chain((drawn) =>
		fc.nat(2).map((retries): Options => {
			const given = Object.entries(drawn).filter(([, each]) => each !== undefined);
			return { ...Object.fromEntries(given), retries, requestTimeout: 1 };
		}),
	);

const ran = either<boolean | number>(
	[3, fc.constant(false)],
	[2, fc.constant(true)],
	[2, fc.integer({ min: 100, max: 2_500 })],
);

function stopTrouble(
	kind: fc.Arbitrary<TroubleKind>,
	hasRun: fc.Arbitrary<boolean | number>,
): fc.Arbitrary<Trouble> {
	const times = value([3, 1], [3, 2], [2, 3]);
	return fc.record({ on: fc.constant('stop'), id, kind, ran: hasRun, skip: few, times });
}

const trouble: fc.Arbitrary<Trouble> = either<Trouble>(
	[6, stopTrouble(value([4, 'reset'], [2, 'hang'], [2, 'proxy502'], [2, 'proxy504']), ran)],
	// Turned away by something in between, as a rule before the cluster saw it.
	[
		2,
		stopTrouble(
			fc.constantFrom('proxy404', 'proxy429', 'redirect'),
			either<boolean | number>([5, fc.constant(false)], [1, ran]),
		),
	],
	// Answers of the cluster itself, which did nothing then.
	[2, stopTrouble(fc.constantFrom('unauthorized', 'noMaster', 'breaker'), fc.constant(false))],
	[
		2,
		fc.record({
			on: value<Trouble['on']>([6, 'look'], [2, 'list'], [1, 'endpoints']),
			id,
			kind: value<TroubleKind>(
				[6, 'proxy503'],
				[1, 'reset'],
				[1, 'hang'],
				[1, 'proxy502'],
				[1, 'proxy404'],
				[1, 'redirect'],
				[1, 'unauthorized'],
				[1, 'breaker'],
			),
			ran: fc.constant(false),
			skip: fc.nat(3),
			times: fc.integer({ min: 1, max: 5 }),
		}),
	],
);

const start: fc.Arbitrary<Deed> = fc.record({
	do: fc.constant('startOther'),
	threads,
	number,
	earlier: fc.boolean(),
});

const otherDeed: fc.Arbitrary<Deed> = either<Deed>(
	[1, fc.constant({ do: 'restart' })],
	[1, fc.constant({ do: 'remove' })],
	[2, fc.record({ do: fc.constant('scale'), number: fc.integer({ min: 1, max: 6 }) })],
	[2, fc.record({ do: fc.constant('use'), waiting: fc.boolean() })],
);

const skip = value([6, 0], [2, 1], [1, 2]);

const intervention: fc.Arbitrary<Intervention> = either<Intervention>(
	[
		2,
		fc.record({
			id,
			deed: start,
			from: value<Intervention['from']>([1, 'begin'], [3, 'asked'], [3, 'stopped']),
			skip,
		}),
	],
	[
		3,
		fc.record({
			id,
			deed: otherDeed,
			from: value<Intervention['from']>([1, 'begin'], [3, 'asked'], [1, 'stopped']),
			skip,
		}),
	],
);

const anything: fc.Arbitrary<Schedule> = fc.record({
	operation: fc.constantFrom<Schedule['operation']>('stop', 'scale'),
	version: value<ClusterVersion>([3, '9.2'], [1, '8.16']),
	overlappingStops: value<Schedule['overlappingStops']>([3, 'wait'], [1, 'fail']),
	deployments,
	items,
	options,
	onError: fc.constantFrom<Schedule['onError']>(
		'stopWorkflow',
		'continueRegularOutput',
		'continueErrorOutput',
	),
	tries: value([3, 1], [3, 2], [2, 3]),
	troubles: upTo(4, trouble),
	interventions: upTo(4, intervention),
	cancel: either<Schedule['cancel']>(
		[6, fc.constant(null)],
		[
			1,
			fc.record({
				requests: fc.integer({ min: 1, max: 10 }),
				delayMs: value([3, 0], [1, 20], [1, 300], [1, 700]),
			}),
		],
	),
});

/** The same, but all of it happens to one deployment, which nothing protects at first. */
function focused(drawn: Schedule): Schedule {
	const first = drawn.deployments['ap-1'];
	const used = first?.used === 'never' ? 'never' : 'longAgo';
	const unprotected = { startedMinutesAgo: LONG_AGO, used, inPipeline: false } as const;
	return {
		...drawn,
		deployments: { ...drawn.deployments, 'ap-1': first && { ...first, ...unprotected } },
		troubles: drawn.troubles.map((each, index) => ({
			...each,
			id: 'ap-1',
			skip: index === 0 ? 0 : each.skip,
		})),
		interventions: drawn.interventions.map((each) => ({
			...each,
			id: 'ap-1',
			from: each.from === 'begin' ? 'asked' : each.from,
		})),
	};
}

/** The same, and a guard that spoke for the first `_stop`, which never ran, speaks against a second one. */
function guardedLate(drawn: Schedule): Schedule {
	const { options, troubles, interventions, ...others } = focused(drawn);
	const use: Intervention = {
		id: 'ap-1',
		deed: { do: 'use', waiting: true },
		from: 'asked',
		skip: 0,
	};
	return {
		...others,
		options: { ...options, onlyIfIdleMinutes: GUARD_MINUTES },
		troubles: troubles.map((each, index) => (index === 0 ? { ...each, ran: false } : each)),
		interventions: [use, ...interventions],
	};
}

/** Any schedule. */
export const schedules: fc.Arbitrary<Schedule> = either(
	[2, anything],
	[4, anything.map(focused)],
	[1, anything.map(guardedLate)],
);
