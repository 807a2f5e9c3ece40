import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import { statusOf, type Failure } from '../elasticsearch/transport/failure';
import { CONNECTION_LOST } from '../elasticsearch/transport/retry';
import { explain, factsOf } from '../MlDeployment/errors/explain';
import { description, inOurWords, inShort, type Explanation } from '../MlDeployment/errors/rule';

/**
 * The words for a poll that could not look at the cluster.
 * @param isFirst whether no look is kept: then publishing failed, and no next poll follows
 */
function explainPoll(failure: Failure, isFirst: boolean): Explanation {
	const { message, next, said } = explain(failure);
	if (!isPassing(failure)) return { message, next, said };
	return { message, next: `${isFirst ? TRY_AGAIN : NEXT_POLL}. ${GOES_ON}`, said };
}

const NEXT_POLL = 'Nothing is lost: the next poll looks again, and reports what changed meanwhile';
const TRY_AGAIN = 'The trigger has seen nothing yet: publish or run it again in a minute';
const GOES_ON = 'If this goes on, look at the cluster and at what is between it and n8n';

/** Whether it can pass without anybody's doing, so that the fields have nothing to change. */
function isPassing(failure: Failure): boolean {
	const status = statusOf(failure);
	if (failure.kind === 'timeout') return true;
	if (failure.kind === 'network') return CONNECTION_LOST.has(failure.code);
	return (
		(failure.kind === 'response' || failure.kind === 'not_elasticsearch') &&
		status !== undefined &&
		(status === 408 || status === 429 || status >= 500)
	);
}

/** The error of a poll; its status lets n8n tell a refused key from a busy cluster. */
export function pollError(node: INode, failure: Failure, isFirst: boolean): NodeApiError {
	const explanation = explainPoll(failure, isFirst);
	const words = { message: explanation.message, description: description(explanation) };
	const { status, reason } = factsOf(failure);
	const facts: JsonObject = { http_status: status ?? null, reason: reason ?? null };
	const error = new NodeApiError(node, facts, {
		...words,
		httpCode: status === undefined ? undefined : String(status),
	});
	return inOurWords(error, words);
}

/** The error for what is wrong with a field, or with what it leads to. */
export function fieldError(node: INode, problem: Explanation): NodeOperationError {
	const explanation = inShort(problem);
	const words = { message: explanation.message, description: description(explanation) };
	const error = new NodeOperationError(node, words.message, { description: words.description });
	return inOurWords(error, words);
}
