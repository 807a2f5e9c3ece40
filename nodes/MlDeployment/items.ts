import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import type { Result } from '../elasticsearch/result';
import { refuseAgent } from './agent';
import { openCarryOver, withResult } from './carryOver';
import { endingError, report, reportOfInput, type Report } from './failures';
import { ItemInput } from './itemInput';
import {
	isUndone,
	type Done,
	type Job,
	type Operation,
	type Outcome,
	type Touches,
	type Undone,
	type Wait,
} from './operation';
import { runInOrder } from './schedule';
import { openSession, type SessionFactory } from './session';
import { showWaits } from './waits';

const DEFAULT_CONCURRENCY = 4;

/** What became of one item. */
interface Track {
	job?: Job;
	/** Of the job; `nothing` where there is none. */
	touches: Touches;
	inputError?: NodeOperationError;
	concurrency?: number;
	results: Outcome[];
}

/**
 * Runs every item through one operation. All fields of all items are read first, so that a bad
 * value in item 7 stops the run before item 0 sent anything. Failures stay with their item where
 * the node continues; else the first one ends the node, after what is in flight has ended.
 */
export async function runItems(
	host: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[][]> {
	const forAgent = host.getNode().type.endsWith('Tool');
	const goesOn = host.continueOnFail();
	const tracks = host.getInputData().map((_item, index) => prepare(host, operation, index));
	const broken = tracks.find((track) => track.inputError !== undefined)?.inputError;
	if (broken !== undefined && !goesOn) {
		if (forAgent) broken.message = reportOfInput(broken, true).message;
		throw broken;
	}
	const carryOver = openCarryOver(host, forAgent);
	tracks.forEach((track, index) =>
		track.results.push(...carryOver.doneBefore(index, track.touches)),
	);
	const waits: Wait[] = [];
	const halted = await runTracks(tracks, await openSession(host, carryOver, waits), goesOn);
	carryOver.keep(tracks);
	showWaits(host, waits);
	if (halted === undefined)
		return [tracks.flatMap((track, index) => outputs(track, index, forAgent))];
	const undone = tracks.flatMap((track) => track.results).filter(isUndone);
	const done = tracks.flatMap((track) => track.results).flatMap((each) => doneOf(each));
	const others = undone.filter((each) => each !== halted.undone);
	throw endingError(
		host.getNode(),
		halted.index,
		halted.undone,
		done,
		others.map((each) => report(each, forAgent)),
		forAgent,
	);
}

function prepare(host: IExecuteFunctions, operation: Operation, index: number): Track {
	try {
		const input = new ItemInput(host, index);
		refuseAgent(host, operation, input);
		const concurrency = input.optionalNumber(
			'maxConcurrency',
			'Max Concurrency',
			1,
			DEFAULT_CONCURRENCY,
		);
		const job = operation.prepare(input);
		return { job, touches: job.touches, concurrency, results: [] };
	} catch (error) {
		// Anything else comes from n8n, e.g. an expression that cannot be resolved.
		const inputError =
			error instanceof NodeOperationError
				? error
				: new NodeOperationError(host.getNode(), error as Error, { itemIndex: index });
		return { inputError, touches: 'nothing', results: [] };
	}
}

interface Halt {
	undone: Undone;
	index: number;
}

/** @returns the failure that ended the run, or undefined where all items had their turn */
async function runTracks(
	tracks: Track[],
	opened: Result<SessionFactory>,
	goesOn: boolean,
): Promise<Halt | undefined> {
	const concurrency = tracks.find((track) => track.concurrency !== undefined)?.concurrency ?? 1;
	let halt: Halt | undefined;
	const isHalted = (): boolean => halt !== undefined;
	const touches = tracks.map((track) => track.touches);
	await runInOrder(touches, concurrency, async (index) => {
		const track = tracks[index];
		const { job } = track;
		const before = track.results.length;
		// What an earlier try did for one deployment is not done again.
		const isDone = before > 0 && touches[index] !== 'many';
		if (job === undefined || isDone || isHalted()) return;
		for await (const result of outcomes(job, opened, isHalted)) {
			// Held back because the run had ended: nothing was begun, so there is nothing to tell.
			if (isUndone(result) && result.failure.kind === 'halted') break;
			track.results = withResult(track.results, result, before);
			if (isUndone(result) && endsAll(result, goesOn)) halt ??= { undone: result, index };
			// Pulling no further begins nothing further.
			if (isHalted()) break;
		}
	});
	return halt;
}

async function* outcomes(
	job: Job,
	opened: Result<SessionFactory>,
	isHalted: () => boolean,
): AsyncGenerator<Outcome> {
	if (!opened.ok) {
		yield { failure: opened.failure, subject: { doing: 'read' } };
		return;
	}
	try {
		yield* job.run(opened.value(job.settings, isHalted));
	} catch (error) {
		// A slip of ours must not lose what other items did.
		const message = `The node met something that it was not built for: ${(error as Error).message}`;
		yield {
			failure: {
				kind: 'outcome',
				message,
				next: 'Please report this with the steps that led to it',
			},
			subject: { doing: 'read' },
		};
	}
}

/** A cancelled execution begins nothing more, whatever 'On Error' says. */
function endsAll(undone: Undone, goesOn: boolean): boolean {
	return !goesOn || undone.failure.kind === 'canceled';
}

function doneOf(result: Outcome): Done[] {
	if (!isUndone(result)) return [result];
	return result.done === undefined ? [] : [result.done];
}

function outputs(track: Track, index: number, forAgent: boolean): INodeExecutionData[] {
	const failedItem = ({ message, details }: Report): INodeExecutionData => ({
		json: { error: message, details },
		pairedItem: { item: index },
	});
	if (track.inputError !== undefined)
		return [failedItem(reportOfInput(track.inputError, forAgent))];
	return track.results.map((result) =>
		isUndone(result)
			? failedItem(report(result, forAgent))
			: { json: result.json, pairedItem: { item: index } },
	);
}
