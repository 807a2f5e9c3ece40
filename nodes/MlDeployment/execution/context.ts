import type { IExecuteFunctions } from 'n8n-workflow';

import { listInferenceEndpoints, type InferenceEndpoint } from '../../elasticsearch/api/inference';
import {
	connect,
	DEFAULT_SETTINGS,
	type Connection,
	type ConnectionSettings,
} from '../../elasticsearch/transport/connection';
import { success, type Result } from '../../elasticsearch/transport/failure';
import { watchDeployments } from '../../elasticsearch/flows/watch';
import type { ItemJournal } from './stopEntry';
import { RunEnded, type RunContext, type Wait } from './operation';

/** The context of one item: its own time-out and retries, all else shared. */
export type RunContextFactory = (
	settings: ConnectionSettings,
	journal: ItemJournal,
	isHalted: () => boolean,
) => RunContext;

/** Endpoints decorate most answers, so nobody waits long for them. */
const ENDPOINTS_TIMEOUT_MS = 10_000;

/** Opens the way to the cluster, once for all items of an execution. */
export async function openRunContext(
	host: IExecuteFunctions,
	waits: Wait[],
): Promise<Result<RunContextFactory>> {
	const connected = await connect(host, DEFAULT_SETTINGS);
	if (!connected.ok) return connected;
	const watch = watchDeployments(connected.value);
	let once: Promise<Result<InferenceEndpoint[] | null>> | undefined;
	let turn: Promise<unknown> = Promise.resolve();
	return success((settings, journal, isHalted) => {
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
			endpointsOnce,
			endpointsForSure: async () => {
				const read = list(settings.retries);
				// What comes later may just as well go by this one.
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
		};
	});
}

/**
 * The connection with an item's own settings, which sends nothing more that changes anything once
 * the run has ended with a failure; only what is begun already is brought to its end.
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
