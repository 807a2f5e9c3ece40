import { explainProblem } from '../../../nodes/MlDeployment/errors/problems';
import type { Absent } from '../../../nodes/elasticsearch/deployment/state';
import type { DeploymentProblem } from '../../../nodes/elasticsearch/flows/failure';

const id = 'x';
const ANEW = 'Stop it first, remove the cause, then start it again';
const WHO =
	'It was not stopped a second time. Find out who starts it (another workflow, an inference endpoint), then stop it again if it should not run';
const LATER =
	"Look with the operation Get in some minutes. Where queued work takes long, raise 'Request Timeout (Seconds)'";
const STUCK =
	'If it stays so, one of its machine learning nodes may hang, as happens before Elasticsearch 8.19.22: restarting that node may help';
const NOTHING =
	'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment that had an ID of its own is gone from the cluster';
const HAND_ON =
	"To start it, set 'If Not Running' to one of its other values. If the ID is wrong, pick it from the list";
const LOOK =
	"Look for its 'restore' in the output of the run that stopped it, under Executions, and start it with 'Start From' Restore";

const NOT_DEPLOYED: Absent = {
	found: 'not_deployed',
	modelId: 'x',
	entry: { modelId: 'x', raw: {} },
};

function deploymentsOf(modelId: string, ...deploymentIds: string[]): Absent {
	return { found: 'other_ids', modelId, deploymentIds };
}

it.each<[DeploymentProblem, string, string]>([
	[
		{ code: 'not_found', id, look: { found: 'nothing' } },
		"No deployment and no model is called 'x'",
		NOTHING,
	],
	[
		{ code: 'not_found', id, look: { found: 'nothing' }, mayBeIgnored: true },
		"No deployment and no model is called 'x'",
		`${NOTHING}. If it may be missing, turn on the option 'Ignore Unknown ID'`,
	],
	[
		{ code: 'not_found', id, look: NOT_DEPLOYED },
		"The model 'x' is not deployed",
		'Start it first',
	],
	[
		{ code: 'not_found', id, look: deploymentsOf('x', 'a', 'b') },
		"'x' is a model, not a deployment",
		"Use the ID of its deployment instead: 'a', 'b'",
	],
	[
		{ code: 'not_found', id, look: deploymentsOf('m') },
		"'x' is an alias of the model 'm', not a deployment",
		'The model is not deployed',
	],
	[
		{ code: 'nothing_to_scale', id, look: { found: 'nothing' }, byPattern: false },
		"No deployment and no model is called 'x'",
		HAND_ON,
	],
	[
		{ code: 'nothing_to_scale', id, look: NOT_DEPLOYED, byPattern: true },
		"The deployment 'x' is not there: its model is not deployed",
		'Somebody stopped it just now; run this again',
	],
	[
		{ code: 'nothing_to_scale', id, look: deploymentsOf('x', 'a'), byPattern: true },
		"'x' is a model, not a deployment",
		"Use the ID of its deployment instead: 'a'",
	],
	[
		{ code: 'all_excluded', pattern: 'x*,y' },
		"Everything that matches 'x*,y' is excluded, so nothing was changed",
		"Correct the pattern or the option 'Exclude'",
	],
	[
		{ code: 'failed_before', id, reason: 'oops' },
		"The deployment 'x' exists but did not start: oops",
		ANEW,
	],
	[
		{ code: 'failed_before', id, reason: null },
		"The deployment 'x' exists but did not start: the cluster gives no reason",
		ANEW,
	],
	[{ code: 'failed_to_start', id, reason: 'oops' }, "The deployment 'x' did not start: oops", ANEW],
	[
		{ code: 'failed_to_start', id, reason: null },
		"The deployment 'x' did not start: the cluster gives no reason",
		ANEW,
	],
	[
		{
			code: 'other_settings',
			id,
			differences: [
				{ setting: 'priority', is: 'low', wanted: 'normal', updatable: false },
				{ setting: 'number_of_allocations', is: '1', wanted: '2', updatable: true },
			],
		},
		"The deployment 'x' runs already with other settings: priority is low, not normal; number_of_allocations is 1, not 2",
		'Only allocations can be changed while it runs: stop it first, then start it. In the way: priority is low, not normal',
	],
	[
		{
			code: 'other_settings',
			id,
			differences: [{ setting: 'number_of_allocations', is: '1', wanted: '2', updatable: true }],
		},
		"The deployment 'x' runs already with other settings: number_of_allocations is 1, not 2",
		"Set the option 'When Already Running' to 'Update' to change it, or use the operation Scale",
	],
	[
		{ code: 'start_not_shown', id },
		"The deployment 'x' was not started: the cluster gave up waiting and does not show it",
		'Look for its end under Machine Learning > Notifications in Kibana (somebody may have stopped it, or its model failed), then start it again',
	],
	[
		{ code: 'stopped_meanwhile', id },
		"The deployment 'x' was stopped while it was waited for",
		'Find out who stopped it (another workflow, Kibana), then start it again. Before Elasticsearch 9.4, the cluster itself can lose a deployment that sleeps at zero',
	],
	[
		{ code: 'scaled_to_zero', id },
		"The deployment 'x' is scaled to zero: its minimum of allocations is 0",
		"The first request wakes it. To have it ready, set 'Minimum Number of Allocations' to 1 or more with the operation Update",
	],
	[
		{ code: 'not_ready', id, seconds: 300, last: 'starting' },
		"The deployment 'x' was not ready after 300 s",
		"It goes on by itself; its last state was: starting. Raise 'Wait Timeout (Seconds)', or look with the operation Get. If the machine learning nodes have no room, it will not get further",
	],
	[
		{ code: 'stops_instead', id, seconds: 300 },
		"The deployment 'x' was not ready after 300 s: it is stopping",
		`It does not come back by itself: find out who stops it, and start it again when it is gone. ${STUCK}`,
	],
	[
		{ code: 'still_stopping', id, seconds: 300 },
		"The deployment 'x' is still stopping after 300 s, so it was not started",
		`Start it again when it is gone, or raise the option 'Wait Timeout (Seconds)'. ${STUCK}`,
	],
	[
		{ code: 'restarted', id, startTime: Date.UTC(2026, 0, 15, 12), since: 'stop_sent' },
		"The deployment 'x' runs again: somebody started it at 2026-01-15T12:00:00.000Z, while its stop was under way",
		WHO,
	],
	[
		{ code: 'restarted', id, startTime: null, since: 'stopped' },
		"The deployment 'x' runs again: somebody started it, after this run stopped it",
		WHO,
	],
	[
		{ code: 'restarted_and_gone', id },
		"The deployment 'x' was started again by somebody while its stop was under way, and is gone by now",
		'The restore is of before that stop. Find out who starts and stops it (another workflow, an inference endpoint)',
	],
	[
		{ code: 'stop_unknown', id, isLate: true, shown: 'started' },
		"Whether the deployment 'x' is stopped is not known: the cluster gave no answer in time, and still shows it",
		LATER,
	],
	[
		{ code: 'stop_unknown', id, isLate: false, shown: 'unknown' },
		"Whether the deployment 'x' is stopped is not known: the cluster lost the answer, and still shows it",
		LATER,
	],
	[
		{ code: 'stop_unknown', id, isLate: false, shown: null },
		"Whether the deployment 'x' is stopped is not known: the cluster lost the answer, and no look at it came through",
		LATER,
	],
	[
		{ code: 'stop_unknown', id, isLate: false },
		"Whether the deployment 'x' is stopped is not known: the cluster lost the answer",
		LATER,
	],
	[
		{ code: 'stop_unknown', id, isLate: false, shown: 'stopping' },
		"The deployment 'x' is stopping, but not gone yet",
		`${LATER}. ${STUCK}`,
	],
	[
		{ code: 'cannot_record', id },
		"The deployment 'x' was not stopped: the API key may not read its settings, which are needed to start it again",
		"Give the key the cluster privilege monitor_ml or manage_ml. To stop it nevertheless, switch off the option 'Fail If Settings Cannot Be Saved'",
	],
	[
		{ code: 'owners_unknown' },
		'Nothing was stopped: the API key may not read which deployments belong to inference endpoints',
		"With 'Force' they would be stopped too. Give the key the cluster privilege monitor_inference, or turn on the option 'Include What Inference Endpoints Own' if they are meant",
	],
	[
		{ code: 'adaptive_endpoint', id },
		"The deployment 'x' was not changed: the inference endpoint that owns it is adaptive, and Elasticsearch offers no way to change its bounds or set a number",
		'Leave it to its adaptive allocations, or make the endpoint anew with other settings',
	],
	[
		{ code: 'recorded_adaptive', id },
		"The deployment 'x' was not started: its adaptive allocations were on when it was recorded, which rules out a fixed number",
		"Set the option 'If Adaptive Allocations Are On' to 'Set Bounds' (the way for Serverless) or 'Turn Off', or choose the 'Allocation Mode' Adaptive",
	],
	[
		{ code: 'not_remembered', id, isNewer: false, isElsewhere: false },
		"This workflow does not remember stopping 'x'",
		`Runs by hand are not remembered, nor what another workflow or a copy of this one stopped; and in queue mode n8n hands its workers no memory, so put Stop and Start into one sub-workflow there, or use the example office-hours-with-table. ${LOOK}`,
	],
	[
		{ code: 'not_remembered', id, isNewer: false, isElsewhere: true },
		"This workflow does not remember stopping 'x'",
		'It remembers it for another cluster or another address of this one: choose the credential that it was stopped with',
	],
	[
		{ code: 'not_remembered', id: 'x*,*', isNewer: true, isElsewhere: false },
		'What this workflow remembers was written by a newer version of this node',
		'Update the package',
	],
	[
		{ code: 'not_remembered', id: 'x*', isNewer: true, isElsewhere: false },
		"What this workflow remembers of 'x*' was written by a newer version of this node",
		'Update the package',
	],
	[
		{ code: 'model_deleted', id, modelId: 'm' },
		"The deployment 'x' was not started: its model 'm' is no longer in the cluster",
		"Import the model again under this ID. If it is gone for good, set the option 'If Its Model Was Deleted' to 'Forget It' in the operation Start with 'Start From' What This Workflow Stopped",
	],
	[
		{ code: 'stopped_by_later', id, item: 3 },
		"The deployment 'x' was not started: item 3 of this run, which comes later, has stopped it meanwhile",
		"This item failed in an earlier try, and n8n's Retry On Fail ran it again. Item 3 holds the restore of what ran",
	],
	[
		{ code: 'dropped', id },
		"The settings of 'x' are no longer remembered: this workflow stopped more than it can keep",
		`${LOOK}. To stop more than 200, keep the outputs in a table`,
	],
	[
		{ code: 'adaptive_kept_on', id },
		"The deployment 'x' was not changed: this cluster does not let adaptive allocations be turned off",
		"Serverless keeps them on, by its documentation. Use the 'Allocation Mode' Adaptive, or set the option 'If Adaptive Allocations Are On' to 'Set Bounds'",
	],
	[
		{ code: 'endpoints_unreadable' },
		'The API key may not read inference endpoints, so nobody knows which deployments they miss',
		'Give the key the cluster privilege monitor_inference (before Elasticsearch 8.14: manage)',
	],
	[
		{ code: 'no_value', id: 'x', warning: 'no tokens' },
		"The deployment 'x' has no answer to this text: no tokens",
		'Correct the text, or what the model is asked to do with it',
	],
	[
		{ code: 'probe_unanswered', id: 'x', seconds: 300 },
		"The deployment 'x' runs, but did not answer the probe within 300 s",
		"It goes on by itself. Raise 'Wait Timeout (Seconds)', or find out what stands in the way with the operation Get",
	],
	[
		{ code: 'probe_unanswered', id: 'x', seconds: null },
		"The deployment 'x' runs, but cannot answer the probe",
		"Why is said below. Correct the option 'Probe': some tasks need a certain text, such as one with a mask. A task that needs more than a text, such as a question or labels, is tried with the operation Infer instead",
	],
	[
		{ code: 'may_not_wake', id: 'x' },
		"The deployment 'x' sleeps at zero, and an agent may not wake it",
		"It costs from its first answer on. Ask a person to turn on the option 'Allow Agent Use' in the tool's node, or to give it a minimum of 1",
	],
])('%j is told to the letter', (problem, message, next) => {
	expect(explainProblem(problem)).toEqual({ message, next });
});
