import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { AdaptiveAllocations, DeploymentSeed, EmbeddedCluster } from '../../cluster';
import { byId, givenCluster, parameters, run, writes } from '../given';

const ID = 'search';

const bounds: fc.Arbitrary<AdaptiveAllocations> = fc
	.record({
		enabled: fc.boolean(),
		low: fc.nat(3),
		width: fc.nat(3),
		withMin: fc.boolean(),
		withMax: fc.boolean(),
	})
	.map(({ enabled, low, width, withMin, withMax }) => ({
		enabled,
		...(withMin && { min_number_of_allocations: low }),
		...(withMax && { max_number_of_allocations: Math.max(1, low + width) }),
	}));

/** Undefined: the deployment is absent. */
const state: fc.Arbitrary<DeploymentSeed | undefined> = fc.option(
	fc.record({
		deployment_id: fc.constant(ID),
		number_of_allocations: fc.integer({ min: 1, max: 6 }),
		threads_per_allocation: fc.constantFrom(1, 2),
		adaptive_allocations: fc.option(bounds),
		state: fc.constantFrom('started' as const, 'started' as const, 'failed' as const),
		created_by_endpoint: fc.constantFrom(false, false, false, true),
	}),
	{ nil: undefined },
);

const desired: fc.Arbitrary<IDataObject> = fc.oneof(
	fc.record({
		allocationMode: fc.constant('fixed'),
		numberOfAllocations: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(500)),
		sizeRule: fc.constantFrom('exactly', 'exactly', 'atLeast', 'atMost'),
	}),
	fc
		.record({ low: fc.nat(3), width: fc.nat(3), withMin: fc.boolean(), withMax: fc.boolean() })
		.map(({ low, width, withMin, withMax }) => ({
			allocationMode: 'adaptive',
			minNumberOfAllocations: withMin ? low : '',
			maxNumberOfAllocations: withMax ? Math.max(1, low + width) : '',
		})),
);

const ways: fc.Arbitrary<{ options: IDataObject; ifNotRunning: string }> = fc.record({
	ifNotRunning: fc.constantFrom('error', 'startModel'),
	options: fc.record(
		{
			whenAdaptive: fc.constantFrom('setBounds', 'turnOff', 'error'),
			whenEndpointOwned: fc.constantFrom('inferenceApi', 'error'),
			force: fc.boolean(),
			ignoreMissing: fc.boolean(),
		},
		{ requiredKeys: [] },
	),
});

/** Whether the cluster is as the fields ask, whatever the node says. */
function isAsked(cluster: EmbeddedCluster, fields: IDataObject): boolean {
	const now = cluster.deployment(ID);
	if (fields.allocationMode === 'fixed') {
		const number = fields.numberOfAllocations as number;
		if (number === 0) return now === undefined;
		if (now === undefined) return fields.sizeRule === 'atMost';
		const { number_of_allocations: is, adaptive_allocations: adaptive } = now;
		const isOn = adaptive?.enabled === true;
		const min = isOn ? (adaptive.min_number_of_allocations ?? 0) : is;
		const max = isOn ? (adaptive.max_number_of_allocations ?? Infinity) : is;
		if (fields.sizeRule === 'atLeast') return min >= number;
		if (fields.sizeRule === 'atMost') return max <= number;
		return min === number && max === number;
	}
	const adaptive = now?.adaptive_allocations;
	const holds = (field: unknown, stored: unknown): boolean => field === '' || field === stored;
	return (
		adaptive?.enabled === true &&
		holds(fields.minNumberOfAllocations, adaptive.min_number_of_allocations) &&
		holds(fields.maxNumberOfAllocations, adaptive.max_number_of_allocations)
	);
}

describe('scale, for any state of the cluster and any desired state', () => {
	it('ends in the desired state or says why not, and a second run changes nothing', async () => {
		await fc.assert(
			fc.asyncProperty(
				state,
				desired,
				ways,
				fc.constantFrom('8.6' as const, '8.16' as const, '9.2' as const, 'serverless' as const),
				async (seed, wanted, { options, ifNotRunning }, version) => {
					const cluster = await givenCluster({ version });
					cluster.addModel({ model_id: ID });
					const adaptive = version === '8.6' ? null : seed?.adaptive_allocations;
					const owned = version !== '8.6' && seed?.created_by_endpoint === true;
					if (seed !== undefined) {
						cluster.addDeployment({
							...seed,
							adaptive_allocations: adaptive,
							created_by_endpoint: owned,
						});
					}
					const given = parameters('scale', {
						deploymentId: byId(ID),
						...wanted,
						ifNotRunning,
						options,
					});
					const first = await run(cluster, given);
					if (first.status === 'success') {
						expect(isAsked(cluster, wanted)).toBe(true);
					} else {
						expect(first.error?.message).toMatch(/.{20,}/);
						expect(first.error?.description ?? '').toMatch(/.{10,}/);
						expect(first.error?.message).not.toContain('was not built for');
					}
					cluster.resetLog();
					const again = await run(cluster, given);
					expect(again.status).toBe(first.status);
					if (again.status === 'success') {
						expect(again.items).toEqual([
							expect.objectContaining({ action: 'none', changed: false }),
						]);
						expect(writes(cluster)).toEqual([]);
					}
					await cluster.close();
				},
			),
			{ numRuns: 200 },
		);
	}, 120_000);
});

describe('any text as an id', () => {
	it('never reaches another endpoint or deployment', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'other' });
		const text = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 20 }),
			fc.string({
				unit: fc.constantFrom(
					'.',
					'/',
					'\\',
					'%',
					'2',
					'e',
					'E',
					'f',
					'?',
					'#',
					'*',
					',',
					' ',
					'_',
					'a',
				),
			}),
			fc.constantFrom(
				'../other',
				'other/../..',
				'..%2fother',
				'other?x=1',
				'other#',
				'%6fther',
				'_all',
				'*',
				'other,other',
			),
		);
		await fc.assert(
			fc.asyncProperty(
				text,
				fc.constantFrom('stop', 'update', 'get', 'scale', 'waitUntilReady'),
				async (id, operation) => {
					fc.pre(id !== 'other');
					cluster.resetLog();
					await run(
						cluster,
						parameters(operation, {
							deploymentId: byId('={{ $json.id }}'),
							numberOfAllocations: 1,
						}),
						{
							items: [{ id }],
						},
					);
					expect(cluster.deployment('other')).toMatchObject({
						state: 'started',
						number_of_allocations: 1,
					});
					for (const { path } of cluster.requests) {
						// The endpoints, and the list in which a near id is looked for.
						if (['/_inference/_all', '/_ml/trained_models/_stats'].includes(path)) continue;
						const [, encoded] =
							/^\/_ml\/trained_models\/([^/]+)\/(_stats|deployment\/(_stop|_update))$/.exec(path) ??
							[];
						expect(decodeURIComponent(encoded)).toBe(id);
					}
				},
			),
			{ numRuns: 200 },
		);
	}, 120_000);
});
