import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Question } from '../../elasticsearch/api/infer';
import { infer as ask } from '../../elasticsearch/flows/infer';
import { problem, type FlowResult } from '../../elasticsearch/flows/failure';
import { findTargets, type Target } from '../../elasticsearch/flows/target';
import type { Deadline } from '../../elasticsearch/transport/clock';
import type { Connection } from '../../elasticsearch/transport/connection';
import { failed, success, type Result } from '../../elasticsearch/transport/failure';
import { isObject } from '../../elasticsearch/transport/json';
import type { Operation, Outcome, RunContext } from '../execution/operation';
import { deploymentId, shownFor, type NumberField } from '../parameters/fields';
import type { ItemInput } from '../parameters/itemParameters';
import {
	allowAgentUse,
	optionsOf,
	REQUEST_TIMEOUT_S,
	waitTimeout,
	type Option,
} from '../parameters/options';
import { readDeadline } from './shared/awaitState';

/** The API's own, which it gives up after without a word of ours. */
const INFERENCE_TIMEOUT_S = 10;
/** An answer of the cluster that it timed out needs time to come, too. */
const SPARE_S = 10;

const text: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.subject }}',
	description: 'What the model gets to read, once for each item',
};

const inferenceConfig: Option = {
	displayName: 'Inference Config',
	name: 'inferenceConfig',
	type: 'json',
	default: '{ "text_classification": { "num_top_classes": 3 } }',
	description:
		"What differs from the model's own settings: its task, and in it e.g. a question or labels, as in Elasticsearch's inference_config",
};

const inferenceTimeout: NumberField = {
	displayName: 'Inference Timeout (Seconds)',
	name: 'inferenceTimeout',
	type: 'number',
	default: 30,
	typeOptions: { minValue: 1 },
	description: `Seconds after which Elasticsearch gives up one inference; ${INFERENCE_TIMEOUT_S} if not set`,
};

const inputField: Option = {
	displayName: 'Input Field',
	name: 'inputField',
	type: 'string',
	default: 'text_field',
	description: "The field of a document that the model reads. Without it, the model's own.",
};

const waitForAnswer: NumberField = {
	...waitTimeout,
	description:
		'Seconds after which a deployment that wakes up, or whose queue is full, is not asked again',
};

const wakeByAgent: Option = {
	...allowAgentUse,
	description:
		'Whether an AI agent may wake a deployment that sleeps at zero with this tool. Without it the agent may ask only what runs.',
};

/** What an item asks. */
interface Request {
	id: string;
	question: Omit<Question, 'inputField'>;
	/** The model's own if undefined. */
	inputField?: string;
	deadline: Deadline;
	retries: number;
}

export const infer: Operation = {
	option: {
		name: 'Infer',
		value: 'infer',
		action: 'Run inference on a deployment',
		description: 'Classify, tag, embed or otherwise work on a text with a deployed model',
	},
	// A request changes no setting. That it wakes what sleeps at zero is guarded when that is known.
	changes: false,
	fields: [
		shownFor('infer', deploymentId),
		shownFor('infer', text),
		optionsOf('infer', [inferenceConfig, inferenceTimeout, inputField, waitForAnswer, wakeByAgent]),
	],
	prepare(input) {
		const timeoutS = input.optionalNumber(inferenceTimeout, INFERENCE_TIMEOUT_S);
		const settings = input.requestSettings(Math.max(REQUEST_TIMEOUT_S, timeoutS + SPARE_S));
		const request: Request = {
			id: input.deploymentId(),
			question: { text: input.text(text), config: readConfig(input), timeoutS },
			inputField: input.optionalFilledText(inputField),
			deadline: readDeadline(input),
			retries: settings.retries,
		};
		return { scope: 'none', settings, run: (context) => run(context, request) };
	},
};

/** Elasticsearch takes one task, with an object of settings. */
function readConfig(input: ItemInput): IDataObject | undefined {
	const config = input.optionalObject(inferenceConfig);
	if (config === undefined) return undefined;
	const tasks = Object.values(config);
	if (tasks.length === 1 && isObject(tasks[0])) return config;
	return input.refuse({
		message: `'${inferenceConfig.displayName}' has to be one task with its settings`,
		next: `Enter the task of the model with an object behind it, e.g. { "text_classification": { "num_top_classes": 3 } }`,
	});
}

async function* run(context: RunContext, request: Request): AsyncGenerator<Outcome> {
	const { connection, targets } = context;
	const found = await targets.find(connection, request.id);
	if (!found.ok) {
		return yield { failure: found.failure, subject: { deploymentId: request.id } };
	}
	const { id, modelId } = found.value.deployment;
	const subject = { deploymentId: id, modelId };
	const field = await fieldOf(context, request, modelId);
	if (!field.ok) return yield { failure: field.failure, subject };
	const chosen = context.mayWake ? found : await findAwake(connection, id);
	if (!chosen.ok) return yield { failure: chosen.failure, subject };
	const target = chosen.value;
	const question = { ...request.question, inputField: field.value };
	const { deadline, retries } = request;
	const { isHalted: isOver } = context;
	const asked = await ask(connection, target, question, { deadline, retries, isOver });
	if (!asked.ok) return yield { failure: asked.failure, subject };
	const { result, tookMs, woke } = asked.value;
	const json: IDataObject = { deployment_id: id, model_id: modelId, took_ms: tookMs, result };
	if (result.is_truncated === true) json.warnings = [TRUNCATED];
	yield { json, hint: woke ? `'${id}' slept at zero and was woken by this run.` : undefined };
}

/** Looks right before the request, because the look of an earlier item may be old by then. */
async function findAwake(connection: Connection, id: string): Promise<FlowResult<Target>> {
	const found = await findTargets().find(connection, id);
	const isAsleep = found.ok && found.value.deployment.numberOfAllocations === 0;
	return isAsleep ? failed(problem({ code: 'may_not_wake', id })) : found;
}

const TRUNCATED = 'The model read only a part of the text, because it is longer than it takes in';

async function fieldOf(
	{ targets, connection }: RunContext,
	{ inputField: own }: Request,
	modelId: string,
): Promise<Result<string>> {
	if (own !== undefined) return success(own);
	return await targets.inputField(connection, modelId);
}
