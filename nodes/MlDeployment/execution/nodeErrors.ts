import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { explain, factsOf } from '../errors/explain';
import { description, inOurWords, sentence } from '../errors/rule';
import type { Success, Failed } from './operation';

/** A failure as an item holds it; an error is made of the same parts. */
export interface Report {
	message: string;
	/** What to do next, and what the cluster said. */
	description: string;
	details: IDataObject;
}

/** Reports a failure. An agent sees only the message, so that holds the next step for it too. */
export function report(failed: Failed, forAgent: boolean): Report {
	const { failure, subject = {} } = failed;
	const explanation = explain(failure, subject);
	const { message } = explanation;
	const next = description(explanation);
	const { status, reason } = factsOf(failure);
	const details: IDataObject = {
		deployment_id: subject.deploymentId ?? null,
		model_id: subject.modelId ?? null,
		http_status: status ?? null,
		reason: reason ?? null,
		next_step: sentence(explanation.next),
	};
	const done = failed.done?.json;
	if (done !== undefined) details.done = done;
	if (failed.restore !== undefined) details.restore = failed.restore;
	if (!forAgent) return { message, description: next, details };
	const restore = typeof done?.restore === 'string' ? `\nRestore: ${done.restore}` : '';
	return { message: `${sentence(message)} ${next}${restore}`, description: next, details };
}

/** Reports a field that could not be read. */
export function reportOfInput(error: NodeOperationError, forAgent: boolean): Report {
	const next = error.description ?? '';
	return {
		message: forAgent ? `${sentence(error.message)} ${next}` : error.message,
		description: next,
		details: {
			deployment_id: null,
			model_id: null,
			http_status: null,
			reason: null,
			next_step: next,
		},
	};
}

/** How a run ended with a failure. */
export interface Ending {
	itemIndex: number;
	failed: Failed;
	/** Further failures: of the same pattern, and of items that ran at the same time. */
	others: readonly Failed[];
	/** All outputs made before, in input order. */
	done: readonly Success[];
	/** If a pattern ended because of refusals: how many of its matches, and what was not done. */
	pattern?: { failed: number; of: number; past: string };
	forAgent: boolean;
}

/**
 * The error that ends the node. n8n drops the outputs made so far, so the error carries them in
 * `context.data`, which the editor shows as "Error data".
 */
export function endingError(node: INode, ending: Ending): NodeApiError {
	const { failed, done, forAgent, itemIndex, pattern } = ending;
	const first = report(failed, forAgent);
	const others = ending.others.map((each) => report(each, forAgent));
	const { details } = first;
	const isOneOfMany = pattern !== undefined && pattern.of > 1;
	const isOpen = [failed, ...ending.others].some((each) => each.done?.stop !== undefined);
	const message = isOneOfMany ? someFailed(pattern, isOpen) : first.message;
	const parts = [
		isOneOfMany ? `${sentence(first.message)} ${first.description}` : first.description,
		...others.slice(0, MOST_TOLD).map((each) => `${sentence(each.message)} ${each.description}`),
		others.length > MOST_TOLD && `${others.length - MOST_TOLD} more failed.`,
		sayDone(done),
	];
	const words = { message, description: parts.filter((part) => part !== false).join('\n') };
	const cause = 'cause' in failed.failure ? failed.failure.cause : undefined;
	const error = new NodeApiError(node, details as JsonObject, {
		...words,
		httpCode: details.http_status === null ? undefined : String(details.http_status),
		itemIndex,
	});
	inOurWords(error, words);
	error.context.data = {
		done: done.map((each) => each.json),
		failed: [first, ...others].map((each) => ({ error: each.message, details: each.details })),
	};
	if (cause instanceof Error) error.cause = cause;
	return error;
}

const MOST_TOLD = 10;

/** @param isOpen whether one of them may be stopped all the same */
function someFailed({ failed, of, past }: NonNullable<Ending['pattern']>, isOpen: boolean): string {
	const surely = isOpen ? ' for sure' : '';
	return `${failed} of ${of} deployments ${failed === 1 ? 'was' : 'were'} not ${past}${surely}`;
}

/** The error for a field that could not be read. @param done by earlier tries of this run */
export function inputError(
	error: NodeOperationError,
	done: readonly Success[],
	forAgent: boolean,
): NodeOperationError {
	if (forAgent) error.message = reportOfInput(error, true).message;
	if (done.length === 0) return error;
	const parts = [error.description, sayDone(done)];
	error.description = parts.filter((part) => part).join('\n');
	error.context.data = { done: done.map((each) => each.json) };
	return error;
}

/** Says what was done; false if nothing was. The restore objects are in the error's data. */
function sayDone(done: readonly Success[]): string | false {
	const changed = done.flatMap((each) => each.did ?? []);
	const open = done.filter((each) => each.did === undefined && each.stop !== undefined);
	const parts = [
		changed.length > 0 && `Done before this and not undone: ${changed.join(', ')}`,
		open.length > 0 &&
			`Perhaps stopped: ${open.map(({ json }) => `'${String(json.deployment_id)}'`).join(', ')}`,
	].filter((part) => part !== false);
	const where = "The outputs, with restore, are under 'done' in the error data";
	return parts.length > 0 && `${parts.join('. ')}. ${where}.`;
}
