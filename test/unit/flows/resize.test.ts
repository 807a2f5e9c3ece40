import type { InferenceEndpoint } from '../../../nodes/elasticsearch/api/inference';
import type {
	Allocations,
	WhenAdaptive,
} from '../../../nodes/elasticsearch/deployment/allocations';
import {
	resize,
	type ResizeGoal,
	type WhenEndpointOwned,
} from '../../../nodes/elasticsearch/flows/resize';
import type { ApiRequest } from '../../../nodes/elasticsearch/transport/connection';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { lostWith, proxySaid, refusedWith } from '../failures';
import { ScriptedConnection, type Exchange } from './harness/scriptedConnection';
import { act, assignment, OWN } from './harness/wire';

const ADAPTIVE_IS_ON = refusedWith(
	400,
	'[number_of_allocations] cannot be set if adaptive allocations is enabled',
);
const OWNED = refusedWith(
	409,
	'cannot update deployment [a] as it was created by inference endpoint',
);
const CHANGED = assignment('a', 3);

function update(body: ApiRequest['body']): Partial<ApiRequest> {
	return { ...act('a', '_update'), body };
}

const plain = update({ number_of_allocations: 3 });

function throughEndpoint(path: string): Partial<ApiRequest> {
	const body = { service_settings: { num_allocations: 3 } };
	return { method: 'PUT', path: `/_inference/${path}/_update`, body };
}

const throughOwn = throughEndpoint('sparse_embedding/a');
const ENDPOINT = success({ inference_id: 'a' });

const goal = (own: Partial<ResizeGoal>): ResizeGoal => ({
	allocations: { mode: 'fixed', number: 3 },
	whenAdaptive: 'error',
	whenEndpointOwned: 'error',
	...own,
});

async function resizeA(
	exchanges: Exchange[],
	own: Partial<ResizeGoal> = {},
	endpoints: InferenceEndpoint[] | null = [],
) {
	const lookUps = jest.fn(async () => await Promise.resolve(endpoints));
	const result = await resize(new ScriptedConnection(exchanges), 'a', goal(own), lookUps);
	return { result, lookUps };
}

describe('a resize', () => {
	it.each<[string, Allocations, ApiRequest['body']]>([
		['a number', { mode: 'fixed', number: 3 }, { number_of_allocations: 3 }],
		[
			'adaptive bounds',
			{ mode: 'adaptive', min: 1, max: null },
			{
				adaptive_allocations: {
					enabled: true,
					min_number_of_allocations: 1,
					max_number_of_allocations: null,
				},
			},
		],
	])('is one request, and nothing is read before: %s', async (_what, allocations, body) => {
		const { result, lookUps } = await resizeA([[update(body), CHANGED]], { allocations });
		expect(result).toMatchObject({ value: { task_parameters: { number_of_allocations: 3 } } });
		expect(lookUps).not.toHaveBeenCalled();
	});

	it.each<[string, Failure]>([
		['bad values', refusedWith(400, 'must be a positive integer')],
		['a conflict', refusedWith(409, 'is not started')],
		['a lost answer', lostWith('ECONNRESET')],
	])('keeps a failure as it is: %s', async (_what, failure) => {
		const own: Partial<ResizeGoal> = {
			whenAdaptive: 'turnOff',
			whenEndpointOwned: 'inferenceApi',
		};
		expect((await resizeA([[plain, failure]], own)).result).toEqual(failed(failure));
	});
});

describe('a number for an adaptive deployment', () => {
	const bounds = { min_number_of_allocations: 3, max_number_of_allocations: 3 };
	const second: Array<[WhenAdaptive, Partial<ApiRequest>]> = [
		['setBounds', update({ adaptive_allocations: { enabled: true, ...bounds } })],
		['turnOff', update({ number_of_allocations: 3, adaptive_allocations: { enabled: false } })],
	];

	it('is refused where nothing else was chosen', async () => {
		const { result } = await resizeA([[plain, ADAPTIVE_IS_ON]]);
		expect(result).toEqual(failed(ADAPTIVE_IS_ON));
	});

	it.each(second)('is set in another way: %s', async (whenAdaptive, request) => {
		const exchanges: Exchange[] = [
			[plain, ADAPTIVE_IS_ON],
			[request, CHANGED],
		];
		expect((await resizeA(exchanges, { whenAdaptive })).result).toMatchObject({ ok: true });
	});

	it.each(second)('is refused in that way too: %s', async (whenAdaptive, request) => {
		const exchanges: Exchange[] = [
			[plain, ADAPTIVE_IS_ON],
			[request, ADAPTIVE_IS_ON],
		];
		const problem = { code: 'adaptive_kept_on', id: 'a' };
		const { result } = await resizeA(exchanges, { whenAdaptive });
		expect(result).toEqual(failed({ kind: 'problem', problem, of: ADAPTIVE_IS_ON }));
	});

	it('keeps another failure of the second request as it is', async () => {
		const failure = lostWith('ECONNRESET');
		const { result } = await resizeA(
			[
				[plain, ADAPTIVE_IS_ON],
				[second[0][1], failure],
			],
			{ whenAdaptive: 'setBounds' },
		);
		expect(result).toEqual(failed(failure));
	});
});

describe('a number for what an inference endpoint owns', () => {
	const whenEndpointOwned: WhenEndpointOwned = 'inferenceApi';

	it('is refused where nothing else was chosen', async () => {
		const { result, lookUps } = await resizeA([[plain, OWNED]], {}, [OWN]);
		expect(result).toEqual(failed(OWNED));
		expect(lookUps).not.toHaveBeenCalled();
	});

	it('goes through its endpoint at once', async () => {
		const { result } = await resizeA([[throughOwn, ENDPOINT]], { whenEndpointOwned }, [OWN]);
		expect(result).toEqual(success(null));
	});

	it.each<[string, InferenceEndpoint[] | null]>([
		['endpoints may not be read', null],
		['its endpoint is not listed', []],
		['an endpoint of its name only uses it', [{ ...OWN, owner: false }]],
		['the endpoint owns another', [{ ...OWN, id: 'b', deploymentId: 'b' }]],
	])('goes through its endpoint when the cluster says so: %s', async (_why, endpoints) => {
		const { result } = await resizeA(
			[
				[plain, OWNED],
				[throughEndpoint('a'), ENDPOINT],
			],
			{ whenEndpointOwned },
			endpoints,
		);
		expect(result).toEqual(success(null));
	});

	it.each<[string, Failure]>([
		['405', refusedWith(405, 'Incorrect HTTP method')],
		['405 of a proxy', proxySaid(405)],
		['400, no handler', refusedWith(400, 'no handler found for uri [/_inference]')],
		[
			'400, no handler for an endpoint that is called a deployment',
			refusedWith(400, 'no handler found for uri [/_inference/rerank/my-deployment/_update]'),
		],
	])('is set by _update where the inference API cannot: %s', async (_what, failure) => {
		const { result } = await resizeA(
			[
				[throughOwn, failure],
				[plain, CHANGED],
			],
			{ whenEndpointOwned },
			[OWN],
		);
		expect(result).toMatchObject({ ok: true });
	});

	it.each<[string, Failure]>([
		['other values', refusedWith(400, 'must be a positive integer')],
		['406, a header', refusedWith(406, 'Content-Type header is missing')],
		['a lost answer', lostWith('ECONNRESET')],
	])('keeps a failure of the inference API as it is: %s', async (_what, failure) => {
		const { result } = await resizeA([[throughOwn, failure]], { whenEndpointOwned }, [OWN]);
		expect(result).toEqual(failed(failure));
	});

	it('is refused where the endpoint is adaptive', async () => {
		const exchanges: Exchange[] = [[throughOwn, ADAPTIVE_IS_ON]];
		const { result } = await resizeA(exchanges, { whenEndpointOwned }, [OWN]);
		const problem = { code: 'adaptive_endpoint', id: 'a' };
		expect(result).toEqual(failed({ kind: 'problem', problem, of: ADAPTIVE_IS_ON }));
	});

	it('is not set where the answer is no endpoint', async () => {
		const exchanges: Exchange[] = [[throughOwn, success({})]];
		const { result } = await resizeA(exchanges, { whenEndpointOwned }, [OWN]);
		expect(result.ok).toBe(false);
	});

	it('goes by _update where bounds are asked for', async () => {
		const allocations: Allocations = { mode: 'adaptive', min: 1 };
		const bounds = { adaptive_allocations: { enabled: true, min_number_of_allocations: 1 } };
		const { result } = await resizeA(
			[[update(bounds), OWNED]],
			{ allocations, whenEndpointOwned },
			[OWN],
		);
		expect(result).toEqual(failed(OWNED));
	});
});
