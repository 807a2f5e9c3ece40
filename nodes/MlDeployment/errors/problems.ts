import type { DeploymentProblem } from '../../elasticsearch/flows/failure';
import type { Absent, DeploymentState } from '../../elasticsearch/deployment/state';
import type { Difference } from '../../elasticsearch/deployment/startSpec';
import { MESSAGES } from './messages';
import type { Explanation } from './rule';

const LOOK =
	"Look for its 'restore' in the output of the run that stopped it, under Executions, and start it with 'Start From' Restore";

/** docs/elasticsearch-behaviour.md, "Stop: routes that stay stopping" */
const STUCK =
	'If it stays so, one of its machine learning nodes may hang, as happens before Elasticsearch 8.19.22: restarting that node may help';

/** What the looks after a lost answer showed. @param shown undefined if none was made */
function sayShown(shown: DeploymentState | null | undefined): string {
	if (shown === undefined) return '';
	return shown === null ? ', and no look at it came through' : ', and still shows it';
}

/** Explains why a deployment does not reach the state asked for. */
export function explainProblem(problem: DeploymentProblem): Explanation {
	switch (problem.code) {
		case 'not_found': {
			const { message, next } = explainNotFound(problem.id, problem.look);
			const ignoring = ". If it may be missing, turn on the option 'Ignore Unknown ID'";
			return { message, next: problem.mayBeIgnored ? next + ignoring : next };
		}
		case 'nothing_to_scale':
			return explainNothingToScale(problem.id, problem.look, problem.byPattern);
		case 'all_excluded':
			return {
				message: `Everything that matches '${problem.pattern}' is excluded, so nothing was changed`,
				next: "Correct the pattern or the option 'Exclude'",
			};
		case 'failed_before':
		case 'failed_to_start': {
			const exists = problem.code === 'failed_before' ? ' exists but' : '';
			return {
				message: `The deployment '${problem.id}'${exists} did not start: ${problem.reason ?? 'the cluster gives no reason'}`,
				next: 'Stop it first, remove the cause, then start it again',
			};
		}
		case 'other_settings':
			return explainOtherSettings(problem.id, problem.differences);
		case 'start_not_shown':
			return {
				message: `The deployment '${problem.id}' was not started: the cluster gave up waiting and does not show it`,
				next: `Look for its end under Machine Learning > Notifications in Kibana (somebody may have stopped it, or its model failed), then start it again`,
			};
		case 'stopped_meanwhile':
			return {
				message: `The deployment '${problem.id}' was stopped while it was waited for`,
				next: 'Find out who stopped it (another workflow, Kibana), then start it again. Before Elasticsearch 9.4, the cluster itself can lose a deployment that sleeps at zero',
			};
		case 'scaled_to_zero':
			return {
				message: `The deployment '${problem.id}' is scaled to zero: its minimum of allocations is 0`,
				next: "The first request wakes it. To have it ready, set 'Minimum Number of Allocations' to 1 or more with the operation Update",
			};
		case 'not_ready':
			return {
				message: `The deployment '${problem.id}' was not ready after ${problem.seconds} s`,
				next: `It goes on by itself; its last state was: ${problem.last}. Raise 'Wait Timeout (Seconds)', or look with the operation Get. If the machine learning nodes have no room, it will not get further`,
			};
		case 'stops_instead':
			return {
				message: `The deployment '${problem.id}' was not ready after ${problem.seconds} s: it is stopping`,
				next: `It does not come back by itself: find out who stops it, and start it again when it is gone. ${STUCK}`,
			};
		case 'still_stopping':
			return {
				message: `The deployment '${problem.id}' is still stopping after ${problem.seconds} s, so it was not started`,
				next: `Start it again when it is gone, or raise the option 'Wait Timeout (Seconds)'. ${STUCK}`,
			};
		case 'restarted': {
			const { id, startTime, since } = problem;
			const when = startTime === null ? '' : ` at ${new Date(startTime).toISOString()}`;
			const after =
				since === 'stopped' ? 'after this run stopped it' : 'while its stop was under way';
			return {
				message: `The deployment '${id}' runs again: somebody started it${when}, ${after}`,
				next: 'It was not stopped a second time. Find out who starts it (another workflow, an inference endpoint), then stop it again if it should not run',
			};
		}
		case 'restarted_and_gone':
			return {
				message: `The deployment '${problem.id}' was started again by somebody while its stop was under way, and is gone by now`,
				next: 'The restore is of before that stop. Find out who starts and stops it (another workflow, an inference endpoint)',
			};
		case 'stop_unknown': {
			if (problem.shown === 'stopping') {
				return {
					message: `The deployment '${problem.id}' is stopping, but not gone yet`,
					next: `Look with the operation Get in some minutes. Where queued work takes long, raise 'Request Timeout (Seconds)'. ${STUCK}`,
				};
			}
			const what = problem.isLate ? 'gave no answer in time' : 'lost the answer';
			return {
				message: `Whether the deployment '${problem.id}' is stopped is not known: the cluster ${what}${sayShown(problem.shown)}`,
				next: "Look with the operation Get in some minutes. Where queued work takes long, raise 'Request Timeout (Seconds)'",
			};
		}
		case 'cannot_record':
			return {
				message: `The deployment '${problem.id}' was not stopped: the API key may not read its settings, which are needed to start it again`,
				next: `Give the key the cluster privilege monitor_ml or manage_ml. To stop it nevertheless, switch off the option 'Fail If Settings Cannot Be Saved'`,
			};
		case 'owners_unknown':
			return {
				message:
					'Nothing was stopped: the API key may not read which deployments belong to inference endpoints',
				next: "With 'Force' they would be stopped too. Give the key the cluster privilege monitor_inference, or turn on the option 'Include What Inference Endpoints Own' if they are meant",
			};
		case 'endpoints_unreadable':
			return {
				message:
					'The API key may not read inference endpoints, so nobody knows which deployments they miss',
				next: 'Give the key the cluster privilege monitor_inference (before Elasticsearch 8.14: manage)',
			};
		case 'adaptive_endpoint':
			return {
				message: `The deployment '${problem.id}' was not changed: the inference endpoint that owns it is adaptive, and Elasticsearch offers no way to change its bounds or set a number`,
				next: `Leave it to its adaptive allocations, or make the endpoint anew with other settings`,
			};
		case 'recorded_adaptive':
			return {
				message: `The deployment '${problem.id}' was not started: its adaptive allocations were on when it was recorded, which rules out a fixed number`,
				next: MESSAGES.adaptive_is_on.next,
			};
		case 'not_remembered':
			return {
				message: problem.isNewer
					? `What this workflow remembers${isAll(problem.id) ? '' : ` of '${problem.id}'`} was written by a newer version of this node`
					: `This workflow does not remember stopping ${stoppedAs(problem.id)}`,
				next: problem.isNewer
					? 'Update the package'
					: problem.isElsewhere
						? 'It remembers it for another cluster or another address of this one: choose the credential that it was stopped with'
						: `Runs by hand are not remembered, nor what another workflow or a copy of this one stopped; and in queue mode n8n hands its workers no memory, so put Stop and Start into one sub-workflow there, or use the example office-hours-with-table. ${LOOK}`,
			};
		case 'stopped_by_later':
			return {
				message: `The deployment '${problem.id}' was not started: item ${problem.item} of this run, which comes later, has stopped it meanwhile`,
				next: `This item failed in an earlier try, and n8n's Retry On Fail ran it again. Item ${problem.item} holds the restore of what ran`,
			};
		case 'model_deleted':
			return {
				message: `The deployment '${problem.id}' was not started: its model '${problem.modelId}' is no longer in the cluster`,
				next: `Import the model again under this ID. If it is gone for good, set the option 'If Its Model Was Deleted' to 'Forget It' in the operation Start with 'Start From' What This Workflow Stopped`,
			};
		case 'dropped':
			return {
				message: `The settings of '${problem.id}' are no longer remembered: this workflow stopped more than it can keep`,
				next: `${LOOK}. To stop more than 200, keep the outputs in a table`,
			};
		case 'no_value':
			return {
				message: `The deployment '${problem.id}' has no answer to this text: ${problem.warning}`,
				next: 'Correct the text, or what the model is asked to do with it',
			};
		case 'probe_unanswered':
			return problem.seconds === null
				? {
						message: `The deployment '${problem.id}' runs, but cannot answer the probe`,
						next: "Why is said below. Correct the option 'Probe': some tasks need a certain text, such as one with a mask. A task that needs more than a text, such as a question or labels, is tried with the operation Infer instead",
					}
				: {
						message: `The deployment '${problem.id}' runs, but did not answer the probe within ${problem.seconds} s`,
						next: "It goes on by itself. Raise 'Wait Timeout (Seconds)', or find out what stands in the way with the operation Get",
					};
		case 'may_not_wake':
			return {
				message: `The deployment '${problem.id}' sleeps at zero, and an agent may not wake it`,
				next: "It costs from its first answer on. Ask a person to turn on the option 'Allow Agent Use' in the tool's node, or to give it a minimum of 1",
			};
		case 'adaptive_kept_on':
			return {
				message: `The deployment '${problem.id}' was not changed: this cluster does not let adaptive allocations be turned off`,
				next: `Serverless keeps them on, by its documentation. Use the 'Allocation Mode' Adaptive, or set the option 'If Adaptive Allocations Are On' to 'Set Bounds'`,
			};
	}
}

/** Whether a part of a pattern means everything. */
function isAll(pattern: string): boolean {
	return pattern.split(',').some((part) => part === '*' || part === '_all');
}

function stoppedAs(pattern: string): string {
	if (isAll(pattern)) return 'anything';
	return pattern.includes('*') ? `anything that matches '${pattern}'` : `'${pattern}'`;
}

/** Explains why an id names no deployment. Most often it is the id of the model. */
function explainNotFound(id: string, look: Absent): Explanation {
	switch (look.found) {
		case 'nothing':
			return {
				message: `No deployment and no model is called '${id}'`,
				next: 'Pick it from the list, or check the spelling with the operation Get Many. A stopped deployment that had an ID of its own is gone from the cluster',
			};
		case 'not_deployed':
			return { message: `The model '${id}' is not deployed`, next: 'Start it first' };
		case 'other_ids': {
			const what = look.modelId === id ? 'a model' : `an alias of the model '${look.modelId}'`;
			const ids = look.deploymentIds.map((each) => `'${each}'`).join(', ');
			return {
				message: `'${id}' is ${what}, not a deployment`,
				next:
					ids === '' ? 'The model is not deployed' : `Use the ID of its deployment instead: ${ids}`,
			};
		}
	}
}

function explainNothingToScale(id: string, look: Absent, byPattern: boolean): Explanation {
	const { message, next } = explainNotFound(id, look);
	if (look.found === 'other_ids') return { message, next };
	return {
		message:
			look.found === 'not_deployed'
				? `The deployment '${id}' is not there: its model is not deployed`
				: message,
		next: byPattern
			? 'Somebody stopped it just now; run this again'
			: "To start it, set 'If Not Running' to one of its other values. If the ID is wrong, pick it from the list",
	};
}

function explainOtherSettings(id: string, found: Difference[]): Explanation {
	const list = (which: Difference[]): string =>
		which.map(({ setting, is, wanted }) => `${setting} is ${is}, not ${wanted}`).join('; ');
	const fixed = found.filter(({ updatable }) => !updatable);
	return {
		message: `The deployment '${id}' runs already with other settings: ${list(found)}`,
		next:
			fixed.length > 0
				? `Only allocations can be changed while it runs: stop it first, then start it. In the way: ${list(fixed)}`
				: "Set the option 'When Already Running' to 'Update' to change it, or use the operation Scale",
	};
}
