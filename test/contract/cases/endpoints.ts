import type { Case, Sent } from '../case';
import { inference, post, startModel, stats } from '../requests';
import { absent, aNumber, anything, aText, some } from '../shape';
import { before, between, since, stateful } from '../versions';

const put = (name: string, settings: object, other: object = {}): Sent => ({
	method: 'PUT',
	path: `/_inference/sparse_embedding/{${name}}/_update`,
	body: { service_settings: settings, ...other },
});

/** Inference endpoints and their deployments. */
export const endpointCases: Case[] = [
	{
		id: 'endpoints-early',
		says: 'before 8.15 they are called models, with a model_id',
		section: 'inference-endpoints',
		rows: [
			'Before 8.15 `GET _inference…` answers `{"models"',
			'`GET _inference` answers with `endpoints` and `inference_id` instead',
			'In 8.12 the routes of `_inference` are',
		],
		versions: between('8.11', '8.15'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: inference('/_all'),
				expect: {
					status: 200,
					shape: {
						endpoints: absent,
						models: [
							{
								model_id: '{owned}',
								task_type: 'sparse_embedding',
								service: 'elasticsearch',
								service_settings: anything,
								task_settings: {},
							},
						],
					},
				},
			},
			{ send: inference('/sparse_embedding/{owned}'), expect: { status: 200 } },
		],
	},
	{
		id: 'endpoints-early-routes',
		says: '8.12 has neither the id alone nor the bare list',
		section: 'inference-endpoints',
		rows: [
			'In 8.12 the routes of `_inference` are',
			'The routes of `_inference` come one after the other',
		],
		versions: between('8.11', '8.13'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{ send: inference('/{owned}'), expect: { status: 400 } },
			{ send: inference(), expect: { status: 400 } },
		],
	},
	{
		id: 'endpoints-list',
		says: 'an endpoint shows its service and the present number of its deployment',
		section: 'inference-endpoints',
		rows: [
			'`GET _inference` shows the deployment',
			'`GET _inference` answers with `endpoints` and `inference_id` instead',
		],
		versions: since('8.15'),
		embedded: (cluster, id) => {
			cluster.addInferenceEndpoint({ inference_id: id('owned'), num_allocations: 1 });
			cluster.changeDeployment(id('owned'), { number_of_allocations: 3 });
			cluster.addDeployment({ deployment_id: id('used'), number_of_allocations: 2 });
			cluster.addInferenceEndpoint({ inference_id: id('user'), deployment_id: id('used') });
		},
		steps: [
			...['/{owned}', '/sparse_embedding/{owned}', '', '/_all'].map((path) => ({
				send: inference(path),
				expect: {
					status: 200,
					shape: {
						endpoints: some({
							inference_id: '{owned}',
							task_type: 'sparse_embedding',
							service: 'elasticsearch',
							service_settings: { num_allocations: 3, num_threads: aNumber, model_id: aText },
						}),
					},
				},
			})),
			{
				send: inference('/{user}'),
				expect: {
					status: 200,
					shape: {
						endpoints: [
							{
								inference_id: '{user}',
								service_settings: { num_allocations: 2, deployment_id: '{used}' },
							},
						],
					},
				},
			},
		],
	},
	{
		id: 'endpoints-live-list',
		says: 'the list has endpoints, each with its id, task and service',
		section: 'inference-endpoints',
		rows: ['`GET _inference` answers with `endpoints` and `inference_id` instead'],
		versions: since('8.15'),
		steps: [
			{
				send: inference('/_all'),
				expect: { status: 200, shape: { endpoints: anything, models: absent } },
			},
		],
	},
	{
		id: 'endpoints-unknown',
		says: 'an unknown endpoint is 404',
		section: 'inference-endpoints',
		rows: [],
		versions: since('8.15'),
		steps: [{ send: inference('/{unknown}'), expect: { status: 404 } }],
	},
	{
		id: 'endpoints-update',
		says: 'the deployment of an endpoint is changed through its endpoint',
		section: 'inference-endpoints',
		rows: [
			'From 9.2 on, the deployment that an endpoint created for itself is changed with',
			'Default endpoints on ML nodes exist, and `PUT _inference/{task}/{id}/_update`.',
		],
		versions: stateful(since('8.17')),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: put('owned', { num_allocations: 2 }),
				expect: {
					status: 200,
					shape: {
						inference_id: '{owned}',
						task_type: 'sparse_embedding',
						service: 'elasticsearch',
						service_settings: { num_allocations: 2, num_threads: 1, model_id: aText },
					},
				},
			},
			{
				send: stats('owned'),
				expect: {
					status: 200,
					shape: {
						trained_model_stats: some({
							deployment_stats: { deployment_id: '{owned}', number_of_allocations: 2 },
						}),
					},
				},
			},
		],
	},
	{
		id: 'endpoints-update-attached',
		says: 'what an endpoint is only attached to is not changed through it',
		section: 'inference-endpoints',
		rows: ['An endpoint that is *attached* to an existing deployment cannot be changed so'],
		versions: since('8.17'),
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('used') });
			cluster.addInferenceEndpoint({ inference_id: id('user'), deployment_id: id('used') });
		},
		steps: [
			{
				send: put('user', { num_allocations: 2 }),
				expect: {
					status: 409,
					reason:
						'Cannot update inference endpoint [{user}] using model deployment [{used}]. The model deployment must be updated through the trained models API.',
				},
			},
		],
	},
	{
		id: 'endpoints-update-service',
		says: 'a body with service is refused',
		section: 'inference-endpoints',
		rows: ['A body of `PUT _inference/…/_update` that has `service` is refused'],
		versions: since('8.17'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('owned') }),
		steps: [
			{
				send: put('owned', { num_allocations: 2 }, { service: 'elasticsearch' }),
				expect: { status: 400 },
			},
		],
	},
	{
		id: 'endpoints-update-early',
		says: 'before 8.17 endpoints cannot be updated',
		section: 'versions-timeline',
		rows: ['Default endpoints on ML nodes exist, and `PUT _inference/{task}/{id}/_update`.'],
		versions: before('8.17'),
		embedded: () => undefined,
		steps: [
			{
				send: put('owned', { num_allocations: 2 }),
				expect: { status: [400, 405] },
			},
		],
	},
	{
		id: 'endpoints-repaired',
		says: 'an endpoint without its deployment is repaired by a start with its id',
		section: 'stop-conflicts',
		rows: ['Before these versions, stopping the deployment of an endpoint succeeded'],
		versions: since('8.15'),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('model') });
			cluster.addInferenceEndpoint({
				inference_id: id('owned'),
				model_id: id('model'),
				deployed: false,
			});
		},
		steps: [
			{
				send: post('/_inference/sparse_embedding/{owned}', { input: 'a few words' }),
				expect: { status: [404, 409] },
			},
			{
				send: startModel('{model-of}', '?deployment_id={owned}'),
				first: (cluster, id) => cluster.addModel({ model_id: id('model-of') }),
				expect: { status: 200 },
			},
			{
				send: post('/_inference/sparse_embedding/{owned}', { input: 'a few words' }),
				expect: { status: 200 },
			},
		],
	},
	{
		id: 'endpoints-default',
		says: 'a default endpoint starts its deployment on first use',
		section: 'inference-endpoints',
		rows: [
			'The default endpoints are `.elser-2-elasticsearch`',
			'The ML-node default endpoints still exist in mid 2026',
		],
		versions: since('8.17'),
		embedded: (cluster) =>
			cluster.addInferenceEndpoint({
				inference_id: '.elser-2-elasticsearch',
				default: true,
				deployed: false,
			}),
		steps: [
			{
				send: post('/_inference/sparse_embedding/.elser-2-elasticsearch', { input: 'a few words' }),
				expect: { status: 200, shape: { sparse_embedding: [anything] } },
			},
			{
				send: stats('.elser-2-elasticsearch'),
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [
							{
								deployment_stats: {
									deployment_id: '.elser-2-elasticsearch',
									adaptive_allocations: {
										enabled: true,
										min_number_of_allocations: 0,
										max_number_of_allocations: 32,
									},
								},
							},
						],
					},
				},
			},
		],
	},
];
