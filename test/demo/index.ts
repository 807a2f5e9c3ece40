/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console */
import Table from 'cli-table3';
import type { IDataObject } from 'n8n-workflow';
import pc from 'picocolors';

import { startCluster, type EmbeddedCluster } from '../cluster';
import { loadEngine, type Engine, type RunResult } from '../engine/harness';
import { credentialFor, settingsOf } from '../given';
import { outputOf, setUp } from '../workflows/shipped';

/** `npm run demo`: a night of nights-off.json, in n8n's engine, against the embedded cluster. */

const WORKFLOW = 'nights-off.json';
const IDS = ['office-reports', 'office-search', 'office-translate', 'prod-search'];

// cli-table3 colours whatever NO_COLOR or a pipe says.
const PLAIN = pc.isColorSupported
	? { head: ['bold'], border: ['dim'], compact: true }
	: { head: [], border: [], compact: true };

let step = 0;
function say(text: string): void {
	console.log(`\n${pc.bold(pc.cyan(`${++step}.`))} ${pc.bold(text)}`);
}

function done(text: string): void {
	console.log(`   ${pc.green('✔')} ${text}`);
}

/** Three models of an office, no two set alike, and one that must run by night too. */
function addModels(cluster: EmbeddedCluster): void {
	const model = { model_id: '.elser_model_2', model_bytes: 438_123_914 };
	cluster.addDeployment({
		...model,
		deployment_id: 'office-reports',
		number_of_allocations: 2,
		threads_per_allocation: 2,
	});
	cluster.addDeployment({
		...model,
		deployment_id: 'office-search',
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		},
	});
	cluster.addDeployment({ ...model, deployment_id: 'office-translate', queue_capacity: 2048 });
	cluster.addDeployment({ ...model, deployment_id: 'prod-search' });
}

const settingsOfAll = (cluster: EmbeddedCluster) =>
	JSON.stringify(IDS.map((id) => settingsOf(cluster.deployment(id))));

function modelTable(cluster: EmbeddedCluster): string {
	const table = new Table({ style: PLAIN, head: ['Deployment', 'State', 'Allocations', 'vCPUs'] });
	let total = 0;
	for (const id of IDS) {
		const found = cluster.deployment(id);
		if (found === undefined) {
			table.push([id, pc.dim('not deployed'), 0, 0]);
			continue;
		}
		const { state, number_of_allocations: number, threads_per_allocation: threads } = found;
		total += number * threads;
		table.push([id, state, number, number * threads]);
	}
	table.push([pc.bold('Together'), '', '', pc.bold(String(total))]);
	return table.toString();
}

/** What a node handed on, in the columns that say most. */
function outputTable(outputs: IDataObject[]): string {
	const keys = ['deployment_id', 'action', 'changed', 'state', 'vcpus_before', 'vcpus', 'dry_run'];
	const table = new Table({ style: PLAIN, head: keys });
	for (const output of outputs) table.push(keys.map((key) => String(output[key])));
	return table.toString();
}

function expectSuccess(result: RunResult): RunResult {
	if (result.status === 'success') return result;
	throw new Error(`The run ended with ${result.status}: ${result.error?.message ?? ''}`);
}

async function show(cluster: EmbeddedCluster, engine: Engine): Promise<void> {
	addModels(cluster);
	const before = settingsOfAll(cluster);
	const data = credentialFor(cluster);
	const staticData = {};
	const run = async (startNode: string, dryRun: boolean) =>
		expectSuccess(
			await engine.runWorkflow({
				workflow: setUp(WORKFLOW, { dryRun }),
				credentials: { elasticsearchMlApi: data },
				startNode,
				staticData,
			}),
		);

	say("Test the credential, as n8n's Save button does");
	const tested = await engine.testCredential('elasticsearchMlApi', data);
	if (tested.status !== 'OK') throw new Error(tested.message);
	done(tested.message);

	say('What runs by day');
	console.log(modelTable(cluster));

	say(`Every Evening of workflows/${WORKFLOW}, as shipped: a dry run changes nothing`);
	console.log(outputTable(outputOf(await run('Every Evening', true), 'Stop Models')));
	if (settingsOfAll(cluster) !== before) throw new Error('The dry run changed something');

	say('Every Evening, with Dry Run off: the office sleeps');
	await run('Every Evening', false);
	console.log(modelTable(cluster));

	say('Every Morning: the workflow remembers what it stopped');
	console.log(outputTable(outputOf(await run('Every Morning', false), 'Start Models')));
	if (settingsOfAll(cluster) !== before) throw new Error('Not all came back as they were');
	done('All are back as they were: allocations, threads, queue, adaptive bounds');

	say("Update prod-search to 3 allocations: the cluster's assignment, as it came");
	const updated = await engine.runNode({
		parameters: {
			resource: 'deployment',
			operation: 'update',
			deploymentId: { __rl: true, mode: 'id', value: 'prod-search' },
			numberOfAllocations: 3,
		},
		credentials: data,
	});
	console.log(JSON.stringify(expectSuccess(updated).items[0].assignment, null, 2));
}

async function main(): Promise<void> {
	const began = Date.now();
	console.log(pc.bold('n8n-nodes-elasticsearch-ml: a night off for the models of an office'));
	say("Start an embedded Elasticsearch (TLS, API keys) and n8n's engine with the package");
	const cluster = await startCluster({ tls: true });
	try {
		const engine = await loadEngine();
		done(`${cluster.endpoint}, node type n8n-nodes-elasticsearch-ml.mlDeployment`);
		await show(cluster, engine);
	} finally {
		await cluster.close();
	}
	console.log(
		`\n${pc.green('Done')} in ${((Date.now() - began) / 1000).toFixed(1)} s. Next: npm run cluster, or the README.`,
	);
}

main().catch((error: unknown) => {
	console.error(
		`\n${pc.red('The demo ended early:')} ${error instanceof Error ? error.message : String(error)}`,
	);
	process.exitCode = 1;
});
