import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { listInferenceEndpoints, type InferenceEndpoint } from '../elasticsearch/inference';
import { connect, DEFAULT_SETTINGS, type ConnectionSettings } from '../elasticsearch/request';
import type { Result } from '../elasticsearch/result';
import { watchDeployments } from '../elasticsearch/wait';
import { refuseAgent } from './agent';
import { isRepeated, openCarryOver } from './carryOver';
import { endingError, report, reportOfInput, type Report } from './failures';
import { ItemInput } from './itemInput';
import {
	isUndone,
	type Done,
	type Job,
	type Operation,
	type Session,
	type Touches,
	type Undone,
} from './operation';
import { runInOrder } from './schedule';

const DEFAULT_CONCURRENCY = 4;

/** What became of one item. */
interface Track {
	job?: Job;
	/** Of the job; `nothing` where there is none. */
	touches: Touches;
	inputError?: NodeOperationError;
	concurrency?: number;
	results: Array<Done | Undone>;
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
	tracks.forEach(({ touches, results }, index) =>
		results.push(...carryOver.doneBefore(index, touches)),
	);
	const halted = await runTracks(host, tracks, goesOn);
	carryOver.keep(tracks);
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
	host: IExecuteFunctions,
	tracks: Track[],
	goesOn: boolean,
): Promise<Halt | undefined> {
	const session = await openSession(host);
	const concurrency = tracks.find((track) => track.concurrency !== undefined)?.concurrency ?? 1;
	let halt: Halt | undefined;
	const touches = tracks.map((track) => track.touches);
	await runInOrder(touches, concurrency, async (index) => {
		const { job, results } = tracks[index];
		const before = [...results] as Done[];
		// What an earlier try did for one deployment is not done again.
		const isDone = before.length > 0 && touches[index] !== 'many';
		if (job === undefined || isDone || halt !== undefined) return;
		for await (const result of outcomes(job, session)) {
			if (!isRepeated(result, before)) results.push(result);
			if (isUndone(result) && endsAll(result, goesOn)) halt ??= { undone: result, index };
			// Pulling no further begins nothing further.
			if (halt !== undefined) break;
		}
	});
	return halt;
}

async function* outcomes(job: Job, session: Result<Session>): AsyncGenerator<Done | Undone> {
	if (!session.ok) {
		yield { failure: session.failure, subject: { doing: 'read' } };
		return;
	}
	try {
		yield* job.run(tune(session.value, job.settings));
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

async function openSession(host: IExecuteFunctions): Promise<Result<Session>> {
	const connected = await connect(host, DEFAULT_SETTINGS);
	if (!connected.ok) return connected;
	const connection = connected.value;
	let endpoints: Promise<InferenceEndpoint[] | null> | undefined;
	let turn: Promise<unknown> = Promise.resolve();
	const session: Session = {
		connection,
		watch: watchDeployments(connection),
		endpoints: async () => await (endpoints ??= listInferenceEndpoints(connection)),
		inTurn: async (work) => {
			const mine = turn.then(work);
			turn = mine.catch(() => undefined);
			return await mine;
		},
		hint: (message) => host.addExecutionHints({ message, location: 'outputPane' }),
	};
	return { ok: true, value: session };
}

/** The session with the item's own time-out and retries. */
function tune(session: Session, settings: ConnectionSettings): Session {
	const { connection } = session;
	return {
		...session,
		connection: {
			...connection,
			send: async (request, own) => await connection.send(request, { ...settings, ...own }),
		},
	};
}

function doneOf(result: Done | Undone): Done[] {
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
