import { printBytes } from '../settings/bytes';
import type { Call } from '../rest/call';
import { illegalArgument, notFound, refusal } from '../rest/errors';
import { taskSettings } from '../inference/tasks';
import { remove } from './stop';
import type { ClusterState, Model } from '../state/state';

const INCLUDES = [
	'definition',
	'definition_status',
	'feature_importance_baseline',
	'hyperparameters',
	'total_feature_importance',
];

export interface ConfigOptions {
	tags: string[];
	include: string[];
	human: boolean;
}

export function readConfigOptions(call: Call): ConfigOptions {
	const list = (name: string): string[] =>
		(call.string(name) ?? '').split(',').filter((entry) => entry !== '');
	const options = {
		tags: list('tags'),
		include: list('include'),
		human: call.flag('human', false),
	};
	call.flag('exclude_generated', false);
	call.flag('decompress_definition', true);
	const unknown = options.include.find((entry) => !INCLUDES.includes(entry));
	if (unknown !== undefined) {
		throw illegalArgument(
			`unknown [include] parameter [${unknown}]. Valid options are [${INCLUDES.join(', ')}]`,
		);
	}
	return options;
}

/** A model as `GET _ml/trained_models` shows it; aliases stand in its metadata. */
export function modelConfig(state: ClusterState, model: Model, options: ConfigOptions): object {
	const aliases = state.aliasesOf(model.model_id);
	return {
		model_id: model.model_id,
		model_type: model.model_type,
		created_by: model.model_type === 'lang_ident' ? '_xpack' : 'api_user',
		version: state.features.number,
		create_time: model.create_time,
		...(options.human && { create_time_string: new Date(model.create_time).toISOString() }),
		model_size_bytes: model.size_bytes,
		...(options.human && { model_size: printBytes(model.size_bytes) }),
		estimated_operations: 0,
		license_level: model.model_type === 'lang_ident' ? 'basic' : 'platinum',
		...(model.description !== undefined && { description: model.description }),
		tags: model.tags,
		...(aliases.length > 0 && { metadata: { model_aliases: aliases } }),
		input: { field_names: [model.input_field] },
		inference_config:
			model.model_type === 'pytorch'
				? taskSettings(model.task, model.labels)
				: { classification: { num_top_classes: 0 } },
		...(model.model_type === 'pytorch' &&
			model.definition !== 'no_location' && {
				location: { index: { name: '.ml-inference-native-000002' } },
			}),
		...(options.include.includes('definition_status') && {
			fully_defined: model.definition === 'complete',
		}),
	};
}

/** Deletes a model; a deployed one only with force (docs/elasticsearch-behaviour.md, "Official tests"). */
export function deleteModel(state: ClusterState, id: string, force: boolean): object {
	const model = state.models.get(id);
	if (!model) throw notFound(`Could not find trained model [${id}]`);
	const deployments = state.deploymentsOf(id);
	if (deployments.length > 0 && !force) {
		throw refusal(
			409,
			`Cannot delete model [${id}] as it is currently deployed; use force to delete the model`,
		);
	}
	for (const deployment of deployments) remove(state, deployment);
	for (const alias of state.aliasesOf(id)) state.aliases.delete(alias);
	state.models.delete(id);
	return { acknowledged: true };
}
