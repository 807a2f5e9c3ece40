import { ElasticError } from '../rest/errors';
import { deploymentFor, infer } from '../actions/infer';
import type { Route, RunContext } from '../rest/route';
import { start } from '../actions/start';
import { readStart, validateStart } from '../actions/startRequest';
import { readStop, stop } from '../actions/stop';
import { readUpdate, update } from '../actions/update';

const MODEL = '/_ml/trained_models/:id';
const PATH = `${MODEL}/deployment`;

/** `_infer`: one result for each document. */
function inferDocuments({ state, call }: RunContext) {
	const timeoutMs = call.duration('timeout');
	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	const documents = body.fields.find(({ name }) => name === 'docs')?.node.items ?? [];
	return async () => {
		const deployment = deploymentFor(state, call.pathParam('id'));
		await infer(state, deployment, documents.length, timeoutMs);
		return { inference_results: documents.map(() => ({ predicted_value: [0.125, -0.5, 0.25] })) };
	};
}

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
				validateStart(request);
				return await start(state, request);
			};
		},
	},
	...[`${MODEL}/_infer`, `${PATH}/_infer`].map((path): Route => ({
		method: 'POST',
		path,
		action: 'cluster:monitor/xpack/ml/inference/infer',
		prepare: inferDocuments,
	})),
	{
		method: 'POST',
		path: `${PATH}/cache/_clear`,
		action: 'cluster:monitor/xpack/ml/inference/infer',
		prepare:
			({ state, call }) =>
			() => {
				deploymentFor(state, call.pathParam('id'));
				return { cleared: true };
			},
	},
];
