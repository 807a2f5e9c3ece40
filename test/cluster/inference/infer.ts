import { requireLicence } from '../actions/startRules';
import { illegalArgument, notFound, refusal } from '../rest/errors';
import type { JsonNode } from '../rest/json';
import { shownState } from '../state/counts';
import type { ClusterState, Deployment, Model } from '../state/state';
import { answerTo } from './answers';
import { deploymentFor, noTask, notAllocated } from './lookUp';
import { evaluate } from './process';
import type { InferRequest } from './request';
import type { TaskConfig } from './tasks';
import { wake } from './waking';

const API_TIMEOUT_MS = 10_000;

/** A text as it is asked, with what the request changes of the model's settings. */
export interface Question {
	text: string;
	config?: TaskConfig;
}

/** `POST …/_infer`: a result for each document, or the first failure (docs/elasticsearch-behaviour.md, "Inference"). */
export async function infer(state: ClusterState, request: InferRequest): Promise<object[]> {
	const { id, documents, config, timeoutMs } = request;
	// Bundled models of this kind need no licence.
	if (state.models.get(id)?.model_type !== 'lang_ident') requireLicence(state);
	const found = deploymentFor(state, id);
	if (!('deployment_id' in found)) return documents.map(() => withoutDeployment(found));
	const model = modelOf(state, found);
	const ask = (node: JsonNode): Question => ({ text: inputOf(node, model), config });
	return await askAll(
		state,
		found,
		id,
		documents.map((node) => () => ask(node)),
		timeoutMs,
	);
}

/**
 * Asks a deployment: wakes it from zero, and moves the counters that `_stats` shows.
 * @param asked the id in the request, for its errors
 * @param questions read only where the deployment can take them
 */
export async function askAll(
	state: ClusterState,
	deployment: Deployment,
	asked: string,
	questions: Array<() => Question>,
	timeoutMs: number | undefined,
): Promise<object[]> {
	const id = deployment.deployment_id;
	// What the cluster state calls failed or starting has no started route, which is found out below.
	if (shownState(deployment) === 'stopping') throw refusal(409, stopping(state, id));
	const hasRoute = (): boolean => [...deployment.routes.values()].some(isOpen);
	if (!hasRoute()) await wake(state, deployment, asked, timeoutMs);
	const route = [...deployment.routes].find(([, each]) => each.state === 'started');
	if (!route) {
		const open = [...deployment.routes.values()].some(isOpen);
		// A route without a process: a node that shuts down, or one that was forgotten.
		throw open ? noTask(id) : notAllocated(asked);
	}
	const model = modelOf(state, deployment);
	const answers: object[] = [];
	for (const read of questions) {
		const answer = await evaluate(state, deployment, route, timeoutMs ?? API_TIMEOUT_MS, () => {
			const { text, config } = read();
			refuseOtherTask(model, config);
			return {
				key: `${JSON.stringify(config)} ${text}`,
				answer: answerTo(text, model, config?.options ?? {}),
			};
		});
		answers.push(answer);
	}
	return answers;
}

function isOpen(route: { state: string }): boolean {
	return route.state === 'started' || route.state === 'stopping';
}

function stopping(state: ClusterState, id: string): string {
	return state.features.deploymentIds
		? `Trained model [${id}] is [stopping]`
		: `Trained model [${id}] is STOPPING`;
}

function modelOf(state: ClusterState, deployment: Deployment): Model {
	const model = state.models.get(deployment.model_id);
	if (!model) throw notFound(`Could not find trained model [${deployment.model_id}]`);
	return model;
}

/** A configuration of another task is forbidden, although it has nothing to do with permissions. */
function refuseOtherTask(model: Model, config: TaskConfig | undefined): void {
	if (!config || config.task === model.task) return;
	throw refusal(
		403,
		`Trained model [${model.model_id}] is configured for task [${model.task}] but called with task [${config.task}]`,
	);
}

/** The text of a document: the field that the model reads. */
function inputOf(node: JsonNode, model: Model): string {
	const name = model.input_field;
	if (node.kind !== 'object') throw illegalArgument('[docs] must be objects');
	const field = node.fields.find((each) => each.name === name)?.node;
	if (!field || field.kind === 'null') {
		throw refusal(400, `Input field [${name}] does not exist in the source document`);
	}
	if (field.kind === 'string') return String(field.value);
	throw refusal(
		400,
		`Input value [${JSON.stringify(field.value)}] for field [${name}] must be a string`,
	);
}

/** Bundled models need no deployment. */
function withoutDeployment(model: Model): object {
	if (model.model_type !== 'lang_ident') return { predicted_value: 0 };
	return { predicted_value: 'en', prediction_probability: 1, prediction_score: 1 };
}
