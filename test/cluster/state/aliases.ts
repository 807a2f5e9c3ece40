import { illegalArgument, notFound } from '../rest/errors';
import type { ClusterState } from './state';

/** `PUT …/model_aliases/{alias}`: an alias moves to another model only with `reassign`. */
export function putAlias(
	state: ClusterState,
	modelId: string,
	alias: string,
	reassign: boolean,
): object {
	if (!state.models.has(modelId)) throw notFound(`Could not find trained model [${modelId}]`);
	if (state.models.has(alias)) {
		throw illegalArgument(`model_alias cannot be the same as model_id [${alias}]`);
	}
	const old = state.aliases.get(alias);
	if (old !== undefined && old !== modelId && !reassign) {
		throw illegalArgument(
			`cannot assign model_alias [${alias}] to model_id [${modelId}] as model_alias already refers to [${old}]. Set parameter [reassign] to [true] if model_alias should be reassigned.`,
		);
	}
	const wasDeployed = old !== undefined && state.deploymentsOf(old).length > 0;
	if (wasDeployed && old !== modelId && state.deploymentsOf(modelId).length === 0) {
		throw illegalArgument(
			`cannot reassign model_alias [${alias}] to model [${modelId}] from model [${old}] as it is not yet deployed`,
		);
	}
	state.aliases.set(alias, modelId);
	return { acknowledged: true };
}

export function deleteAlias(state: ClusterState, modelId: string, alias: string): object {
	const target = state.aliases.get(alias);
	if (target === undefined) {
		throw notFound(`model_alias [${alias}] could not be found for model [${modelId}]`);
	}
	if (target !== modelId) {
		throw illegalArgument(
			`model_alias [${alias}] does not refer to provided model_id [${modelId}]`,
		);
	}
	state.aliases.delete(alias);
	return { acknowledged: true };
}
