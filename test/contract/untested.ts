import type { Row } from './page';

/** Rows of the page that no case shows, each by its section and a passage; `why` says the reason. */
export interface Untested extends Row {
	why: string;
}

const LEGEND = 'It says how the page is to be read.';
const ABSENCE = 'It says what did not change between versions: nothing to ask for.';
const OLD = 'No version of the tests is so old.';
const EIS = 'It is about the Elastic Inference Service, which the node does not use.';
const INSIDE = 'It happens inside Elasticsearch, and no answer shows it.';
const RACE = 'It takes two events at the same moment, which no request can order.';
const NOTIFICATIONS = 'Notifications stand in an index, which is none of the APIs of the page.';
const COSTS = 'It is about costs.';
const OTHER_API =
	'It belongs to an API that the node does not call, and the embedded cluster does not have.';
const KIBANA = 'It is about Kibana.';
const UNKNOWN = 'What exactly comes back is not established.';

const group = (why: string, section: string, ...texts: string[]): Untested[] =>
	texts.map((text) => ({ section, text, why }));

export const untested: Untested[] = [
	...group(
		LEGEND,
		'how-elasticsearch-answers-on-trained-model-deployments',
		'| **[seen]** |',
		'| **[recorded]** |',
	),
	...group(OLD, 'versions-timeline', '| 8.0 to 8.3 |'),
	...group(
		'The embedded cluster has no indices to block.',
		'rest-situations',
		'| the cluster or an index is read-only |',
		'| a disk is full |',
	),
	...group(
		INSIDE,
		'versions-timeline',
		'A node that leaves the routing of a deployment shuts down gracefully.',
		'a model could get its allocations twice on one node',
		'Fixes for waking up: no spurious 409 while a deployment comes back',
		'The native loader refuses models whose TorchScript graph',
		'no longer blocks the shutdown of an ML node',
		'Updating an inference endpoint makes a validation call to the provider.',
	),
	...group(
		EIS,
		'versions-timeline',
		'uses ELSER on the Elastic Inference Service (EIS)',
		'becomes Jina v5 on EIS',
		'There is a region policy for inference requests (EIS only)',
		'EIS rate limits and `Retry-After` are handled inside Elasticsearch.',
	),
	...group(
		OTHER_API,
		'versions-timeline',
		'Limits on description, tags, prefix strings and field names of new models',
		'`GET _ml/info` has `defaults.model_platform_variant`',
	),
	...group(
		ABSENCE,
		'versions-timeline',
		'`_update` is generally available on Serverless; it was beta.',
	),
	...group(
		ABSENCE,
		'versions-what-did-not-change',
		'gained no parameter and lost none',
		'name no change to the addressing of `_stop`',
		'The specification names the same privileges for the APIs as before',
	),
	...group(
		'It names the source of the list above it.',
		'update-order-of-checks',
		'[seen] `TransportUpdateTrainedModelDeploymentAction`',
	),
	...group(NOTIFICATIONS, 'update-the-answer', 'A successful update writes a notification.'),
	...group(INSIDE, 'update-capacity', 'An increase plans **all** deployments anew'),
	...group(
		RACE,
		'stop-answer-and-repetition',
		'A deployment that vanishes between being looked up and being marked',
		'Where a node leaves meanwhile, the action tries again by itself.',
	),
	...group(
		INSIDE,
		'stop-duration-and-work-in-flight',
		'By default the queue is cut off.',
		'Where allocations shrink or move, and a node is taken out',
	),
	...group(
		'It names the source of the table below it.',
		'start-errors',
		'[seen] `TransportStartTrainedModelDeploymentAction`, unless marked.',
	),
	...group(RACE, 'start-errors', '| another start was faster | 409 |'),
	...group(
		'The cases infer-unknown and stats-unknown-id show both texts.',
		'stats-addressing-and-paging',
		'`Could not find trained model [X]` belongs to the look-up of a single model',
	),
	...group(
		'Which attributes a node has is its own matter.',
		'stats-shape-of-an-entry',
		'Attributes of nodes of a stateless cluster',
	),
	...group(OLD, 'stats-shape-of-an-entry', 'From 8.0 to 8.3 the keys were called'),
	...group(INSIDE, 'stats-cost-of-a-call', 'A call is **heavy**'),
	...group(UNKNOWN, 'security-401', 'A key that cannot be decoded can give a reason'),
	...group(
		'The node signs in with API keys only; the embedded cluster has one user, who may do everything.',
		'security-403',
		'For users it says',
	),
	...group(
		INSIDE,
		'adaptive-allocations-the-scaler',
		'The load counts successful, waiting and failed requests together.',
	),
	...group(
		NOTIFICATIONS,
		'adaptive-allocations-the-scaler',
		'A successful scaling writes the notification',
	),
	...group(
		OTHER_API,
		'adaptive-allocations-zero-and-waking-up',
		"Elastic's own tests set `scale_to_zero_time` to `1m`",
		'Through `semantic_text` and bulk requests the same state is wrapped',
	),
	...group(
		RACE,
		'adaptive-allocations-zero-and-waking-up',
		'Where every node fails to start it, who waits gets 500',
	),
	...group(
		NOTIFICATIONS,
		'adaptive-allocations-other-effects-of-time',
		'Starting and stopping write the notifications',
	),
	...group(
		COSTS,
		'adaptive-allocations-costs',
		'A minimum of 1 is charged even while nobody asks.',
		'Serverless Search projects pay ML VCUs',
		'Adaptive settings belong to a deployment or an endpoint.',
	),
	...group(
		RACE,
		'inference-failures',
		'| a node left during the request | 500 failed_node_exception',
		'| its process is not ready | 409 |',
	),
	...group(
		RACE,
		'inference-requests-and-answers',
		'A node that is stopping still answers where none is started.',
	),
	...group(KIBANA, 'serverless', 'Since mid 2025 Kibana sends the minimum 0 there'),
	...group(
		'It heads a list of tests, which the rows above repeat.',
		'official-tests',
		"What Elastic's own tests send and expect",
	),
];
