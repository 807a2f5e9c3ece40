import {
	NodeApiError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';

import { listStats } from '../elasticsearch/api/deployments';
import {
	isLeftToEndpoint,
	listInferenceEndpoints,
	type InferenceEndpoint,
} from '../elasticsearch/api/inference';
import { explain } from './errors/explain';
import { description, inOurWords } from './errors/rule';
import { listModels, type Model } from '../elasticsearch/api/models';
import { connect, DEFAULT_SETTINGS, type Connection } from '../elasticsearch/transport/connection';
import { success, type Failure, type Result } from '../elasticsearch/transport/failure';
import type { Deployment } from '../elasticsearch/deployment/state';

const PAGE = 100;
/** A person waits for the list, so the picker retries only once and gives up early. */
const PICKER_SETTINGS = { ...DEFAULT_SETTINGS, timeoutMs: 20_000, retries: 1 };

/** One page of a list in the editor: the items that contain the text typed. */
async function searchList(
	host: ILoadOptionsFunctions,
	list: (connection: Connection) => Promise<Result<ListItem[]>>,
	filter = '',
	paginationToken = '0',
): Promise<INodeListSearchResult> {
	const connection = await connect(host, PICKER_SETTINGS);
	if (!connection.ok) throw pickerError(host, connection.failure);
	const listed = await list(connection.value);
	if (!listed.ok) throw pickerError(host, listed.failure);
	const typed = filter.trim().toLowerCase();
	const found = listed.value
		.filter(({ words }) => words.toLowerCase().includes(typed))
		.sort((a, b) => a.item.name.localeCompare(b.item.name));
	const from = Number(paginationToken);
	const next = from + PAGE < found.length ? String(from + PAGE) : undefined;
	return { results: found.slice(from, from + PAGE).map(({ item }) => item), paginationToken: next };
}

interface ListItem {
	/** The words in which the typed text is searched. */
	words: string;
	/**
	 * Its name is all that the editor shows, and the workflow stores it. So it tells only what lasts:
	 * a state in it would soon be wrong.
	 */
	item: INodeListSearchItems;
}

/** The deployment picker: ids with the model, adaptive allocations and inference endpoints. */
export async function searchDeployments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const list = async (connection: Connection): Promise<Result<ListItem[]>> => {
		const [stats, read] = await Promise.all([
			listStats(connection),
			listInferenceEndpoints(connection),
		]);
		if (!stats.ok) return stats;
		// The list is of use without the endpoints too.
		const endpoints = read.ok ? read.value : null;
		return success(
			stats.value.flatMap(({ deployment }) =>
				deployment ? deploymentItem(deployment, endpoints) : [],
			),
		);
	};
	return await searchList(this, list, filter, paginationToken);
}

function deploymentItem(
	deployment: Deployment,
	endpoints: readonly InferenceEndpoint[] | null,
): ListItem {
	const { id, modelId, state, numberOfAllocations } = deployment;
	const traits = isLeftToEndpoint(id, endpoints) ? ['inference endpoint'] : traitsOf(deployment);
	const name = traits.length === 0 ? id : `${id} (${traits.join(', ')})`;
	const model = modelId === id ? '' : `Model ${modelId}, `;
	const description = `${model}${state}, allocations: ${numberOfAllocations}`;
	return { words: `${name}\n${modelId}`, item: { name, value: id, description } };
}

function traitsOf({ id, modelId, adaptive }: Deployment): string[] {
	return [
		...(modelId === id ? [] : [modelId]),
		...(adaptive?.enabled === true ? ['adaptive'] : []),
	];
}

/** The model picker: models that can be deployed. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const list = async (connection: Connection): Promise<Result<ListItem[]>> => {
		const models = await listModels(connection);
		if (!models.ok) return models;
		return success(models.value.filter(({ isPyTorch }) => isPyTorch).map(modelItem));
	};
	return await searchList(this, list, filter, paginationToken);
}

function modelItem({ id, description }: Model): ListItem {
	return { words: `${id}\n${description}`, item: { name: id, value: id, description } };
}

function pickerError(host: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const explanation = explain(failure);
	const words = { message: explanation.message, description: description(explanation) };
	return inOurWords(new NodeApiError(host.getNode(), {}, words), words);
}
