import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import {
	startCluster,
	type ClusterOptions,
	type DeploymentView,
	type EmbeddedCluster,
	type LoggedRequest,
} from './cluster';

/** What the tests of several levels are given; no hook of jest, since the demo has none. */

/** The keys of every output of Scale, Start, Stop and Update, in this order; others come behind. */
export const CHANGE_KEYS = [
	'deployment_id',
	'action',
	'changed',
	'reason',
	'state',
	'number_of_allocations',
	'vcpus',
	'vcpus_before',
	'restore',
	'dry_run',
];

/** Keys of every cluster of this test file: nothing that is written down may hold one. */
const keys = new Set<string>();
const open = new Set<EmbeddedCluster>();

/** A cluster that `endClusters` ends, and whose keys `expectNoKey` looks for. */
export async function beginCluster(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await startCluster(options);
	open.add(cluster);
	keys.add(cluster.apiKey);
	return cluster;
}

export async function endClusters(): Promise<void> {
	for (const cluster of open) await cluster.close();
	open.clear();
}

/** A key with these privileges only, watched like the main one. */
export function keyWith(cluster: EmbeddedCluster, ...privileges: string[]): string {
	const key = cluster.createApiKey({ privileges });
	keys.add(key);
	return key;
}

export function expectNoKey(written: string): void {
	for (const key of keys) {
		// A plain boolean: a failing expect must not print the key either.
		expect({ keyIsWritten: holdsKey(written, key) }).toEqual({ keyIsWritten: false });
	}
}

/** Whether a text holds a key, or the secret in it. */
export function holdsKey(written: string, key: string): boolean {
	const secret = Buffer.from(key, 'base64').toString().split(':')[1];
	return written.includes(key) || written.includes(secret);
}

/** The credential's data for a cluster, as a person would fill it in. */
export function credentialFor(
	{ endpoint, apiKey, caPem }: Pick<EmbeddedCluster, 'endpoint' | 'apiKey' | 'caPem'>,
	other: IDataObject = {},
): ICredentialDataDecryptedObject {
	const data = { endpoint, apiKey, readOnly: false, ignoreSslIssues: false, ca: caPem ?? '' };
	return { ...data, ...other } as ICredentialDataDecryptedObject;
}

/** Requests that change something. */
export function writes({ requests }: EmbeddedCluster): LoggedRequest[] {
	return requests.filter(
		({ method, path }) => method !== 'GET' && !path.endsWith('_has_privileges'),
	);
}

/** What has to be the same again after a stop and a start; an adaptive number is the scaler's. */
export function settingsOf(view: DeploymentView | undefined) {
	if (view === undefined) return undefined;
	const { model_id, threads_per_allocation, queue_capacity, priority, cache_size_bytes } = view;
	const { adaptive_allocations, number_of_allocations } = view;
	return {
		model_id,
		threads_per_allocation,
		queue_capacity,
		priority,
		cache_size_bytes,
		adaptive_allocations,
		number: adaptive_allocations?.enabled === true ? 'adaptive' : number_of_allocations,
	};
}
