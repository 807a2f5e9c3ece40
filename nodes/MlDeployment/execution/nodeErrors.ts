import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { explain, factsOf } from '../errors/explain';
import type { Success, Failed } from './operation';

/** A failure as an item holds it; an error is made of the same parts. */
export interface Report {
	message: string;
	details: IDataObject;
}

/** Reports a failure. An agent sees only the message, so that holds the next step for it too. */
export function report(failed: Failed, forAgent: boolean): Report {
	const { failure, subject = {} } = failed;
	const { message, next } = explain(failure, subject);
	const { status, reason } = factsOf(failure);
	const details: IDataObject = {
		deployment_id: subject.deploymentId ?? null,
		model_id: subject.modelId ?? null,
		http_status: status ?? null,
		reason: reason ?? null,
		next_step: next,
	};
	const done = failed.done?.json;
	if (done !== undefined) details.done = done;
	if (!forAgent) return { message, details };
	const restore = done?.restore ? `. Restore: ${JSON.stringify(done.restore)}` : '';
	return { message: `${message}. ${next}${restore}`, details };
}

/** Reports a field that could not be read. */
export function reportOfInput(error: NodeOperationError, forAgent: boolean): Report {
	const next = error.description ?? '';
	return {
		message: forAgent ? `${error.message}. ${next}` : error.message,
		details: {
			deployment_id: null,
			model_id: null,
			http_status: null,
			reason: null,
			next_step: next,
		},
	};
}

/**
 * The error that ends the node. n8n drops the outputs made so far, so the error carries them: the
 * description names the changes, and `context.done` holds the whole outputs, with restore objects.
 * @param done in input order
 * @param others further failures, of items that ran at the same time
 */
export function endingError(
	node: INode,
	itemIndex: number,
	failed: Failed,
	done: readonly Success[],
	others: readonly Report[],
	forAgent: boolean,
): NodeApiError {
	const { message, details } = report(failed, forAgent);
	const parts = [
		String(details.next_step),
		sayDone(done),
		others.length > 0 && `Also: ${others.map((each) => each.message).join('; ')}`,
	];
	const description = parts.filter((part) => part !== false).join('\n');
	const cause = 'cause' in failed.failure ? failed.failure.cause : undefined;
	const error = new NodeApiError(node, details as JsonObject, {
		message,
		description,
		httpCode: details.http_status === null ? undefined : String(details.http_status),
		itemIndex,
	});
	// If a message contains a code such as EPERM (in an id), n8n replaces it by a stock text.
	error.message = message;
	error.description = description;
	error.context.done = done.map((each) => each.json);
	error.context.details = details;
	if (cause instanceof Error) error.cause = cause;
	if (others.length > 0) error.context.also_failed = others.map((each) => each.details);
	return error;
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
	error.context.done = done.map((each) => each.json);
	return error;
}

/** Says what was done; false if nothing was. The restore objects are in the error's context. */
function sayDone(done: readonly Success[]): string | false {
	const changed = done.flatMap((each) => each.did ?? []);
	const open = done.filter((each) => each.did === undefined && each.stop !== undefined);
	const where = "Their outputs, with restore, are in this error's context under 'done'";
	const parts = [
		changed.length > 0 && `Done before this and not undone: ${changed.join(', ')}`,
		open.length > 0 &&
			`Perhaps stopped: ${open.map(({ json }) => `'${String(json.deployment_id)}'`).join(', ')}`,
	].filter((part) => part !== false);
	return parts.length > 0 && `${parts.join('. ')}. ${where}`;
}
