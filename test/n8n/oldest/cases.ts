/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import assert from 'node:assert/strict';

import type { INodeParameters } from 'n8n-workflow';

import { addSampleDeployments, startCluster, type EmbeddedCluster } from '../../cluster';
import { eventually, pause } from '../../eventually';
import { credentialFor, writes } from '../../given';
import type { VersionedEngine } from './engine';

type Check = (engine: VersionedEngine, cluster: EmbeddedCluster) => Promise<void>;

function byId(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}

/** What users of any version rely on. */
export const CASES: Record<string, Check> = {
	'tests a good credential': async (engine, cluster) => {
		const answer = await engine.testCredential(credentialFor(cluster));
		assert.deepEqual(answer, { status: 'OK', message: 'Connection successful!' });
	},

	'says what a weak key lacks': async (engine, cluster) => {
		const weak = cluster.createApiKey({ privileges: ['monitor_ml'] });
		const { status, message } = await engine.testCredential(
			credentialFor(cluster, { apiKey: weak }),
		);
		assert.equal(status, 'Error');
		assert.match(message, /manage_ml/);
	},

	'reads a deployment that an expression names': async (engine, cluster) => {
		const parameters = { operation: 'get', deploymentId: byId('={{ $json.id }}') };
		const item = { id: 'elser-ingest' };
		const { status, items } = await engine.begin(parameters, credentialFor(cluster), item).result;
		assert.equal(status, 'success');
		assert.equal(items[0].deployment_id, 'elser-ingest');
		assert.equal(items[0].number_of_allocations, 2);
		const [{ headers }] = cluster.requests;
		assert.equal(headers.authorization, `ApiKey ${cluster.apiKey}`);
	},

	'changes the number of allocations': async (engine, cluster) => {
		const parameters = {
			operation: 'update',
			deploymentId: byId('elser-ingest'),
			numberOfAllocations: 1,
		};
		const { status, items } = await engine.begin(parameters, credentialFor(cluster)).result;
		assert.equal(status, 'success');
		assert.ok('assignment' in items[0]);
		assert.equal(cluster.deployment('elser-ingest')?.number_of_allocations, 1);
		const sent = writes(cluster).map(({ method, path, body }) => ({ method, path, body }));
		const path = '/_ml/trained_models/elser-ingest/deployment/_update';
		assert.deepEqual(sent, [{ method: 'POST', path, body: { number_of_allocations: 1 } }]);
	},

	'stops with a restore and starts from it': async (engine, cluster) => {
		cluster.addDeployment({
			deployment_id: 'round-trip',
			number_of_allocations: 3,
			threads_per_allocation: 2,
			queue_capacity: 2048,
		});
		const before = cluster.deployment('round-trip');
		const stop = { operation: 'stop', deploymentId: byId('round-trip') };
		const stopped = await engine.begin(stop, credentialFor(cluster)).result;
		assert.equal(stopped.items[0].action, 'stop');
		assert.equal(stopped.items[0].changed, true);
		assert.equal(cluster.deployment('round-trip'), undefined);

		const start = { operation: 'start', startFrom: 'restore', restore: '={{ $json.restore }}' };
		const started = await engine.begin(start, credentialFor(cluster), stopped.items[0]).result;
		assert.equal(started.status, 'success', started.message);
		const after = cluster.deployment('round-trip');
		const kept = ['number_of_allocations', 'threads_per_allocation', 'queue_capacity'] as const;
		for (const setting of kept) assert.equal(after?.[setting], before?.[setting]);
	},

	'waits until a deployment is ready': async (engine, cluster) => {
		cluster.set({ allocationDelayMs: 1_500 });
		cluster.changeDeployment('elser-ingest', { number_of_allocations: 4 });
		const parameters = { operation: 'waitUntilReady', deploymentId: byId('elser-ingest') };
		const { status, items } = await engine.begin(parameters, credentialFor(cluster)).result;
		assert.equal(status, 'success');
		assert.equal(items[0].ready, true);
	},

	'says what is wrong with an id, and what to do': async (engine, cluster) => {
		const parameters = { operation: 'get', deploymentId: byId('nope') };
		const { status, message, description } = await engine.begin(parameters, credentialFor(cluster))
			.result;
		assert.equal(status, 'error');
		assert.match(message ?? '', /nope/);
		assert.notEqual(description ?? '', '');
	},

	'follows no redirect, so that the key stays': async (engine, cluster) => {
		const other = await startCluster();
		cluster.fault({ kind: 'redirect', location: other.endpoint, times: 10 });
		const parameters = { operation: 'get', deploymentId: byId('elser-ingest') };
		const { status, message } = await engine.begin(parameters, credentialFor(cluster)).result;
		const { requests } = other;
		await other.close();
		assert.equal(status, 'error');
		assert.deepEqual(requests, []);
		assert.doesNotMatch(message ?? '', /\n/);
	},

	'asks nothing any more when the execution is stopped': async (engine, cluster) => {
		cluster.addDeployment({ deployment_id: 'never', state: 'starting', never_starts: true });
		const parameters = { operation: 'waitUntilReady', deploymentId: byId('never') };
		const running = engine.begin(parameters, credentialFor(cluster));
		await eventually(() => cluster.requests.length >= 2);
		running.cancel();
		await running.result;
		// One may be under way.
		await pause(250);
		const asked = cluster.requests.length;
		await pause(2_500);
		assert.equal(cluster.requests.length, asked);
	},
};

/** Runs one against a cluster of its own; the reason where it fails. */
export async function check(engine: VersionedEngine, name: string): Promise<string | undefined> {
	const cluster = await startCluster();
	addSampleDeployments(cluster);
	cluster.resetLog();
	const failure = await CASES[name](engine, cluster).then(
		() => undefined,
		(error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
	);
	await cluster.close();
	return failure;
}
