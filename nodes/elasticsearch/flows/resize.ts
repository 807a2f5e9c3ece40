/** Changes the allocations of a running deployment, for Update and Scale. */

import type { IDataObject } from 'n8n-workflow';

import {
	bodyOverAdaptive,
	updateBody,
	type Allocations,
	type WhenAdaptive,
} from '../deployment/allocations';
import { updateDeployment, updateRequest } from '../api/deployments';
import { resizeEndpoint, resizeRequest, type InferenceEndpoint } from '../api/inference';
import type { ApiRequest, Connection } from '../transport/connection';
import { failed, type Failure, type Result } from '../transport/failure';
import { refusalOf } from '../api/refusals';
import { problem, refusalIn, type FlowFailure, type FlowResult } from './failure';
import type { Deployment } from '../deployment/state';

/** What to do if an inference endpoint created the deployment: from 9.2 on `_update` refuses it. */
export type WhenEndpointOwned = 'error' | 'inferenceApi';

export interface ResizeGoal {
	allocations: Allocations;
	whenAdaptive: WhenAdaptive;
	whenEndpointOwned: WhenEndpointOwned;
}

function isRuledOutByAdaptive(failure: Failure): boolean {
	return refusalOf(failure) === 'adaptive_is_on';
}

/**
 * Sends the allocations as asked, and the other call only if the cluster rules them out: so it
 * needs no read before the write, and older clusters never get a field that they do not know.
 * With `inferenceApi`, what an inference endpoint owns goes through the inference API at once.
 * @param endpoints looks them up, and is called only if they are needed
 * @returns the assignment; null if the inference API did it, whose answer holds none
 */
export async function resize(
	connection: Connection,
	id: string,
	goal: ResizeGoal,
	endpoints: () => Promise<InferenceEndpoint[] | null>,
): Promise<FlowResult<IDataObject | null>> {
	const { allocations, whenAdaptive, whenEndpointOwned } = goal;
	const plain = async (): Promise<Result<IDataObject>> =>
		await updateDeployment(connection, id, updateBody(allocations));
	if (allocations.mode === 'adaptive') return await plain();
	const { number } = allocations;
	if (whenEndpointOwned === 'inferenceApi') {
		const owner = (await endpoints())?.find((each) => each.owner && each.id === id);
		const resized = owner && (await throughEndpoint(connection, id, owner.taskType, number));
		// Before 8.17 the inference API cannot resize, but _update may.
		if (resized !== undefined && (resized.ok || !isUnknownPath(resized.failure))) return resized;
	}
	const first = await plain();
	if (first.ok) return first;
	if (whenEndpointOwned === 'inferenceApi' && refusalOf(first.failure) === 'endpoint_owned') {
		return await throughEndpoint(connection, id, undefined, number);
	}
	if (whenAdaptive === 'error' || !isRuledOutByAdaptive(first.failure)) return first;
	const second = await updateDeployment(connection, id, bodyOverAdaptive(number, whenAdaptive));
	if (second.ok || !isRuledOutByAdaptive(second.failure)) return second;
	// Serverless keeps adaptive allocations on (docs/elasticsearch-behaviour.md, "Serverless").
	return failed(problem({ code: 'adaptive_kept_on', id }, second.failure));
}

/** The inference API sets a number only; it cannot change the bounds of adaptive endpoints. */
async function throughEndpoint(
	connection: Connection,
	id: string,
	taskType: string | undefined,
	number: number,
): Promise<FlowResult<null>> {
	const resized = await resizeEndpoint(connection, id, taskType, number);
	if (resized.ok || !isRuledOutByAdaptive(resized.failure)) return resized;
	return failed(problem({ code: 'adaptive_endpoint', id }, resized.failure));
}

/** An endpoint's id may end in "deployment", so that its path reads like that of `_update`. */
function isUnknownPath(failure: FlowFailure): boolean {
	if ('status' in failure && failure.status === 405) return true;
	const refusal = refusalIn(failure);
	return refusal === 'no_api' || refusal === 'no_update_api';
}

/** What a resize of this deployment would send, or the refusal that it would meet. */
export function plannedResize(
	deployment: Deployment,
	goal: ResizeGoal,
	owner: InferenceEndpoint | undefined,
): { ok: true; body: IDataObject; request: ApiRequest } | { ok: false; failure: FlowFailure } {
	const { allocations, whenAdaptive, whenEndpointOwned } = goal;
	const { id } = deployment;
	let body = updateBody(allocations);
	if (allocations.mode === 'fixed') {
		if (owner !== undefined && whenEndpointOwned === 'inferenceApi') {
			return { ok: true, body, request: resizeRequest(id, owner.taskType, allocations.number) };
		}
		if (deployment.adaptive?.enabled === true) {
			if (whenAdaptive === 'error') {
				return failed({ kind: 'foreseen', refusal: 'adaptive_is_on', purpose: 'update' });
			}
			body = bodyOverAdaptive(allocations.number, whenAdaptive);
		}
	}
	return { ok: true, body, request: updateRequest(id, body) };
}
