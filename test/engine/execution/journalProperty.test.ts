/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';

import '../given';
import { schedules } from './journal/draw';
import { isStopOf, type Played, type Step } from './journal/history';
import { play } from './journal/play';
import { IDS, type Schedule } from './journal/schedule';
import { show } from './journal/show';
import { judge, type Violation } from './journal/verdict';

/**
 * `JOURNAL_RUNS`, `JOURNAL_SEED`: how many schedules, the first one's seed (the next has the next
 * number). `JOURNAL_COUNT=1` plays them all and counts those that fail. `JOURNAL_SCHEDULE`: the JSON of
 * one schedule, to play that. `JOURNAL_SHRINK=1` makes a failing one smaller first, which takes minutes.
 */
const {
	JOURNAL_RUNS: RUNS = '600',
	JOURNAL_SEED: SEED = String(Math.floor(Math.random() * 1e9)),
	JOURNAL_COUNT: COUNT,
	JOURNAL_SHRINK: SHRINK,
	JOURNAL_SCHEDULE: GIVEN,
} = process.env;

/** From so many schedules on, all that they are about has to come up. */
const ENOUGH_TO_COUNT = 300;
/** Runs mostly wait, so many go side by side. */
const AT_ONCE = 16;

interface Failing {
	seed: number;
	violations: Violation[];
	text: string;
}

/** How many schedules got to what they are about: a node that does nothing breaks no rule. */
const reached = { aStop: 0, aSecondStopRequest: 0, aFailedStopRequest: 0, aDeed: 0, aCancel: 0 };

function note({ steps, stopped }: Played): void {
	const asked = IDS.map((id) => steps.filter((step) => isStopOf(step, id)));
	const isFailed = (step: Step): boolean => step.kind === 'request' && step.request.status !== 200;
	if (stopped.length > 0) reached.aStop++;
	if (asked.some((each) => each.length > 1)) reached.aSecondStopRequest++;
	if (asked.flat().some(isFailed)) reached.aFailedStopRequest++;
	if (steps.some((step) => step.kind === 'deed')) reached.aDeed++;
	if (steps.some((step) => step.kind === 'cancel')) reached.aCancel++;
}

function scheduleOf(seed: number): Schedule {
	return GIVEN === undefined
		? fc.sample(schedules, { seed, numRuns: 1, unbiased: true })[0]
		: (JSON.parse(GIVEN) as Schedule);
}

async function failureOf(seed: number, given: Schedule): Promise<Failing | undefined> {
	const played = await play(given).catch((cause: unknown) => {
		throw new Error(`The schedule of seed ${seed} could not be played`, { cause });
	});
	note(played);
	const violations = judge(played);
	if (violations.length === 0) return undefined;
	return { seed, violations, text: show(seed, played, violations) };
}

/** Plays all seeds, several at once; ends early where one failure is enough. */
async function playAll(
	seeds: number[],
	isEnough: (found: Failing[]) => boolean,
): Promise<Failing[]> {
	const found: Failing[] = [];
	const left = [...seeds];
	const worker = async (): Promise<void> => {
		for (let seed = left.shift(); seed !== undefined && !isEnough(found); seed = left.shift()) {
			const failing = await failureOf(seed, scheduleOf(seed));
			if (failing !== undefined) found.push(failing);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return found;
}

/** The smallest schedule that breaks the same rule. */
async function smaller(failing: Failing): Promise<Failing> {
	let smallest = failing;
	const [{ rule }] = failing.violations;
	await fc.check(
		fc.asyncProperty(schedules, async (given) => {
			const again = await failureOf(failing.seed, given);
			if (again?.violations.some((each) => each.rule === rule) !== true) return true;
			smallest = again;
			return false;
		}),
		{ seed: failing.seed, numRuns: 1, unbiased: true },
	);
	return smallest;
}

/** How many fail, and by which rule. */
function summary(found: Failing[], of: number): string {
	const byRule = new Map<string, number[]>();
	for (const { seed, violations } of found) {
		for (const rule of new Set(violations.map((each) => each.rule))) {
			byRule.set(rule, [...(byRule.get(rule) ?? []), seed]);
		}
	}
	const rules = [...byRule].map(
		([rule, seeds]) =>
			`  ${String(seeds.length).padStart(4)} ${rule}: ${seeds.slice(0, 12).join(' ')}`,
	);
	const lines = [`${found.length} of ${of} schedules fail`, ...rules];
	return [...lines, `They reached: ${JSON.stringify(reached)}`, ''].join('\n');
}

describe('Stop and Scale to 0, whatever goes wrong and whoever interferes', () => {
	it(
		'hand on each restore once, and stop nothing that is protected or was started again',
		async () => {
			const count = GIVEN === undefined ? Number(RUNS) : 1;
			const seeds = Array.from({ length: count }, (_, index) => Number(SEED) + index);
			const found = await playAll(seeds, (failures) => COUNT === undefined && failures.length > 0);
			if (COUNT !== undefined) {
				process.stdout.write(summary(found, count));
				return;
			}
			const [first] = found;
			if (first !== undefined) {
				const failing = SHRINK === undefined ? first : await smaller(first);
				throw new Error(failing.text);
			}
			if (count < ENOUGH_TO_COUNT) return;
			for (const times of Object.values(reached)) expect(times).toBeGreaterThan(count / 100);
			expect(reached.aStop).toBeGreaterThan(count / 4);
		},
		// Nothing waits for this: it only ends a run that hangs.
		3_600_000,
	);
});
