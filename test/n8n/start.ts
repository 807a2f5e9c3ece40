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
const FIRST_EXAMPLE = 'nights-off.json';

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

/**
 * What is there under its name is left as it is: a person may have changed it.
 * @returns the id of the one to begin with
 */
async function importExamples(rest: Rest, credential: CredentialJson): Promise<string> {
	const ids = new Map((await rest.workflows.all()).map(({ id, name }) => [name, id]));
	for (const file of exampleFiles) {
		const workflow = example(file, credential);
		if (ids.has(workflow.name)) continue;
		ids.set(workflow.name, (await rest.workflows.create(workflow)).id);
	}
	return ids.get(example(FIRST_EXAMPLE, credential).name) ?? '';
}

function welcome({ url, owner }: Host, first: string, cluster: EmbeddedCluster): void {
	const line = (label: string, text: string) => say(`  ${label.padEnd(15)}${pc.bold(text)}`);
	say('');
	line('n8n', `${url}/workflow/${first}`);
	line('E-mail', owner.email);
	line('Password', owner.password);
	line('Elasticsearch', `${cluster.endpoint} (embedded; begins anew with each start)`);
	say(`
Try first, in the workflow of this address (${FIRST_EXAMPLE})
  1. Execute Every Evening: a dry run shows what it would stop.
  2. Turn off Dry Run in Stop Models, set Every Evening to the coming minutes, and publish:
     the model is gone.
  3. Set Every Morning to the coming minutes and publish again: it is back as it was.
     By hand n8n would not save what the evening has to remember.

Ctrl-C ends everything. To begin with a new account: rm -r ${START_FOLDER}`);
}

async function start(): Promise<void> {
	const began = Date.now();
	open.unshift(claimFolder());
	const tarball = await ensureHost();
	const cluster = await giveCluster();
	const host = await step('Starting n8n', async () => await giveHost(tarball, keptAccount()));
	const first = await importExamples(host.rest, await giveCredential(host.rest, cluster));
	say(pc.green(`Ready after ${seconds(began)}`));
	welcome(host, first, cluster);
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
