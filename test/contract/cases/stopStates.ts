import { pause } from '../../eventually';
import type { Case, Control, Expected } from '../case';
import { get, infer, stats, stop } from '../requests';
import { absent } from '../shape';
import { before, since } from '../versions';
import { refused, STOPPED } from './given';

const STRICT = '?allow_no_match=false';
const FORCED = `${STRICT}&force=true`;

interface Conflict {
	id: string;
	says: string;
	rows: string[];
	embedded: Control;
	reason: string;
	versions?: Case['versions'];
}

/** A refusal that `force` overrides. */
const conflict = ({ reason, ...other }: Conflict): Case => ({
	...other,
	section: 'stop-conflicts',
	steps: [
		{ send: stop('ner', STRICT), expect: refused(409, 'status_exception', reason) },
		{ send: stop('ner', FORCED), expect: STOPPED },
	],
});

const stoppedFrom = (state: string, control: Control): Case => ({
	id: `stop-from-${state}`,
	says: `stops what is ${state}`,
	section: 'stop-answer-and-repetition',
	rows: ['Stopping works from every state'],
	embedded: control,
	steps: [
		{ send: stop('ner', STRICT), expect: STOPPED },
		{ send: stop('ner', STRICT), expect: { status: 404 } },
	],
});

const ENDPOINTS = since('8.19.0', '9.0.4');
const stopping: Expected = { status: 409, reason: 'Trained model [{ner}] is [stopping]' };

/** `_stop` where something is in the way, or takes time. */
export const stopStates: Case[] = [
	conflict({
		id: 'stop-used-by-pipeline',
		says: 'the deployment that a pipeline names is stopped with force only',
		rows: ['the inference processor of an ingest pipeline names this id'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addPipeline({ id: id('pipeline'), model_id: id('ner') });
		},
		reason:
			'Cannot stop deployment [{ner}] as it is referenced by ingest processors; use force to stop the deployment',
	}),
	conflict({
		id: 'stop-used-by-alias',
		says: 'so is one whose alias a pipeline names',
		rows: ['a pipeline names a model alias of X'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addAlias({ model_alias: id('alias'), model_id: id('ner') });
			cluster.addPipeline({ id: id('pipeline'), model_id: id('alias') });
		},
		reason:
			'Cannot stop deployment [{ner}] as it has a model_alias [{alias}] that is still referenced by ingest processors; use force to stop the deployment',
	}),
	conflict({
		id: 'stop-owned-by-endpoint',
		says: 'so is one that an inference endpoint created',
		rows: [
			'an inference endpoint created it (8.19.0, 9.0.4 and later)',
			'`_stop` refuses with 409 where an inference endpoint created or uses the deployment',
		],
		versions: ENDPOINTS,
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('ner') }),
		reason: 'Cannot stop deployment [{ner}] as it was created by inference endpoint [{ner}]',
	}),
	conflict({
		id: 'stop-used-by-endpoint',
		says: 'so is one that an inference endpoint uses',
		rows: ['an inference endpoint is attached to it and uses it (8.19.0, 9.0.4 and later)'],
		versions: ENDPOINTS,
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addInferenceEndpoint({ inference_id: id('user'), deployment_id: id('ner') });
		},
		reason: 'Cannot stop deployment [{ner}] as it is used by inference endpoint [{user}]',
	}),
	{
		id: 'stop-owned-early',
		says: 'before, stopping the deployment of an endpoint succeeds',
		section: 'stop-conflicts',
		rows: ['Before these versions, stopping the deployment of an endpoint succeeded'],
		// From 8.18 on a backport is probable, and not established.
		versions: before('8.18'),
		embedded: (cluster, id) => cluster.addInferenceEndpoint({ inference_id: id('ner') }),
		steps: [{ send: stop('ner', STRICT), expect: STOPPED }],
	},
	stoppedFrom('starting', (cluster, id) =>
		cluster.addDeployment({ deployment_id: id('ner'), state: 'starting', never_starts: true }),
	),
	stoppedFrom('failed', (cluster, id) =>
		cluster.addDeployment({ deployment_id: id('ner'), state: 'failed' }),
	),
	stoppedFrom('asleep', (cluster, id) =>
		cluster.addDeployment({ deployment_id: id('ner'), number_of_allocations: 0 }),
	),
	{
		id: 'stop-frees-room',
		says: 'what a stop frees is given to others',
		section: 'adaptive-allocations-other-effects-of-time',
		rows: ['Stopping one deployment makes Elasticsearch plan anew'],
		embedded: (cluster, id) => {
			cluster.set({
				scalingPossible: true,
				growthDelayMs: 3_600_000,
				nodes: [{ id: 'n1', name: 'ml-0', processors: 2, memoryBytes: 16 * 1024 ** 3 }],
			});
			cluster.addDeployment({ deployment_id: id('ner'), number_of_allocations: 2 });
			cluster.addDeployment({ deployment_id: id('waiting'), routes: [] });
		},
		steps: [
			{ send: stop('ner', STRICT), expect: STOPPED },
			{
				send: stats('waiting'),
				until: true,
				expect: {
					status: 200,
					shape: {
						trained_model_stats: [{ deployment_stats: { nodes: [{ number_of_allocations: 1 }] } }],
					},
				},
			},
		],
	},
	{
		id: 'stop-removal-fails',
		says: 'where the removal fails, the answer is 500 that asks to stop again',
		section: 'stop-answer-and-repetition',
		rows: ['Where the removal fails, the answer is 500'],
		embedded: (cluster, id) => {
			cluster.set({ overlappingStops: 'fail' });
			cluster.addDeployment({ deployment_id: id('ner'), pending_requests: 5, drain_ms: 100 });
		},
		steps: [
			{
				first: (cluster, id) => {
					cluster.fault({ kind: 'reset', path: '_stop', after: true, stopsAfterMs: 300 });
					void fetch(`${cluster.endpoint}/_ml/trained_models/${id('ner')}/deployment/_stop`, {
						method: 'POST',
						headers: { authorization: `ApiKey ${cluster.apiKey}` },
					}).catch(() => undefined);
					return pause(100);
				},
				send: stop('ner', STRICT),
				expect: refused(
					500,
					'exception',
					'failed to delete model assignment after nodes unallocated the deployment. Attempt to stop again',
				),
			},
		],
	},
	{
		id: 'stop-without-master',
		says: 'without a master a stop is 503 at once',
		section: 'stop-answer-and-repetition',
		rows: ['Without an elected master the answer is 503', '| no elected master | 503 |'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ masterPresent: false, masterTimeoutMs: 3_600_000 });
		},
		steps: [
			{
				send: stop('ner', STRICT),
				expect: {
					status: 503,
					type: 'master_not_discovered_exception',
					shape: { error: { reason: null } },
				},
			},
		],
	},
	{
		id: 'stop-finishes-work',
		says: 'with finish_pending_work the answer waits for the queue',
		section: 'stop-duration-and-work-in-flight',
		rows: ['With `finish_pending_work=true` no new work is taken.'],
		versions: since('8.11'),
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), pending_requests: 10, drain_ms: 60_000 }),
		steps: [
			{
				send: stop('ner', `${STRICT}&finish_pending_work=true`),
				meanwhile: async (cluster) => await cluster.advance(61_000),
				expect: STOPPED,
			},
		],
	},
	{
		id: 'stop-refuses-inference',
		says: 'new inference during a stop is 409',
		section: 'stop-duration-and-work-in-flight',
		rows: ['New inference during a stop gets 409'],
		versions: since('9.0'),
		embedded: (cluster, id) =>
			cluster.addDeployment({ deployment_id: id('ner'), state: 'stopping' }),
		steps: [{ send: infer('ner'), expect: stopping }],
	},
	{
		id: 'stop-without-licence',
		says: '_stop does not check the licence',
		section: 'update-order-of-checks',
		rows: ['Neither `_update` nor `_stop` checks the licence.'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.set({ licensed: false });
		},
		steps: [{ send: stop('ner', STRICT), expect: STOPPED }],
	},
	{
		id: 'stop-breaks-pipeline',
		says: 'after a stop by force the pipeline stays, and inference fails',
		section: 'stop-conflicts',
		rows: ['After a stop by force, pipelines and endpoints fail'],
		embedded: (cluster, id) => {
			cluster.addDeployment({ deployment_id: id('ner') });
			cluster.addPipeline({ id: id('pipeline'), model_id: id('ner') });
		},
		steps: [
			{ send: stop('ner', FORCED), expect: STOPPED },
			{
				send: get('/_ingest/pipeline/{pipeline}'),
				expect: { status: 200, shape: { '{pipeline}': {} } },
			},
			{ send: infer('ner'), expect: { status: 409, shape: { inference_results: absent } } },
		],
	},
];
