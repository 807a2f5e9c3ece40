/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { EmbeddedCluster, MlNode } from '../cluster';
import { PROJECT } from './places';
import type { CredentialJson, WorkflowJson } from './rest';
import { OURS } from './rest/nodeTypes';

const FOLDER = path.join(PROJECT, 'workflows');

/** The shipped workflows' file names. */
export const exampleFiles = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** A shipped workflow as a person imports it, with this credential chosen in every node of ours. */
export function example(file: string, { id, name, type }: CredentialJson): WorkflowJson {
	const workflow = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as WorkflowJson;
	for (const node of workflow.nodes) {
		if (node.type.startsWith(OURS)) node.credentials = { [type]: { id, name } };
	}
	return workflow;
}

const MINUTE = 60_000;
const GIB = 1024 ** 3;

/** Room for all samples and some trials. */
export const EXAMPLE_NODES: MlNode[] = ['ml-0', 'ml-1', 'ml-2'].map((name) => ({
	id: `node-of-${name}`,
	name,
	processors: 16,
	memoryBytes: 64 * GIB,
}));

/** Adds what the shipped workflows look for, so that each of them finds something to do. */
export function addExampleDeployments(cluster: EmbeddedCluster): void {
	const now = cluster.now();
	const yesterday = now - 30 * 60 * MINUTE;
	const elser = { model_id: '.elser_model_2', start_time: yesterday };
	const own = { model_bytes: 265_632_637, start_time: yesterday };
	cluster.addDeployment({
		...own,
		deployment_id: 'my_model_for_search',
		number_of_allocations: 2,
		last_access: now - 2_000,
		inference_count: 51_202,
	});
	cluster.addDeployment({
		...own,
		deployment_id: 'my_model_for_ingest',
		last_access: now - 35 * MINUTE,
		inference_count: 9_120,
	});
	cluster.addDeployment({
		...elser,
		deployment_id: 'batch-nightly',
		last_access: now - 7 * 60 * MINUTE,
		inference_count: 120_400,
	});
	cluster.addDeployment({
		...elser,
		deployment_id: 'office-reports',
		threads_per_allocation: 2,
		last_access: now - 90 * MINUTE,
		inference_count: 3_311,
	});
	cluster.addDeployment({
		...elser,
		deployment_id: 'search-shop',
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		},
		last_access: now - 800,
		inference_count: 240_118,
		throughput_last_minute: 310,
	});
}
