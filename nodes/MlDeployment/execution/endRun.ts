import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import { ABSENT } from '../../elasticsearch/deployment/deployment';
import { problem } from '../../elasticsearch/flows/failure';
import { restarted } from '../../elasticsearch/flows/stop';
import type { Result } from '../../elasticsearch/transport/failure';
import { explain } from '../errors/explain';
import type { RunContexts } from './context';
import { guessMeant } from './didYouMean';
import { showSummary, type Told } from './hints';
import type { Journal } from './journal';
import type { Memory } from './memory';
import { endingError, inputError, report, reportOfInput, type Report } from './nodeErrors';
import {
	isFailed,
	type Failed,
	type Operation,
	type Outcome,
	type Success,
	type Wait,
	type WriteScope,
} from './operation';
import type { StopEntry } from './stopEntry';

/** What became of one item. */
export interface EndedItem {
	/** The job's scope; `none` if there is no job. */
	scope: WriteScope;
	/** Why its fields could not be read. */
	inputError?: NodeOperationError;
	/** Whether outputs hold details. */
	hasDetails: boolean;
	results: Outcome[];
}

/** The failure that ended a run. */
export interface Halt {
	failed: Failed;
	/** Of its item. */
	index: number;
	/** Whether a pattern ended it, after it had tried all its matches. */
	isPattern: boolean;
}

/** A run in which no item works any more. */
export interface EndedRun {
	operation: Operation;
	/** In input order. */
	items: readonly EndedItem[];
	/** Undefined if all items had their turn. */
	halt?: Halt;
	/** Undefined if nothing was begun. */
	contexts?: Result<RunContexts>;
	journal: Journal;
	memory: Memory;
	waits: readonly Wait[];
	/** Whether failures stay with their items. */
	goesOn: boolean;
	forAgent: boolean;
}

/**
 * Ends a run: remembers what it stopped, reports all that it changed, in earlier tries too, and
 * returns the outputs, or throws the error that ends the node.
 */
export async function endRun(
	host: IExecuteFunctions,
	run: EndedRun,
): Promise<INodeExecutionData[]> {
	const { operation, items, halt, contexts, journal, memory, waits, goesOn, forAgent } = run;
	const results = items.map((item) => item.results);
	const isCanceled = host.getExecutionCancelSignal()?.aborted === true;
	if (contexts?.ok === true && !isCanceled) {
		await guessMeant(results.flat().filter(isFailed), contexts.value.connection);
	}
	const unsure = new Set(contexts?.ok === true ? contexts.value.started : []);
	if (contexts?.ok === true) {
		const { connection, started } = contexts.value;
		for (const id of startedWell(started, results.flat())) {
			memory.forget(connection.cluster, id);
			unsure.delete(id);
		}
	}
	const restores = journal.restores(unsure);
	journal.report(results, (entry) => untold(entry, operation));
	showSummary(host, {
		results: results.flat(),
		waits,
		...remember(restores, memory),
	});
	for (const { results: outcomes, hasDetails } of items) {
		if (hasDetails) outcomes.forEach(addDetails);
		else if (forAgent) outcomes.forEach(leaveOutAssignment);
	}
	const failures = results.flat().filter(isFailed);
	for (const { failure } of failures) logUnexpected(host, failure);
	const broken = items.find((item) => item.inputError !== undefined)?.inputError;
	if (failures.length > 0 || broken !== undefined) journal.keep(items);
	else {
		journal.forget();
		if (contexts?.ok === true) forgetGivenUp(contexts.value, memory);
	}
	const done = results.flat().flatMap((each) => doneOf(each));
	if (isCanceled) logChanges(host, restores, done);
	if (broken !== undefined && !goesOn) throw inputError(broken, done, forAgent);
	if (halt === undefined) return items.flatMap((item, index) => outputs(item, index, forAgent));
	const { failed: first, index } = halt;
	throw endingError(host.getNode(), {
		itemIndex: index,
		failed: first,
		others: failures.filter((each) => each !== first),
		done,
		pattern: halt.isPattern
			? { ...countMatches(results[index]), past: operation.past ?? 'done' }
			: undefined,
		forAgent,
	});
}

/** How many of a pattern's matches failed; each counts once, however many outcomes it has. */
function countMatches(results: readonly Outcome[]): {
	failed: number;
	of: number;
} {
	const count = (outcomes: readonly Outcome[]): number =>
		new Set(outcomes.map(idIn).filter((id) => id !== null)).size;
	return { failed: count(results.filter(isFailed)), of: count(results) };
}

/** The deployment that an outcome is about; null if it is about none. */
function idIn(outcome: Outcome): string | null {
	const done = isFailed(outcome) ? outcome.done : outcome;
	const subject = isFailed(outcome) ? outcome.subject : undefined;
	const id = subject?.deploymentId ?? done?.json.deployment_id;
	return typeof id === 'string' ? id : null;
}

function forgetGivenUp({ connection, givenUp }: RunContexts, memory: Memory): void {
	for (const id of givenUp) memory.forget(connection.cluster, id);
}

/** Keeps what this run stopped. An unknown end counts too: the deployment may be gone. */
function remember(
	restores: readonly IDataObject[],
	memory: Memory,
): Pick<Told, 'dropped' | 'unsaved'> {
	if (restores.length === 0) return { dropped: [] };
	// A node has one credential, so all its stops are on one cluster.
	const dropped = memory.remember(String(restores[0].cluster), restores) ?? [];
	return { dropped, unsaved: memory.unsaved };
}

/**
 * The ids of which an output says that they run, so that their earlier stop is history. What failed,
 * was not waited for, or has no outcome at all, the next try looks for again. Pure.
 * @param started ids that a job found running or started
 */
export function startedWell(started: ReadonlySet<string>, results: readonly Outcome[]): string[] {
	const running = new Set<string | null>();
	const open = new Set<string | null>();
	for (const outcome of results) {
		if (isFailed(outcome) || outcome.wait !== undefined) open.add(idIn(outcome));
		else if (outcome.json.state !== ABSENT.state) running.add(idIn(outcome));
	}
	return [...started].filter((id) => running.has(id) && !open.has(id));
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

/** Logs the stack of a slip of ours, because no output holds it. */
function logUnexpected(host: IExecuteFunctions, failure: Failed['failure']): void {
	if (failure.kind !== 'unexpected') return;
	const { cause } = failure;
	const stack = cause instanceof Error ? cause.stack : String(cause);
	host.logger.error(`ML Deployment: ${explain(failure).message}`, { stack });
}

/** n8n drops outputs, errors and static data of a cancelled run: only its log can keep this. */
function logChanges(
	host: IExecuteFunctions,
	restores: readonly IDataObject[],
	done: readonly Success[],
): void {
	const changes = done.flatMap(({ did }) => did ?? []);
	if (changes.length + restores.length === 0) return;
	host.logger.warn('ML Deployment: the run was cancelled after it had changed deployments', {
		changes,
		restores,
	});
}

function doneOf(result: Outcome): Success[] {
	if (!isFailed(result)) return [result];
	return result.done === undefined ? [] : [result.done];
}

function outputs(item: EndedItem, index: number, forAgent: boolean): INodeExecutionData[] {
	const failedItem = ({ message, details: further }: Report): INodeExecutionData => ({
		json: { error: message, details: further },
		pairedItem: { item: index },
	});
	const refused =
		item.inputError === undefined ? [] : [failedItem(reportOfInput(item.inputError, forAgent))];
	const rest = item.results.map((result) =>
		isFailed(result)
			? failedItem(report(result, forAgent))
			: { json: result.json, pairedItem: { item: index } },
	);
	return [...refused, ...rest];
}
