/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console */
import Table from 'cli-table3';
import pc from 'picocolors';

import { startCluster, type EmbeddedCluster } from '../cluster';
import { loadEngine, type Engine, type RunResult } from '../engine/harness';
import { credentialFor } from '../given';
import { outputOf, setUp } from '../workflows/shipped';

/** `npm run demo`: the shipped scale-down workflow, in n8n's engine, against the embedded cluster. */

const WORKFLOW = 'scale-down-on-schedule.json';
const SCALE = 'Scale Down Search Model';
const STOP = 'Stop Batch Models';
const SEARCH = 'my_model_for_search';

// cli-table3 colours whatever NO_COLOR or a pipe says.
const PLAIN = pc.isColorSupported
	? { head: ['bold'], border: ['dim'], compact: true }
	: { head: [], border: [], compact: true };

let step = 0;
function say(text: string): void {
	console.log(`\n${pc.bold(pc.cyan(`${++step}.`))} ${pc.bold(text)}`);
}

/** The evening of a small company: a search model with too many allocations, and batch models. */
function addEvening(cluster: EmbeddedCluster): void {
	cluster.addDeployment({
		deployment_id: SEARCH,
		model_bytes: 265_632_637,
		number_of_allocations: 4,
		queue_capacity: 1024,
	});
	const model = { model_id: '.elser_model_2', model_bytes: 438_123_914 };
	cluster.addDeployment({
		...model,
		deployment_id: 'batch-ingest',
		number_of_allocations: 2,
		threads_per_allocation: 2,
	});
	cluster.addDeployment({
		...model,
		deployment_id: 'batch-nightly',
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		},
	});
	cluster.addDeployment({ ...model, deployment_id: 'prod-search' });
}

function deploymentTable(cluster: EmbeddedCluster, ids: string[]): string {
	const table = new Table({
		style: PLAIN,
		head: ['Deployment', 'State', 'Allocations', 'Threads', 'vCPUs'],
	});
	let total = 0;
	for (const id of ids) {
		const found = cluster.deployment(id);
		if (found === undefined) {
			table.push([id, pc.dim('not deployed'), 0, '', 0]);
			continue;
		}
		const vcpus = found.number_of_allocations * found.threads_per_allocation;
		total += vcpus;
		table.push([id, found.state, found.number_of_allocations, found.threads_per_allocation, vcpus]);
	}
	table.push([pc.bold('Together'), '', '', '', pc.bold(String(total))]);
	return table.toString();
}

function planTable(result: RunResult): string {
	const table = new Table({
		style: PLAIN,
		head: ['Node', 'Deployment', 'Would', 'vCPUs before', 'vCPUs after'],
	});
	for (const node of [SCALE, STOP]) {
		for (const { deployment_id: id, action, vcpus_before: before, vcpus_after: after } of outputOf(
			result,
			node,
		)) {
			table.push([node, String(id), String(action), Number(before), Number(after)]);
		}
	}
	return table.toString();
}

function expectStatus(result: RunResult, status: RunResult['status']): void {
	if (result.status === status) return;
	throw new Error(
		`The run ended with ${result.status}, not ${status}: ${result.error?.message ?? ''}`,
	);
}

async function show(cluster: EmbeddedCluster, engine: Engine): Promise<void> {
	addEvening(cluster);
	const ids = cluster.deployments().map((each) => each.deployment_id);
	const data = credentialFor(cluster);
	const credentials = { elasticsearchMlApi: data };
	const runEvening = async (id: string, dryRun: boolean) =>
		await engine.runWorkflow({
			workflow: setUp(WORKFLOW, { dryRun, picks: { [SCALE]: id } }),
			credentials,
		});

	say("Test the credential, as n8n's Save button does");
	const tested = await engine.testCredential('elasticsearchMlApi', data);
	if (tested.status !== 'OK') throw new Error(tested.message);
	console.log(`   ${pc.green('✔')} ${tested.message}`);

	say('Before: what runs in the evening');
	console.log(deploymentTable(cluster, ids));

	say('Run workflows/scale-down-on-schedule.json as shipped: a dry run changes nothing');
	const planned = await runEvening(SEARCH, true);
	expectStatus(planned, 'success');
	console.log(planTable(planned));

	say('Switch Dry Run off and run it again');
	const done = await runEvening(SEARCH, false);
	expectStatus(done, 'success');
	console.log(deploymentTable(cluster, ids));

	say(`What '${SCALE}' handed on: the assignment`);
	console.log(JSON.stringify(outputOf(done, SCALE)[0], null, 2));

	say(`What '${STOP}' handed on: one item each, with all that Start needs in the morning`);
	console.log(JSON.stringify(outputOf(done, STOP), null, 2));

	say('A typo is never a success: the error branch ends the run red');
	const typo = await runEvening(`${SEARCH}-typo`, false);
	expectStatus(typo, 'error');
	console.log(`   ${pc.red('✖')} ${typo.error?.message ?? ''}`);
}

async function main(): Promise<void> {
	const began = Date.now();
	console.log(pc.bold('n8n-nodes-elasticsearch-ml: scale down in the evening'));
	say("Start an embedded Elasticsearch (TLS, API keys) and n8n's engine with the package");
	const cluster = await startCluster({ tls: true });
	try {
		const engine = await loadEngine();
		console.log(
			`   ${pc.green('✔')} ${cluster.endpoint}, node type n8n-nodes-elasticsearch-ml.mlDeployment`,
		);
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
