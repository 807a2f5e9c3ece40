import { allocate } from '../actions/start';
import { requireLicence } from '../actions/startRules';
import { ElasticError, notFound, refusal } from '../rest/errors';
import { printDuration } from '../settings/durations';
import { newDeployment } from '../state/newDeployment';
import { endpointDeployment, seedModel } from '../state/seeding';
import type { ClusterState, Deployment, Endpoint } from '../state/state';
import { deploymentOf } from './endpoints';
import { askAll } from './infer';
import { noTask } from './lookUp';
import { running } from './waking';

export interface EndpointRequest {
	inputs: string[];
	/** What a rerank compares the inputs with. */
	query?: string;
	returnDocuments: boolean;
	timeoutMs: number;
}

/** Inference through an endpoint. A default endpoint's deployment starts by itself on first use (docs/elasticsearch-behaviour.md, "Inference endpoints"). */
export async function useEndpoint(
	state: ClusterState,
	endpoint: Endpoint,
	request: EndpointRequest,
): Promise<object> {
	const { timeoutMs } = request;
	try {
		const deployment =
			deploymentOf(state, endpoint) ?? (await startOwn(state, endpoint, timeoutMs));
		const id = deployment.deployment_id;
		const ask = questionsOf(endpoint, request);
		return results(endpoint, request, await askAll(state, deployment, id, ask, timeoutMs));
	} catch (error) {
		throw isTimeout(error) ? timedOut(state, endpoint, timeoutMs) : error;
	}
}

async function startOwn(
	state: ClusterState,
	endpoint: Endpoint,
	timeoutMs: number,
): Promise<Deployment> {
	const id = endpoint.deployment_id ?? endpoint.inference_id;
	if (state.lost.has(id)) throw noTask(id);
	if (endpoint.orphan || (!endpoint.default && !state.features.stoppedConflicts)) {
		throw notFound(`Could not find trained model [${id}]`);
	}
	if (!endpoint.default) throw refusal(409, `Trained model deployment [${id}] is stopped`);
	requireLicence(state);
	const seed = endpointDeployment(endpoint, endpoint.model_id ?? id);
	// The first use downloads the built-in model too.
	if (!state.models.has(seed.model_id)) seedModel(state, { model_id: seed.model_id });
	const deployment = newDeployment(state, seed);
	deployment.assignment_state = 'starting';
	allocate(state, deployment);
	await running(state, deployment, timeoutMs);
	return deployment;
}

function questionsOf(endpoint: Endpoint, { inputs, query = '' }: EndpointRequest) {
	const config =
		endpoint.task_type === 'rerank'
			? { task: 'text_similarity', options: { text: query } }
			: undefined;
	return inputs.map((text) => () => ({ text, config }));
}

/** A deployment's answers in the words of the inference API. */
function results(endpoint: Endpoint, request: EndpointRequest, answers: object[]): object {
	const values = answers.map((answer) => answer as { predicted_value?: unknown });
	switch (endpoint.task_type) {
		case 'sparse_embedding':
			return {
				sparse_embedding: values.map((answer) => ({
					is_truncated: 'is_truncated' in answer,
					embedding: answer.predicted_value,
				})),
			};
		case 'rerank':
			return { rerank: ranked(request, values) };
		default:
			return {
				[endpoint.task_type]: values.map((answer) => ({ embedding: answer.predicted_value })),
			};
	}
}

/** The most relevant first; a logit becomes a share between 0 and 1. */
function ranked(
	{ inputs, returnDocuments }: EndpointRequest,
	values: Array<{ predicted_value?: unknown }>,
): object[] {
	return values
		.map(({ predicted_value: value }, index) => ({
			index,
			relevance_score: 1 / (1 + Math.exp(-Number(value))),
			...(returnDocuments && { text: inputs[index] }),
		}))
		.sort((a, b) => b.relevance_score - a.relevance_score);
}

function isTimeout(error: unknown): boolean {
	return error instanceof ElasticError && error.status === 408;
}

/** A timeout of this API: 408, from 9.4 on 504, later 429 that says so (docs/elasticsearch-behaviour.md, "Inference"). */
function timedOut(state: ClusterState, endpoint: Endpoint, timeoutMs: number): ElasticError {
	const status = state.knobs.inferenceTimeout ?? state.features.inferenceTimeout;
	const reason = `Request timed out after [${printDuration(timeoutMs)}]`;
	if (status !== 429) return refusal(status, reason);
	return new ElasticError(
		429,
		'timeout_exception',
		`${reason} for inference id [${endpoint.inference_id}]`,
		{ metadata: { timed_out: true } },
	);
}
