import type { EmbeddedCluster } from '../../cluster';
import type { Features } from '../../cluster/settings/versions';
import type { ClusterOptions, NlpTask } from '../../cluster/types';
import type { Sent } from '../case';
import { ROUTES } from './responses';

/** A cluster, and what it is asked. */
export interface Scene {
	options?: ClusterOptions;
	seed?: (cluster: EmbeddedCluster) => void;
	requests: Sent[];
	/** What the built-in superuser asks, by Basic authentication. */
	byUser?: Sent[];
	/** None changes what another meets. */
	atOnce?: boolean;
}

const ML = '/_ml/trained_models';
const TASKS: Record<NlpTask, object | undefined> = {
	text_classification: { num_top_classes: 2 },
	zero_shot_classification: { labels: ['sport', 'politics'] },
	ner: undefined,
	fill_mask: { num_top_classes: 2 },
	text_embedding: undefined,
	text_expansion: undefined,
	text_similarity: { text: 'a few other words' },
	question_answering: { question: 'Who wrote it?' },
	pass_through: undefined,
};
const TEXT = 'Ada wrote a few [MASK] in Berlin';
const docs = [{ text_field: TEXT }];

const get = (path: string): Sent => ({ method: 'GET', path });
const post = (path: string, body?: unknown): Sent => ({ method: 'POST', path, body });

/** What a version answers where all goes well, each with its own cluster. */
export function scenes(features: Features): Scene[] {
	return [looks(features), changes(features), inferences(), endpoints(features)];
}

/** Models and deployments in every state. */
function looks({ serverless, adaptive }: Features): Scene {
	return {
		options: { serverlessHidesState: serverless },
		seed: (cluster) => {
			const now = cluster.now();
			for (const [task] of Object.entries(TASKS)) {
				cluster.addModel({ model_id: `m-${task}`, task: task as NlpTask, description: 'A model' });
			}
			cluster.addModel({ model_id: 'partial', definition: 'truncated', tags: ['mine'] });
			cluster.addAlias({ model_alias: 'alias', model_id: 'm-ner' });
			cluster.addDeployment({
				deployment_id: 'busy',
				number_of_allocations: 3,
				cache_size: '10kb',
				last_access: now,
				pending_requests: 2,
				inference_count: 100,
				error_count: 1,
				rejected: 1,
				timeout_count: 1,
				throughput_last_minute: 5,
				average_inference_time_ms: 2.5,
			});
			cluster.addDeployment({ deployment_id: 'low', priority: 'low' });
			cluster.addDeployment({ deployment_id: 'slow', never_starts: true, state: 'starting' });
			cluster.addDeployment({ deployment_id: 'leaving', state: 'stopping', reason: 'stopped' });
			cluster.addDeployment({
				deployment_id: 'broken',
				routes: [{ state: 'failed', reason: 'out of memory' }],
			});
			cluster.addDeployment({
				deployment_id: 'killed',
				routes: [{ allocations: 1, process_killed: true }],
			});
			if (adaptive) {
				cluster.addDeployment({
					deployment_id: 'adaptive',
					adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
					number_of_allocations: 0,
				});
			}
			cluster.addPipeline({ id: 'pipeline', model_id: 'busy' });
		},
		byUser: [get('/_security/_authenticate')],
		requests: [
			get('/'),
			get('/_security/_authenticate'),
			...(['GET', 'POST'] as const).map((method) => ({
				method,
				path: '/_security/user/_has_privileges',
				body: { cluster: ['manage_ml', 'monitor_ml'] },
			})),
			post(`${ML}/busy/_infer`, { docs }),
			...[ML, `${ML}/alias`, `${ML}/none*`].map(get),
			get(`${ML}/_all?human=true&include=definition_status`),
			...[`${ML}/_stats`, `${ML}/busy/_stats`, `${ML}/none*/_stats`].map(get),
			...['pipeline', 'none', 'pipeline?summary=true'].map((id) => get(`/_ingest/pipeline/${id}`)),
			get('/_ingest/pipeline'),
		],
	};
}

/** Starts, updates, stops, and what deletes. */
function changes({ adaptive, deploymentIds }: Features): Scene {
	const id = (name: string): string => (deploymentIds ? `?deployment_id=${name}` : '?');
	const scaled = { adaptive_allocations: { enabled: true, max_number_of_allocations: 4 } };
	const update = (name: string, body: unknown) => post(`${ML}/${name}/deployment/_update`, body);
	return {
		seed: (cluster) => {
			for (const name of ['model', 'other', 'third']) cluster.addModel({ model_id: name });
		},
		requests: [
			post(`${ML}/model/deployment/_start${id('model')}&number_of_allocations=2&cache_size=10kb`),
			post(`${ML}/other/deployment/_start${id('other')}&priority=low&wait_for=fully_allocated`),
			update('model', { number_of_allocations: 3 }),
			...(adaptive
				? [
						post(`${ML}/third/deployment/_start${id('third')}`, scaled),
						update('model', scaled),
						update('third', { adaptive_allocations: { enabled: false } }),
					]
				: []),
			post(`${ML}/model/deployment/cache/_clear`),
			post(`${ML}/model/deployment/_stop`),
			post(`${ML}/none*/deployment/_stop`),
			{ method: 'PUT', path: `${ML}/model/model_aliases/name` },
			{ method: 'DELETE', path: `${ML}/model/model_aliases/name` },
			{ method: 'DELETE', path: `${ML}/model` },
		],
	};
}

/** A result of each task, on both routes; some cut, some with a warning. */
function inferences(): Scene {
	const tasks = Object.entries(TASKS);
	return {
		seed: (cluster) => {
			for (const [task] of tasks) {
				cluster.addDeployment({ deployment_id: task, task: task as NlpTask });
			}
			cluster.addModel({ model_id: 'short', max_words: 3 });
			cluster.addModel({ model_id: 'warns', infer_warning: 'no value' });
			for (const name of ['short', 'warns']) cluster.addDeployment({ deployment_id: name });
		},
		requests: [
			...tasks.flatMap(([task, options]) =>
				['_infer', 'deployment/_infer'].map((route) =>
					post(`${ML}/${task}/${route}`, {
						docs,
						...(options && { inference_config: { [task]: options } }),
					}),
				),
			),
			...['short', 'warns'].map((name) => post(`${ML}/${name}/_infer`, { docs })),
		],
	};
}

const ENDPOINTS = ['sparse_embedding', 'text_embedding', 'rerank'];

/** Endpoints of each task and kind, listed, used and changed. */
function endpoints({ inferenceApi, inferenceUpdate, adaptive, serverless }: Features): Scene {
	if (!inferenceApi) return { requests: [] };
	const number = { num_allocations: 2 };
	const range = { adaptive_allocations: { enabled: true, max_number_of_allocations: 2 } };
	// Serverless refuses a number.
	const body = { service_settings: serverless ? range : number };
	const ask = (task: string) => ({ input: [TEXT], ...(task === 'rerank' && { query: 'words' }) });
	const paths = ENDPOINTS.map((task) => `/_inference/${task}/e-${task}`);
	return {
		seed: (cluster) => {
			for (const task of ENDPOINTS) {
				cluster.addInferenceEndpoint({ inference_id: `e-${task}`, task_type: task });
			}
			cluster.addDeployment({ deployment_id: 'used' });
			cluster.addInferenceEndpoint({ inference_id: 'attached', deployment_id: 'used' });
			cluster.addInferenceEndpoint({ inference_id: 'far', service: 'openai' });
			cluster.addInferenceEndpoint({ inference_id: 'old', chunking_settings: null });
			cluster.addInferenceEndpoint({ inference_id: 'orphan', deployed: false });
			if (adaptive) cluster.addInferenceEndpoint({ inference_id: '.default', default: true });
		},
		requests: [
			...['/_inference', '/_inference/_all', '/_inference/attached', ...paths].map(get),
			...paths.map((path, i) => post(path, ask(ENDPOINTS[i]))),
			post(`${paths[2]}?timeout=5s`, { ...ask('rerank'), return_documents: true }),
			...ENDPOINTS.map((task) => post(`/_inference/e-${task}`, ask(task))),
			...(inferenceUpdate
				? ['/_inference/e-rerank/_update', `${paths[0]}/_update`].map((path) => ({
						...post(path, body),
						method: 'PUT' as const,
					}))
				: []),
		],
	};
}

/** What every route answers to requests that are wrong, and clusters that are in trouble. */
export function errorScenes(features: Features): Scene[] {
	const asked = ROUTES.filter((route) => route.since?.(features) ?? true).map(
		({ method, path }): Sent => ({
			method,
			path: path.replace(':task', 'sparse_embedding').replace(/:\w+/g, 'unknown'),
			...(method !== 'GET' && method !== 'DELETE' && { body: { nonsense: 1 } }),
		}),
	);
	const variants = asked.flatMap((sent): Sent[] => [
		{ ...sent, path: `${sent.path}?nonsense=1&error_trace=true`, body: undefined },
		sent,
		{ ...sent, as: 'nobody' },
		{ ...sent, as: 'stranger' },
		{ ...sent, as: { privileges: [] } },
		{ ...sent, body: undefined, text: '{"broken' },
		{ ...sent, body: { a: 1 }, headers: { 'content-type': 'text/plain' } },
		{ ...sent, method: sent.method === 'GET' ? 'DELETE' : 'GET', body: undefined },
	]);
	const trouble: ClusterOptions[] = [
		{ masterPresent: false },
		{ licensed: false },
		{ featureReset: true },
		{ upgradeInProgress: true },
		{ mlEnabled: false },
		{ nodes: [] },
		{ remoteMaster: true },
		{ inferenceIndexDown: true },
	];
	return [
		{ requests: [...variants, get('/_nothing/here')], atOnce: true },
		...trouble.map((options): Scene => ({ options, seed: troubled, requests: hard(features) })),
	];
}

function troubled(cluster: EmbeddedCluster): void {
	cluster.addModel({ model_id: 'model' });
	cluster.addDeployment({ deployment_id: 'running' });
	cluster.addInferenceEndpoint({ inference_id: 'endpoint' });
}

function hard({ inferenceApi }: Features): Sent[] {
	return [
		post(`${ML}/model/deployment/_start`),
		post(`${ML}/model/deployment/_start?number_of_allocations=0`),
		post(`${ML}/running/deployment/_update`, { number_of_allocations: 0 }),
		post(`${ML}/running/deployment/_update`, { number_of_allocations: 2 }),
		post(`${ML}/model/_infer?timeout=100ms`, { docs }),
		post(`${ML}/running/_infer?timeout=100ms`, { docs }),
		post(`${ML}/endpoint/deployment/_stop`),
		{ method: 'DELETE', path: `${ML}/running` },
		...(inferenceApi
			? [post('/_inference/sparse_embedding/endpoint?timeout=100ms', { input: TEXT })]
			: []),
	];
}
