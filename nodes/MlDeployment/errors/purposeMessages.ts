import type { RefusalCode } from '../../elasticsearch/api/refusals';
import type { Purpose } from '../../elasticsearch/transport/failure';
import { RUN_LATER, UNBLOCK } from './messages';
import type { Explanation } from './rule';

/** Other words for the same refusal, by the purpose of the request. */
export const MESSAGES_FOR: Readonly<
	Partial<Record<Purpose, Partial<Record<RefusalCode, Explanation>>>>
> = {
	start: {
		unknown_model: {
			message: "There is no trained model called '{model}'",
			next: "Pick it from the list of 'Model'. Elastic's own models have to be downloaded first (Kibana: Machine Learning > Trained Models)",
		},
		low_priority: {
			message: '{It} was not started: low priority allows 1 allocation with 1 thread only',
			next: "Set both to 1, or remove the option 'Priority'. In a restore object, correct what is named below, or set its priority to normal",
		},
		adaptive_is_on: {
			message:
				'{It} was not changed: its adaptive allocations are on, which rules out a fixed number',
			next: "Start it with adaptive allocations, with equal bounds to hold a number, or change it with the operation Scale and its option 'If Adaptive Allocations Are On'",
		},
		minimum_above_maximum: {
			message: '{It} was not started: its minimum of allocations is above its maximum',
			next: "Correct 'Minimum' or 'Maximum Number of Allocations', or the bounds in the restore object",
		},
		no_adaptive: {
			message: '{It} was not started: this cluster knows no adaptive allocations',
			next: "They exist from Elasticsearch 8.16 on. Choose the 'Allocation Mode' Fixed, or upgrade the cluster",
		},
		conflict: {
			message: '{It} was not started: the cluster refuses it as it is now',
			next: 'What stands in the way is said below. Often it is too little room on the machine learning nodes; stop other deployments, or add nodes',
		},
		no_room: {
			message: '{It} was not started: the machine learning nodes have no room for it',
			next: 'Ask for fewer allocations or threads, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
		},
	},
	read: {
		blocked: {
			message: '{It} could not be read: the cluster blocks the request',
			next: UNBLOCK,
		},
		timed_out: {
			message: '{It} could not be read: Elasticsearch gave up waiting',
			next: RUN_LATER,
		},
		unavailable: {
			message: '{It} could not be read: the cluster cannot do it for now',
			next: RUN_LATER,
		},
		forbidden: {
			message: 'The API key may not read deployments',
			next: 'Give it the cluster privilege monitor_ml (reading) or manage_ml (reading and changing)',
		},
		not_found: {
			message: '{It} could not be read: Elasticsearch does not find something that this needs',
			next: 'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
		},
	},
	clearCache: {
		no_api: {
			message: 'The cache of {it} was not cleared: this cluster has no way to do that',
			next: 'It exists from Elasticsearch 8.5 on, and machine learning has to be enabled (xpack.ml.enabled). On older clusters stop and start the deployment instead',
		},
		not_on_serverless: {
			message: 'The cache of {it} cannot be cleared: Serverless does not offer that',
			next: 'Stop and start the deployment instead, if its cache has to be empty',
		},
	},
	infer: {
		blocked: {
			message: '{It} did not answer: the cluster blocks the request',
			next: UNBLOCK,
		},
		no_api: {
			message: '{It} did not answer: this cluster has no way to ask a deployment',
			next: 'Inference by this way exists from Elasticsearch 8.3 on, and machine learning has to be enabled (xpack.ml.enabled). Upgrade the cluster',
		},
		forbidden: {
			message: 'The API key may not ask {it}',
			next: 'Give it the cluster privilege monitor_ml',
		},
		bad_request: {
			message: '{It} did not answer: Elasticsearch did not accept the request',
			next: "What it did not accept is said below; correct the text, or the option 'Inference Config'",
		},
		unknown_field: {
			message: '{It} did not answer: its task has no such setting in this version of Elasticsearch',
			next: "The setting is named below; correct the option 'Inference Config'",
		},
		other_task: {
			message: '{It} did not answer: its model has another task than the request names',
			next: "The task of the model is named below; correct the option 'Inference Config'. No privilege changes this",
		},
		no_license: {
			message: '{It} did not answer: the licence of the cluster does not cover machine learning',
			next: 'Inference needs a Platinum, Enterprise or trial licence. No privilege changes this',
		},
		waking: {
			message: '{It} did not answer in time: no allocation of it runs yet',
			next: "If it sleeps at zero, the request wakes it: run this again in a minute, raise 'Wait Timeout (Seconds)', or set a minimum of 1 or more with the operation Update. If the machine learning nodes have no room, it will not wake up",
		},
		still_starting: {
			message: '{It} did not answer in time: it is still waking up',
			next: "Run this again in a minute, raise 'Wait Timeout (Seconds)', or set a minimum of 1 or more with the operation Update",
		},
		queue_full: {
			message: '{It} did not answer in time: too many requests are waiting for it',
			next: "Lower the option 'Max Concurrency', give it more allocations with the operation Scale, or run this again later",
		},
		timed_out: {
			message: '{It} did not answer in time',
			next: "Raise the option 'Inference Timeout (Seconds)', give it more allocations with the operation Scale, or lower the option 'Max Concurrency'",
		},
		conflict: {
			message: '{It} cannot answer in the state that it is in',
			next: 'The state is named below. Start it, or wait until it is ready (operation Wait Until Ready)',
		},
		not_found: {
			message: '{It} did not answer: Elasticsearch does not find something that this needs',
			next: 'What it does not find is said below. Look with the operation Get Many; if it is all there, run this again',
		},
	},
	update: {
		forbidden: {
			message: 'The API key may not change {it}',
			next: 'Give it the cluster privilege manage_ml. The privilege manage_inference is enough for Stop and Start, but not for Update',
		},
		endpoint_owned: {
			message:
				'{It} was not changed: an inference endpoint created it, and only the inference API may change it',
			next: "Set the option 'If an Inference Endpoint Owns It' to 'Use Inference API' to change its number, for which the key needs manage_inference. Adaptive bounds are set where the endpoint is made (PUT _inference)",
		},
	},
};
