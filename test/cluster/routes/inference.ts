import type { Call } from '../rest/call';
import { ElasticError } from '../rest/errors';
import { findEndpoint, printEndpoint } from '../inference/endpoints';
import { readEndpointUpdate, updateEndpoint } from '../inference/endpointUpdate';
import { useEndpoint, type EndpointRequest } from '../inference/endpointUse';
import type { Route, RunContext } from '../rest/route';
import type { Features } from '../settings/versions';

const DEFAULT_TIMEOUT_MS = 30_000;
const since = (features: Features): boolean => features.inferenceApi;
/** The id alone exists from 8.13 on, the bare list from 8.14 (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
const sinceIds = (features: Features): boolean => features.inferenceEndpoints;

function list({ state, call }: RunContext) {
	call.flag('default_only', false);
	return () => {
		state.requireEndpoints();
		const task = call.pathParam('task');
		const id = call.pathParam('id');
		const all = id === '' || id === '_all' || id === '*';
		const endpoints = all
			? [...state.endpoints.values()].filter(
					(endpoint) => task === '' || task === '_all' || endpoint.task_type === task,
				)
			: [findEndpoint(state, id, task)];
		const sorted = [...endpoints].sort((a, b) => (a.inference_id < b.inference_id ? -1 : 1));
		const printed = sorted.map((endpoint) => printEndpoint(state, endpoint));
		return state.features.inferenceEndpoints ? { endpoints: printed } : { models: printed };
	};
}

function readUse(call: Call): EndpointRequest {
	const timeoutMs = call.duration('timeout') ?? DEFAULT_TIMEOUT_MS;
	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	const field = (name: string) => body.fields.find((each) => each.name === name)?.node;
	const input = field('input');
	const inputs =
		input?.kind === 'array'
			? input.items.map(({ value }) => String(value))
			: [String(input?.value)];
	const query = field('query');
	const returnDocuments = field('return_documents')?.value === true;
	return { inputs, ...(query && { query: String(query.value) }), returnDocuments, timeoutMs };
}

function use({ state, call }: RunContext) {
	const request = readUse(call);
	return async () => {
		const endpoint = findEndpoint(state, call.pathParam('id'), call.pathParam('task'));
		return await useEndpoint(state, endpoint, request);
	};
}

function change({ state, call }: RunContext) {
	const request = readEndpointUpdate(call);
	return async () => {
		const endpoint = findEndpoint(state, call.pathParam('id'), call.pathParam('task'));
		return await updateEndpoint(state, endpoint, request);
	};
}

const READ = 'cluster:monitor/xpack/inference/get';
const USE = 'cluster:monitor/xpack/inference';
const UPDATE = 'cluster:admin/xpack/inference/update';

export const inferenceRoutes: Route[] = [
	...['/_inference/_all', '/_inference/:task/:id'].map((path): Route => ({
		method: 'GET',
		path,
		action: READ,
		since,
		prepare: list,
	})),
	...['/_inference', '/_inference/:id'].map((path): Route => ({
		method: 'GET',
		path,
		action: READ,
		since: sinceIds,
		prepare: list,
	})),
	{ method: 'POST', path: '/_inference/:task/:id', action: USE, since, prepare: use },
	{ method: 'POST', path: '/_inference/:id', action: USE, since: sinceIds, prepare: use },
	...['/_inference/:id/_update', '/_inference/:task/:id/_update'].map((path): Route => ({
		method: 'PUT',
		path,
		action: UPDATE,
		since: (features) => features.inferenceUpdate,
		prepare: change,
	})),
];
