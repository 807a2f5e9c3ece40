import { resolve } from '../state/addressing';
import { ElasticError, notFound, refusal, unknownModels } from '../rest/errors';
import type { StartRequest } from './startRequest';
import type { ClusterState, Model } from '../state/state';

/** 403 that is no matter of permissions: the licence (docs/elasticsearch-behaviour.md, "Security: 403"). */
export function requireLicence(state: ClusterState): void {
	if (state.knobs.licensed) return;
	throw new ElasticError(403, 'security_exception', 'current license is non-compliant for [ml]', {
		metadata: { 'license.expired.feature': 'ml' },
	});
}

/** All that refuses a start before capacity is asked, in the order of the table in docs/elasticsearch-behaviour.md, "Start: errors". */
export function refuseStart(state: ClusterState, request: StartRequest): Model {
	const { deploymentId: id, modelExpression } = request;
	if (state.knobs.upgradeInProgress) {
		throw refusal(
			403,
			`Cannot start model deployment [${id}] while cluster upgrade is in progress.`,
		);
	}
	if (state.deployments.size >= state.knobs.maxDeployments) {
		throw refusal(
			429,
			`Could not start model deployment because existing deployments reached the limit of [${state.knobs.maxDeployments}]`,
		);
	}
	if (state.deployments.has(id)) {
		throw refusal(
			400,
			`Could not start model deployment because an existing deployment with the same id [${id}] exist`,
		);
	}
	if (state.endpoints.has(modelExpression)) {
		throw refusal(
			400,
			`Inference endpoint IDs must be unique. Requested inference endpoint ID [${modelExpression}] matches existing trained model ID(s) but must not.`,
		);
	}
	const model = oneModel(state, modelExpression);
	refuseModel(state, model, id);
	if (state.knobs.featureReset) {
		throw refusal(
			409,
			`cannot create new assignment [${id}] for model [${model.model_id}] while feature reset is in progress.`,
		);
	}
	return model;
}

function oneModel(state: ClusterState, expression: string): Model {
	const matches = resolve(state, expression, { allowNoMatch: true, deploymentIds: false });
	if (matches.length === 0) throw unknownModels([expression], state.features);
	if (matches.length > 1) {
		const ids = matches.map(({ model }) => model.model_id).join(', ');
		throw refusal(
			400,
			`cannot deploy more than one model at the same time; [${expression}] matches models [${ids}]`,
		);
	}
	return matches[0].model;
}

function refuseModel(state: ClusterState, model: Model, deploymentId: string): void {
	const id = model.model_id;
	if (model.model_type !== 'pytorch') {
		throw refusal(
			400,
			`model [${id}] of type [${model.model_type}] cannot be deployed. Only PyTorch models can be deployed`,
		);
	}
	if (deploymentId !== id && state.models.has(deploymentId)) {
		throw refusal(
			400,
			`Deployment id [${deploymentId}] is the same as an another model which is not the model being deployed. Deployment id can be the same as the model being deployed but cannot match a different model`,
		);
	}
	switch (model.definition) {
		case 'missing':
			throw notFound(`Could not find trained model definition [${id}]`);
		case 'truncated':
			throw refusal(
				400,
				`Model definition truncated. Unable to deserialize trained model definition [${id}]`,
			);
		case 'downloading':
			throw refusal(
				408,
				`Model download task is currently running. Wait for trained model [${id}] download task to complete then try again`,
			);
		case 'no_location':
			throw new ElasticError(500, 'exception', `model [${id}] does not have location`);
		case 'complete':
	}
}
