/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import {
	addSampleDeployments,
	startCluster,
	type ClusterOptions,
	type EmbeddedCluster,
	type LoggedRequest,
} from '../../cluster';
import { Rest, type CredentialJson, type SavedWorkflow, type WorkflowJson } from '../rest';
import { sharedHost } from './hosts';

const { url, session, folder } = sharedHost();

/** The server's address. */
export const n8n = url;
export const rest = new Rest(url, session);

const open = new Set<EmbeddedCluster>();
const saved: SavedWorkflow[] = [];
/** Keys of every cluster of this test file: nothing that n8n writes or hands out may hold one. */
const keys = new Set<string>();

afterAll(async () => {
	for (const workflow of saved) await rest.workflows.deactivate(workflow);
	for (const cluster of open) await cluster.close();
	const executions = await Promise.all(saved.map(executionsOf));
	const all = [...executions.flat(), ...files()].join('\n');
	// The search looks where n8n writes.
	expect(all).toContain('Owner was set up successfully');
	for (const key of keys) {
		const secret = Buffer.from(key, 'base64').toString().split(':')[1];
		// Plain booleans: a failing expect must not print the key either.
		expect({ keyIsWritten: all.includes(key) }).toEqual({ keyIsWritten: false });
		expect({ secretIsWritten: all.includes(secret) }).toEqual({ secretIsWritten: false });
	}
});

async function executionsOf(workflow: SavedWorkflow): Promise<string[]> {
	const found = await rest.executions.of(workflow);
	return await Promise.all(found.map(async ({ id }) => (await rest.executions.read(id)).text));
}

/** n8n's logs and its database: executions are in it as they are, credentials encrypted. */
function files(): string[] {
	return [folder, path.join(folder, '.n8n')]
		.flatMap((each) => readdirSync(each).map((name) => path.join(each, name)))
		.filter((file) => /\.(log|sqlite|sqlite-wal)$/.test(file) && existsSync(file))
		.map((file) => readFileSync(file, 'latin1'));
}

/** A cluster with the sample deployments that ends with the test file. */
export async function givenCluster(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await startCluster(options);
	addSampleDeployments(cluster);
	cluster.resetLog();
	open.add(cluster);
	keys.add(cluster.apiKey);
	return cluster;
}

/** A key with these privileges only, watched like the main one. */
export function keyWith(cluster: EmbeddedCluster, ...privileges: string[]): string {
	const key = cluster.createApiKey({ privileges });
	keys.add(key);
	return key;
}

/** The credential's data for a cluster, as a person would fill it in. */
export function credentialData(
	{ endpoint, apiKey, caPem }: Pick<EmbeddedCluster, 'endpoint' | 'apiKey' | 'caPem'>,
	other: IDataObject = {},
): ICredentialDataDecryptedObject {
	const data = { endpoint, apiKey, readOnly: false, ignoreSslIssues: false, ca: caPem ?? '' };
	return { ...data, ...other } as ICredentialDataDecryptedObject;
}

/** A saved credential. */
export async function givenCredential(
	cluster: Pick<EmbeddedCluster, 'endpoint' | 'apiKey' | 'caPem'>,
	other: IDataObject = {},
): Promise<CredentialJson> {
	const data = credentialData(cluster, other);
	return await rest.credentials.create('elasticsearchMlApi', 'The cluster', data);
}

/** A saved workflow; deactivated at the end. */
export async function givenWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
	const created = await rest.workflows.create(workflow);
	saved.push(created);
	return created;
}

/** Requests that change something. */
export function writes(cluster: EmbeddedCluster): LoggedRequest[] {
	return cluster.requests.filter(
		({ method, path: target }) => method !== 'GET' && !target.endsWith('_has_privileges'),
	);
}

/** `POST /path body` of each. */
export function lines(requests: readonly LoggedRequest[]): string[] {
	return requests.map(({ method, path: target, body }) =>
		[method, target, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' '),
	);
}
