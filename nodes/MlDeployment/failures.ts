import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { explain } from '../elasticsearch/errors';
import type { Done, Undone } from './operation';

/** A failure as it stands in an item, and as an error is made from it. */
export interface Report {
	message: string;
	details: IDataObject;
}

/** What the item of a failed deployment holds. Agents see only the message, so it carries the next step for them. */
export function report(undone: Undone, forAgent: boolean): Report {
	const { failure, subject } = undone;
	const { message, next } = explain(failure, subject);
	const details: IDataObject = {
		deployment_id: subject.deploymentId ?? null,
		model_id: subject.modelId ?? null,
		http_status: failure.status ?? null,
		reason: failure.reason ?? failure.type ?? null,
		next_step: next,
	};
	if (undone.done !== undefined) details.done = undone.done.json;
	return { message: forAgent ? `${message}. ${next}` : message, details };
}

/** The same for a field that could not be read. */
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
 * The error that ends the node. n8n drops the outputs made so far, so what was done goes with it:
 * named in the description, and whole (restore included) in `context.done`.
 * @param done in input order
 * @param others further failures of what was in flight
 */
export function endingError(
	node: INode,
	itemIndex: number,
	undone: Undone,
	done: readonly Done[],
	others: readonly Report[],
	forAgent: boolean,
): NodeApiError {
	const { message, details } = report(undone, forAgent);
	const changed = done.flatMap((each) => each.did ?? []);
	const parts = [
		String(details.next_step),
		changed.length > 0 &&
			`Done before this and not undone: ${changed.join(', ')}. Their outputs, with restore, are in this error's context under 'done'`,
		others.length > 0 && `Also: ${others.map((each) => each.message).join('; ')}`,
	];
	const description = parts.filter((part) => part !== false).join('\n');
	const error = new NodeApiError(node, details as JsonObject, {
		message,
		description,
		httpCode: undone.failure.status === undefined ? undefined : String(undone.failure.status),
		itemIndex,
	});
	// n8n swaps a message that happens to hold a code such as EPERM (in an id) for a stock text.
	error.message = message;
	error.description = description;
	error.context.done = done.map((each) => each.json);
	error.context.details = details;
	if (others.length > 0) error.context.also_failed = others.map((each) => each.details);
	return error;
}
