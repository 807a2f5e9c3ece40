import { infer } from '../inference/infer';
import { readInfer, readInferOne } from '../inference/request';
import { notFound } from '../rest/errors';
import type { Route } from '../rest/route';
import type { ClusterState } from '../state/state';
import { start } from '../actions/start';
import { readStart, validateStart } from '../actions/startRequest';
import { readStop, stop } from '../actions/stop';
import { readUpdate, update } from '../actions/update';

const MODEL = '/_ml/trained_models/:id';
const PATH = `${MODEL}/deployment`;
const INFER = 'cluster:monitor/xpack/ml/inference/infer';

export const deploymentRoutes: Route[] = [
	{
		method: 'POST',
		path: `${PATH}/_update`,
		action: 'cluster:admin/xpack/ml/trained_models/deployment/update',
		prepare: ({ state, call }) => {
			const request = readUpdate(call);
			return async () => await update(state, call.pathParam('id'), request);
		},
	},
	{
		method: 'POST',
		path: `${PATH}/_stop`,
		action: 'cluster:admin/xpack/ml/trained_models/deployment/stop',
		prepare: ({ state, call, stopsAfterMs }) => {
			const request = readStop(call);
			return async () => await stop(state, call.pathParam('id'), request, stopsAfterMs);
		},
	},
	{
		method: 'POST',
		path: `${PATH}/_start`,
		action: 'cluster:admin/xpack/ml/trained_models/deployment/start',
		prepare: ({ state, call }) => {
			const request = readStart(call);
			return async () => {
				validateStart(request, state.features);
				return await start(state, request);
			};
		},
	},
	{
		method: 'POST',
		path: `${MODEL}/_infer`,
		action: INFER,
		prepare: ({ state, call }) => {
			const request = readInfer(call);
			return async () => ({ inference_results: await infer(state, request) });
		},
	},
	{
		method: 'POST',
		path: `${PATH}/_infer`,
		action: INFER,
		hiddenOnServerless: true,
		deprecation:
			'[POST /_ml/trained_models/{model_id}/deployment/_infer] is deprecated! Use [POST /_ml/trained_models/{model_id}/_infer] instead.',
		prepare: ({ state, call }) => {
			const request = readInferOne(call);
			return async () => (await infer(state, request))[0] ?? {};
		},
	},
	{
		method: 'POST',
		path: `${PATH}/cache/_clear`,
		action: 'cluster:admin/xpack/ml/trained_models/deployment/clear_cache',
		hiddenOnServerless: true,
		prepare:
			({ state, call }) =>
			() =>
				clearCache(state, call.pathParam('id')),
	},
];

/** Empties what the nodes remember; like `_stop` it takes exact ids only (docs/elasticsearch-behaviour.md, "Inference"). */
function clearCache(state: ClusterState, id: string): object {
	const deployment = state.deployments.get(id);
	if (!deployment) throw notFound(`No known model deployment with id [${id}]`);
	for (const route of deployment.routes.values()) route.cache.clear();
	return { cleared: true };
}
