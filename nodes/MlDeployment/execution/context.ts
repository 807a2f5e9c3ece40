import type { IExecuteFunctions } from 'n8n-workflow';

import { listInferenceEndpoints, type InferenceEndpoint } from '../../elasticsearch/api/inference';
import type { Clock } from '../../elasticsearch/transport/clock';
import {
	connect,
	DEFAULT_SETTINGS,
	type Connection,
	type ConnectionSettings,
} from '../../elasticsearch/transport/connection';
import { success, type Result } from '../../elasticsearch/transport/failure';
import { findTargets } from '../../elasticsearch/flows/target';
import { watchDeployments } from '../../elasticsearch/flows/watch';
import { isAgentBound } from './agentGuard';
import { isToRestore, type ItemJournal, type StopEntry } from './stopEntry';
import type { Memory } from './memory';
import { RunEnded, type ClusterMemory, type RunContext, type Wait } from './operation';

/** What the items of a run share. */
export interface RunContexts {
	connection: Connection;
	/** Ids whose earlier stop is history once this run has ended well for them. */
	started: Set<string>;
	/** Ids to forget if the run ends without a failure, because its output then holds the restore. */
	givenUp: Set<string>;
	/** Makes the context of one item, which has its own time-out and retries and shares the rest. */
	forItem(settings: ConnectionSettings, journal: ItemJournal, isHalted: () => boolean): RunContext;
}

/** Most outputs only mention the endpoints, so nobody should wait long for them. */
const ENDPOINTS_TIMEOUT_MS = 10_000;

/** Connects to the cluster, once for all items of an execution. @param waits collects the waits */
export async function openRunContext(
	host: IExecuteFunctions,
	waits: Wait[],
	memory: Memory,
	clock: Clock,
): Promise<Result<RunContexts>> {
	const connected = await connect(host, DEFAULT_SETTINGS, clock);
	if (!connected.ok) return connected;
	const started = new Set<string>();
	const givenUp = new Set<string>();
	const ofCluster = memoryOf(connected.value.cluster, memory, started, givenUp);
	const watch = watchDeployments(connected.value);
	const targets = findTargets();
	const mayWake = !isAgentBound(host.getNode());
	let once: Promise<Result<InferenceEndpoint[] | null>> | undefined;
	let turn: Promise<unknown> = Promise.resolve();
	const forItem: RunContexts['forItem'] = (settings, journal, isHalted) => {
		const connection = stopWritingOnHalt(connected.value, settings, isHalted);
		const list = async (retries: number): Promise<Result<InferenceEndpoint[] | null>> => {
			const timeoutMs = Math.min(settings.timeoutMs, ENDPOINTS_TIMEOUT_MS);
			return await listInferenceEndpoints(
				stopWritingOnHalt(connected.value, { retries, timeoutMs }, isHalted),
			);
		};
		const endpointsOnce = async (): ReturnType<typeof list> => await (once ??= list(0));
		return {
			connection,
			watch,
			targets,
			mayWake,
			endpointsOnce,
			endpointsForSure: async () => {
				const read = list(settings.retries);
				// Later items can use this read too.
				once = read;
				return await read;
			},
			endpoints: async () => {
				const read = await endpointsOnce();
				return read.ok ? read.value : null;
			},
			inTurn: async (work) => {
				const mine = turn.then(work);
				turn = mine.catch(() => undefined);
				return await mine;
			},
			waited: (wait) => waits.push(wait),
			journal,
			isHalted,
			memory: withStopsOf(journal, ofCluster),
		};
	};
	return success({ connection: connected.value, started, givenUp, forItem });
}

function memoryOf(
	cluster: string,
	memory: Memory,
	started: Set<string>,
	givenUp: Set<string>,
): ClusterMemory {
	return {
		recall: (id) => memory.recall(cluster, id),
		stopped: () => memory.stoppedOn(cluster),
		dropped: () => memory.droppedOn(cluster),
		unread: () => memory.unreadOn(cluster),
		isUsed: () => memory.knows(cluster),
		isKnownElsewhere: (isMeant) => memory.isKnownElsewhere(cluster, isMeant),
		isNewer: memory.isNewer,
		visit: () => memory.visit(cluster),
		forget: (id) => started.add(id),
		giveUp: (id) => givenUp.add(id),
	};
}

/**
 * The memory as it would be if the run ended now. It takes the stops of a run only at its end, and
 * what it holds until then is older. Pure.
 */
export function withStopsOf(
	journal: Pick<ItemJournal, 'lastStop' | 'knownStops'>,
	memory: ClusterMemory,
): ClusterMemory {
	const textOf = ({ restore }: StopEntry): string => JSON.stringify(restore);
	return {
		...memory,
		recall: (id) => {
			const entry = journal.lastStop(id);
			return entry !== undefined && isToRestore(entry) ? textOf(entry) : memory.recall(id);
		},
		stopped: () => {
			const own = journal.knownStops().filter(isToRestore);
			const ids = new Set(own.map(({ id }) => id));
			const older = memory.stopped().filter(({ id }) => !ids.has(id));
			return [...older, ...own.map((entry) => ({ id: entry.id, restore: textOf(entry) }))];
		},
	};
}

/**
 * The connection with an item's own settings. Once the run has ended with a failure, it throws
 * RunEnded for a request that changes anything, unless that completes an earlier one.
 */
function stopWritingOnHalt(
	connection: Connection,
	settings: ConnectionSettings,
	isHalted: () => boolean,
): Connection {
	return {
		...connection,
		send: async (request, own) => {
			if (request.changes && request.completes !== true && isHalted()) {
				const { method, path } = request;
				connection.log(`${method} ${path} is held back: the run has ended with a failure`);
				throw new RunEnded();
			}
			return await connection.send(request, { ...settings, ...own });
		},
	};
}
