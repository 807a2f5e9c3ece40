/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { subscribe } from 'node:diagnostics_channel';

import { startCluster, type EmbeddedCluster } from '../../cluster';
import { documentRoute } from './documents';
import { idOf, type Answered, type Orders, type Sent } from './orders';

/** The process in which the embedded cluster lives; it takes orders from the one that forked it. */

const MODEL_BYTES = 100_000_000;
/** Room for everything: what is measured is the client. */
const NODE = { id: 'bench-node', name: 'ml-0', processors: 1e6, memoryBytes: 1e16 };

let cluster: EmbeddedCluster | undefined;
let connections = 0;

subscribe('net.server.socket', () => connections++);

function current(): EmbeddedCluster {
	if (cluster === undefined) throw new Error('no cluster is open');
	return cluster;
}

const orders: Orders = {
	open: async ({ tls, latencyMs }) => {
		await cluster?.close();
		const knobs = { nodes: [NODE], maxDeployments: 1e6 };
		const opened = await startCluster({ tls, ...knobs }, [documentRoute]);
		cluster = opened;
		if (latencyMs > 0) opened.fault({ kind: 'latency', ms: latencyMs, times: Infinity });
		const { endpoint, apiKey, caPem, user } = opened;
		return { endpoint, apiKey, caPem, user };
	},
	fill: async (count) => {
		for (let place = 0; place < count; place++) {
			const deployment_id = idOf(place);
			if (current().deployment(deployment_id) !== undefined) continue;
			current().addDeployment({
				deployment_id,
				model_bytes: MODEL_BYTES,
				routes: [{ node_id: NODE.id, allocations: 1, target_allocations: 1 }],
			});
		}
	},
	startAtLook: async (look) => {
		const seed = { deployment_id: idOf(0), model_bytes: MODEL_BYTES };
		current().addDeployment({ ...seed, state: 'starting', never_starts: true });
		const effect = (): void => current().addDeployment(seed);
		current().fault({ kind: 'effect', path: /_stats$/, skip: look - 1, effect });
	},
	take: async () => {
		const { requests } = current();
		const counts = {
			requests: requests.length,
			bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
			connections,
			atOnce: current().maxInFlight(),
		};
		current().resetLog();
		connections = 0;
		return counts;
	},
	close: async () => {
		await cluster?.close();
		cluster = undefined;
	},
};

function answer(answered: Answered): void {
	process.send?.(answered);
}

process.on('message', ({ number, name, given }: Sent) => {
	const order = orders[name] as (...all: unknown[]) => Promise<unknown>;
	order(...given).then(
		(value) => answer({ number, value }),
		(error: unknown) => answer({ number, error: String(error) }),
	);
});
// The bench has ended, in whatever way.
process.on('disconnect', () => process.exit());
// Ctrl-C reaches both processes; the bench ends this one.
process.on('SIGINT', () => {});
