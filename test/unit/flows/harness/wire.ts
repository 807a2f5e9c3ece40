/** Requests as the flows send them, and bodies as the cluster answers them. */

import type { InferenceEndpoint } from '../../../../nodes/elasticsearch/api/inference';
import type { ApiRequest } from '../../../../nodes/elasticsearch/transport/connection';
import { success, type Result } from '../../../../nodes/elasticsearch/transport/failure';

const MODELS = '/_ml/trained_models';

export function lookAt(ids: string): Partial<ApiRequest> {
	return { method: 'GET', path: `${MODELS}/${ids}/_stats` };
}

export function act(id: string, verb: '_start' | '_stop' | '_update'): Partial<ApiRequest> {
	return { method: 'POST', path: `${MODELS}/${id}/deployment/${verb}` };
}

/** How a deployment is shown; of a model of its name, and started as it is asked for. */
export interface Shown {
	state?: string;
	wanted?: number;
	running?: number;
	/** Null where the cluster does not say. */
	startTime?: number | null;
	modelId?: string;
	lastAccess?: number;
	/** Whether the cluster shows neither its state nor its nodes. */
	hidden?: boolean;
}

/** `_stats` that shows these deployments. */
export function shows(deployments: Record<string, Shown>): Result<unknown> {
	return success({
		count: Object.keys(deployments).length,
		trained_model_stats: Object.entries(deployments).map(([id, shown]) => entry(id, shown)),
	});
}

function entry(id: string, shown: Shown): unknown {
	const { state = 'started', wanted = 2, running = wanted, startTime = 1_000 } = shown;
	const { modelId = id, lastAccess } = shown;
	if (shown.hidden === true) {
		const deployment = { deployment_id: id, model_id: modelId, number_of_allocations: wanted };
		return { model_id: modelId, deployment_stats: { ...deployment, start_time: startTime } };
	}
	return {
		model_id: modelId,
		deployment_stats: {
			deployment_id: id,
			model_id: modelId,
			state,
			number_of_allocations: wanted,
			allocation_status: {
				allocation_count: running,
				target_allocation_count: wanted,
				state: 'started',
			},
			start_time: startTime,
			nodes: [{ routing_state: { routing_state: 'started' }, last_access: lastAccess }],
		},
	};
}

export const STOPPED = success({ stopped: true });

/** What `_start` and `_update` answer. */
export function assignment(id: string, allocations: number): Result<unknown> {
	return success({
		assignment: {
			task_parameters: { deployment_id: id, number_of_allocations: allocations },
			assignment_state: 'started',
			start_time: '1970-01-01T00:00:01.000Z',
		},
	});
}

/** The inference endpoint that owns the deployment 'a'. */
export const OWN: InferenceEndpoint = {
	id: 'a',
	taskType: 'sparse_embedding',
	modelId: 'elser',
	deploymentId: 'a',
	isLocal: true,
	owner: true,
	isDefault: false,
};
