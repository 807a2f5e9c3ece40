import type { ScaleGoal } from '../../../nodes/MlDeployment/operations/scale/parameters';
import { allocationsFor, sized } from '../../../nodes/MlDeployment/operations/scale/size';
import type {
	Allocations,
	SizeRule,
	WhenAdaptive,
} from '../../../nodes/elasticsearch/deployment/allocations';
import type { StartSpec } from '../../../nodes/elasticsearch/deployment/startSpec';

const ADAPTIVE = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 8 };
const SPEC: StartSpec = { modelId: 'm', deploymentId: 'x', threadsPerAllocation: 2 };

function goal(
	rule: SizeRule,
	allocations: Allocations,
	whenAdaptive: WhenAdaptive = 'error',
): ScaleGoal {
	return {
		rule,
		resize: { allocations, whenAdaptive, whenEndpointOwned: 'error' },
	} as ScaleGoal;
}

const to = (number: number): Allocations => ({ mode: 'fixed', number });

it.each<[SizeRule, Allocations, Parameters<typeof allocationsFor>[0], Allocations | undefined]>([
	['exactly', to(2), { numberOfAllocations: 2 }, to(2)],
	['exactly', to(2), { adaptive: ADAPTIVE }, to(2)],
	[
		'exactly',
		{ mode: 'adaptive', min: 2 },
		{ numberOfAllocations: 2 },
		{ mode: 'adaptive', min: 2 },
	],
	['atLeast', to(2), { numberOfAllocations: 1 }, to(2)],
	['atLeast', to(2), { numberOfAllocations: 3 }, undefined],
	['atMost', to(2), { numberOfAllocations: 3 }, to(2)],
	['atMost', to(2), { numberOfAllocations: 1 }, undefined],
	['atMost', to(2), { adaptive: ADAPTIVE }, { mode: 'adaptive', max: 2 }],
])('%s %j brings %j there by %j', (rule, allocations, size, expected) => {
	expect(allocationsFor(size, goal(rule, allocations))).toEqual(expected);
});

it.each<[string, SizeRule, number, Partial<StartSpec>, Partial<StartSpec>]>([
	['gets the number', 'exactly', 2, { numberOfAllocations: 4 }, { numberOfAllocations: 2 }],
	['is enlarged', 'atLeast', 6, { numberOfAllocations: 4 }, { numberOfAllocations: 6 }],
	['stays as it was', 'atLeast', 2, { numberOfAllocations: 4 }, { numberOfAllocations: 4 }],
	[
		'stays adaptive with a higher minimum',
		'atLeast',
		2,
		{ adaptive: ADAPTIVE },
		{ adaptive: { ...ADAPTIVE, min_number_of_allocations: 2 } },
	],
	['stays adaptive with its bounds', 'atLeast', 1, { adaptive: ADAPTIVE }, { adaptive: ADAPTIVE }],
])('what is started again %s', (_how, rule, number, size, expected) => {
	expect(sized({ ...SPEC, ...size }, goal(rule, to(number)))).toEqual({
		ok: true,
		value: { ...SPEC, ...expected },
	});
});

const HELD = { enabled: true, min_number_of_allocations: 2, max_number_of_allocations: 2 };

it.each<[string, WhenAdaptive, StartSpec['adaptive'], Partial<StartSpec> | undefined]>([
	['is refused', 'error', ADAPTIVE, undefined],
	['gets equal bounds', 'setBounds', ADAPTIVE, { adaptive: HELD }],
	['is no longer adaptive', 'turnOff', ADAPTIVE, { numberOfAllocations: 2 }],
	['stays as it was if its bounds hold the number', 'error', HELD, { adaptive: HELD }],
	['is no longer adaptive whatever its bounds', 'turnOff', HELD, { numberOfAllocations: 2 }],
])('what was adaptive %s for an exact number and %s', (_how, whenAdaptive, adaptive, expected) => {
	expect(sized({ ...SPEC, adaptive }, goal('exactly', to(2), whenAdaptive))).toEqual(
		expected === undefined
			? {
					ok: false,
					failure: { kind: 'problem', problem: { code: 'recorded_adaptive', id: 'x' } },
				}
			: { ok: true, value: { ...SPEC, ...expected } },
	);
});
