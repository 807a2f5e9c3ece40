/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import Table from 'cli-table3';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import {
	addSampleDeployments,
	startCluster,
	type ClusterVersion,
	type EmbeddedCluster,
} from './index';
import { featuresOf, VERSIONS } from './settings/versions';

const USAGE = `npm run cluster -- [--tls] [--port 9200] [--version ${VERSIONS.join('|')}]`;

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

function readOptions(): { tls: boolean; port: number; version: ClusterVersion } {
	const { values } = parseArgs({
		options: {
			tls: { type: 'boolean', default: false },
			port: { type: 'string', default: '9200' },
			version: { type: 'string', default: '9.2' },
			help: { type: 'boolean', default: false },
		},
	});
	const version = VERSIONS.find((name) => name === values.version);
	const port = Number(values.port);
	if (values.help || !version || !Number.isInteger(port) || port < 0 || port > 65_535) {
		print(`Usage: ${USAGE}`);
		process.exit(values.help ? 0 : 1);
	}
	return { tls: values.tls, port, version };
}

function printDeployments(cluster: EmbeddedCluster): void {
	const table = new Table({
		head: ['deployment', 'model', 'allocations', 'adaptive', 'priority'],
		style: { head: [], border: [] },
	});
	for (const deployment of cluster.deployments()) {
		const { running_allocations: running, number_of_allocations: wanted } = deployment;
		table.push([
			deployment.deployment_id,
			deployment.model_id,
			`${running}/${wanted}`,
			deployment.adaptive_allocations?.enabled ? 'yes' : 'no',
			deployment.priority,
		]);
	}
	print(table.toString());
}

/** Prints how to get in; returns the file with the CA, where there is one. */
function printAccess(cluster: EmbeddedCluster): string | undefined {
	const readOnly = cluster.createApiKey({ privileges: ['monitor_ml'], name: 'read-only' });
	print(`${pc.bold('Endpoint')}       ${cluster.endpoint}`);
	print(`${pc.bold('API key')}        ${cluster.apiKey}`);
	print(`${pc.bold('Read-only key')}  ${readOnly}`);
	let trust = '';
	let file: string | undefined;
	if (cluster.caPem !== undefined) {
		file = join(tmpdir(), `embedded-cluster-ca-${process.pid}.pem`);
		writeFileSync(file, cluster.caPem);
		print(`${pc.bold('CA')}             ${file}`);
		trust = ` --cacert '${file}'`;
	}
	print(`\n${pc.bold('Try')}\n`);
	print(
		`curl -s${trust} -H 'Authorization: ApiKey ${cluster.apiKey}' -H 'Content-Type: application/json' \\\n  -X POST '${cluster.endpoint}/_ml/trained_models/elser-ingest/deployment/_update?pretty' \\\n  -d '{"number_of_allocations":4}'`,
	);
	print(
		`\ncurl -s${trust} -H 'Authorization: ApiKey ${cluster.apiKey}' '${cluster.endpoint}/_ml/trained_models/_stats?pretty'\n`,
	);
	return file;
}

async function main(): Promise<void> {
	const options = readOptions();
	const cluster = await startCluster(options);
	addSampleDeployments(cluster);
	print(
		pc.green(`Embedded Elasticsearch ${featuresOf(options.version).version}, Ctrl-C ends it\n`),
	);
	printDeployments(cluster);
	print();
	const caFile = printAccess(cluster);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			if (caFile !== undefined) rmSync(caFile, { force: true });
			void cluster.close();
		});
	}
}

main().catch((error: unknown) => {
	print(pc.red(error instanceof Error ? error.message : String(error)));
	process.exitCode = 1;
});
