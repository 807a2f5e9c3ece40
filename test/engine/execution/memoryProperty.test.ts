/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster, LoggedRequest } from '../../cluster';
import { eventually } from '../../eventually';
import { credentialFor, givenCluster, theEngine } from '../given';
import type { RunResult } from '../harness';
import { histories, IDS, parametersOf, ruleOf, type Step } from './memory/history';
import { memoryOf, missing, type Run } from './memory/lost';

/** `MEMORY_RUNS`, `MEMORY_SEED`: how many histories, and the first one's seed; `MEMORY_HISTORY`: the JSON of one. */
const {
	MEMORY_RUNS: RUNS = '30',
	MEMORY_SEED: SEED = String(Math.floor(Math.random() * 1e9)),
	MEMORY_HISTORY: GIVEN,
} = process.env;
const AT_ONCE = 12;
/** From so many histories on, all that they are about has to come up. */
const ENOUGH_TO_COUNT = 100;

/** How many runs got to what they are about: a node that does nothing loses nothing. */
const reached = {
	stopped: 0,
	stoppedAndCanceled: 0,
	stoppedByHand: 0,
	stoppedInSpite: 0,
	started: 0,
};

function note({ result, stops }: Run, { byHand }: Step, isStarted: boolean): void {
	const isCanceled = result.status === 'canceled';
	if (isStarted) reached.started++;
	if (stops.length === 0) return;
	reached.stopped++;
	if (isCanceled) reached.stoppedAndCanceled++;
	if (byHand) reached.stoppedByHand++;
	if (result.status === 'error') reached.stoppedInSpite++;
}
let played = 0;

/** Plays a history. @returns what got lost, in words */
async function play(drawn: readonly Step[]): Promise<string[]> {
	const tag = String(++played);
	const history = JSON.parse(JSON.stringify(drawn).replaceAll('~', tag)) as Step[];
	const ids = IDS.map((id) => id.replace('~', tag));
	const cluster = await givenCluster({
		nodes: [{ id: 'n', name: 'n', processors: 999, memoryBytes: 1e12 }],
	});
	ids.forEach((id, index) =>
		cluster.addDeployment({ deployment_id: id, number_of_allocations: index + 1 }),
	);
	const staticData: IDataObject = {};
	const lost: string[] = [];
	for (const [index, each] of history.entries()) {
		const { startedByOthers: id } = each;
		if (id !== null && cluster.deployment(id) === undefined) {
			cluster.addDeployment({ deployment_id: id, number_of_allocations: 4 });
		}
		const held = memoryOf(staticData);
		const first = cluster.stopped.length;
		const asked = cluster.requests.length;
		const result = await runStep(cluster, each, staticData);
		cluster.clearFaults();
		await eventually(() => cluster.deployments().every(({ state }) => state !== 'stopping'));
		const stops = cluster.stopped.slice(first);
		const run: Run = { ids, result, stops, held, now: memoryOf(staticData) };
		const isStart = ({ path, status }: LoggedRequest): boolean =>
			path.endsWith('/_start') && status === 200;
		note(run, each, cluster.requests.slice(asked).some(isStart));
		const found = missing(cluster, each, run);
		lost.push(...found.map((what) => `run ${index} (${result.status}): ${what}`));
	}
	await cluster.close();
	return lost;
}

async function runStep(
	cluster: EmbeddedCluster,
	step: Step,
	staticData: IDataObject,
): Promise<RunResult> {
	for (const each of step.troubles) cluster.fault(ruleOf(each));
	const running = theEngine().runNode({
		parameters: parametersOf(step),
		items: step.items.map((each) => ({ ...each })),
		credentials: credentialFor(cluster),
		onError: step.onError,
		retryOnFail: step.tries > 1,
		maxTries: step.tries,
		mode: step.byHand ? 'manual' : 'trigger',
		staticData,
	});
	if (step.cancelAt !== null) {
		const effect = (): void => running.cancel();
		cluster.fault({ kind: 'effect', skip: step.cancelAt - 1, effect });
	}
	return await running.result;
}

/** Plays all histories, several at once. @returns the first that lost something, in words */
async function playAll(seeds: number[]): Promise<string | undefined> {
	let found: string | undefined;
	const worker = async (): Promise<void> => {
		for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
			if (found !== undefined) return;
			const history =
				GIVEN === undefined
					? fc.sample(histories, { seed, numRuns: 1, unbiased: true })[0]
					: (JSON.parse(GIVEN) as Step[]);
			const lost = await play(history);
			if (lost.length === 0) continue;
			found = [...lost, `MEMORY_SEED=${seed} MEMORY_RUNS=1`, JSON.stringify(history)].join('\n');
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return found;
}

describe('Stop, Scale and Start from what is remembered, whatever goes wrong', () => {
	it(
		'leave no deployment stopped whose restore is nowhere',
		async () => {
			const seeds = Array.from({ length: Number(RUNS) }, (_, index) => Number(SEED) + index);
			expect(await playAll(seeds)).toBeUndefined();
			if (Number(RUNS) < ENOUGH_TO_COUNT) return;
			for (const times of Object.values(reached)) expect(times).toBeGreaterThan(0);
		},
		// Nothing waits for this: it only ends a run that hangs.
		3_600_000,
	);
});
