/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import {
	addSampleDeployments,
	type ClusterOptions,
	type EmbeddedCluster,
	type LoggedRequest,
} from '../../cluster';
import { beginCluster, credentialFor, endClusters, expectNoKey } from '../../given';
import { Rest, type CredentialJson, type SavedWorkflow, type WorkflowJson } from '../rest';
import { sharedHost } from './hosts';

const { url, session, folder } = sharedHost();

/** The server's address. */
export const n8n = url;
export const rest = new Rest(url, session);

export { keyWith, writes } from '../../given';

const saved: SavedWorkflow[] = [];

afterAll(async () => {
	for (const workflow of saved) await rest.workflows.deactivate(workflow);
	await endClusters();
	const executions = await Promise.all(saved.map(executionsOf));
	const all = [...executions.flat(), ...files()].join('\n');
	// The search looks where n8n writes.
	expect(all).toContain('Owner was set up successfully');
	expectNoKey(all);
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
	const cluster = await beginCluster(options);
	addSampleDeployments(cluster);
	cluster.resetLog();
	return cluster;
}

/** A saved credential. */
export async function givenCredential(
	cluster: Pick<EmbeddedCluster, 'endpoint' | 'apiKey' | 'caPem'>,
	other: IDataObject = {},
): Promise<CredentialJson> {
	const data = credentialFor(cluster, other);
	return await rest.credentials.create('elasticsearchMlApi', 'The cluster', data);
}

/** A saved workflow; deactivated at the end. */
export async function givenWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
	return looksThrough(await rest.workflows.create(workflow));
}

/** The workflow that a person has drawn in the editor; deactivated at the end, too. */
export async function drawnWorkflow(id: string): Promise<SavedWorkflow> {
	return looksThrough(await rest.workflows.read(id));
}

/** The end of the test file looks through its executions. */
function looksThrough(workflow: SavedWorkflow): SavedWorkflow {
	saved.push(workflow);
	return workflow;
}

/** `POST /path body` of each. */
export function lines(requests: readonly LoggedRequest[]): string[] {
	return requests.map(({ method, path: target, body }) =>
		[method, target, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' '),
	);
}
