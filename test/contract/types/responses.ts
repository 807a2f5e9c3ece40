import { routes } from '../../cluster/routes';

/** What Elastic's clients call the answer of each route. HEAD has no body. */
export const RESPONSES: Record<string, string> = {
	'GET /': 'InfoResponse',
	'GET /_security/user/_has_privileges': 'SecurityHasPrivilegesResponse',
	'POST /_security/user/_has_privileges': 'SecurityHasPrivilegesResponse',
	'GET /_security/_authenticate': 'SecurityAuthenticateResponse',
	'POST /_ml/trained_models/:id/deployment/_update': 'MlUpdateTrainedModelDeploymentResponse',
	'POST /_ml/trained_models/:id/deployment/_stop': 'MlStopTrainedModelDeploymentResponse',
	'POST /_ml/trained_models/:id/deployment/_start': 'MlStartTrainedModelDeploymentResponse',
	'POST /_ml/trained_models/:id/_infer': 'MlInferTrainedModelResponse',
	// Deprecated, and no method of the clients: it answers one bare result.
	'POST /_ml/trained_models/:id/deployment/_infer': 'MlInferenceResponseResult',
	'POST /_ml/trained_models/:id/deployment/cache/_clear':
		'MlClearTrainedModelDeploymentCacheResponse',
	'GET /_ml/trained_models/_stats': 'MlGetTrainedModelsStatsResponse',
	'GET /_ml/trained_models/:id/_stats': 'MlGetTrainedModelsStatsResponse',
	'GET /_ml/trained_models': 'MlGetTrainedModelsResponse',
	'GET /_ml/trained_models/:id': 'MlGetTrainedModelsResponse',
	'DELETE /_ml/trained_models/:id': 'MlDeleteTrainedModelResponse',
	'PUT /_ml/trained_models/:id/model_aliases/:alias': 'MlPutTrainedModelAliasResponse',
	'DELETE /_ml/trained_models/:id/model_aliases/:alias': 'MlDeleteTrainedModelAliasResponse',
	'GET /_ingest/pipeline': 'IngestGetPipelineResponse',
	'GET /_ingest/pipeline/:id': 'IngestGetPipelineResponse',
	'GET /_inference/_all': 'InferenceGetResponse',
	'GET /_inference/:task/:id': 'InferenceGetResponse',
	'GET /_inference': 'InferenceGetResponse',
	'GET /_inference/:id': 'InferenceGetResponse',
	'POST /_inference/:task/:id': 'InferenceInferenceResponse',
	'POST /_inference/:id': 'InferenceInferenceResponse',
	'PUT /_inference/:id/_update': 'InferenceUpdateResponse',
	'PUT /_inference/:task/:id/_update': 'InferenceUpdateResponse',
};

/** The routes that answer with a body, as they are named above. */
export const ROUTES = routes
	.filter(({ method }) => method !== 'HEAD')
	.map((route) => ({ ...route, name: `${route.method} ${route.path}` }));

/** What an answer with this status is to the clients. */
export function responseType(route: string, status: number): string {
	// A pipeline that is missing is an empty list.
	if (status === 200 || (status === 404 && route.includes('/_ingest/'))) return RESPONSES[route];
	return 'ErrorResponseBase';
}
