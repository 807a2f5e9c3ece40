import fc from 'fast-check';

import { exactId } from '../../../nodes/elasticsearch/deployment/ids';
import { readRestore } from '../../../nodes/elasticsearch/deployment/parseRestore';
import { restoreOf } from '../../../nodes/elasticsearch/deployment/restore';
import type {
	AdaptiveAllocations,
	Deployment,
} from '../../../nodes/elasticsearch/deployment/state';
import { deployment, NOW } from '../builders';

const whole = (min: number) => fc.integer({ min, max: 2 ** 31 - 1 });

const ids = fc
	.oneof(fc.stringMatching(/^[a-z0-9][a-z0-9_.-]*$/), fc.string({ unit: 'binary' }))
	.filter((id) => exactId(id, 'deployment').ok);

const sizes = fc.oneof(
	fc.constantFrom('0', '0b', '253.3mb', '10kb', `${'9'.repeat(30)}pb`),
	fc
		.tuple(fc.nat(), fc.constantFrom('b', 'kb', 'mb', 'gb', 'tb', 'pb'))
		.map((parts) => parts.join('')),
	fc.string(),
);

const adaptive: fc.Arbitrary<AdaptiveAllocations> = fc.record(
	{
		enabled: fc.boolean(),
		min_number_of_allocations: whole(0),
		max_number_of_allocations: whole(1),
	},
	{ requiredKeys: ['enabled'] },
);

/** Every deployment that `_stats` can tell of, whatever its cluster's version takes. */
const deployments: fc.Arbitrary<Deployment> = fc
	.record({
		id: ids,
		modelId: ids,
		state: fc.constantFrom<Deployment['state']>('starting', 'started', 'stopping', 'failed'),
		numberOfAllocations: whole(0),
		threadsPerAllocation: whole(1),
		priority: fc.oneof(fc.constantFrom('normal', 'low', 'high'), fc.string({ minLength: 1 })),
		queueCapacity: fc.option(fc.oneof(whole(1), fc.constantFrom(99_999, 100_000, 100_001))),
		cacheSize: fc.option(sizes),
		modelSizeBytes: fc.option(fc.nat()),
		adaptive: fc.option(adaptive),
	})
	.map(deployment);

describe('the restore object of any deployment', () => {
	it('is accepted by Start, as an object and as JSON text, with every setting', () => {
		fc.assert(
			fc.property(deployments, (given) => {
				const restore = restoreOf(given, '3fef7ba456df', NOW);
				const read = readRestore(restore);
				expect(read).toEqual({
					ok: true,
					value: {
						cluster: '3fef7ba456df',
						spec: {
							modelId: given.modelId,
							deploymentId: given.id,
							numberOfAllocations: restore.number_of_allocations,
							adaptive: given.adaptive ?? undefined,
							threadsPerAllocation: given.threadsPerAllocation,
							queueCapacity: given.queueCapacity ?? undefined,
							priority: given.priority,
							cacheSize: restore.cache_size,
							exact: true,
						},
					},
				});
				expect(readRestore(JSON.stringify(restore))).toEqual(read);
			}),
			{ numRuns: 2_000 },
		);
	});
});
