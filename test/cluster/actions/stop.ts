import { rebalance } from '../state/allocation';
import type { Call } from '../rest/call';
import {
	ElasticError,
	illegalArgument,
	masterNotDiscovered,
	notFound,
	refusal,
} from '../rest/errors';
import { pendingRequests } from '../state/counts';
import { ownsDeployments, type ClusterState, type Deployment } from '../state/state';
import { booleanValue, readObject, stringValue } from '../rest/strict';
import { viewOf } from '../state/views';

const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/stop';
/** Three minutes for the queue, three for the results (docs/elasticsearch-behaviour.md, "Stop: duration and work in flight"). */
const LONGEST_DRAIN = 360_000;
const DRAIN_STEPS = 10;
const STOPPED = { stopped: true };

export interface StopRequest {
	allowNoMatch: boolean;
	force: boolean;
	finishPendingWork: boolean;
}

/** Reads a request; with a body the query is not read at all (docs/elasticsearch-behaviour.md, "Stop: parameters"). */
export function readStop(call: Call): StopRequest {
	const request: StopRequest = { allowNoMatch: true, force: false, finishPendingWork: false };
	const body = call.json();
	if (!body) {
		request.allowNoMatch = call.flag('allow_no_match', true);
		request.force = call.flag('force', false);
		if (call.features.finishPendingWork) {
			request.finishPendingWork = call.flag('finish_pending_work', false);
		}
		return request;
	}
	let id = call.pathParam('id');
	readObject(body, PARSER, {
		model_id: (node) => (id = stringValue(node)),
		allow_no_match: (node) => (request.allowNoMatch = booleanValue(node)),
		force: (node) => (request.force = booleanValue(node)),
		...(call.features.finishPendingWork && {
			finish_pending_work: (node) => (request.finishPendingWork = booleanValue(node)),
		}),
	});
	if (id !== call.pathParam('id')) {
		throw illegalArgument(
			`Inconsistent model_id; '${id}' specified in the body differs from '${call.pathParam('id')}' specified as a URL argument`,
		);
	}
	return request;
}

/** Stops one deployment by its exact id; it goes on even where nobody waits for the answer (docs/elasticsearch-behaviour.md, "Stop"). */
export async function stop(
	state: ClusterState,
	id: string,
	request: StopRequest,
	stopsAfterMs?: number,
): Promise<object> {
	// `_stop` looks for the master at once, without a timeout.
	if (!state.knobs.masterPresent) throw masterNotDiscovered();
	const deployment = state.deployments.get(id);
	if (!deployment) {
		if (request.allowNoMatch) return STOPPED;
		throw notFound(`No known model deployment with id [${id}]`);
	}
	if (!request.force) refuseWhatIsInUse(state, id);
	if (deployment.stopping) {
		const fails = state.knobs.overlappingStops === 'fail';
		await deployment.stopping;
		if (fails) throw removalFailed();
		return STOPPED;
	}
	deployment.stopping = carryOut(state, deployment, request, stopsAfterMs);
	await deployment.stopping;
	return STOPPED;
}

function refuseWhatIsInUse(state: ClusterState, id: string): void {
	if (state.pipelinesNaming(id).length > 0) {
		throw refusal(
			409,
			`Cannot stop deployment [${id}] as it is referenced by ingest processors; use force to stop the deployment`,
		);
	}
	const alias = state.aliasesOf(id).find((name) => state.pipelinesNaming(name).length > 0);
	if (alias !== undefined) {
		throw refusal(
			409,
			`Cannot stop deployment [${id}] as it has a model_alias [${alias}] that is still referenced by ingest processors; use force to stop the deployment`,
		);
	}
	if (!state.features.stopGuardsEndpoints) return;
	state.requireEndpoints();
	if (state.ownerOf(id)) {
		throw refusal(
			409,
			`Cannot stop deployment [${id}] as it was created by inference endpoint [${id}]; use force to stop the deployment`,
		);
	}
	const user = [...state.endpoints.values()].find(
		(endpoint) => endpoint.deployment_id === id && !ownsDeployments(endpoint),
	);
	if (user) {
		throw refusal(
			409,
			`Cannot stop deployment [${id}] as it is used by inference endpoint [${user.inference_id}]; use force to stop the deployment`,
		);
	}
}

async function carryOut(
	state: ClusterState,
	deployment: Deployment,
	request: StopRequest,
	stopsAfterMs?: number,
): Promise<void> {
	state.stopped.push({ ...viewOf(state, deployment), at: state.clock.now() });
	deployment.assignment_state = 'stopping';
	deployment.reason = 'client API call';
	const drains = request.finishPendingWork && pendingRequests(deployment) > 0;
	if (drains) drain(state, deployment);
	else for (const route of deployment.routes.values()) route.state = 'stopping';
	state.changed();
	const wait = stopsAfterMs ?? (drains ? Math.min(deployment.drain_ms, LONGEST_DRAIN) : 0);
	if (wait > 0) await state.clock.sleep(wait);
	remove(state, deployment);
}

/** The queue empties bit by bit, as `_stats` shows. */
function drain(state: ClusterState, deployment: Deployment): void {
	const routes = [...deployment.routes.values()].map((route) => ({
		route,
		pending: route.pending_requests,
	}));
	for (let step = 1; step <= DRAIN_STEPS; step++) {
		state.clock.after((deployment.drain_ms * step) / DRAIN_STEPS, () => {
			for (const { route, pending } of routes) {
				route.pending_requests = Math.ceil(pending * (1 - step / DRAIN_STEPS));
			}
		});
	}
}

/** Deletes the assignment; others may use what it held. */
export function remove(state: ClusterState, deployment: Deployment): void {
	if (state.deployments.get(deployment.deployment_id) === deployment) {
		state.deployments.delete(deployment.deployment_id);
		rebalance(state);
	}
	state.changed();
}

function removalFailed(): ElasticError {
	return new ElasticError(
		500,
		'exception',
		'failed to delete model assignment after nodes unallocated the deployment. Attempt to stop again',
	);
}
