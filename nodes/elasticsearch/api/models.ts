import { isObject, numberOr, textOr } from '../transport/json';
import { modelPath } from './deployments';
import { readPage, readPages, type Page, type Paged } from './pages';
import { readRequest, type Connection } from '../transport/connection';
import { failed, notElasticsearch, statusOf, success, type Result } from '../transport/failure';
import type { RefusalCode } from './refusals';

export interface Model {
	id: string;
	description: string;
	sizeBytes: number | null;
	type: string;
	/** Only PyTorch models can be deployed (docs/elasticsearch-behaviour.md, "Start: errors"). */
	isPyTorch: boolean;
	/** From `metadata.model_aliases`, which is there only if the model has any. */
	aliases: string[];
	/** The first field that it reads of a document; null if the cluster does not tell. */
	inputField: string | null;
}

const MODELS: Paged<Model> = {
	path: '/_ml/trained_models',
	size: 100,
	readPage: readModels,
	keyOf: ({ id }) => id,
};

function readModel(value: unknown): Model | undefined {
	if (!isObject(value) || typeof value.model_id !== 'string') return undefined;
	const aliases = isObject(value.metadata) ? value.metadata.model_aliases : undefined;
	const fields: unknown = isObject(value.input) ? value.input.field_names : undefined;
	return {
		id: value.model_id,
		description: textOr(value.description, ''),
		sizeBytes: numberOr(value.model_size_bytes, null),
		type: textOr(value.model_type, 'unknown'),
		isPyTorch: value.model_type === 'pytorch',
		aliases: Array.isArray(aliases) ? aliases.filter((each) => typeof each === 'string') : [],
		inputField: textOr(Array.isArray(fields) ? fields[0] : undefined, null),
	};
}

function readModels(body: unknown): Page<Model> | undefined {
	return readPage(body, 'trained_model_configs', readModel);
}

/** Every trained model, over all pages. */
export async function listModels(connection: Connection): Promise<Result<Model[]>> {
	const listed = await readPages(connection, MODELS);
	return listed.ok ? success(listed.value.entries) : listed;
}

/** The aliases of a model; null if they cannot be read, whatever the reason. */
export async function modelAliases(
	connection: Connection,
	modelId: string,
): Promise<string[] | null> {
	const answer = await connection.send(readRequest(modelPath(modelId, '')));
	const page = answer.ok ? readModels(answer.value) : undefined;
	return page?.entries[0]?.aliases ?? null;
}

/**
 * Checks whether a model can be deployed at all, for dry runs.
 * @returns the refusal that its start would meet; undefined if none is foreseen
 */
export async function checkModel(
	connection: Connection,
	modelId: string,
): Promise<Result<RefusalCode | undefined>> {
	const answer = await connection.send(readRequest(modelPath(modelId, '')));
	if (!answer.ok) {
		// A start would get the same 404, so it is reported as the start's.
		const { failure } = answer;
		return statusOf(failure) === 404 ? failed({ ...failure, purpose: 'start' }) : answer;
	}
	const model = readModels(answer.value)?.entries[0];
	if (model === undefined) return notElasticsearch('read');
	return success(model.isPyTorch ? undefined : 'not_pytorch');
}

/** Nearly every model of a text reads this field. */
const USUAL_FIELD = 'text_field';

/**
 * The field of a document that a model reads
 * (docs/elasticsearch-behaviour.md, "Inference: requests and answers").
 */
export async function inputFieldOf(
	connection: Connection,
	modelId: string,
): Promise<Result<string>> {
	const answer = await connection.send(readRequest(modelPath(modelId, '')));
	if (!answer.ok) return answer;
	const model = readModels(answer.value)?.entries[0];
	return model === undefined ? notElasticsearch('read') : success(model.inputField ?? USUAL_FIELD);
}
