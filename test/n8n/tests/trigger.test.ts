/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { eventually } from '../../eventually';
import { credentialFor } from '../../given';
import { startHost, type Host } from '../host';
import type { CredentialJson, Rest, SavedWorkflow } from '../rest';
import { draw, noOp, type Sketch } from './draw';
import { givenCluster, givenCredential, givenWorkflow, rest } from './given';

const MINUTE = 60_000;

/** n8n polls once a minute at most. */
const TIMEOUT = 5 * MINUTE;

function trigger(credential: CredentialJson, fields: IDataObject): Sketch {
	return {
		name: 'Trigger',
		type: 'n8n-nodes-elasticsearch-ml.mlDeploymentTrigger',
		typeVersion: 1,
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...fields } as never,
		credentials: { [credential.type]: { id: credential.id, name: credential.name } },
	};
}

/** "id: event" of all executions, the oldest first. */
async function eventsOf(from: Rest, workflow: SavedWorkflow): Promise<string[]> {
	const found = (await from.executions.of(workflow)).reverse();
	const all: string[] = [];
	for (const { id } of found) {
		const execution = await from.executions.ended(id);
		const items = execution.output('Trigger');
		all.push(...items.map((item) => `${String(item.deployment_id)}: ${String(item.event)}`));
	}
	return all;
}

describe('A published workflow with the trigger', () => {
	let folder: string;
	let host: Host | undefined;

	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'n8n-trigger-'));
	});

	afterEach(async () => {
		await host?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it(
		'starts once for what fails, becomes idle and vanishes, over a restart of n8n',
		async () => {
			const cluster = await givenCluster();
			for (const id of ['t-fails', 't-idle', 't-vanishes', 't-sleeps']) {
				cluster.addDeployment({ deployment_id: id, model_id: '.elser_model_2' });
			}
			host = await startHost({ folder });
			const credential = await host.rest.credentials.create(
				'elasticsearchMlApi',
				'The cluster',
				credentialFor(cluster),
			);
			const fields = {
				events: ['failed', 'disappeared', 'becameIdle'],
				idleMinutes: 1,
				deployments: 'pattern',
				pattern: 't-*',
				options: { exclude: 't-sleeps' },
			};
			const nodes = [trigger(credential, fields), noOp('End')];
			const workflow = await host.rest.workflows.create(draw('watch', nodes));
			await host.rest.workflows.activate(workflow);
			expect(await host.rest.executions.of(workflow)).toEqual([]);

			const { rest: before } = host;
			cluster.changeDeployment('t-fails', { state: 'failed', reason: 'out of memory' });
			await eventually(async () => (await eventsOf(before, workflow)).length >= 3, TIMEOUT);
			expect((await eventsOf(before, workflow)).sort()).toEqual([
				't-fails: failed',
				't-idle: becameIdle',
				't-vanishes: becameIdle',
			]);

			await host.close();
			cluster.removeDeployment('t-vanishes');
			host = await startHost({ folder });
			const { rest: after } = host;
			await eventually(async () => (await eventsOf(after, workflow)).length >= 4, TIMEOUT);
			// One more poll tells nothing again.
			cluster.resetLog();
			await eventually(() => cluster.requests.length > 0, TIMEOUT);
			expect((await eventsOf(after, workflow)).sort()).toEqual([
				't-fails: failed',
				't-idle: becameIdle',
				't-vanishes: becameIdle',
				't-vanishes: disappeared',
			]);
			await after.workflows.deactivate(workflow);
		},
		3 * TIMEOUT,
	);
});

describe('A workflow with the trigger', () => {
	it('shows by hand a sample of each chosen event', async () => {
		const cluster = await givenCluster();
		const credential = await givenCredential(cluster);
		const fields = { events: ['failed', 'becameIdle'], deployments: 'all', options: {} };
		const nodes = [trigger(credential, fields), noOp('End')];
		const execution = await rest.workflows.run(await givenWorkflow(draw('by hand', nodes)));
		expect(execution.output('End')).toMatchObject([
			{ event: 'failed', sample: true },
			{ event: 'becameIdle', sample: true },
		]);
	});

	it(
		'cannot be published where the key may not read, and says why',
		async () => {
			const cluster = await givenCluster();
			const apiKey = cluster.createApiKey({ privileges: ['monitor_inference'] });
			const credential = await givenCredential({ ...cluster, endpoint: cluster.endpoint, apiKey });
			const fields = { events: ['failed'], deployments: 'all', options: {} };
			const workflow = await givenWorkflow(
				draw('no privilege', [trigger(credential, fields), noOp('End')]),
			);
			// n8n publishes behind the scenes, and tries for a while before it says so.
			const { id, versionId } = workflow;
			await rest.http.ask('POST', `/workflows/${id}/activate`, { versionId });
			let status = '';
			await eventually(async () => {
				status = JSON.stringify(await rest.http.ask('GET', `/workflows/${id}/publication-status`));
				return status.includes('failed');
			}, TIMEOUT);
			expect(status).toContain('The API key may not read deployments');
		},
		2 * TIMEOUT,
	);
});
