/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { setTimeout as pause } from 'node:timers/promises';

import pc from 'picocolors';

import { addSampleDeployments, startCluster, type EmbeddedCluster } from '../cluster';
import { credentialFor } from '../given';
import { addExampleDeployments, example, exampleFiles, EXAMPLE_NODES } from './examples';
import { freePort } from './freePort';
import { startHost, type Host } from './host';
import { ensureHost } from './install';
import { START_FOLDER } from './places';
import { say, seconds, step } from './progress';
import type { CredentialJson, Rest } from './rest';
import { claimFolder, keptAccount, type Kept } from './startFolder';

/** `npm start`: n8n with the package, an account, and a cluster to play with. */

const CREDENTIAL = 'Embedded Elasticsearch';
const TYPE = 'elasticsearchMlApi';

/** What has to be ended, the latest first. */
const open: Array<() => Promise<void> | void> = [];

async function giveCluster(): Promise<EmbeddedCluster> {
	const cluster = await startCluster({ port: await freePort(9200), nodes: EXAMPLE_NODES });
	open.unshift(async () => await cluster.close());
	addSampleDeployments(cluster);
	addExampleDeployments(cluster);
	return cluster;
}

/** Also ends n8n where it has only begun to start. */
async function giveHost(tarball: string, kept: Kept): Promise<Host> {
	const ending = new AbortController();
	const starting = startHost({
		...kept,
		tarball,
		folder: START_FOLDER,
		port: await freePort(5678),
		signal: ending.signal,
	});
	open.unshift(async () => {
		ending.abort();
		await starting.then(async (host) => await host.close()).catch(() => undefined);
	});
	return await starting;
}

/** The cluster is a new one each time, so an old credential learns its address and key. */
async function giveCredential(rest: Rest, cluster: EmbeddedCluster): Promise<CredentialJson> {
	const data = credentialFor(cluster);
	const old = (await rest.credentials.all()).find(
		({ name, type }) => name === CREDENTIAL && type === TYPE,
	);
	const credential = old
		? await rest.credentials.update(old, data)
		: await rest.credentials.create(TYPE, CREDENTIAL, data);
	const { status, message } = await rest.credentials.test(credential);
	if (status !== 'OK') throw new Error(`The credential does not work: ${message}`);
	return credential;
}

/** What is there under its name is left as it is: a person may have changed it. */
async function importExamples(rest: Rest, credential: CredentialJson): Promise<void> {
	const names = new Set((await rest.workflows.all()).map(({ name }) => name));
	for (const file of exampleFiles) {
		const workflow = example(file, credential);
		if (!names.has(workflow.name)) await rest.workflows.create(workflow);
	}
}

function welcome({ url, owner }: Host, cluster: EmbeddedCluster): void {
	const line = (label: string, text: string) => say(`  ${label.padEnd(15)}${pc.bold(text)}`);
	say('');
	line('n8n', url);
	line('E-mail', owner.email);
	line('Password', owner.password);
	line('Elasticsearch', `${cluster.endpoint} (embedded; begins anew with each start)`);
	say(`
Try first
  1. Open the workflow "Report ML deployments weekly" and press Execute workflow:
     its last node holds a report on all deployments.
  2. Open "Scale down ML deployments on schedule". In its first ML Deployment node pick
     my_model_for_search from the list, then press Execute workflow: a dry run that changes nothing.
  3. Switch Dry Run off in that node and execute it again: its output is the cluster's assignment.

Ctrl-C ends everything. To begin with a new account: rm -r ${START_FOLDER}`);
}

async function start(): Promise<void> {
	const began = Date.now();
	open.unshift(claimFolder());
	const tarball = await ensureHost();
	const cluster = await giveCluster();
	const host = await step('Starting n8n', async () => await giveHost(tarball, keptAccount()));
	await importExamples(host.rest, await giveCredential(host.rest, cluster));
	say(pc.green(`Ready after ${seconds(began)}`));
	welcome(host, cluster);
	await host.ended;
	if (!ending) throw new Error(`n8n has ended; its log is ${host.logFile}`);
}

let ending = false;

async function end(): Promise<void> {
	if (ending) return;
	ending = true;
	// Each at its own time, so that one that hangs does not keep the others.
	for (const close of open) await Promise.race([close(), pause(15_000)]);
	process.exit();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		if (!ending) say(`\nEnding n8n and the cluster`);
		void end();
	});
}

start().catch(async (error: unknown) => {
	if (!ending) console.error(pc.red(error instanceof Error ? error.message : String(error)));
	process.exitCode = ending ? 0 : 1;
	await end();
});
