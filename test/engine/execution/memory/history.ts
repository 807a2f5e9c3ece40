import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultRule } from '../../../cluster';
import { parameters } from '../../given';

/** The last sign stands for a number, other in each history: so their logs are told apart. */
export const IDS = ['a~', 'b~', 'c~'];

interface Item {
	pattern: string;
	/** Of Scale; 0 stops. */
	number: number;
}

export interface Trouble {
	path: string;
	kind: 'reset' | 'lost' | 'late' | 'proxy' | 'refused' | 'full' | 'broken' | 'unauthorized';
	skip: number;
	times: number;
}

/** One run of the node, by pattern. */
export interface Step {
	operation: 'stop' | 'scale' | 'start';
	items: Item[];
	whenExists: 'error' | 'leave' | 'update';
	whenSomeFail: 'endAfterAll' | 'goOn';
	wait: boolean;
	retries: number;
	onError: 'stopWorkflow' | 'continueRegularOutput';
	tries: number;
	/** By hand, n8n saves nothing of what is remembered. */
	byHand: boolean;
	troubles: Trouble[];
	/** The user stops the execution at this request. */
	cancelAt: number | null;
	/** Before the run, somebody starts this one with 4 allocations. */
	startedByOthers: string | null;
}

/** Mostly what is about one deployment: what hits the list of all only ends the run. */
const path = fc.oneof(
	{
		weight: 8,
		arbitrary: fc
			.tuple(fc.constantFrom(...IDS), fc.constantFrom('_stop', '_stop', '_start', '_update'))
			.map(([id, end]) => `/${id}/deployment/${end}`),
	},
	{ weight: 3, arbitrary: fc.constantFrom(...IDS).map((id) => `/${id}/_stats`) },
	{ weight: 1, arbitrary: fc.constantFrom('/trained_models/_stats', '/_inference') },
);

const kind = fc.constantFrom<Trouble['kind']>(
	...(['lost', 'lost', 'late', 'refused', 'refused', 'broken'] as const),
	...(['reset', 'proxy', 'full', 'unauthorized'] as const),
);

const trouble: fc.Arbitrary<Trouble> = fc.record({
	path,
	kind,
	skip: fc.constantFrom(0, 0, 1, 2),
	times: fc.integer({ min: 1, max: 3 }),
});

const item: fc.Arbitrary<Item> = fc.record({
	pattern: fc.constantFrom('*', '*', 'a~', 'b~', 'a~,b~', 'b~,c~', 'a~,x*', 'c~,ghost'),
	number: fc.constantFrom(0, 0, 1, 2, 3),
});

const step: fc.Arbitrary<Step> = fc.record({
	operation: fc.constantFrom('stop', 'scale', 'start'),
	items: fc.array(item, { minLength: 1, maxLength: 3 }),
	whenExists: fc.constantFrom('error', 'leave', 'update'),
	whenSomeFail: fc.constantFrom('endAfterAll', 'goOn'),
	wait: fc.boolean(),
	retries: fc.nat(1),
	onError: fc.constantFrom('stopWorkflow', 'continueRegularOutput'),
	tries: fc.integer({ min: 1, max: 3 }),
	byHand: fc.constantFrom(false, false, false, true),
	troubles: fc.array(trouble, { maxLength: 3, size: 'max' }),
	cancelAt: fc.oneof(
		{ weight: 4, arbitrary: fc.constant(null) },
		{ weight: 1, arbitrary: fc.integer({ min: 4, max: 14 }) },
	),
	startedByOthers: fc.constantFrom(null, null, null, ...IDS),
});

/** Runs of one workflow, one after the other. */
export const histories = fc.array(step, { minLength: 3, maxLength: 6, size: 'max' });

/** The rule that makes the emulator play a trouble. */
export function ruleOf({ path, kind, skip, times }: Trouble): FaultRule {
	const match = { path, skip, times };
	const own = (status: number, type: string, reason: string): FaultRule => {
		const body = { error: { root_cause: [], type, reason }, status };
		return { ...match, kind: 'status', status, body };
	};
	switch (kind) {
		case 'reset':
			return { ...match, kind: 'reset' };
		case 'lost':
			return { ...match, kind: 'reset', after: true };
		case 'late':
			return { ...match, kind: 'reset', after: true, stopsAfterMs: 1_500 };
		case 'proxy':
			return { ...match, kind: 'html', status: 503 };
		case 'refused':
			return own(409, 'status_exception', 'not now');
		case 'full':
			return own(429, 'status_exception', 'Could not start deployment because no ML nodes');
		case 'broken':
			return own(500, 'some_exception', 'broken');
		case 'unauthorized':
			return own(401, 'security_exception', 'unable to authenticate');
	}
}

/** The node's fields for a run; its items hold the pattern and the number. */
export function parametersOf({
	operation,
	whenExists,
	whenSomeFail,
	wait,
	retries,
}: Step): INodeParameters {
	const options: IDataObject = { whenSomeFail, retries, requestTimeout: 1, waitTimeout: 1 };
	if (wait) options.waitFor = 'fully_allocated';
	const pattern = '={{ $json.pattern }}';
	if (operation === 'start') {
		return parameters('start', {
			startFrom: 'remembered',
			pattern,
			options: { ...options, whenExists },
		});
	}
	const more = operation === 'scale' && {
		numberOfAllocations: '={{ $json.number }}',
		ifNotRunning: 'startRemembered',
	};
	return parameters(operation, { target: 'pattern', pattern, ...more, options });
}
