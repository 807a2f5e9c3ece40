/** Errors of Elasticsearch itself, in its own words (docs/elasticsearch-behaviour.md). */

import { envelope } from '../../unit/builders';
import type { Fault, Given, Words } from './fault';

function said(status: number, type: string, reason: string | null, retryAfter?: string): Given {
	const { body } = envelope(status, type, reason);
	const headers: Record<string, string> = { ...JSON_TYPE };
	if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
	return { is: 'answer', status, headers, body };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const MAYBE: Words = ['{It}: Elasticsearch gave up waiting', 'operation Get'];
const MAYBE_FOR: Fault['wordsFor'] = {
	read: ['{It} could not be read: Elasticsearch gave up waiting', 'Run it again when'],
	infer: ['{It} did not answer in time', 'Inference Timeout (Seconds)'],
};
const SECURITY = 'security_exception';
const STATUS = 'status_exception';
const NO_ROOM: Words = [
	'{It} was not changed: the machine learning nodes have no room for so many allocations',
	'Ask for fewer allocations',
];

export const OF_ELASTICSEARCH: readonly Fault[] = [
	{
		name: '401',
		kind: 'kept out',
		given: said(401, SECURITY, 'unable to authenticate with provided credentials'),
		words: ['Elasticsearch does not accept the API key', 'into the credential'],
	},
	{
		name: '403 for want of a privilege',
		kind: 'kept out',
		given: said(403, SECURITY, 'action [cluster:x] is unauthorized for API key'),
		words: ['The API key may not', 'cluster privilege'],
	},
	{
		name: '403 of the licence',
		kind: 'kept out',
		given: said(403, SECURITY, 'current license is non-compliant for [ml]'),
		words: ['{It} was left as it was: the licence of the cluster', 'trial licence'],
		wordsFor: { infer: ['{It} did not answer: the licence of the cluster', 'trial licence'] },
	},
	{
		name: '403 of an upgrade',
		kind: 'kept out',
		given: said(
			403,
			STATUS,
			'Cannot start model deployment [search] while cluster upgrade is in progress.',
		),
		words: ['{It} was left as it was: the cluster is being upgraded', 'Run this again when'],
		only: ['start'],
	},
	{
		name: '403 for another task',
		kind: 'kept out',
		given: said(
			403,
			STATUS,
			'Trained model [search] is configured for task [ner] but called with task [fill_mask]',
		),
		words: ['{It} did not answer: its model has another task', 'Inference Config'],
		only: ['infer'],
	},
	{
		name: '404 of the cluster',
		kind: 'refused',
		given: said(404, 'resource_not_found_exception', 'No known model deployment with id [search]'),
		words: ["No deployment is called 's", 'Get Many'],
		only: ['update', 'infer', 'clearCache'],
	},
	{
		name: '404 of the cluster, for a start',
		kind: 'refused',
		given: said(
			404,
			'resource_not_found_exception',
			'No known trained model with model_id [search]',
		),
		words: ["There is no trained model called 's", 'downloaded first'],
		only: ['start'],
	},
	{
		name: '408',
		kind: 'lost',
		given: said(408, STATUS, 'Request timed out after [30s]'),
		words: MAYBE,
		wordsFor: MAYBE_FOR,
	},
	{
		name: '409 of a deployment that is not started',
		kind: 'refused',
		given: said(409, STATUS, 'cannot update deployment that is not in [started] state'),
		words: ['{It} was not changed: it is not in the state started', 'Wait Until Ready'],
		only: ['update'],
	},
	{
		name: '400 of adaptive allocations',
		kind: 'refused',
		given: said(
			400,
			'validation_exception',
			'Validation Failed: 1: [number_of_allocations] cannot be set if adaptive allocations is enabled;',
		),
		words: [
			'{It} was not changed: its adaptive allocations are on',
			'If Adaptive Allocations Are On',
		],
		only: ['update'],
	},
	{
		name: '409 of an inference endpoint, for an update',
		kind: 'refused',
		given: said(
			409,
			STATUS,
			'Cannot update deployment [search] as it was created by inference endpoint [search]. This model deployment must be updated through the inference API.',
		),
		words: [
			'{It} was not changed: an inference endpoint created it',
			'If an Inference Endpoint Owns It',
		],
		only: ['update'],
	},
	{
		name: '409 of a pipeline',
		kind: 'refused',
		given: said(
			409,
			STATUS,
			'Cannot stop deployment [search] as it is referenced by ingest processors; use force to stop the deployment',
		),
		words: ['{It} was not stopped: an ingest pipeline uses it', 'Force'],
		only: ['stop'],
	},
	{
		name: '409 of an alias in a pipeline',
		kind: 'refused',
		given: said(
			409,
			STATUS,
			'Cannot stop deployment [search] as it has a model_alias [a] that is still referenced by ingest processors; use force to stop the deployment',
		),
		words: ['{It} was not stopped: an ingest pipeline uses it through a model alias', 'Force'],
		only: ['stop'],
	},
	{
		name: '409 of an inference endpoint that uses it',
		kind: 'refused',
		given: said(
			409,
			STATUS,
			'Cannot stop deployment [search] as it is used by inference endpoint [e]',
		),
		words: ['{It} was not stopped: an inference endpoint uses it', 'Force'],
		only: ['stop'],
	},
	{
		name: '409 of a feature reset',
		kind: 'refused',
		given: said(
			409,
			STATUS,
			'cannot create new assignment [search] for model [search] while feature reset is in progress.',
		),
		words: ['{It} was not started: machine learning is being reset', 'when the reset is done'],
		only: ['start'],
	},
	{
		name: '409 of a start without room',
		kind: 'refused',
		given: said(409, STATUS, 'Could not assign (more) allocations on node [n]'),
		words: [
			'{It} was not started: the machine learning nodes have no room for it',
			'Ask for fewer allocations',
		],
		only: ['start'],
	},
	{
		name: '409 of a model that is stopping',
		kind: 'refused',
		given: said(409, STATUS, 'Trained model [search] is [stopping]'),
		words: ['{It} cannot answer in the state that it is in', 'Start it'],
		only: ['infer'],
	},
	{
		name: '410',
		kind: 'refused',
		given: said(
			410,
			'api_not_available_exception',
			'uri [/x] with method [POST] exists but is not available when running in serverless mode',
		),
		words: ['This API is not available on Serverless', 'cannot be used with this project'],
		wordsFor: {
			clearCache: ['The cache of {it} cannot be cleared', 'Stop and start the deployment instead'],
		},
	},
	{
		name: '429 for want of room',
		kind: 'refused',
		given: said(
			429,
			STATUS,
			'Could not update deployment because there are not enough resources to provide all requested allocations',
		),
		words: NO_ROOM,
		wordsFor: {
			start: ['{It} was not started: the machine learning nodes have no room', 'Ask for fewer'],
		},
		only: ['update', 'start'],
	},
	{
		name: '429 of a circuit breaker',
		kind: 'unsent',
		given: said(
			429,
			'circuit_breaking_exception',
			'[parent] Data too large, data for [<http_request>] would be [1b]',
			'2',
		),
		words: ['{It} was left as it was: the cluster is short of memory', 'Retries'],
	},
	{
		name: '500',
		kind: 'unreadable',
		given: said(500, 'exception', 'something broke'),
		words: ['Elasticsearch answered with status 500', 'operation Get'],
	},
	{
		name: '503 without a master',
		kind: 'unsent',
		given: said(503, 'master_not_discovered_exception', null),
		words: ['{It} was left as it was: the cluster has no elected master', 'Retries'],
	},
	{
		name: '503 of a task that waited too long',
		kind: 'lost',
		given: said(
			503,
			'process_cluster_event_timeout_exception',
			'failed to process cluster event (x) within 30s',
		),
		words: ['{It}: the cluster cannot do it for now', 'operation Get'],
		wordsFor: { read: ['{It} could not be read: the cluster cannot do it', 'Run it again when'] },
	},
	{
		name: '504 of Elasticsearch',
		kind: 'lost',
		given: said(504, STATUS, 'Request timed out after [30s]'),
		words: MAYBE,
		wordsFor: MAYBE_FOR,
	},
];
