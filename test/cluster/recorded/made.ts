import { eventually } from '../../eventually';
import { ask, given, type Reply } from '../tests/ask';

/** How the embedded cluster gives the shape of a recorded answer. */
export interface Made {
	answer: () => Promise<Reply>;
	/** Default 200. */
	status?: number;
	/** What it does not give, each for the reason beside it. */
	missing?: string[];
}

const STATS = '/_ml/trained_models/model/_stats';
const DOCS = { docs: [{ text_field: 'x' }] };
const NODE = '.trained_model_stats[].deployment_stats.nodes[].node.*';

/** By the name of the recorded file, in the order of the alphabet. */
export const MADE: Record<string, Made> = {
	'es80-stats-three-nodes-one-failed': {
		answer: async () => {
			const cluster = await given({ version: '8.6' });
			cluster.addDeployment({
				deployment_id: 'model',
				number_of_allocations: 3,
				routes: [
					{ node_id: 'a', average_inference_time_ms: 0.5 },
					{ node_id: 'b', state: 'failed', reason: 'The object cannot be set twice!' },
				],
			});
			return await ask(cluster, 'GET', STATS);
		},
		missing: [
			// Kibana's developers added it: before 8.8 there is none.
			'.trained_model_stats[].deployment_stats.deployment_id: string',
			// The names of before 8.4; the oldest version here is 8.6.
			'.trained_model_stats[].deployment_stats.inference_threads: number',
			'.trained_model_stats[].deployment_stats.model_threads: number',
		],
	},
	'es816-stats-with-pipeline-partial': {
		answer: async () => {
			const cluster = await given({ version: '8.16' });
			cluster.addDeployment({ deployment_id: 'model' });
			cluster.addPipeline({ id: 'p', model_id: 'model' });
			return await ask(cluster, 'GET', STATS);
		},
	},
	'es817-inference-get-attached-200': {
		answer: async () => {
			const cluster = await given({ version: '8.19' });
			cluster.addDeployment({ deployment_id: 'mine', model_id: 'model' });
			cluster.addInferenceEndpoint({ inference_id: 'e', deployment_id: 'mine' });
			return await ask(cluster, 'GET', '/_inference/e');
		},
	},
	'es817-inference-update-200': {
		answer: async () => {
			const cluster = await given({ version: '8.19' });
			cluster.addInferenceEndpoint({
				inference_id: 'e',
				model_id: 'model',
				task_settings: {},
				chunking_settings: null,
			});
			const body = { service_settings: { num_allocations: 2 } };
			return await ask(cluster, 'PUT', '/_inference/sparse_embedding/e/_update', body);
		},
	},
	'es86-infer-node-disconnected-500': {
		answer: async () => {
			const cluster = await given({ version: '8.6', inferenceMs: 1000 });
			cluster.addDeployment({ deployment_id: 'model' });
			const path = '/_ml/trained_models/model/deployment/_infer';
			const asked = ask(cluster, 'POST', path, DOCS);
			await eventually(() => cluster.deployment('model')?.pending_requests === 1);
			cluster.shutDownNode(cluster.deployment('model')?.routes[0].node_id ?? '');
			await cluster.advance(1000);
			return await asked;
		},
		status: 500,
	},
	'es88-start-429': {
		answer: async () => {
			const cluster = await given({ version: '8.12', nodes: [] });
			cluster.addModel({ model_id: 'model' });
			return await ask(cluster, 'POST', '/_ml/trained_models/model/deployment/_start');
		},
		status: 429,
	},
	'es90-inference-not-allocated-500': {
		// Bulk requests are no part of the embedded cluster: the answer is scripted.
		answer: async () => {
			const cluster = await given({ version: '9.0' });
			const cause = { type: 'status_exception', reason: 'Trained model deployment [e] is …' };
			const error = { root_cause: [cause], type: 'exception', reason: '…', caused_by: cause };
			const body = { error, status: 500 };
			cluster.fault({ kind: 'status', status: 500, body });
			return await ask(cluster, 'POST', '/_bulk', {});
		},
		status: 500,
	},
	'es92-validation-number-with-adaptive-400': {
		answer: async () => {
			const cluster = await given({ version: '9.2' });
			cluster.addModel({ model_id: 'model' });
			const path = '/_ml/trained_models/model/deployment/_start?number_of_allocations=1';
			return await ask(cluster, 'POST', path, { adaptive_allocations: { enabled: true } });
		},
		status: 400,
	},
	'reconstructed-infer-404-no-task': {
		answer: async () => {
			const cluster = await given({ version: '9.2' });
			cluster.addDeployment({ deployment_id: 'model', number_of_allocations: 0 });
			cluster.shutDownNode('uckeG3R8TLe2MMNBQ6AGrw');
			return await ask(cluster, 'POST', '/_ml/trained_models/model/_infer', DOCS);
		},
		status: 404,
	},
	'reconstructed-stats-404-unknown-model': {
		answer: async () => await ask(await given({ version: '8.19' }), 'GET', STATS),
		status: 404,
	},
	'stateless-stats-eleven-allocations-partial': {
		answer: async () => {
			const cluster = await given({ version: '8.16' });
			cluster.set({
				nodes: Array.from({ length: 6 }, (_, i) => ({
					id: `n${i}`,
					name: `n${i}`,
					processors: 2,
					memoryBytes: 4 * 1024 ** 3,
				})),
			});
			cluster.addDeployment({ deployment_id: 'model', number_of_allocations: 11 });
			return await ask(cluster, 'GET', STATS);
		},
		missing: [
			// Attributes that only the nodes of stateless clusters have.
			`${NODE}.attributes.k8s_node_name: string`,
			`${NODE}.attributes.stateless.memory: string`,
		],
	},
};
