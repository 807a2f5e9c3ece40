import { notFound, refusal, type ElasticError } from '../rest/errors';
import { runningAllocations } from '../state/counts';
import type { ClusterState, Deployment, Model } from '../state/state';

/**
 * The deployment behind the id of a deployment, an alias or the id of a model; a model that needs
 * none is its own answer (docs/elasticsearch-behaviour.md, "Inference").
 */
export function deploymentFor(state: ClusterState, id: string): Deployment | Model {
	const concrete = state.aliases.get(id) ?? id;
	const exact = state.deployments.get(concrete);
	if (exact) return exact;
	const ofModel = state.deploymentsOf(concrete);
	const usable = ofModel.find((deployment) => runningAllocations(deployment) > 0) ?? ofModel[0];
	if (usable) return usable;
	if (state.lost.has(id)) throw noTask(id);
	const model = state.models.get(concrete);
	if (!model) throw notFound(`Could not find trained model [${id}]`);
	if (model.model_type !== 'pytorch') return model;
	throw refusal(
		409,
		`Model [${id}] must be deployed to use. Please deploy with the start trained model deployment API.`,
	);
}

/** The cluster state knows a deployment, and no node does, or the other way round (docs/elasticsearch-behaviour.md, "Inference"). */
export function noTask(id: string): ElasticError {
	return refusal(
		404,
		`Unable to find model deployment task [${id}] please stop and start the deployment or try again momentarily`,
	);
}

/** @param asked the id in the request */
export function notAllocated(asked: string): ElasticError {
	return refusal(409, `Trained model deployment [${asked}] is not allocated to any nodes`);
}
