import {
	CANNOT_BE_SET,
	mergeAdaptive,
	problemsOf,
	readAdaptive,
	sameAdaptive,
	type AdaptivePatch,
} from './adaptive';
import { applyPlan, planFor } from '../state/allocation';
import { assignmentAnswer } from './assignment';
import type { Call } from '../rest/call';
import { ElasticError, invalid, notFound, refusal } from '../rest/errors';
import { requireMaster } from '../settings/master';
import type { ClusterState, Deployment } from '../state/state';
import { intValue, readObject, stringValue } from '../rest/strict';
import type { AdaptiveAllocations } from '../types';

const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/update';

export interface UpdateRequest {
	number?: number;
	adaptive?: AdaptivePatch | null;
	masterTimeoutMs?: number;
	/** The cluster's own updates pass the guards of the API (docs/elasticsearch-behaviour.md, "Adaptive allocations: the scaler"). */
	internal?: boolean;
}

/** Reads a request (docs/elasticsearch-behaviour.md, "Update: parameters"): a number in the query makes the body a mistake. */
export function readUpdate(call: Call): UpdateRequest {
	const id = call.pathParam('id');
	call.duration('timeout');
	const masterTimeoutMs = call.duration('master_timeout');
	const inQuery = call.features.updateByQuery ? call.int('number_of_allocations') : undefined;
	if (inQuery !== undefined) return { number: inQuery, masterTimeoutMs };

	const body = call.json();
	if (!body) throw new ElasticError(400, 'parse_exception', 'request body is required');
	const request: UpdateRequest = { masterTimeoutMs };
	// Up to 8.14 the number is a plain int that starts at 0.
	if (!call.features.updateByQuery) request.number = 0;
	let idInBody = id;
	readObject(body, PARSER, {
		model_id: (node) => (idInBody = stringValue(node)),
		number_of_allocations: (node) => (request.number = intValue(node)),
		timeout: (node) => void stringValue(node),
		...(call.features.adaptive && {
			adaptive_allocations: (node) => (request.adaptive = readAdaptive(node)),
		}),
	});
	if (idInBody !== id) {
		throw refusal(
			400,
			`Inconsistent model_id; '${idInBody}' specified in the body differs from '${id}' specified as a URL argument`,
		);
	}
	return request;
}

/** Carries an update out; the checks stand in the order of docs/elasticsearch-behaviour.md, "Update: order of checks". */
export async function update(
	state: ClusterState,
	id: string,
	request: UpdateRequest,
): Promise<object> {
	validate(request);
	await requireMaster(state, request.masterTimeoutMs);
	const guards = state.features.updateGuardsEndpoints && !request.internal;
	if (guards) state.requireEndpoints();
	const owner = state.ownerOf(id);
	if (guards && owner) {
		throw refusal(
			409,
			`Cannot update deployment [${id}] as it was created by inference endpoint [${owner.inference_id}]. This model deployment must be updated through the inference API.`,
		);
	}
	const deployment = state.deployments.get(id);
	if (!deployment) throw notFound(`No known model deployment with id [${id}]`);

	const adaptive = merged(state, deployment, request);
	const number = request.number ?? deployment.number_of_allocations;
	const sameNumber = number === deployment.number_of_allocations;
	if (!sameNumber || !sameAdaptive(adaptive, deployment.adaptive)) {
		change(state, deployment, number, adaptive);
	}
	return assignmentAnswer(deployment, state.features);
}

function validate({ number, adaptive }: UpdateRequest): void {
	const problems: string[] = [];
	if (number !== undefined && number < 1) {
		problems.push('[number_of_allocations] must be a positive integer');
	}
	if (number !== undefined && adaptive?.enabled) problems.push(CANNOT_BE_SET);
	if (adaptive) problems.push(...problemsOf(mergeAdaptive(null, adaptive)));
	if (problems.length > 0) throw invalid(problems);
}

function merged(
	state: ClusterState,
	deployment: Deployment,
	request: UpdateRequest,
): AdaptiveAllocations | null {
	const settings = mergeAdaptive(deployment.adaptive, request.adaptive);
	// Serverless can't switch them off (docs/elasticsearch-behaviour.md, "Serverless").
	const adaptive = state.features.serverless ? { ...settings, enabled: true } : settings;
	if (request.number !== undefined && adaptive?.enabled && !request.internal) {
		throw invalid([CANNOT_BE_SET], 'validation_exception');
	}
	const problems = problemsOf(adaptive);
	if (problems.length > 0) throw invalid(problems);
	return adaptive;
}

function change(
	state: ClusterState,
	deployment: Deployment,
	number: number,
	adaptive: AdaptiveAllocations | null,
): void {
	guardLowPriority(state, deployment, number, adaptive);
	if (deployment.assignment_state !== 'started') {
		throw refusal(409, 'cannot update deployment that is not in [started] state');
	}
	resize(state, deployment, number);
	deployment.adaptive = adaptive;
	state.changed();
}

function guardLowPriority(
	state: ClusterState,
	deployment: Deployment,
	number: number,
	adaptive: AdaptiveAllocations | null,
): void {
	if (deployment.priority !== 'low') return;
	const { updateGuardsLowPriority, guardsLowPriorityRange } = state.features;
	if (updateGuardsLowPriority && number > 1 && number !== deployment.number_of_allocations) {
		throw invalid(
			['[number_of_allocations] must be 1 when [priority] is low'],
			'validation_exception',
		);
	}
	if (guardsLowPriorityRange && (adaptive?.max_number_of_allocations ?? 1) > 1) {
		throw invalid(
			['[max_number_of_allocations] must be 1 when [priority] is low'],
			'validation_exception',
		);
	}
}

/** Sets the number. An increase plans for all deployments, and without room it changes nothing: 429 (docs/elasticsearch-behaviour.md, "Update: capacity"). */
export function resize(state: ClusterState, deployment: Deployment, number: number): void {
	const before = deployment.number_of_allocations;
	if (number === before) return;
	deployment.number_of_allocations = number;
	const plan = planFor(state);
	const short = plan.shortfalls.has(deployment.deployment_id);
	if (number > before && short && !state.knobs.scalingPossible) {
		deployment.number_of_allocations = before;
		throw refusal(
			429,
			'Could not update deployment because there are not enough resources to provide all requested allocations',
		);
	}
	applyPlan(state, plan, number < before ? deployment : undefined);
}
