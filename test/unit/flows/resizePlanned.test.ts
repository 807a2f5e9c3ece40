import type { InferenceEndpoint } from '../../../nodes/elasticsearch/api/inference';
import type { AdaptiveAllocations } from '../../../nodes/elasticsearch/deployment/state';
import { plannedResize, type ResizeGoal } from '../../../nodes/elasticsearch/flows/resize';
import { failed } from '../../../nodes/elasticsearch/transport/failure';
import { deployment } from '../builders';
import { act, OWN } from './harness/wire';

const ON: AdaptiveAllocations = { enabled: true, min_number_of_allocations: 1 };
const OFF: AdaptiveAllocations = { enabled: false };

function plan(
	own: Partial<ResizeGoal>,
	adaptive: AdaptiveAllocations | null = null,
	owner?: InferenceEndpoint,
) {
	const goal: ResizeGoal = {
		allocations: { mode: 'fixed', number: 3 },
		whenAdaptive: 'error',
		whenEndpointOwned: 'error',
		...own,
	};
	return plannedResize(deployment({ id: 'a', adaptive }), goal, owner);
}

const NUMBER = { number_of_allocations: 3 };

describe('a resize that is only planned', () => {
	it.each<[string, Parameters<typeof plan>, object]>([
		['a fixed one', [{}], NUMBER],
		['one whose adaptive allocations are off', [{}, OFF], NUMBER],
		[
			'one that is adaptive, within bounds',
			[{ whenAdaptive: 'setBounds' }, ON],
			{
				adaptive_allocations: {
					enabled: true,
					min_number_of_allocations: 3,
					max_number_of_allocations: 3,
				},
			},
		],
		[
			'one that is adaptive, no longer',
			[{ whenAdaptive: 'turnOff' }, ON],
			{ ...NUMBER, adaptive_allocations: { enabled: false } },
		],
		[
			'one that is adaptive, with other bounds',
			[{ allocations: { mode: 'adaptive', min: 2 } }, ON],
			{ adaptive_allocations: { enabled: true, min_number_of_allocations: 2 } },
		],
		['one that an endpoint owns, as it is chosen', [{}, null, OWN], NUMBER],
		['one that no endpoint owns', [{ whenEndpointOwned: 'inferenceApi' }], NUMBER],
		[
			'one that an endpoint owns, with bounds',
			[{ allocations: { mode: 'adaptive', min: 2 }, whenEndpointOwned: 'inferenceApi' }, null, OWN],
			{ adaptive_allocations: { enabled: true, min_number_of_allocations: 2 } },
		],
	])('goes by _update for %s', (_what, given, body) => {
		expect(plan(...given)).toMatchObject({
			ok: true,
			body,
			request: { ...act('a', '_update'), body },
		});
	});

	it.each([
		['fixed', null],
		['adaptive', ON],
	])('goes through the endpoint that owns it where that was chosen: %s', (_what, adaptive) => {
		expect(plan({ whenEndpointOwned: 'inferenceApi' }, adaptive, OWN)).toMatchObject({
			ok: true,
			body: NUMBER,
			request: { method: 'PUT', path: '/_inference/sparse_embedding/a/_update' },
		});
	});

	it('is refused for an adaptive one where nothing else was chosen', () => {
		expect(plan({}, ON)).toEqual(
			failed({ kind: 'foreseen', refusal: 'adaptive_is_on', purpose: 'update' }),
		);
	});
});
