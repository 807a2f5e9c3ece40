import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { failed, type Result } from '../../elasticsearch/transport/failure';
import { problem } from '../../elasticsearch/flows/failure';
import { restarted } from '../../elasticsearch/flows/stop';
import { explain } from '../errors/explain';
import { refuseAgent } from './agentGuard';
import { guessMeant } from './didYouMean';
import { endingError, inputError, report, reportOfInput, type Report } from './nodeErrors';
import { ItemInput } from '../parameters/itemParameters';
import { CONCURRENCY, details, maxConcurrency, whenSomeFail } from '../parameters/options';
import { Journal, withResult } from './journal';
import type { ItemJournal, StopEntry } from './stopEntry';
import {
	isFailed,
	RunEnded,
	type Success,
	type Job,
	type Operation,
	type Outcome,
	type WriteScope,
	type Failed,
	type Wait,
} from './operation';
import { runInOrder } from './concurrency';
import { openRunContext, type RunContexts } from './context';
import { showSummary, type Told } from './hints';
import { openMemory, placesOf, type Memory } from './memory';

/** What became of one item. */
interface Track {
	job?: Job;
	/** The job's scope; `none` if there is no job. */
	scope: WriteScope;
	inputError?: NodeOperationError;
	concurrency?: number;
	/** Whether the run goes on although some matches of a pattern failed. */
	goesOnIfSomeFail: boolean;
	/** Whether outputs hold details. */
	hasDetails: boolean;
	results: Outcome[];
}

/**
 * Runs every item through one operation. It reads all fields of all items first, so that a bad
 * value in item 7 stops the run before item 0 sends anything. If the node continues on failure,
 * failures stay with their items; else the first failure ends the node, once the running items have
 * ended. A pattern first tries all its matches. However the run ends, it reports all that it
 * changed, in earlier tries too, and the workflow remembers what it stopped.
 */
export async function runItems(
	host: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[][]> {
	const forAgent = host.getNode().type.endsWith('Tool');
	const goesOn = host.continueOnFail();
	const journal = Journal.open(host, forAgent);
	const tracks = host
		.getInputData()
		.map((_item, index) => prepare(host, operation, index, journal.doneBefore(index)));
	const broken = tracks.find((track) => track.inputError !== undefined)?.inputError;
	const waits: Wait[] = [];
	const memory = openMemory(operation.changes ? placesOf(host) : { staticData: {}, flow: {} });
	const contexts = broken === undefined || goesOn ? await opened(host, waits, memory) : undefined;
	const halted =
		contexts === undefined ? undefined : await runTracks(tracks, journal, contexts, goesOn);
	const results = tracks.map((track) => track.results);
	if (contexts?.ok === true && halted?.failed.failure.kind !== 'canceled') {
		await guessMeant(results.flat().filter(isFailed), contexts.value.connection);
	}
	if (contexts?.ok === true) forgetStarted(contexts.value, results.flat(), memory);
	journal.report(results, (entry) => untold(entry, operation));
	showSummary(host, { results: results.flat(), waits, ...remember(journal, memory) });
	for (const { results: outcomes, hasDetails } of tracks) {
		if (hasDetails) outcomes.forEach(addDetails);
		else if (forAgent) outcomes.forEach(leaveOutAssignment);
	}
	const failures = results.flat().filter(isFailed);
	for (const { failure } of failures) logUnexpected(host, failure);
	if (failures.length === 0 && broken === undefined) journal.forget();
	else journal.keep(tracks);
	const done = results.flat().flatMap((each) => doneOf(each));
	if (broken !== undefined && !goesOn) throw inputError(broken, done, forAgent);
	if (halted === undefined)
		return [tracks.flatMap((track, index) => outputs(track, index, forAgent))];
	const { failed: first, index } = halted;
	if (first.failure.kind === 'canceled') logStopped(host, journal);
	const others = failures.filter((each) => each !== first);
	const tried = tracks[index].results;
	const pattern = {
		failed: tried.filter(isFailed).length,
		of: tried.filter((each) => isFailed(each) || each.json.deployment_id !== null).length,
		past: operation.past ?? 'done',
	};
	throw endingError(host.getNode(), {
		itemIndex: index,
		failed: first,
		others,
		done,
		pattern: halted.isPattern ? pattern : undefined,
		forAgent,
	});
}

/** Keeps what this run stopped. An unknown end counts too: the deployment may be gone. */
function remember(journal: Journal, memory: Memory): Pick<Told, 'dropped' | 'unsaved'> {
	const restores = journal.restores();
	if (restores.length === 0) return { dropped: [] };
	// A node has one credential, so all its stops are on one cluster.
	const dropped = memory.remember(String(restores[0].cluster), restores) ?? [];
	return { dropped, unsaved: memory.unsaved };
}

/** Adds to an output what the option Add Details asks for. */
function addDetails(outcome: Outcome): void {
	const done = isFailed(outcome) ? outcome.done : outcome;
	if (done?.details !== undefined) done.json = { ...done.json, details: done.details };
}

/** An agent reads every word: the cluster's whole answer would only tell it the ten keys again. */
function leaveOutAssignment(outcome: Outcome): void {
	const done = isFailed(outcome) ? outcome.done : outcome;
	if (done === undefined) return;
	done.json = { ...done.json };
	delete done.json.assignment;
}

/** Forgets what runs by now. What failed, or was not waited for, the next try looks for again. */
function forgetStarted(
	{ connection, started }: RunContexts,
	results: readonly Outcome[],
	memory: Memory,
): void {
	for (const outcome of results) {
		const isOpen = isFailed(outcome) || outcome.wait !== undefined;
		const id = isFailed(outcome) ? outcome.subject?.deploymentId : outcome.json.deployment_id;
		if (isOpen && typeof id === 'string') started.delete(id);
	}
	for (const id of started) memory.forget(connection.cluster, id);
}

/** Logs the stack of a slip of ours, because no output holds it. */
function logUnexpected(host: IExecuteFunctions, failure: Failed['failure']): void {
	if (failure.kind !== 'unexpected') return;
	const { cause } = failure;
	const stack = cause instanceof Error ? cause.stack : String(cause);
	host.logger.error(`ML Deployment: ${explain(failure).message}`, { stack });
}

/** n8n drops outputs, errors and static data of a cancelled run: only its log can keep this. */
function logStopped(host: IExecuteFunctions, journal: Journal): void {
	const restores = journal.restores();
	if (restores.length === 0) return;
	host.logger.warn('ML Deployment: the run was cancelled after it had stopped deployments', {
		restores,
	});
}

/** n8n throws if it has no credential; that must not hide what earlier tries did. */
async function opened(
	host: IExecuteFunctions,
	waits: Wait[],
	memory: Memory,
): Promise<Result<RunContexts>> {
	try {
		return await openRunContext(host, waits, memory);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return failed({ kind: 'host', purpose: 'read', message, cause: error });
	}
}

/** The outcome of an earlier try's stop that no job reported, because this try ended before. */
function untold(entry: StopEntry, operation: Operation): Outcome {
	const { id, modelId, state } = entry;
	const done = operation.recall?.(entry);
	if (done !== undefined && state === 'stopped') return done;
	const failure =
		state === 'restarted'
			? restarted({ id, startTime: null })
			: problem({ code: 'stop_unknown', id, isLate: false });
	return { failure, subject: { deploymentId: id, modelId }, done };
}

function prepare(
	host: IExecuteFunctions,
	operation: Operation,
	index: number,
	before: readonly Success[],
): Track {
	const results = [...before];
	try {
		const input = new ItemInput(host, index);
		const concurrency = input.optionalNumber(maxConcurrency, CONCURRENCY);
		const goesOnIfSomeFail = input.optionalChoice(whenSomeFail, 'endAfterAll') === 'goOn';
		const hasDetails = input.optionalFlag(details, false);
		const job = operation.prepare(input);
		refuseAgent(host, operation, input, job.scope);
		return { job, scope: job.scope, concurrency, goesOnIfSomeFail, hasDetails, results };
	} catch (error) {
		// Any other error comes from n8n, e.g. for an expression that it cannot resolve.
		const inputError =
			error instanceof NodeOperationError
				? error
				: new NodeOperationError(host.getNode(), error as Error, { itemIndex: index });
		const none = { goesOnIfSomeFail: false, hasDetails: false };
		return { inputError, scope: 'none', ...none, results };
	}
}

interface Halt {
	failed: Failed;
	index: number;
	/** Whether a pattern ended it, after it had tried all its matches. */
	isPattern: boolean;
}

/** @returns the failure that ended the run; undefined if all items had their turn */
async function runTracks(
	tracks: Track[],
	journal: Journal,
	contexts: Result<RunContexts>,
	goesOn: boolean,
): Promise<Halt | undefined> {
	const concurrency = tracks.find((track) => track.concurrency !== undefined)?.concurrency ?? 1;
	let halt: Halt | undefined;
	const isHalted = (): boolean => halt !== undefined;
	const scopes = tracks.map((track) => track.scope);
	const done = journal.doneItems(scopes);
	await runInOrder(scopes, concurrency, async (index) => {
		const track = tracks[index];
		const { job } = track;
		const before = track.results.length;
		// This try does not repeat what an earlier try finished.
		if (job === undefined || done.has(index) || isHalted()) return;
		const own = journal.forItem(index);
		for await (const result of outcomesOf(job, contexts, own, isHalted)) {
			track.results = withResult(track.results, result, before);
			if (isFailed(result) && endsAtOnce(result, track, goesOn)) {
				halt ??= { failed: result, index, isPattern: false };
			}
			// The job begins the next deployment only if this loop asks for it.
			if (isHalted()) break;
		}
		track.results = await waitForAll(track.results, isHalted());
		const ending = track.results.find(
			(each): each is Failed => isFailed(each) && endsAll(each, track, goesOn),
		);
		const isPattern = track.scope === 'any';
		if (ending !== undefined) halt ??= { failed: ending, index, isPattern };
	});
	return halt;
}

/**
 * Waits side by side for the changes of an item, once all are made. If the run has ended, it waits
 * for nothing, and the changes are reported as they are.
 */
async function waitForAll(results: Outcome[], isHalted: boolean): Promise<Outcome[]> {
	const ends = results.map(async (result): Promise<Outcome> => {
		if (isHalted || isFailed(result) || result.wait === undefined) return result;
		const { wait, ...done } = result;
		try {
			return await wait(done);
		} catch (error) {
			return { failure: { kind: 'unexpected', cause: error }, done };
		}
	});
	return await Promise.all(ends);
}

async function* outcomesOf(
	job: Job,
	contexts: Result<RunContexts>,
	journal: ItemJournal,
	isHalted: () => boolean,
): AsyncGenerator<Outcome> {
	if (!contexts.ok) {
		yield { failure: contexts.failure };
		return;
	}
	try {
		yield* job.run(contexts.value.forItem(job.settings, journal, isHalted));
	} catch (error) {
		if (!(error instanceof RunEnded)) yield { failure: { kind: 'unexpected', cause: error } };
	}
}

/** A cancelled execution begins nothing more, whatever 'On Error' says. */
function endsAll({ failure }: Failed, track: Track, goesOn: boolean): boolean {
	if (failure.kind === 'canceled') return true;
	return !goesOn && !(track.goesOnIfSomeFail && isOfOne(failure));
}

/** A pattern tries its other matches, unless they would fail in the same way. */
function endsAtOnce(failed: Failed, track: Track, goesOn: boolean): boolean {
	const mayTryOthers = track.scope === 'any' && isOfOne(failed.failure);
	return endsAll(failed, track, goesOn) && !mayTryOthers;
}

/** Whether a failure is about one deployment, not about the connection, the key or the pattern. */
function isOfOne(failure: Failed['failure']): boolean {
	switch (failure.kind) {
		case 'problem':
		case 'foreseen':
			return true;
		case 'response':
			return failure.status !== 401 && failure.status !== 403;
		default:
			return false;
	}
}

function doneOf(result: Outcome): Success[] {
	if (!isFailed(result)) return [result];
	return result.done === undefined ? [] : [result.done];
}

function outputs(track: Track, index: number, forAgent: boolean): INodeExecutionData[] {
	const failedItem = ({ message, details: further }: Report): INodeExecutionData => ({
		json: { error: message, details: further },
		pairedItem: { item: index },
	});
	const refused =
		track.inputError === undefined ? [] : [failedItem(reportOfInput(track.inputError, forAgent))];
	const rest = track.results.map((result) =>
		isFailed(result)
			? failedItem(report(result, forAgent))
			: { json: result.json, pairedItem: { item: index } },
	);
	return [...refused, ...rest];
}
