import { startCluster, type ClusterVersion as Profile, type EmbeddedCluster } from '../cluster';
import type { ClusterOptions } from '../cluster/types';
import { Client } from './client';
import type { ClusterVersion } from './versions';
import { World } from './world';

/** The model that deployments on an embedded cluster are made of. */
export const MODEL = 'tiny-model';
const PREFIX = 'conformance-';

/** An embedded cluster with one small model. */
export async function clusterWithModel(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await startCluster(options);
	cluster.addModel({ model_id: MODEL, size_bytes: 1_500_000 });
	return cluster;
}

/** An embedded cluster for cases, and what ends it. */
export async function embeddedWorld(
	profile: Profile,
): Promise<{ world: World; close: () => Promise<void> }> {
	const cluster = await clusterWithModel({ version: profile });
	const client = new Client({ endpoint: cluster.endpoint, apiKey: cluster.apiKey });
	const world = new World({
		version: await versionOf(client),
		model: MODEL,
		prefix: PREFIX,
		send: async (sent, key) => await client.send(sent, key),
		patienceMs: 2000,
		cluster,
	});
	const close = async () => {
		await cluster.close();
		await client.close();
	};
	return { world, close };
}

/** What a cluster says of itself in `GET /`. */
export async function versionOf(client: Client): Promise<ClusterVersion> {
	const { status, body } = await client.send({ method: 'GET', path: '/' });
	const { version } = body as { version?: { number?: string; build_flavor?: string } };
	if (status !== 200 || version?.number === undefined) {
		throw new Error(`GET / answers ${status}, and not as Elasticsearch does`);
	}
	return { number: version.number, serverless: version.build_flavor === 'serverless' };
}
