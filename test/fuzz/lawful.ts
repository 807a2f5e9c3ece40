/** What must hold whatever a field, a body or the memory holds. */

/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { inspect } from 'node:util';

import type { EmbeddedCluster, LoggedRequest } from '../cluster';
import type { RunResult } from '../engine/harness';
import { expectNoKey } from '../given';

/** One segment of a path: encoded, so that nothing in it leads elsewhere. */
const SEGMENT = '(?!\\.{1,2}[/,?]|\\.{1,2}$)[^/?#%\\s]*(?:%[0-9A-F]{2}[^/?#%\\s]*)*';

/** The endpoints of nodes/elasticsearch/api; a new one there belongs here. */
const ENDPOINTS: ReadonlyArray<readonly [method: string, path: RegExp]> = [
	['GET', /^\/_ml\/trained_models$/],
	['GET', /^\/_ml\/trained_models\/_stats$/],
	['GET', new RegExp(`^/_ml/trained_models/${SEGMENT}$`)],
	['GET', new RegExp(`^/_ml/trained_models/${SEGMENT}/_stats$`)],
	['POST', new RegExp(`^/_ml/trained_models/${SEGMENT}/deployment/(_start|_stop|_update)$`)],
	['POST', new RegExp(`^/_ml/trained_models/${SEGMENT}/_infer$`)],
	['POST', new RegExp(`^/_ml/trained_models/${SEGMENT}/deployment/cache/_clear$`)],
	['GET', /^\/_inference\/_all$/],
	['PUT', new RegExp(`^/_inference(/${SEGMENT}){1,2}/_update$`)],
];

/** What JavaScript says of itself, or the node of what its author did not think of. */
const SLIP =
	/Cannot (read|use|convert|set|destructure|access|mix|perform)\b|is not (a function|iterable|defined|a constructor)|Maximum call stack|Invalid (time value|array length|string length|count value)|circular structure|serialize a BigInt|out of memory|URI malformed|was not built for/;

/** Of an id in an answer that forms no path; the cluster gives none, and the node says so. */
const KNOWN = / cannot be an id/;

const OWN_ERRORS = ['NodeOperationError', 'NodeApiError'];
/** What n8n itself says before it runs the node, or of an expression that it cannot resolve. */
const OF_N8N = [
	'WorkflowOperationError',
	'ExpressionError',
	'WorkflowConfigurationError',
	'ManualExecutionCancelledError',
];
/** What n8n makes of the first error of a trigger that is published. */
const AROUND = 'WorkflowActivationError';

/** Requests to anything but the endpoints. */
export function strayRequests(requests: readonly LoggedRequest[]): string[] {
	return requests
		.filter(({ method, path }) => !ENDPOINTS.some(([verb, is]) => verb === method && is.test(path)))
		.map(({ method, path }) => `a request to no endpoint: ${method} ${path.slice(0, 200)}`);
}

/** What is wrong with an error, as the workflow or a person gets it. */
export function badError(error: unknown): string[] {
	if (error === undefined) return [];
	const { name, message, description, cause } = error as Error & { description?: unknown };
	if (name === AROUND) return badError(cause);
	const found: string[] = [];
	if (![...OWN_ERRORS, ...OF_N8N].includes(name)) found.push(`no error of n8n: ${name} ${message}`);
	return [...found, ...slips([message, description])];
}

/** The words of a slip among some texts. */
export function slips(texts: readonly unknown[]): string[] {
	return texts.flatMap((text) => {
		if (typeof text !== 'string' || !SLIP.test(text) || KNOWN.test(text)) return [];
		return [`words of a slip: ${text.slice(0, 300)}`];
	});
}

/** What is wrong with the failed items of a run. */
function badItems({ outputs }: RunResult): string[] {
	return outputs.flat().flatMap(({ json }) => {
		if (!('error' in json)) return [];
		const details = json.details as { next_step?: unknown } | undefined;
		if (typeof json.error !== 'string' || json.error === '')
			return [`no message: ${inspect(json)}`];
		return slips([json.error, details?.next_step]);
	});
}

/** All that is wrong with a run. The log is emptied, for the next one. */
export function broken(result: RunResult, cluster: EmbeddedCluster, logs: string[]): string[] {
	const wrong = [
		...strayRequests(cluster.requests),
		...badError(result.error),
		...badItems(result),
		...logs.filter((line) => line.startsWith('error')).flatMap((line) => slips([line])),
	];
	expectNoKey(shown([result.raw, logs]));
	logs.length = 0;
	cluster.resetLog();
	return wrong;
}

/** As n8n stores it, and as a console would show it. */
export function shown(value: unknown): string {
	return inspect(value, { depth: 40, maxStringLength: null, maxArrayLength: null });
}
