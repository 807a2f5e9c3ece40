import type { EmbeddedCluster } from '../cluster';
import { credentialFor, theEngine } from '../engine/given';
import type { Run, WorkflowJson, WorkflowRunOptions } from '../engine/harness';

/** Runs a workflow against a cluster, with the credentials that its nodes ask for. */
export function start(
	cluster: EmbeddedCluster,
	workflow: WorkflowJson,
	options: Omit<WorkflowRunOptions, 'workflow'> = {},
	apiKey = cluster.apiKey,
): Run {
	const credentials = {
		elasticsearchMlApi: credentialFor(cluster, { apiKey }),
		httpHeaderAuth: { name: 'x-secret', value: 'of the test' },
	};
	return theEngine().runWorkflow({ workflow, credentials, ...options });
}
