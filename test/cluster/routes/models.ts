import { readPage, resolve } from '../state/addressing';
import type { Call } from '../rest/call';
import type { Route, RunContext } from '../rest/route';
import { statsEntry } from '../actions/stats';
import { deleteModel, modelConfig, readConfigOptions } from '../actions/models';
import { deleteAlias, putAlias } from '../state/aliases';

const PATH = '/_ml/trained_models';

/** `GET …/_stats`: `count` counts models, the list has an entry per deployment (docs/elasticsearch-behaviour.md, "Stats: addressing and paging"). */
function stats({ state, call }: RunContext) {
	const page = readPage(call);
	const allowNoMatch = call.flag('allow_no_match', true);
	return () => {
		const { deploymentIds } = state.features;
		const matches = resolve(state, expressionOf(call), { allowNoMatch, deploymentIds });
		const entries = matches
			.slice(page.from, page.from + page.size)
			.flatMap(({ model, deployments }) =>
				(deployments.length > 0 ? deployments : [undefined]).map((deployment) =>
					statsEntry(state, model, deployment),
				),
			);
		return { count: matches.length, trained_model_stats: entries };
	};
}

function configs({ state, call }: RunContext) {
	const page = readPage(call);
	const allowNoMatch = call.flag('allow_no_match', true);
	const options = readConfigOptions(call);
	return () => {
		const expression = expressionOf(call);
		const matches = resolve(state, expression, { allowNoMatch, deploymentIds: false }).filter(
			({ model }) => options.tags.every((tag) => model.tags.includes(tag)),
		);
		return {
			count: matches.length,
			trained_model_configs: matches
				.slice(page.from, page.from + page.size)
				.map(({ model }) => modelConfig(state, model, options)),
		};
	};
}

function expressionOf(call: Call): string {
	return call.pathParam('id') || '_all';
}

export const modelRoutes: Route[] = [
	...[`${PATH}/_stats`, `${PATH}/:id/_stats`].map((path): Route => ({
		method: 'GET',
		path,
		action: 'cluster:monitor/xpack/ml/inference/stats/get',
		prepare: stats,
	})),
	...[PATH, `${PATH}/:id`].map((path): Route => ({
		method: 'GET',
		path,
		action: 'cluster:monitor/xpack/ml/inference/get',
		prepare: configs,
	})),
	{
		method: 'DELETE',
		path: `${PATH}/:id`,
		action: 'cluster:admin/xpack/ml/inference/delete',
		prepare: ({ state, call }) => {
			const force = call.flag('force', false);
			call.duration('timeout');
			return () => deleteModel(state, call.pathParam('id'), force);
		},
	},
	{
		method: 'PUT',
		path: `${PATH}/:id/model_aliases/:alias`,
		action: 'cluster:admin/xpack/ml/inference/model_aliases/put',
		prepare: ({ state, call }) => {
			const reassign = call.flag('reassign', false);
			return () => putAlias(state, call.pathParam('id'), call.pathParam('alias'), reassign);
		},
	},
	{
		method: 'DELETE',
		path: `${PATH}/:id/model_aliases/:alias`,
		action: 'cluster:admin/xpack/ml/inference/model_aliases/delete',
		prepare:
			({ state, call }) =>
			() =>
				deleteAlias(state, call.pathParam('id'), call.pathParam('alias')),
	},
];
