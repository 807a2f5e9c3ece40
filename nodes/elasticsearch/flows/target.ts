/** Finds the deployment that a text is for, each once for all items of an execution. */

import { lookUp } from '../api/deployments';
import { inputFieldOf } from '../api/models';
import type { Deployment } from '../deployment/state';
import type { Connection } from '../transport/connection';
import { failed, success, type Result } from '../transport/failure';
import { problem, type FlowResult } from './failure';

/** The deployment that a text is for. */
export interface Target {
	/** As the look showed it. */
	deployment: Deployment;
	/**
	 * Milliseconds on the clock of the connection at which it first gave no answer, and none since;
	 * undefined while it answers.
	 */
	silentSince?: number;
}

/** What the items of an execution share when they ask deployments. */
export interface Targets {
	/** @param id of a deployment, or a model's id or alias that means exactly one deployment */
	find(connection: Connection, id: string): Promise<FlowResult<Target>>;
	/** The field of a document that a model reads. */
	inputField(connection: Connection, modelId: string): Promise<Result<string>>;
}

/** Opens the look-ups of one execution; a look that failed is made again for the next item. */
export function findTargets(): Targets {
	const targets = new Map<string, Promise<FlowResult<Target>>>();
	const fields = new Map<string, Promise<Result<string>>>();
	const find: Targets['find'] = async (connection, id) =>
		await once(targets, id, async () => await targetOf(connection, id, find));
	return {
		find,
		inputField: async (connection, modelId) =>
			await once(fields, modelId, async () => await inputFieldOf(connection, modelId)),
	};
}

async function once<T extends FlowResult<unknown>>(
	known: Map<string, Promise<T>>,
	key: string,
	look: () => Promise<T>,
): Promise<T> {
	const found = known.get(key) ?? look();
	known.set(key, found);
	const result = await found;
	const isOpen = !result.ok && result.failure.kind !== 'problem';
	if (isOpen) known.delete(key);
	return result;
}

/**
 * Where a model has several deployments, Elasticsearch draws one of them, so that nobody knows which
 * one answers (docs/elasticsearch-behaviour.md, "Inference: requests and answers").
 */
async function targetOf(
	connection: Connection,
	id: string,
	find: Targets['find'],
): Promise<FlowResult<Target>> {
	const look = await lookUp(connection, id);
	if (!look.ok) return look;
	const { value } = look;
	if (value.found === 'deployment') return success({ deployment: value.deployment });
	if (value.found === 'other_ids' && value.deploymentIds.length === 1) {
		// Under all its names it is the same target, which is woken once and waited for once.
		return await find(connection, value.deploymentIds[0]);
	}
	return failed(problem({ code: 'not_found', id, look: value }));
}
