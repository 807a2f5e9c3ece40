/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';

/**
 * `FUZZ_RUNS`: how many times the usual number of values. `FUZZ_SEED`: the seed of a failing run, or
 * `random`. Without it the values are always the same: nobody's change shall fail for an old mistake.
 */
const { FUZZ_RUNS = '1', FUZZ_SEED = '1' } = process.env;

const seed = FUZZ_SEED === 'random' ? undefined : Number(FUZZ_SEED);

/** How many runs of a property there are where `usual` fit into `npm test`. */
export function runs(usual: number): fc.Parameters<unknown> {
	const numRuns = Math.max(1, Math.round(usual * Number(FUZZ_RUNS)));
	// What fails is long enough without the failures that shrinking passed.
	return { numRuns, seed, verbose: fc.VerbosityLevel.None, interruptAfterTimeLimit: undefined };
}

/** Nothing waits for this: it only ends a run that hangs. */
export const HANGS_MS = 3_600_000;
