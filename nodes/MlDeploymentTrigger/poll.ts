import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { listStats } from '../elasticsearch/api/deployments';
import { realClock, type Clock } from '../elasticsearch/transport/clock';
import { connect, DEFAULT_SETTINGS } from '../elasticsearch/transport/connection';
import { failed, success, type Result } from '../elasticsearch/transport/failure';
import { isObject } from '../elasticsearch/transport/json';
import { within } from '../elasticsearch/transport/within';
import { bringUpToDate } from '../MlDeployment/memory/latest';
import { fieldError, pollError } from './errors';
import { namedIn, watchedIn, type Happening, type Look, type Rules } from './events';
import { holdsLook, MOST_DEPLOYMENTS } from './memory';
import { readRules } from './parameters';
import { Polls } from './polls';
import { samplesOf } from './sample';

/** n8n polls once a minute at most, so a poll ends before the next one begins. */
const LONGEST_POLL_MS = 45_000;

/**
 * The polls of each activation. n8n gives all polls of one activation the same `this`; where it
 * gives each its own, that is an update, which goes on with what was kept.
 */
const activations = new WeakMap<IPollFunctions, Polls>();

function pollsOf(host: IPollFunctions): Polls {
	const mode = host.getActivationMode();
	const polls = activations.get(host) ?? new Polls(mode === 'activate' || mode === 'create');
	activations.set(host, polls);
	return polls;
}

/**
 * One poll of the trigger.
 * @returns one item for each event; null if nothing happened, so that n8n starts nothing
 */
export async function poll(
	host: IPollFunctions,
	clock: Clock = realClock,
): Promise<INodeExecutionData[][] | null> {
	const read = readRules(({ name, default: otherwise }) => host.getNodeParameter(name, otherwise));
	if (!read.ok) throw fieldError(host.getNode(), read.problem);
	const rules = read.value;
	const polls = pollsOf(host);
	const number = polls.begin();
	const look = await lookAt(host, clock);
	const staticData = host.getWorkflowStaticData('node');
	if (!look.ok) throw pollError(host.getNode(), look.failure, !holdsLook(staticData));
	const { length } = namedIn(look.value, rules);
	if (length > MOST_DEPLOYMENTS) {
		throw fieldError(host.getNode(), {
			message: `${length} deployments are to be watched, but one trigger watches ${MOST_DEPLOYMENTS} at most`,
			next: "Set 'Deployments' to 'All That Match a Pattern', and use several triggers",
		});
	}
	if (host.getMode() === 'manual') return itemsOf(samples(host, look.value, rules));
	// An import can leave anything there. A list takes what is written, and n8n does not store it.
	if (!isObject(staticData)) throw fieldError(host.getNode(), NO_PLACE);
	const happenings = polls.settle(number, look.value, rules, staticData);
	if (happenings.length === 0) return null;
	// n8n now saves static data whole.
	bringUpToDate(host.getWorkflow().id, host.getWorkflowStaticData('global'));
	return itemsOf(happenings);
}

const NO_PLACE = {
	message: 'The trigger cannot keep what it sees, so it would never tell anything',
	next: "What n8n stores for it ('staticData' of the workflow) is no object. Give the trigger another name, and publish again: then it begins anew",
};

function itemsOf(happenings: readonly Happening[]): INodeExecutionData[][] {
	return [happenings.map((each) => ({ json: { ...each } }))];
}

/** Looks at the cluster: one request for each 1,000 models. */
async function lookAt(host: IPollFunctions, clock: Clock): Promise<Result<Look>> {
	const ended = await within(budgetOf(host), { clock }, async (signal): Promise<Result<Look>> => {
		const connection = await connect(host, DEFAULT_SETTINGS, clock, signal);
		if (!connection.ok) return connection;
		const stats = await listStats(connection.value);
		if (!stats.ok) return stats;
		const { cluster } = connection.value;
		return success({ cluster, at: clock.now(), entries: stats.value });
	});
	if (ended.is === 'done') return ended.value;
	if (ended.is === 'thrown') throw ended.error;
	return failed({ kind: 'timeout', purpose: 'read' });
}

/** Milliseconds. Where n8n has a limit of its own, it takes no answer after that. */
function budgetOf(host: Omit<IPollFunctions, 'getPollBudgetMs'> & Partial<IPollFunctions>): number {
	return Math.min(LONGEST_POLL_MS, host.getPollBudgetMs?.() ?? LONGEST_POLL_MS);
}

function samples(host: IPollFunctions, look: Look, rules: Rules): ReturnType<typeof samplesOf> {
	const [first, ...others] = watchedIn(look, rules);
	if (first !== undefined) return samplesOf([first, ...others], look, rules);
	throw fieldError(host.getNode(), {
		message: 'There is no deployment to make a sample of',
		next: "Start one, or change 'Deployments', 'Pattern' or the options so that they mean one that runs. In a published workflow, an empty cluster is no error",
	});
}
