import { refusalOf, type RefusalCode } from '../../../nodes/elasticsearch/api/refusals';
import type { Failure, Purpose } from '../../../nodes/elasticsearch/transport/failure';
import { explain } from '../../../nodes/MlDeployment/errors/explain';
import { MESSAGES } from '../../../nodes/MlDeployment/errors/messages';
import { MESSAGES_FOR } from '../../../nodes/MlDeployment/errors/purposeMessages';

type Row = [
	code: RefusalCode,
	answer: [purpose: Purpose, status: number, type: string | null],
	reason: string | null,
	message: string,
	next: string,
];

function refusal([, [purpose, status, type], reason]: Row): Failure {
	return {
		kind: 'response',
		purpose,
		status,
		type: type ?? undefined,
		reason: reason ?? undefined,
	};
}

/**
 * What Elasticsearch says, and what the node makes of it: a row for each code, and for each that a
 * purpose words in its own way. The sentences are those of
 * docs/elasticsearch-behaviour.md, "Start: errors" and "Update: errors" and "Stop: conflicts" and "Stop: answer and repetition" and "Security" and "REST: situations".
 */
const ROWS: Row[] = [
	[
		'definition_missing',
		['start', 404, 'resource_not_found_exception'],
		'Could not find trained model definition [.elser_model_2]',
		"The definition of the model '.elser_model_2' is not complete, so it cannot be deployed",
		'Import the model again (eland, or Kibana: Machine Learning > Trained Models)',
	],
	[
		'not_pytorch',
		['start', 400, 'status_exception'],
		'model [lang_ident] of type [tree_ensemble] cannot be deployed. Only PyTorch models can be deployed',
		"The model '.elser_model_2' cannot be deployed: only PyTorch models can",
		'Other models work in ingest pipelines without a deployment',
	],
	[
		'id_of_model',
		['start', 400, 'status_exception'],
		'Deployment id [my-elser] is the same as an another model which is not the model being deployed. Deployment id can be the same as the model being deployed but cannot match a different model',
		"The deployment 'my-elser' cannot be called so: that is the id of another model",
		"Choose another 'New Deployment ID'",
	],
	[
		'id_of_endpoint',
		['start', 400, 'status_exception'],
		'Inference endpoint IDs must be unique. Requested inference endpoint ID [my-elser] matches existing trained model ID(s) but must not.',
		"The deployment 'my-elser' cannot be called so: an inference endpoint has that id",
		"Choose another 'New Deployment ID', or use the inference endpoint",
	],
	[
		'no_deployment_ids',
		['start', 400, 'illegal_argument_exception'],
		'request [/_ml/trained_models/.elser_model_2/deployment/_start] contains unrecognized parameter: [deployment_id]',
		"The deployment 'my-elser' was not started: on this cluster a deployment is called like its model",
		"IDs of their own exist from Elasticsearch 8.8 on. Remove the option 'New Deployment ID', or upgrade the cluster",
	],
	[
		'no_priorities',
		['start', 400, 'illegal_argument_exception'],
		'request [/_ml/trained_models/.elser_model_2/deployment/_start] contains unrecognized parameter: [priority]',
		"The deployment 'my-elser' was not started: this cluster knows no priorities",
		"They exist from Elasticsearch 8.6 on. Remove the option 'Priority'",
	],
	[
		'definition_cut_off',
		['start', 400, 'status_exception'],
		'Model definition truncated. Unable to deserialize trained model definition [.elser_model_2]',
		"The definition of the model '.elser_model_2' is cut off, so it cannot be deployed",
		'Delete the model and import it again',
	],
	[
		'no_adaptive',
		['start', 400, 'illegal_argument_exception'],
		'request [POST /_ml/trained_models/.elser_model_2/deployment/_start] does not support having a body',
		"The deployment 'my-elser' was not started: this cluster knows no adaptive allocations",
		"They exist from Elasticsearch 8.16 on. Choose the 'Allocation Mode' Fixed, or upgrade the cluster",
	],
	[
		'removed_while_starting',
		['start', 400, 'status_exception'],
		'Error waiting for the model deployment to start. The trained model assignment was removed while waiting',
		"The deployment 'my-elser' was stopped while it started",
		'Find out who stopped it (another workflow, Kibana), then start it again',
	],
	[
		'downloading',
		['start', 408, 'status_exception'],
		'Model download task is currently running. Wait for trained model [.elser_model_2] download task to complete then try again',
		"The model '.elser_model_2' is still being downloaded",
		'Start it when the download is done; it takes minutes',
	],
	[
		'resetting',
		['start', 409, 'status_exception'],
		'cannot create new assignment [my-elser] for model [.elser_model_2] while feature reset is in progress.',
		"The deployment 'my-elser' was not started: machine learning is being reset",
		'Run this again when the reset is done',
	],
	[
		'too_many_deployments',
		['start', 429, 'status_exception'],
		'Could not start model deployment because existing deployments reached the limit of [100]',
		"The deployment 'my-elser' was not started: the cluster has as many deployments as it may have",
		'Stop one first, or raise the limit on the cluster',
	],
	[
		'no_room',
		['start', 429, 'status_exception'],
		'Could not start deployment because no ML nodes with sufficient capacity were found',
		"The deployment 'my-elser' was not started: the machine learning nodes have no room for it",
		'Ask for fewer allocations or threads, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
	],
	[
		'nodes_failed',
		['start', 500, 'status_exception'],
		'Could not start trained model deployment, the following nodes failed with errors [{node-1=out of memory}]',
		"The deployment 'my-elser' did not start: its process failed on the machine learning nodes",
		"The nodes' reasons are said below. Often there is too little memory, or the model is not meant for this version",
	],
	[
		'no_location',
		['start', 500, 'illegal_state_exception'],
		'model [.elser_model_2] does not have location',
		"The model '.elser_model_2' has no stored definition, so it cannot be deployed",
		'Import the model again',
	],
	[
		'malformed_key',
		['read', 401, 'security_exception'],
		'Illegal base64 character 5f',
		'Elasticsearch does not accept the API key',
		'Put the encoded key that Kibana showed into the credential, or id:api_key with both parts',
	],
	[
		'adaptive_is_on',
		['update', 400, 'validation_exception'],
		'Validation Failed: 1: [number_of_allocations] cannot be set if adaptive allocations is enabled;',
		"The deployment 'my-elser' was not changed: its adaptive allocations are on, which rules out a fixed number",
		"Set the option 'If Adaptive Allocations Are On' to 'Set Bounds' (the way for Serverless) or 'Turn Off', or choose the 'Allocation Mode' Adaptive",
	],
	[
		'adaptive_is_on',
		['start', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [number_of_allocations] cannot be set if adaptive allocations is enabled;',
		"The deployment 'my-elser' was not changed: its adaptive allocations are on, which rules out a fixed number",
		"Start it with adaptive allocations, with equal bounds to hold a number, or change it with the operation Scale and its option 'If Adaptive Allocations Are On'",
	],
	[
		'minimum_above_maximum',
		['update', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [min_number_of_allocations] must not be larger than [max_number_of_allocations];',
		"The deployment 'my-elser' was not changed: its minimum of allocations would be above its maximum",
		"A bound left empty keeps its stored value. Set both 'Minimum' and 'Maximum Number of Allocations', or the option 'No Maximum'",
	],
	[
		'minimum_above_maximum',
		['start', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [min_number_of_allocations] must not be larger than [max_number_of_allocations];',
		"The deployment 'my-elser' was not started: its minimum of allocations is above its maximum",
		"Correct 'Minimum' or 'Maximum Number of Allocations', or the bounds in the restore object",
	],
	[
		'no_adaptive',
		['update', 400, 'x_content_parse_exception'],
		'[1:2] [cluster:admin/xpack/ml/trained_models/deployment/update] unknown field [adaptive_allocations]',
		"The deployment 'my-elser' was not changed: this cluster knows no adaptive allocations",
		"They exist from Elasticsearch 8.16 on. Upgrade the cluster, or choose the 'Allocation Mode' Fixed",
	],
	[
		'no_finishing',
		['stop', 400, 'illegal_argument_exception'],
		'request [/_ml/trained_models/my-elser/deployment/_stop] contains unrecognized parameter: [finish_pending_work]',
		"The deployment 'my-elser' was not stopped: this cluster cannot finish pending work first",
		"That exists from Elasticsearch 8.11 on. Turn off the option 'Finish Pending Work', or upgrade the cluster",
	],
	[
		'unknown_parameter',
		['update', 400, 'illegal_argument_exception'],
		'request [/_ml/trained_models/my-elser/deployment/_update] contains unrecognized parameter: [foo] -> did you mean [force]?',
		"The deployment 'my-elser' was left as it was: this version of Elasticsearch doesn't know a setting that was sent",
		'The setting is named below. Leave the option out, or upgrade the cluster',
	],
	[
		'unknown_field',
		['update', 400, 'x_content_parse_exception'],
		'[1:2] [cluster:admin/xpack/ml/trained_models/deployment/update] unknown field [foo] did you mean [x]?',
		"The deployment 'my-elser' was left as it was: this version of Elasticsearch doesn't know a field that was sent",
		'The field is named below. Leave the option out, or upgrade the cluster',
	],
	[
		'low_priority',
		['update', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [number_of_allocations] must be 1 when [priority] is low;',
		"The deployment 'my-elser' was not changed: a low-priority deployment has exactly 1 allocation with 1 thread",
		'Keep the number and the maximum at 1, or stop the deployment and start it with normal priority',
	],
	[
		'low_priority',
		['start', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [number_of_allocations] must be 1 when [priority] is low;',
		"The deployment 'my-elser' was not started: low priority allows 1 allocation with 1 thread only",
		"Set both to 1, or remove the option 'Priority'. In a restore object, correct what is named below, or set its priority to normal",
	],
	[
		'queue_too_long',
		['start', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [queue_capacity] must be less than 100000;',
		"The deployment 'my-elser' was not started: its queue may hold 100000 requests at most",
		"Lower the option 'Queue Capacity', or 'queue_capacity' in the restore object",
	],
	[
		'no_update_api',
		['update', 400, null],
		'no handler found for uri [/_ml/trained_models/my-elser/deployment/_update] and method [POST]',
		"The deployment 'my-elser' was not changed: this cluster has no way to update deployments",
		'Update exists from Elasticsearch 8.6 on, and machine learning has to be enabled (xpack.ml.enabled). On older clusters stop the deployment and start it with the new number',
	],
	[
		'no_api',
		['stop', 400, null],
		'no handler found for uri [/_ml/trained_models/my-elser/deployment/_stop] and method [POST]',
		'This cluster does not have the trained model APIs',
		'Check that machine learning is enabled (xpack.ml.enabled), that the version is 8.0 or newer, and that the path in the Cluster Endpoint is right',
	],
	[
		'invalid_values',
		['update', 400, 'action_request_validation_exception'],
		'Validation Failed: 1: [timeout] must be positive;',
		"The deployment 'my-elser' was left as it was: Elasticsearch refused the values",
		'What it refused is said below; correct the fields that it names',
	],
	[
		'bad_request',
		['stop', 400, 'illegal_argument_exception'],
		'Failed to parse value [x] as only [true] or [false] are allowed.',
		"The deployment 'my-elser' was left as it was: Elasticsearch did not accept the request",
		'What it did not accept is said below; correct the field that it names',
	],
	[
		'key_expired',
		['read', 401, 'security_exception'],
		'unable to authenticate with provided credentials and anonymous access is not allowed for this request; API key: api key is expired',
		'The API key is expired',
		'Create a new key in Kibana (Stack Management > API keys) and put it into the credential',
	],
	[
		'key_missing',
		['read', 401, 'security_exception'],
		'missing authentication credentials for REST request [/_ml/trained_models/_stats]',
		'The API key did not arrive at Elasticsearch',
		'Check that the API Key of the credential is filled in, and that no proxy removes the Authorization header',
	],
	[
		'key_refused',
		['read', 401, 'security_exception'],
		'unable to authenticate with provided credentials and anonymous access is not allowed for this request; API key: unable to find apikey with id XXX',
		'Elasticsearch does not accept the API key',
		'Put the encoded key that Kibana showed into the credential, and check that it belongs to this cluster and was not invalidated',
	],
	[
		'no_license',
		['start', 403, 'security_exception'],
		'current license is non-compliant for [ml]',
		"The deployment 'my-elser' was left as it was: the licence of the cluster does not cover machine learning",
		'Machine learning deployments need a Platinum, Enterprise or trial licence. No privilege changes this',
	],
	[
		'upgrading',
		['start', 403, 'status_exception'],
		'Cannot start model deployment [my-elser] while cluster upgrade is in progress.',
		"The deployment 'my-elser' was left as it was: the cluster is being upgraded",
		'Run this again when all nodes have the same version. No privilege changes this',
	],
	[
		'no_inference_privilege',
		['update', 403, 'security_exception'],
		'action [cluster:admin/xpack/inference/update] is unauthorized for API key id [KEYID] of user [elastic], this action is granted by the cluster privileges [manage_inference,manage,all]',
		"The API key may not change the inference endpoint of the deployment 'my-elser'",
		'Give it the cluster privilege manage_inference',
	],
	[
		'forbidden',
		['read', 403, 'security_exception'],
		'action [cluster:monitor/xpack/ml/inference/stats/get] is unauthorized for API key id [KEYID] of user [elastic], this action is granted by the cluster privileges [monitor_ml,monitor,manage_ml,manage,all]',
		'The API key may not read deployments',
		'Give it the cluster privilege monitor_ml (reading) or manage_ml (reading and changing)',
	],
	[
		'forbidden',
		['update', 403, 'security_exception'],
		'action [cluster:admin/xpack/ml/trained_models/deployment/update] is unauthorized for API key id [KEYID] of user [elastic], this action is granted by the cluster privileges [manage_ml,manage,all]',
		"The API key may not change the deployment 'my-elser'",
		'Give it the cluster privilege manage_ml. The privilege manage_inference is enough for Stop and Start, but not for Update',
	],
	[
		'forbidden',
		['stop', 403, 'security_exception'],
		'action [cluster:admin/xpack/ml/trained_models/deployment/stop] is unauthorized for API key id [KEYID] of user [elastic], this action is granted by the cluster privileges [manage_inference,manage_ml,manage,all]',
		"The API key may not stop the deployment 'my-elser'",
		'Give it the cluster privilege manage_ml',
	],
	[
		'forbidden',
		['start', 403, 'security_exception'],
		'action [cluster:admin/xpack/ml/trained_models/deployment/start] is unauthorized for API key id [KEYID] of user [elastic], this action is granted by the cluster privileges [manage_inference,manage_ml,manage,all]',
		"The API key may not start the deployment 'my-elser'",
		'Give it the cluster privilege manage_ml',
	],
	[
		'unknown_model',
		['read', 404, 'resource_not_found_exception'],
		'No known trained model with model_id [my-elser]. Whatever comes behind it',
		"No deployment is called 'my-elser'",
		'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment is gone from the cluster; Start makes it again',
	],
	[
		'unknown_model',
		['start', 404, 'resource_not_found_exception'],
		'No known trained model with model_id [.elser_model_2]',
		"There is no trained model called '.elser_model_2'",
		"Pick it from the list of 'Model'. Elastic's own models have to be downloaded first (Kibana: Machine Learning > Trained Models)",
	],
	[
		'unknown_deployment',
		['stop', 404, 'resource_not_found_exception'],
		'No known model deployment with id [my-elser]',
		"No deployment is called 'my-elser'",
		'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment is gone from the cluster; Start makes it again',
	],
	[
		'not_found',
		['update', 404, 'resource_not_found_exception'],
		'Inference endpoint not found [my-elser]',
		"The deployment 'my-elser' was left as it was: Elasticsearch does not find something that this needs",
		'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
	],
	[
		'not_found',
		['read', 404, 'index_not_found_exception'],
		'no such index [.ml-inference]',
		"The deployment 'my-elser' could not be read: Elasticsearch does not find something that this needs",
		'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
	],
	[
		'rewritten',
		['update', 405, null],
		'Incorrect HTTP method for uri [/_ml] and method [GET], allowed: [POST]',
		'Something between n8n and Elasticsearch changed the request',
		'Check the path of the Cluster Endpoint, and that no proxy rewrites methods or headers',
	],
	[
		'still_starting',
		['start', 408, 'model_deployment_timeout_exception'],
		'Timed out after [30s] waiting for trained model deployment [my-elser] to start. Use the trained model stats API to track the state of the deployment and try again once it has started.',
		"The deployment 'my-elser' goes on starting, but was not ready in time",
		"Use the operation Wait Until Ready, or raise 'Wait Timeout (Seconds)'",
	],
	[
		'not_started',
		['update', 409, 'status_exception'],
		'cannot update deployment that is not in [started] state',
		"The deployment 'my-elser' was not changed: it is not in the state started",
		'Wait until it is started (operation Wait Until Ready), then update it. One that failed has to be stopped and started',
	],
	[
		'endpoint_owned',
		['stop', 409, 'status_exception'],
		'Cannot stop deployment [my-elser] as it was created by inference endpoint [my-elser]',
		"The deployment 'my-elser' was not stopped: an inference endpoint created it",
		"Requests to that endpoint would fail until it is started again under the same id. If that is wanted, turn on the option 'Force'; to save instead, let its adaptive allocations go to zero: they do after the cluster's scale_to_zero_time, 24 hours by default from 9.1 on",
	],
	[
		'endpoint_owned',
		['update', 409, 'status_exception'],
		'Cannot update deployment [my-elser] as it was created by inference endpoint [my-elser]. This model deployment must be updated through the inference API.',
		"The deployment 'my-elser' was not changed: an inference endpoint created it, and only the inference API may change it",
		"Set the option 'If an Inference Endpoint Owns It' to 'Use Inference API' to change its number, for which the key needs manage_inference. Adaptive bounds are set where the endpoint is made (PUT _inference)",
	],
	[
		'endpoint_uses_it',
		['stop', 409, 'status_exception'],
		'Cannot stop deployment [my-elser] as it is used by inference endpoint [my-endpoint]',
		"The deployment 'my-elser' was not stopped: an inference endpoint uses it",
		"Requests to that endpoint would fail until it is started again under the same id. If that is wanted, turn on the option 'Force'; to save instead, give it adaptive allocations with a minimum of 0 with the operation Update",
	],
	[
		'alias_in_pipeline',
		['stop', 409, 'status_exception'],
		'Cannot stop deployment [my-elser] as it has a model_alias [my-alias] that is still referenced by ingest processors; use force to stop the deployment',
		"The deployment 'my-elser' was not stopped: an ingest pipeline uses it through a model alias",
		"Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else point the alias to another model first",
	],
	[
		'in_pipeline',
		['stop', 409, 'status_exception'],
		'Cannot stop deployment [my-elser] as it is referenced by ingest processors; use force to stop the deployment',
		"The deployment 'my-elser' was not stopped: an ingest pipeline uses it",
		"Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else remove it from the pipeline first",
	],
	[
		'conflict',
		['update', 409, 'version_conflict_engine_exception'],
		'version conflict',
		"The deployment 'my-elser' is in a state that does not allow this",
		'Look at its state with the operation Get, and run this again when it has settled',
	],
	[
		'not_on_serverless',
		['update', 410, 'api_not_available_exception'],
		'uri [/_ml/x] with method [POST] exists but is not available when running in serverless mode',
		'This API is not available on Serverless',
		'The operation cannot be used with this project',
	],
	[
		'no_room',
		['update', 429, 'status_exception'],
		'Could not update deployment because there are not enough resources to provide all requested allocations',
		"The deployment 'my-elser' was not changed: the machine learning nodes have no room for so many allocations",
		'Ask for fewer allocations, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
	],
	[
		'memory_short',
		['read', 429, 'circuit_breaking_exception'],
		'[parent] Data too large, data for [<http_request>] would be [1gb]',
		"The deployment 'my-elser' was left as it was: the cluster is short of memory and refused the request",
		"It was tried again as often as the option 'Retries' allows. Run it again later; if it stays so, the cluster needs more memory",
	],
	[
		'throttled',
		['update', 429, 'es_rejected_execution_exception'],
		'rejected execution of task',
		"The deployment 'my-elser' was left as it was: the cluster refuses more for now",
		"Lower the option 'Max Concurrency' and run it again later",
	],
	[
		'blocked',
		['update', 503, 'cluster_block_exception'],
		'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered];',
		"The deployment 'my-elser' was left as it was: the cluster blocks changes for now",
		'What blocks it is said below. Run it again when the cluster has recovered',
	],
	[
		'unavailable',
		['update', 503, 'process_cluster_event_timeout_exception'],
		'failed to process cluster event (update-trained-model) within 30s',
		"The deployment 'my-elser' was left as it was: the cluster cannot do it for now",
		"It was tried again as often as the option 'Retries' allows. Run it again when the cluster has recovered",
	],
	[
		'no_master',
		['stop', 503, 'master_not_discovered_exception'],
		null,
		"The deployment 'my-elser' was left as it was: the cluster has no elected master for now",
		"It was tried again as often as the option 'Retries' allows. Run it again when the cluster has recovered",
	],
	[
		'assignment_left',
		['stop', 500, 'exception'],
		'failed to delete model assignment after nodes unallocated the deployment. Attempt to stop again',
		"The deployment 'my-elser' was stopped on its nodes, but the cluster still lists it",
		'Stop it again',
	],
	[
		'conflict',
		['start', 409, 'status_exception'],
		'the plan changed while it was made',
		"The deployment 'my-elser' was not started: the cluster refuses it as it is now",
		'What stands in the way is said below. Often it is too little room on the machine learning nodes; stop other deployments, or add nodes',
	],
	[
		'timed_out',
		['update', 504, 'exception'],
		'Request timed out after [30s]',
		"The deployment 'my-elser': Elasticsearch gave up waiting",
		'A change may have been made all the same: look with the operation Get, then run this again if it is needed',
	],
	[
		'other_task',
		['update', 403, 'status_exception'],
		'Trained model [my-elser] is configured for task [ner] but called with task [text_embedding]',
		"The deployment 'my-elser' was asked for another task than its model does",
		'Use the task that is named below. No privilege changes this',
	],
	[
		'task_lost',
		['update', 404, 'status_exception'],
		'Unable to find model deployment task [my-elser] please stop and start the deployment or try again momentarily',
		"The deployment 'my-elser' cannot answer: its machine learning nodes have lost it",
		'Run this again in a minute. If that does not help, stop the deployment and start it again; before Elasticsearch 9.4, one that sleeps at zero can get lost',
	],
	[
		'not_deployed',
		['update', 409, 'status_exception'],
		'Model [my-elser] must be deployed to use. Please deploy with the start trained model deployment API.',
		"The deployment 'my-elser' cannot answer: its model is not deployed",
		'Start it first',
	],
	[
		'waking',
		['update', 409, 'status_exception'],
		'Trained model deployment [my-elser] is not allocated to any nodes; starting deployment of one allocation',
		"The deployment 'my-elser' cannot answer yet: no allocation of it runs",
		'If it sleeps at zero, this request wakes it: run this again in a minute, or set a minimum of 1 or more with the operation Update',
	],
	[
		'queue_full',
		['update', 429, 'status_exception'],
		'Rejected inference request waiting for an allocation of deployment [my-elser]. Too many pending requests',
		"The deployment 'my-elser' has too many requests waiting",
		'Run this again later, and send fewer at once',
	],
	[
		'node_left',
		['read', 500, 'failed_node_exception'],
		'Failed node [Kqcr2Up2RQmWKkflha-kxA]; [v8.6.0-2][127.0.0.1:34396][cluster:monitor/xpack/ml/trained_models/deployment/infer[n]] disconnected',
		"The deployment 'my-elser': a node left the cluster during the request",
		'This passes: run it again',
	],
	[
		'not_on_serverless',
		['clearCache', 410, 'api_not_available_exception'],
		'Request for uri [/_ml/trained_models/x/deployment/cache/_clear] with method [POST] exists but is not available when running in serverless mode',
		"The cache of the deployment 'my-elser' cannot be cleared: Serverless does not offer that",
		'Stop and start the deployment instead, if its cache has to be empty',
	],
	[
		'wrong_field',
		['infer', 400, 'status_exception'],
		'Input field [text] does not exist in the source document',
		"The deployment 'my-elser' cannot read the text: its model reads another field",
		"Remove the option 'Input Field', or enter the field that is named below",
	],
	[
		'bad_request',
		['infer', 400, 'status_exception'],
		'Input too large. The tokenized input length [600] exceeds the maximum sequence length [512]',
		"The deployment 'my-elser' did not answer: Elasticsearch did not accept the request",
		"What it did not accept is said below; correct the text, or the option 'Inference Config'",
	],
	[
		'unknown_field',
		['infer', 400, 'x_content_parse_exception'],
		'[1:2] [ner_update] unknown field [nothing]',
		"The deployment 'my-elser' did not answer: its task has no such setting in this version of Elasticsearch",
		"The setting is named below; correct the option 'Inference Config'",
	],
	[
		'forbidden',
		['infer', 403, 'security_exception'],
		'action [cluster:monitor/xpack/ml/inference/infer] is unauthorized for API key id [x]',
		"The API key may not ask the deployment 'my-elser'",
		'Give it the cluster privilege monitor_ml',
	],
	[
		'other_task',
		['infer', 403, 'status_exception'],
		'Trained model [my-elser] is configured for task [ner] but called with task [text_embedding]',
		"The deployment 'my-elser' did not answer: its model has another task than the request names",
		"The task of the model is named below; correct the option 'Inference Config'. No privilege changes this",
	],
	[
		'no_license',
		['infer', 403, 'security_exception'],
		'current license is non-compliant for [ml]',
		"The deployment 'my-elser' did not answer: the licence of the cluster does not cover machine learning",
		'Inference needs a Platinum, Enterprise or trial licence. No privilege changes this',
	],
	[
		'not_found',
		['infer', 404, 'index_not_found_exception'],
		'no such index [.ml-inference-native-000002]',
		"The deployment 'my-elser' did not answer: Elasticsearch does not find something that this needs",
		'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
	],
	[
		'timed_out',
		['infer', 408, 'status_exception'],
		'timeout [10s] waiting for inference result',
		"The deployment 'my-elser' did not answer in time",
		"Raise the option 'Inference Timeout (Seconds)', give it more allocations with the operation Scale, or lower the option 'Max Concurrency'",
	],
	[
		'still_starting',
		['infer', 408, 'model_deployment_timeout_exception'],
		'Timed out after [10s] waiting for trained model deployment [my-elser] to start.',
		"The deployment 'my-elser' did not answer in time: it is still waking up",
		"Run this again in a minute, raise 'Wait Timeout (Seconds)', or set a minimum of 1 or more with the operation Update",
	],
	[
		'waking',
		['infer', 409, 'status_exception'],
		'Trained model deployment [my-elser] is not allocated to any nodes; starting deployment of one allocation',
		"The deployment 'my-elser' did not answer in time: no allocation of it runs yet",
		"If it sleeps at zero, the request wakes it: run this again in a minute, raise 'Wait Timeout (Seconds)', or set a minimum of 1 or more with the operation Update. If the machine learning nodes have no room, it will not wake up",
	],
	[
		'conflict',
		['infer', 409, 'status_exception'],
		'Trained model [my-elser] is [stopping]',
		"The deployment 'my-elser' cannot answer in the state that it is in",
		'The state is named below. Start it, or wait until it is ready (operation Wait Until Ready)',
	],
	[
		'queue_full',
		['infer', 429, 'es_rejected_execution_exception'],
		'inference process queue is full. Unable to execute command',
		"The deployment 'my-elser' did not answer in time: too many requests are waiting for it",
		"Lower the option 'Max Concurrency', give it more allocations with the operation Scale, or run this again later",
	],
];

describe('a refusal of Elasticsearch', () => {
	const asked = { deploymentId: 'my-elser', modelId: '.elser_model_2' };

	it.each(ROWS)('is %s: %j %s', (...row) => {
		const [code, [, , type], reason, message, next] = row;
		const said = (reason ?? type ?? '').replace(/;$/, '');
		expect(refusalOf(refusal(row))).toBe(code);
		expect(explain(refusal(row), asked)).toEqual({ message, next, said });
	});

	it('has a row for each code, and for each that a purpose words in its own way', () => {
		const rows = ROWS.map(([code, [purpose]]) => ({ code, purpose }));
		const own = Object.entries(MESSAGES_FOR).flatMap(([purpose, messages]) =>
			Object.keys(messages).map((code) => ({ code, purpose })),
		);
		expect(new Set(rows.map(({ code }) => code))).toEqual(new Set(Object.keys(MESSAGES)));
		expect(rows).toEqual(expect.arrayContaining(own));
	});

	it('is decided by its reason, for its type changes between nodes', () => {
		for (const [code, [purpose, status], reason, ...words] of ROWS.filter(([, , said]) => said)) {
			const row: Row = [code, [purpose, status, 'exception'], reason, ...words];
			expect(refusalOf(refusal(row))).toBe(code);
		}
	});
});

/** Further sentences of the same meaning. */
it.each<[RefusalCode, Purpose, number, string]>([
	// A start's values are all checked before it is refused.
	[
		'low_priority',
		'start',
		400,
		'Validation Failed: 1: [min_number_of_allocations] must not be larger than [max_number_of_allocations];2: [threads_per_allocation] must be 1 when [priority] is low;',
	],
	['no_adaptive', 'start', 400, 'request body is not supported'],
	['no_adaptive', 'start', 400, '[1:2] [start] unknown field [adaptive_allocations]'],
	[
		'no_room',
		'start',
		429,
		'Could not start deployment because no suitable nodes were found, allocation explanation [..]',
	],
	[
		'no_room',
		'start',
		429,
		'Could not start deployment because there are not enough resources to provide all requested allocations',
	],
	['malformed_key', 'update', 400, 'Illegal base64 character 5f'],
	['low_priority', 'start', 400, 'number_of_allocations must be 1 when priority is LOW'],
	[
		'unknown_parameter',
		'update',
		400,
		'request [/_ml/x] contains unrecognized parameters: [bar], [foo]',
	],
	[
		'unknown_field',
		'update',
		400,
		'[1:2] [cluster:admin/xpack/ml/trained_models/deployment/update] failed to parse field [adaptive_allocations]; [1:3] [autoscaling_settings] unknown field [foo]',
	],
	[
		'no_update_api',
		'update',
		400,
		'no handler found for uri [/_ml/trained_models/low-priority/deployment/_update] and method [POST]',
	],
	[
		'bad_request',
		'update',
		400,
		'[1:2] [cluster:admin/xpack/ml/trained_models/deployment/update] failed to parse field [number_of_allocations]',
	],
	[
		'bad_request',
		'update',
		400,
		"Inconsistent model_id; 'a' specified in the body differs from 'b' specified as a URL argument",
	],
	['bad_request', 'update', 400, "[1:3] Unexpected character ('x' (code 120))"],
	['bad_request', 'update', 400, 'request body is required'],
	['bad_request', 'update', 400, 'request [POST /_ml/x] does not support having a body'],
	[
		'bad_request',
		'update',
		400,
		'Failed to parse int parameter [number_of_allocations] with value [abc]',
	],
	['bad_request', 'update', 400, 'Invalid media-type value on headers [Accept]'],
	['key_refused', 'update', 401, 'API key: invalid credentials for API key [id]'],
	['key_refused', 'update', 401, 'unable to authenticate user [elastic] for REST request [/_ml]'],
	['unknown_model', 'update', 404, 'Could not find trained model [my-elser]'],
	['unknown_model', 'start', 404, 'Could not find trained model [.elser_model_2]'],
	[
		'unknown_model',
		'start',
		404,
		'No known trained model with model_id [m]. Whatever comes behind it',
	],
	// The text of the refusal of 8.19.10, 9.2.4 and 9.3.0 was not seen.
	...[400, 403, 409, 422, 429].map((status): [RefusalCode, Purpose, number, string] => [
		'low_priority',
		'update',
		status,
		'Cannot update deployment [x] with low priority to more than 1 allocation',
	]),
	['low_priority', 'update', 400, '[max_number_of_allocations] must be 1 when [priority] is low'],
	['low_priority', 'start', 400, 'low-priority deployments take max_number_of_allocations of 1'],
	// The text of the 409 of 8.19.22, 9.4.7 and 9.5.4 was not seen; it explains the resources.
	[
		'no_room',
		'start',
		409,
		'Could not start deployment [x]: Could not assign (more) allocations on node [n]. Reason: This node has insufficient available memory.',
	],
	[
		'no_room',
		'start',
		500,
		'Could not start trained model deployment, the following nodes failed with errors [{n=This node has insufficient allocated processors.}]',
	],
	[
		'no_room',
		'start',
		429,
		'Could not start deployment because no ML nodes with sufficient capacity were found. Consider setting xpack.ml.use_auto_machine_memory_percent',
	],
	['no_room', 'update', 409, 'there are not enough resources'],
	['timed_out', 'update', 408, 'Request timed out after [30s]'],
	['timed_out', 'update', 429, 'Inference timeout after 30s'],
	[
		'still_starting',
		'update',
		408,
		'Timed out after [10s] waiting for trained model deployment [x]',
	],
	['not_deployed', 'update', 400, 'model [x] must be deployed to use. Please deploy'],
	['waking', 'update', 409, 'Trained model [x] is not allocated to any nodes'],
	[
		'waking',
		'update',
		500,
		'Exception when running inference id [e] on field [f]; Trained model deployment [x] is not allocated to any nodes',
	],
	[
		'waking',
		'update',
		409,
		'[x] Error waiting for a model allocation, model assignment has been removed',
	],
	['waking', 'infer', 409, 'Trained model [x] is not initialized'],
	...[409, 500].map((status): [RefusalCode, Purpose, number, string] => [
		'nodes_failed',
		'infer',
		status,
		'[x] Error waiting for a model allocation, all nodes have failed with errors [{n=no memory}]',
	]),
	['conflict', 'update', 409, 'Trained model [x] is [stopping]'],
	['queue_full', 'update', 429, 'inference process queue is full'],
	['throttled', 'update', 429, 'rejected execution'],
	['no_license', 'update', 403, 'current license is non-compliant for [ml]'],
	[
		'in_pipeline',
		'stop',
		409,
		'Cannot stop deployment [low] as it is referenced by ingest processors',
	],
	[
		'endpoint_owned',
		'stop',
		409,
		'Cannot stop deployment [low-priority] as it was created by inference endpoint [low-priority]',
	],
	['rewritten', 'update', 406, 'Content-Type header is missing'],
	['rewritten', 'update', 406, 'Content-Type header [text/plain] is not supported'],
])('%s is also, to a %s, %i %s', (code, purpose, status, reason) => {
	expect(refusalOf({ kind: 'response', purpose, status, reason })).toBe(code);
});
