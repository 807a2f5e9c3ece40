import { isObject, numberOr, textOr, type JsonObject } from '../transport/json';
import { modelPath } from './deployments';
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

const PAGE_SIZE = 100;

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

function readPage(body: unknown): { count: number; models: Model[]; length: number } | undefined {
	if (!isObject(body) || typeof body.count !== 'number') return undefined;
	const configs: unknown = (body as JsonObject).trained_model_configs;
	if (!Array.isArray(configs)) return undefined;
	const models = configs.flatMap((each) => readModel(each) ?? []);
	return { count: body.count, models, length: configs.length };
}

/** Every trained model, over all pages. */
export async function listModels(connection: Connection): Promise<Result<Model[]>> {
	const all = new Map<string, Model>();
	for (let from = 0; ; from += PAGE_SIZE) {
		const query = { from: String(from), size: String(PAGE_SIZE) };
		const answer = await connection.send(readRequest('/_ml/trained_models', query));
		if (!answer.ok) return answer;
		const page = readPage(answer.value);
		if (page === undefined) return notElasticsearch('read');
		const before = all.size;
		for (const model of page.models) all.set(model.id, model);
		const isLast = page.length === 0 || from + PAGE_SIZE >= page.count;
		if (isLast) return success([...all.values()]);
		// A proxy that drops the query would give the same page for ever.
		if (all.size === before) return notElasticsearch('read');
	}
}

/** The aliases of a model; null if they cannot be read, whatever the reason. */
export async function modelAliases(
	connection: Connection,
	modelId: string,
): Promise<string[] | null> {
	const answer = await connection.send(readRequest(modelPath(modelId, '')));
	const page = answer.ok ? readPage(answer.value) : undefined;
	return page?.models[0]?.aliases ?? null;
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
	const model = readPage(answer.value)?.models[0];
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
	const model = readPage(answer.value)?.models[0];
	return model === undefined ? notElasticsearch('read') : success(model.inputField ?? USUAL_FIELD);
}
