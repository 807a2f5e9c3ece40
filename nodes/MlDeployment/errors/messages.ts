import type { RefusalCode } from '../../elasticsearch/api/refusals';
import type { Explanation } from './rule';

const KEY_PASTE = 'Put the encoded key that Kibana showed into the credential';
/** What helps where the cluster is in trouble. */
export const RUN_LATER =
	"It was tried again as often as the option 'Retries' allows. Run it again when the cluster has recovered";
/** What helps where the cluster blocks a request. */
export const UNBLOCK =
	'What blocks it is said below, and no privilege helps: a read-only setting has to be removed, a full disk needs room, and a cluster that starts or recovers needs time. Run this again then';
const NO_SUCH_DEPLOYMENT: Explanation = {
	message: "No deployment is called '{id}'",
	next: 'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment is gone from the cluster; Start makes it again',
};
const ON_REQUEST =
	"would fail until it is started again under the same id. If that is wanted, turn on the option 'Force'";

/**
 * The words for each refusal. `{It}` and `{it}` stand for the deployment or the model, at the start
 * and within a sentence; `{id}` and `{model}` for their ids; `{doing}` for the request's purpose.
 */
export const MESSAGES: Readonly<Record<RefusalCode, Explanation>> = {
	definition_missing: {
		message: "The definition of the model '{model}' is not complete, so it cannot be deployed",
		next: 'Import the model again (eland, or Kibana: Machine Learning > Trained Models)',
	},
	not_pytorch: {
		message: "The model '{model}' cannot be deployed: only PyTorch models can",
		next: 'Other models work in ingest pipelines without a deployment',
	},
	id_of_model: {
		message: '{It} cannot be called so: that is the id of another model',
		next: "Choose another 'New Deployment ID'",
	},
	id_of_endpoint: {
		message: '{It} cannot be called so: an inference endpoint has that id',
		next: "Choose another 'New Deployment ID', or use the inference endpoint",
	},
	no_deployment_ids: {
		message: '{It} was not started: on this cluster a deployment is called like its model',
		next: "IDs of their own exist from Elasticsearch 8.8 on. Remove the option 'New Deployment ID', or upgrade the cluster",
	},
	no_priorities: {
		message: '{It} was not started: this cluster knows no priorities',
		next: "They exist from Elasticsearch 8.6 on. Remove the option 'Priority'",
	},
	queue_too_long: {
		message: '{It} was not started: its queue may hold 100000 requests at most',
		next: "Lower the option 'Queue Capacity', or 'queue_capacity' in the restore object",
	},
	definition_cut_off: {
		message: "The definition of the model '{model}' is cut off, so it cannot be deployed",
		next: 'Delete the model and import it again',
	},
	removed_while_starting: {
		message: '{It} was stopped while it started',
		next: 'Find out who stopped it (another workflow, Kibana), then start it again',
	},
	downloading: {
		message: "The model '{model}' is still being downloaded",
		next: 'Start it when the download is done; it takes minutes',
	},
	resetting: {
		message: '{It} was not started: machine learning is being reset',
		next: 'Run this again when the reset is done',
	},
	too_many_deployments: {
		message: '{It} was not started: the cluster has as many deployments as it may have',
		next: 'Stop one first, or raise the limit on the cluster',
	},
	nodes_failed: {
		message: '{It} did not start: its process failed on the machine learning nodes',
		next: "The nodes' reasons are said below. Often there is too little memory, or the model is not meant for this version",
	},
	no_location: {
		message: "The model '{model}' has no stored definition, so it cannot be deployed",
		next: 'Import the model again',
	},
	malformed_key: {
		message: 'Elasticsearch does not accept the API key',
		next: `${KEY_PASTE}, or id:api_key with both parts`,
	},
	adaptive_is_on: {
		message:
			'{It} was not changed: its adaptive allocations are on, which rules out a fixed number',
		next: "Set the option 'If Adaptive Allocations Are On' to 'Set Bounds' (the way for Serverless) or 'Turn Off', or choose the 'Allocation Mode' Adaptive",
	},
	wrong_field: {
		message: '{It} cannot read the text: its model reads another field',
		next: "Remove the option 'Input Field', or enter the field that is named below",
	},
	minimum_above_maximum: {
		message: '{It} was not changed: its minimum of allocations would be above its maximum',
		next: "A bound left empty keeps its stored value. Set both 'Minimum' and 'Maximum Number of Allocations', or the option 'No Maximum'",
	},
	no_adaptive: {
		message: '{It} was not changed: this cluster knows no adaptive allocations',
		next: "They exist from Elasticsearch 8.16 on. Upgrade the cluster, or choose the 'Allocation Mode' Fixed",
	},
	no_finishing: {
		message: '{It} was not stopped: this cluster cannot finish pending work first',
		next: "That exists from Elasticsearch 8.11 on. Turn off the option 'Finish Pending Work', or upgrade the cluster",
	},
	unknown_parameter: {
		message:
			"{It} was left as it was: this version of Elasticsearch doesn't know a setting that was sent",
		next: 'The setting is named below. Leave the option out, or upgrade the cluster',
	},
	unknown_field: {
		message:
			"{It} was left as it was: this version of Elasticsearch doesn't know a field that was sent",
		next: 'The field is named below. Leave the option out, or upgrade the cluster',
	},
	low_priority: {
		message:
			'{It} was not changed: a low-priority deployment has exactly 1 allocation with 1 thread',
		next: 'Keep the number and the maximum at 1, or stop the deployment and start it with normal priority',
	},
	no_update_api: {
		message: '{It} was not changed: this cluster has no way to update deployments',
		next: 'Update exists from Elasticsearch 8.6 on, and machine learning has to be enabled (xpack.ml.enabled). On older clusters stop the deployment and start it with the new number',
	},
	no_api: {
		message: 'This cluster does not have the trained model APIs',
		next: 'Check that machine learning is enabled (xpack.ml.enabled), that the version is 8.0 or newer, and that the path in the Cluster Endpoint is right',
	},
	invalid_values: {
		message: '{It} was left as it was: Elasticsearch refused the values',
		next: 'What it refused is said below; correct the fields that it names',
	},
	bad_request: {
		message: '{It} was left as it was: Elasticsearch did not accept the request',
		next: 'What it did not accept is said below; correct the field that it names',
	},
	key_expired: {
		message: 'The API key is expired',
		next: 'Create a new key in Kibana (Stack Management > API keys) and put it into the credential',
	},
	key_missing: {
		message: 'The API key did not arrive at Elasticsearch',
		next: 'Check that the API Key of the credential is filled in, and that no proxy removes the Authorization header',
	},
	key_refused: {
		message: 'Elasticsearch does not accept the API key',
		next: `${KEY_PASTE}, and check that it belongs to this cluster and was not invalidated`,
	},
	no_license: {
		message: '{It} was left as it was: the licence of the cluster does not cover machine learning',
		next: 'Machine learning deployments need a Platinum, Enterprise or trial licence. No privilege changes this',
	},
	upgrading: {
		message: '{It} was left as it was: the cluster is being upgraded',
		next: 'Run this again when all nodes have the same version. No privilege changes this',
	},
	no_inference_privilege: {
		message: 'The API key may not change the inference endpoint of {it}',
		next: 'Give it the cluster privilege manage_inference',
	},
	forbidden: {
		message: 'The API key may not {doing} {it}',
		next: 'Give it the cluster privilege manage_ml',
	},
	other_task: {
		message: '{It} was asked for another task than its model does',
		next: 'Use the task that is named below. No privilege changes this',
	},
	unknown_model: NO_SUCH_DEPLOYMENT,
	unknown_deployment: NO_SUCH_DEPLOYMENT,
	task_lost: {
		message: '{It} cannot answer: its machine learning nodes have lost it',
		next: 'Run this again in a minute. If that does not help, stop the deployment and start it again; before Elasticsearch 9.4, one that sleeps at zero can get lost',
	},
	// This 404 has Elasticsearch's own error object, so the address is right.
	not_found: {
		message: '{It} was left as it was: Elasticsearch does not find something that this needs',
		next: 'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
	},
	rewritten: {
		message: 'Something between n8n and Elasticsearch changed the request',
		next: 'Check the path of the Cluster Endpoint, and that no proxy rewrites methods or headers',
	},
	still_starting: {
		message: '{It} goes on starting, but was not ready in time',
		next: "Use the operation Wait Until Ready, or raise 'Wait Timeout (Seconds)'",
	},
	timed_out: {
		message: '{It}: Elasticsearch gave up waiting',
		next: 'A change may have been made all the same: look with the operation Get, then run this again if it is needed',
	},
	not_deployed: {
		message: '{It} cannot answer: its model is not deployed',
		next: 'Start it first',
	},
	waking: {
		message: '{It} cannot answer yet: no allocation of it runs',
		next: 'If it sleeps at zero, this request wakes it: run this again in a minute, or set a minimum of 1 or more with the operation Update',
	},
	not_started: {
		message: '{It} was not changed: it is not in the state started',
		next: 'Wait until it is started (operation Wait Until Ready), then update it. One that failed has to be stopped and started',
	},
	endpoint_owned: {
		message: '{It} was not stopped: an inference endpoint created it',
		next: `Requests to that endpoint ${ON_REQUEST}; to save instead, let its adaptive allocations go to zero: they do after the cluster's scale_to_zero_time, 24 hours by default from 9.1 on`,
	},
	endpoint_uses_it: {
		message: '{It} was not stopped: an inference endpoint uses it',
		next: `Requests to that endpoint ${ON_REQUEST}; to save instead, give it adaptive allocations with a minimum of 0 with the operation Update`,
	},
	alias_in_pipeline: {
		message: '{It} was not stopped: an ingest pipeline uses it through a model alias',
		next: "Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else point the alias to another model first",
	},
	in_pipeline: {
		message: '{It} was not stopped: an ingest pipeline uses it',
		next: "Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else remove it from the pipeline first",
	},
	conflict: {
		message: '{It} is in a state that does not allow this',
		next: 'Look at its state with the operation Get, and run this again when it has settled',
	},
	not_on_serverless: {
		message: 'This API is not available on Serverless',
		next: 'The operation cannot be used with this project',
	},
	no_room: {
		message:
			'{It} was not changed: the machine learning nodes have no room for so many allocations',
		next: 'Ask for fewer allocations, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
	},
	queue_full: {
		message: '{It} has too many requests waiting',
		next: 'Run this again later, and send fewer at once',
	},
	memory_short: {
		message: '{It} was left as it was: the cluster is short of memory and refused the request',
		next: "It was tried again as often as the option 'Retries' allows. Run it again later; if it stays so, the cluster needs more memory",
	},
	throttled: {
		message: '{It} was left as it was: the cluster refuses more for now',
		next: "Lower the option 'Max Concurrency' and run it again later",
	},
	blocked: {
		message: '{It} was left as it was: the cluster blocks the request',
		next: UNBLOCK,
	},
	unavailable: {
		message: '{It}: the cluster cannot do it for now',
		next: `A change may have been made all the same: look with the operation Get. ${RUN_LATER}`,
	},
	no_master: {
		message: '{It} was left as it was: the cluster has no elected master for now',
		next: RUN_LATER,
	},
	assignment_left: {
		message: '{It} was stopped on its nodes, but the cluster still lists it',
		next: 'Stop it again',
	},
	node_left: {
		message: '{It}: a node left the cluster during the request',
		next: 'This passes: run it again',
	},
};
