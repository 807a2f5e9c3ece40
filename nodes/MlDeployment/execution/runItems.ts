import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { realClock, type Clock } from '../../elasticsearch/transport/clock';
import { failed, type Result } from '../../elasticsearch/transport/failure';
import { endRun, type EndedItem, type Halt } from './endRun';
import { ItemInput } from '../parameters/itemParameters';
import { CONCURRENCY, details, maxConcurrency, whenSomeFail } from '../parameters/options';
import { refuseAgent } from './agentGuard';
import { runInOrder } from './concurrency';
import { openRunContext, type RunContexts } from './context';
import { Journal, withResult } from './journal';
import { openMemory, placesOf, type Memory } from './memory';
import {
	isFailed,
	RunEnded,
	type Failed,
	type Job,
	type Operation,
	type Outcome,
	type Success,
	type Wait,
} from './operation';
import type { ItemJournal } from './stopEntry';

/** An item on its way. */
interface Track extends EndedItem {
	job?: Job;
	concurrency?: number;
	/** Whether the run goes on although some matches of its pattern failed. */
	goesOnIfSomeFail: boolean;
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
	clock: Clock = realClock,
): Promise<INodeExecutionData[][]> {
	const forAgent = host.getNode().type.endsWith('Tool');
	const goesOn = host.continueOnFail();
	const journal = Journal.open(host, forAgent);
	const tracks = host
		.getInputData()
		.map((_item, index) => prepare(host, operation, index, journal.doneBefore(index)));
	const isBroken = tracks.some((track) => track.inputError !== undefined);
	const waits: Wait[] = [];
	const memory = openMemory(operation.changes ? placesOf(host) : { staticData: {}, flow: {} });
	const contexts = !isBroken || goesOn ? await opened(host, waits, memory, clock) : undefined;
	const halt = contexts && (await runTracks(tracks, journal, contexts, goesOn));
	const ended = { operation, items: tracks, halt, contexts, journal, memory, waits };
	return [await endRun(host, { ...ended, goesOn, forAgent })];
}

/** n8n throws if it has no credential; that must not hide what earlier tries did. */
async function opened(
	host: IExecuteFunctions,
	waits: Wait[],
	memory: Memory,
	clock: Clock,
): Promise<Result<RunContexts>> {
	try {
		return await openRunContext(host, waits, memory, clock);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return failed({ kind: 'host', purpose: 'read', message, cause: error });
	}
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
		const whenFailed = input.optionalChoice(whenSomeFail, 'endAfterAll');
		const hasDetails = input.optionalFlag(details, false);
		const job = operation.prepare(input);
		refuseAgent(host, operation, input, job.scope);
		const goesOnIfSomeFail = job.scope === 'any' && whenFailed === 'goOn';
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
			const { deployment_id: id } = done.json;
			const subject = typeof id === 'string' ? { deploymentId: id } : undefined;
			return { failure: { kind: 'unexpected', cause: error }, subject, done };
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
function endsAll(result: Failed, track: Track, goesOn: boolean): boolean {
	if (result.failure.kind === 'canceled') return true;
	return !goesOn && !(track.goesOnIfSomeFail && isOfOne(result));
}

/** A pattern tries its other matches, unless they would fail in the same way. */
function endsAtOnce(result: Failed, track: Track, goesOn: boolean): boolean {
	const mayTryOthers = track.scope === 'any' && isOfOne(result);
	return endsAll(result, track, goesOn) && !mayTryOthers;
}

/** Whether a failure is about one deployment, not about the connection, the key or the pattern. */
function isOfOne({ failure, subject }: Failed): boolean {
	if (subject?.deploymentId === undefined) return false;
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
