import type { Row } from './rule';
import { lower } from './wording';

/**
 * How Elasticsearch begins to say that there is no such model (docs/elasticsearch-behaviour.md, "Versions: timeline"): where it expands ids, with
 * a tail since 8.13, and where it looks one up.
 */
const UNKNOWN_MODEL = 'No known trained model with model_id|Could not find trained model';
const UNKNOWN_ID = new RegExp(`^(No known model deployment with id|${UNKNOWN_MODEL})\\b`);

export const UNKNOWN_MODEL_ID = new RegExp(`^(${UNKNOWN_MODEL})\\b`);

/**
 * (status, reason) -> what happened and what to do next. The first row that fits counts, so the
 * narrow ones stand first. Decided by status and reason, never by type: a ValidationException that
 * crossed from the master to another node changes its type (docs/elasticsearch-behaviour.md, "Update: unstable types").
 * Sources: docs/elasticsearch-behaviour.md, "Update: errors" and "Stop: conflicts" and "Stop: answer and repetition" and "Security" and "REST".
 */
export const ROWS: readonly Row[] = [
	{
		// Of a key that is no base64; its status is not established (docs/elasticsearch-behaviour.md, "Security").
		status: [400, 401],
		reason: /Illegal base64/,
		message: () => 'Elasticsearch does not accept the API key',
		next: 'Put the encoded key that Kibana showed into the credential, or id:api_key with both parts',
	},
	// 400: the request
	{
		status: 400,
		reason: /\[number_of_allocations\] must be a positive integer/,
		message: (it) => `${it} was not changed: the number of allocations has to be 1 or more`,
		next: "Set 'Number of Allocations' to 1 or more. Use the operation Stop to go to zero, or 'Allocation Mode' Adaptive with a minimum of 0",
	},
	{
		status: 400,
		reason: /cannot be set if adaptive allocations is enabled/,
		message: (it) =>
			`${it} was not changed: its adaptive allocations are on, which rules out a fixed number`,
		next: "Set the option 'When Adaptive' to 'Set Bounds' (works on Serverless too) or 'Turn Off', or choose the 'Allocation Mode' Adaptive",
	},
	{
		status: 400,
		reason: /\[min_number_of_allocations\] must be a non-negative integer/,
		message: (it) =>
			`${it} was not changed: the minimum of allocations is not a whole number of 0 or more`,
		next: "Correct 'Minimum Number of Allocations', or leave it empty to keep the stored one",
	},
	{
		status: 400,
		reason: /\[max_number_of_allocations\] must be a positive integer/,
		message: (it) =>
			`${it} was not changed: the maximum of allocations is not a whole number of 1 or more`,
		next: "Correct 'Maximum Number of Allocations', or leave it empty to keep the stored one",
	},
	{
		status: 400,
		reason: /must not be larger than \[max_number_of_allocations\]/,
		message: (it) => `${it} was not changed: its minimum of allocations would be above its maximum`,
		next: "A bound left empty keeps its stored value. Set both 'Minimum' and 'Maximum Number of Allocations', or the option 'No Maximum'",
	},
	{
		status: 400,
		reason: /unknown field \[adaptive_allocations\]/,
		message: (it) => `${it} was not changed: this cluster knows no adaptive allocations`,
		next: "They exist from Elasticsearch 8.16 on. Upgrade the cluster, or choose the 'Allocation Mode' Fixed",
	},
	{
		status: 400,
		reason: /unrecognized parameters?: .*\[finish_pending_work\]/,
		message: (it) => `${it} was not stopped: this cluster cannot finish pending work first`,
		next: "That exists from Elasticsearch 8.11 on. Turn off the option 'Finish Pending Work', or upgrade the cluster",
	},
	{
		status: 400,
		reason: /unrecognized parameter/,
		message: (it) =>
			`${it} was left as it was: this version of Elasticsearch doesn't know a setting that was sent`,
		next: 'The setting is named below. Leave the option out, or upgrade the cluster',
	},
	{
		status: 400,
		reason: /unknown field/,
		message: (it) =>
			`${it} was left as it was: this version of Elasticsearch doesn't know a field that was sent`,
		next: 'The field is named below. Leave the option out, or upgrade the cluster',
	},
	{
		status: 400,
		reason: /when \[?priority\]? is \[?low/i,
		message: (it) =>
			`${it} was not changed: a low-priority deployment has exactly 1 allocation with 1 thread`,
		next: 'Keep the number at 1, or stop the deployment and start it with normal priority',
	},
	{
		status: 400,
		reason: /no handler found for uri .*deployment\/_update/,
		message: (it) => `${it} was not changed: this cluster has no way to update deployments`,
		next: 'Update exists from Elasticsearch 8.6 on, and machine learning has to be enabled (xpack.ml.enabled). On older clusters stop the deployment and start it with the new number',
	},
	{
		status: 400,
		reason: /no handler found/,
		message: () => 'This cluster does not have the trained model APIs',
		next: 'Check that machine learning is enabled (xpack.ml.enabled), that the version is 8.0 or newer, and that the path in the Cluster Endpoint is right',
	},
	{
		status: 400,
		reason: /Validation Failed/,
		message: (it) => `${it} was left as it was: Elasticsearch refused the values`,
		next: 'What it refused is said below; correct the fields that it names',
	},
	{
		status: 400,
		message: (it) => `${it} was left as it was: Elasticsearch did not accept the request`,
		next: 'What it did not accept is said below; correct the field that it names',
	},
	// 401, 403: who asks
	{
		status: 401,
		reason: /api key is expired/i,
		message: () => 'The API key is expired',
		next: 'Create a new key in Kibana (Stack Management > API keys) and put it into the credential',
	},
	{
		status: 401,
		reason: /missing authentication credentials/,
		message: () => 'The API key did not arrive at Elasticsearch',
		next: 'Check that the API Key of the credential is filled in, and that no proxy removes the Authorization header',
	},
	{
		status: 401,
		message: () => 'Elasticsearch does not accept the API key',
		next: 'Put the encoded key that Kibana showed into the credential, and check that it belongs to this cluster and was not invalidated',
	},
	{
		status: 403,
		reason: /license is non-compliant/,
		message: (it) =>
			`${it} was left as it was: the licence of the cluster does not cover machine learning`,
		next: 'Machine learning deployments need a Platinum, Enterprise or trial licence. No privilege changes this',
	},
	{
		status: 403,
		reason: /cluster upgrade is in progress/,
		message: (it) => `${it} was left as it was: the cluster is being upgraded`,
		next: 'Run this again when all nodes have the same version. No privilege changes this',
	},
	{
		status: 403,
		reason: /cluster:admin\/xpack\/inference/,
		message: (it) => `The API key may not change the inference endpoint of ${lower(it)}`,
		next: 'Give it the cluster privilege manage_inference',
	},
	{
		status: 403,
		doing: 'read',
		message: () => 'The API key may not read deployments',
		next: 'Give it the cluster privilege monitor_ml (reading) or manage_ml (reading and changing)',
	},
	{
		status: 403,
		doing: 'update',
		message: (it) => `The API key may not change ${lower(it)}`,
		next: 'Give it the cluster privilege manage_ml. The privilege manage_inference is enough for Stop and Start, but not for Update',
	},
	{
		status: 403,
		message: (it, _failure, { doing }) => `The API key may not ${doing} ${lower(it)}`,
		next: 'Give it the cluster privilege manage_ml',
	},
	// 404
	{
		status: 404,
		reason: UNKNOWN_ID,
		message: (_it, _failure, { deploymentId }) => `No deployment is called '${deploymentId ?? ''}'`,
		next: 'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment is gone from the cluster; Start makes it again',
	},
	{
		// With Elasticsearch's own error object, so the address is right.
		status: 404,
		message: (it, _failure, { doing }) =>
			`${it} ${doing === 'read' ? 'could not be read' : 'was left as it was'}: Elasticsearch does not find something that this needs`,
		next: 'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
	},
	{
		status: [405, 406],
		message: () => 'Something between n8n and Elasticsearch changed the request',
		next: 'Check the path of the Cluster Endpoint, and that no proxy rewrites methods or headers',
	},
	{
		status: 408,
		reason: /waiting for trained model deployment/,
		message: (it) => `${it} goes on starting, but was not ready in time`,
		next: "Use the operation Wait Until Ready, or raise 'Wait Timeout (Seconds)'",
	},
	// 409: the state it is in
	{
		status: 409,
		reason: /not in \[started\] state/,
		message: (it) => `${it} was not changed: it is not in the state started`,
		next: 'Wait until it is started (operation Wait Until Ready), then update it. One that failed has to be stopped and started',
	},
	{
		status: 409,
		doing: 'update',
		reason: /created by inference endpoint/,
		message: (it) =>
			`${it} was not changed: an inference endpoint created it, and only the inference API may change it`,
		next: "Set the option 'When Endpoint-Owned' to 'Use Inference API' to change its number, for which the key needs manage_inference. Adaptive bounds are set where the endpoint is made (PUT _inference)",
	},
	{
		status: 409,
		reason: /created by inference endpoint/,
		message: (it) => `${it} was not stopped: an inference endpoint created it`,
		next: "Requests to that endpoint would fail until it is started again under the same id. If that is wanted, turn on the option 'Force'; to save instead, let its adaptive allocations go to zero: they do after the cluster's scale_to_zero_time, 24 hours by default from 9.1 on",
	},
	{
		status: 409,
		reason: /used by inference endpoint/,
		message: (it) => `${it} was not stopped: an inference endpoint uses it`,
		next: "Requests to that endpoint would fail until it is started again under the same id. If that is wanted, turn on the option 'Force'; to save instead, give it adaptive allocations with a minimum of 0 with the operation Update",
	},
	{
		status: 409,
		reason: /model_alias \[.*still referenced by ingest processors/,
		message: (it) => `${it} was not stopped: an ingest pipeline uses it through a model alias`,
		next: "Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else point the alias to another model first",
	},
	{
		status: 409,
		reason: /referenced by ingest processors/,
		message: (it) => `${it} was not stopped: an ingest pipeline uses it`,
		next: "Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else remove it from the pipeline first",
	},
	{
		status: 409,
		message: (it) => `${it} is in a state that does not allow this`,
		next: 'Look at its state with the operation Get, and run this again when it has settled',
	},
	{
		status: 410,
		message: () => 'This API is not available on Serverless',
		next: 'The operation cannot be used with this project',
	},
	// 429: three meanings
	{
		status: 429,
		reason: /not enough resources/,
		message: (it) =>
			`${it} was not changed: the machine learning nodes have no room for so many allocations`,
		next: 'Ask for fewer allocations, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
	},
	{
		status: 429,
		reason: /Data too large/,
		message: (it) =>
			`${it} was left as it was: the cluster is short of memory and refused the request`,
		next: "It was tried again as often as the option 'Retries' allows. Run it again later; if it stays so, the cluster needs more memory",
	},
	{
		status: 429,
		message: (it) => `${it} was left as it was: the cluster refuses more for now`,
		next: "Lower the option 'Max Concurrency' and run it again later",
	},
	// 5xx: the cluster
	{
		status: 503,
		reason: /blocked by/,
		message: (it) => `${it} was left as it was: the cluster blocks changes for now`,
		next: 'What blocks it is said below. Run it again when the cluster has recovered',
	},
	{
		status: 503,
		reason: /./,
		message: (it) => `${it} was left as it was: the cluster cannot do it for now`,
		next: "It was tried again as often as the option 'Retries' allows. Run it again when the cluster has recovered",
	},
	{
		status: 503,
		message: (it) => `${it} was left as it was: the cluster has no elected master for now`,
		next: "It was tried again as often as the option 'Retries' allows. Run it again when the cluster has recovered",
	},
	{
		status: 500,
		reason: /failed to delete model assignment/,
		message: (it) => `${it} was stopped on its nodes, but the cluster still lists it`,
		next: 'Stop it again',
	},
];
