/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';

import '../../engine/given';
import { quickenTime } from '../quickTime';
import { step } from './draw';
import { Life } from './life';

/**
 * `FAULT_SEEDS`: how many schedules. `FAULT_SEED`: the seed of the first one, or `random`; the next
 * has the next number. `FAULT_STEPS`: how many runs of the node each has.
 */
const { FAULT_SEEDS = '1', FAULT_SEED = '1', FAULT_STEPS = '500' } = process.env;
const FIRST = FAULT_SEED === 'random' ? Math.floor(Math.random() * 1e9) : Number(FAULT_SEED);

beforeEach(() => quickenTime(20));
afterEach(() => jest.restoreAllMocks());

describe('a workflow through hundreds of runs with faults, cancels and other people', () => {
	const seeds = Array.from({ length: Number(FAULT_SEEDS) }, (_, at) => FIRST + at);

	it.each(seeds)(
		'has said what the cluster is like in the end: seed %d',
		async (seed) => {
			const steps = fc.sample(step, { seed, numRuns: Number(FAULT_STEPS) });
			const life = await Life.begin();
			for (const [place, each] of steps.entries()) {
				const wrong = await life.live(each);
				if (wrong.length === 0) continue;
				const again = `FAULT_SEED=${seed} FAULT_STEPS=${place + 1}`;
				throw new Error([...wrong, `${again} plays it again`, life.shown()].join('\n'));
			}
			expect(life.report()).toEqual(life.reality());
			if (steps.length >= 500) {
				for (const times of Object.values(life.reached)) expect(times).toBeGreaterThan(5);
			}
		},
		// Nothing waits for this: it only ends a run that hangs.
		3_600_000,
	);
});
