import {
	CANNOT_BE_SET,
	mergeAdaptive,
	readAdaptive,
	type AdaptivePatch,
} from '../actions/adaptive';
import { update } from '../actions/update';
import type { Call } from '../rest/call';
import { ElasticError, invalid, refusal } from '../rest/errors';
import { intValue, readObject } from '../rest/strict';
import { ownsDeployments, type ClusterState, type Endpoint } from '../state/state';
import { deploymentOf, printEndpoint } from './endpoints';

export interface EndpointUpdate {
	number?: number;
	adaptive?: AdaptivePatch | null;
}

const SETTINGS = ['num_allocations', 'adaptive_allocations'];
const UPDATABLE = ['task_type', 'task_settings', 'service_settings'];

/**
 * Reads `PUT …/_update`: other keys, such as `service`, are refused, other settings are passed over
 * (docs/elasticsearch-behaviour.md, "Inference endpoints").
 */
export function readEndpointUpdate(call: Call): EndpointUpdate {
	if (call.features.inferenceUpdateTimeout) call.duration('timeout');
	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	const fixed = body.fields.filter(({ name }) => !UPDATABLE.includes(name));
	if (fixed.length > 0) {
		const list = fixed.map(({ name, node }) => `${name}=${String(node.value)}`).join(', ');
		throw refusal(
			400,
			`Request contained fields which cannot be updated, remove these fields and try again [{${list}}]`,
		);
	}
	const request: EndpointUpdate = {};
	const settings = body.fields.find(({ name }) => name === 'service_settings')?.node;
	if (settings) {
		const known = settings.fields.filter(({ name }) => SETTINGS.includes(name));
		readObject({ ...settings, fields: known }, 'service_settings', {
			num_allocations: (node) => void (request.number = intValue(node)),
			adaptive_allocations: (node) => void (request.adaptive = readAdaptive(node)),
		});
	}
	return request;
}

/** Changes an endpoint's own deployment; what it is only attached to belongs to the trained models API (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export async function updateEndpoint(
	state: ClusterState,
	endpoint: Endpoint,
	request: EndpointUpdate,
): Promise<object> {
	const { inference_id: id, deployment_id: attached } = endpoint;
	if (!ownsDeployments(endpoint)) {
		throw refusal(
			409,
			`Cannot update inference endpoint [${id}] using model deployment [${attached ?? id}]. The model deployment must be updated through the trained models API.`,
		);
	}
	if (request.number !== undefined && request.number < 1) {
		throw invalid(
			[
				`[service_settings] Invalid value [${request.number}]. [num_allocations] must be a positive integer`,
			],
			'validation_exception',
		);
	}
	const stored = deploymentOf(state, endpoint)?.adaptive ?? endpoint.adaptive_allocations ?? null;
	const adaptive = mergeAdaptive(stored, request.adaptive);
	if (request.number !== undefined && adaptive?.enabled) {
		throw invalid([CANNOT_BE_SET], 'validation_exception');
	}
	await update(state, id, { ...request, internal: true });
	if (request.number !== undefined) endpoint.num_allocations = request.number;
	endpoint.adaptive_allocations = adaptive;
	return printEndpoint(state, endpoint);
}
