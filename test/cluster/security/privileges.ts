import { illegalArgument } from '../rest/errors';
import type { Features } from '../settings/versions';

/** Actions and the cluster privileges that grant them, narrowest first (docs/elasticsearch-behaviour.md, "Security: privileges"). */
const ACTIONS = {
	'cluster:monitor/main': ['monitor', 'manage', 'all'],
	'cluster:admin/xpack/ml/trained_models/deployment/update': ['manage_ml', 'manage', 'all'],
	'cluster:admin/xpack/ml/trained_models/deployment/stop': [
		'manage_inference',
		'manage_ml',
		'manage',
		'all',
	],
	'cluster:admin/xpack/ml/trained_models/deployment/start': [
		'manage_inference',
		'manage_ml',
		'manage',
		'all',
	],
	'cluster:admin/xpack/ml/trained_models/deployment/clear_cache': ['manage_ml', 'manage', 'all'],
	'cluster:admin/xpack/ml/inference/delete': ['manage_ml', 'manage', 'all'],
	'cluster:admin/xpack/ml/inference/model_aliases/put': ['manage_ml', 'manage', 'all'],
	'cluster:admin/xpack/ml/inference/model_aliases/delete': ['manage_ml', 'manage', 'all'],
	'cluster:monitor/xpack/ml/inference/stats/get': [
		'monitor_ml',
		'monitor',
		'manage_ml',
		'manage',
		'all',
	],
	'cluster:monitor/xpack/ml/inference/get': ['monitor_ml', 'monitor', 'manage_ml', 'manage', 'all'],
	'cluster:monitor/xpack/ml/inference/infer': [
		'monitor_inference',
		'monitor_ml',
		'monitor',
		'manage_inference',
		'manage_ml',
		'manage',
		'all',
	],
	'cluster:admin/ingest/pipeline/get': [
		'read_pipeline',
		'manage_ingest_pipelines',
		'manage_pipeline',
		'manage',
		'all',
	],
	'cluster:monitor/xpack/inference/get': [
		'monitor_inference',
		'monitor',
		'manage_inference',
		'manage',
		'all',
	],
	'cluster:monitor/xpack/inference': [
		'monitor_inference',
		'monitor',
		'manage_inference',
		'manage',
		'all',
	],
	'cluster:admin/xpack/inference/update': ['manage_inference', 'manage', 'all'],
} satisfies Record<string, string[]>;

export type ActionName = keyof typeof ACTIONS;

/** A privilege and those that it contains. */
const CONTAINS: Record<string, string[]> = {
	all: ['manage', 'manage_security', 'manage_api_key'],
	manage: [
		'monitor',
		'manage_ml',
		'manage_inference',
		'manage_ingest_pipelines',
		'manage_pipeline',
	],
	manage_ml: ['monitor_ml'],
	manage_inference: ['monitor_inference'],
	manage_ingest_pipelines: ['read_pipeline'],
	manage_pipeline: ['read_pipeline'],
	manage_security: ['manage_api_key'],
	manage_api_key: ['manage_own_api_key'],
	monitor: ['monitor_ml', 'monitor_inference'],
	monitor_ml: [],
	monitor_inference: [],
	read_pipeline: [],
	manage_own_api_key: [],
};

const INFERENCE = ['manage_inference', 'monitor_inference'];

/** The privileges that grant an action in this version. */
export function grantedBy(action: ActionName, features: Features): string[] {
	if (features.inferencePrivileges) return ACTIONS[action];
	// Before 8.14 reading endpoints takes manage (docs/elasticsearch-behaviour.md, "Inference endpoints").
	const without =
		action === 'cluster:monitor/xpack/inference/get' ? [...INFERENCE, 'monitor'] : INFERENCE;
	return ACTIONS[action].filter((name) => !without.includes(name));
}

/** Whether somebody with `held` has `wanted`: a privilege's name or an action's. */
export function holds(held: string[], wanted: string, features: Features): boolean {
	if (wanted.startsWith('cluster:')) {
		return isAction(wanted) && grantedBy(wanted, features).some((name) => held.includes(name));
	}
	if (
		!Object.hasOwn(CONTAINS, wanted) ||
		(INFERENCE.includes(wanted) && !features.inferencePrivileges)
	) {
		const known = Object.keys(CONTAINS).sort().join(',');
		throw illegalArgument(
			`unknown cluster privilege [${wanted}]. a privilege must be either one of the predefined cluster privilege names [${known}] or a pattern over one of the available cluster actions`,
		);
	}
	return held.some((name) => name === wanted || includes(name, wanted));
}

function isAction(name: string): name is ActionName {
	return Object.hasOwn(ACTIONS, name);
}

function includes(name: string, wanted: string): boolean {
	return (CONTAINS[name] ?? []).some((inner) => inner === wanted || includes(inner, wanted));
}
