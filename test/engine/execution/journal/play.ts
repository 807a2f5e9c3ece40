/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setTimeout as delay } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../../cluster';
import { byId, credentialFor, givenCluster, parameters, theEngine } from '../../given';
import { isByPattern } from './asked';
import { isStopOf, seenBy, type Played, type Step } from './history';
import { People } from './people';
import { IDS, type Schedule, type Standing } from './schedule';
import { ruleOf } from './troubles';

const MINUTE = 60_000;
/** A request that was on its way when the execution was cancelled has arrived by then. */
const SETTLE_MS = 100;

/** Runs the node through a schedule, on a cluster of its own. */
export async function play(schedule: Schedule): Promise<Played> {
	const cluster = await givenCluster({
		version: schedule.version,
		overlappingStops: schedule.overlappingStops,
		nodes: [{ id: 'n', name: 'n', processors: 999, memoryBytes: 1e12 }],
		// The scaler is nobody who does things between a look and a stop.
		scaleToZeroMs: 1e12,
	});
	for (const id of IDS) seed(cluster, id, schedule.deployments[id]);
	const before = cluster.deployments();
	const steps: Step[] = [];
	const people = new People(cluster, schedule.interventions);
	let timer: NodeJS.Timeout | undefined;
	let cancel = (): void => {};
	cluster.fault({
		kind: 'effect',
		times: Infinity,
		effect: (request) => {
			const at = cluster.now();
			steps.push({ at, kind: 'request', request, stopped: countStops(cluster) });
			const isAsked = (id: string): boolean => steps.some((step) => isStopOf(step, id));
			for (const intervention of people.act(seenBy(request), isAsked)) {
				const startTime = cluster.deployment(intervention.id)?.start_time;
				steps.push({ at, kind: 'deed', intervention, startTime });
			}
			const { requests, delayMs } = schedule.cancel ?? {};
			if (steps.filter((step) => step.kind === 'request').length !== requests) return;
			if (delayMs === 0) cancel();
			else timer = setTimeout(() => cancel(), delayMs);
		},
	});
	for (const trouble of schedule.troubles) cluster.fault(ruleOf(trouble));
	const begunAt = cluster.now();
	const run = theEngine().runNode({
		parameters: parametersOf(schedule),
		items: schedule.items.map((item) => ({ ...item })),
		credentials: credentialFor(cluster),
		onError: schedule.onError,
		retryOnFail: schedule.tries > 1,
		maxTries: schedule.tries,
		waitBetweenTries: 1,
	});
	cancel = () => {
		steps.push({ at: cluster.now(), kind: 'cancel' });
		run.cancel();
	};
	const result = await run.result;
	clearTimeout(timer);
	await delay(SETTLE_MS);
	const played: Played = {
		schedule,
		begunAt,
		result,
		steps: [...steps],
		stopped: [...cluster.stopped],
		before,
		after: cluster.deployments(),
	};
	await cluster.close();
	return played;
}

function seed(cluster: EmbeddedCluster, id: string, standing: Standing | null): void {
	const isOwned = id === 'own-1';
	if (standing === null) {
		if (isOwned) cluster.addInferenceEndpoint({ inference_id: id, deployed: false });
		return;
	}
	const ago = (minutes: number): number => cluster.now() - minutes * MINUTE;
	const { used, adaptive, inPipeline } = standing;
	cluster.addDeployment({
		deployment_id: id,
		...(standing.model === 'other' && { model_id: `model-${id}` }),
		threads_per_allocation: standing.threads,
		number_of_allocations: standing.number,
		adaptive_allocations: adaptive,
		start_time: ago(standing.startedMinutesAgo),
		created_by_endpoint: isOwned,
		...(used === 'longAgo' && { last_access: ago(300), inference_count: 7 }),
		...(used === 'justNow' && { last_access: ago(1), inference_count: 7 }),
		...(used === 'waiting' && { last_access: ago(300), pending_requests: 3 }),
	});
	if (inPipeline) cluster.addPipeline({ id: `uses-${id}`, model_id: id });
}

function parametersOf(schedule: Schedule): INodeParameters {
	const { operation, options } = schedule;
	const { allowNoMatch, ...others } = options;
	const target: IDataObject = isByPattern(schedule)
		? { target: 'pattern', pattern: '={{ $json.pattern }}', maxMatches: '={{ $json.max }}' }
		: { target: 'one', deploymentId: byId('={{ $json.id }}') };
	if (operation === 'scale') {
		// Scale has no such option: each part of its pattern has to match.
		const size = { allocationMode: 'fixed', numberOfAllocations: 0 };
		return parameters('scale', { ...target, ...size, options: others as IDataObject });
	}
	const all = { ...others, ...(allowNoMatch !== undefined && { allowNoMatch }) };
	return parameters('stop', { ...target, options: all });
}

function countStops({ stopped }: EmbeddedCluster): Record<string, number> {
	return Object.fromEntries(
		IDS.map((id) => [id, stopped.filter((each) => each.deployment_id === id).length]),
	);
}
