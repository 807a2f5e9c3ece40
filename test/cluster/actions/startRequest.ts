import {
	CANNOT_BE_SET,
	mergeAdaptive,
	problemsOf,
	readAdaptive,
	type AdaptivePatch,
} from './adaptive';
import { parseBytes } from '../settings/bytes';
import type { Call } from '../rest/call';
import { parseDuration } from '../settings/durations';
import { illegalArgument, invalid } from '../rest/errors';
import type { JsonNode } from '../rest/json';
import { intValue, readObject, stringValue } from '../rest/strict';
import type { Features } from '../settings/versions';
import type { Priority } from '../types';

const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/start';
const JAVA = 'org.elasticsearch.xpack.core.ml.inference.assignment';

export interface StartRequest {
	/** As given: an id, an alias or an expression. */
	modelExpression: string;
	deploymentId: string;
	number?: number;
	threads?: number;
	queueCapacity?: number;
	cacheSize?: string;
	priority?: Priority;
	adaptive?: AdaptivePatch | null;
	waitFor: 'starting' | 'started' | 'fully_allocated';
	timeoutMs: number;
	masterTimeoutMs?: number;
}

/** Reads a request: everything from the query or the body, the query wins (docs/elasticsearch-behaviour.md, "Start: parameters"). */
export function readStart(call: Call): StartRequest {
	const body: Record<string, JsonNode> = {};
	const { features } = call;
	const keep = (name: string) => (node: JsonNode) => void (body[name] = node);
	const known = [
		...['model_id', 'number_of_allocations', 'threads_per_allocation', 'queue_capacity'],
		...['cache_size', 'priority', 'wait_for', 'timeout'],
		...(features.deploymentIds ? ['deployment_id'] : []),
		...(features.adaptive ? ['adaptive_allocations'] : []),
	];
	const json = call.json();
	let adaptive: AdaptivePatch | null | undefined;
	if (json) {
		readObject(json, PARSER, {
			...Object.fromEntries(known.map((name) => [name, keep(name)])),
			...(features.adaptive && {
				adaptive_allocations: (node: JsonNode) => void (adaptive = readAdaptive(node)),
			}),
		});
	}
	const text = (name: string): string | undefined =>
		call.string(name) ?? (body[name] && stringValue(body[name]));
	const int = (name: string, legacy?: string): number | undefined =>
		call.int(name) ??
		(legacy === undefined ? undefined : call.int(legacy)) ??
		(body[name] && intValue(body[name]));

	const modelExpression = call.pathParam('id');
	const inBody = body.model_id && stringValue(body.model_id);
	if (inBody !== undefined && inBody !== modelExpression) {
		throw illegalArgument(
			`Inconsistent model_id; '${inBody}' specified in the body differs from '${modelExpression}' specified as a URL argument`,
		);
	}
	const timeout = text('timeout');
	const request: StartRequest = {
		modelExpression,
		deploymentId: (features.deploymentIds && text('deployment_id')) || modelExpression,
		number: int('number_of_allocations', 'model_threads'),
		threads: int('threads_per_allocation', 'inference_threads'),
		queueCapacity: int('queue_capacity'),
		cacheSize: cacheSize(text('cache_size')),
		priority: priority(text('priority')),
		adaptive,
		waitFor: waitFor(text('wait_for')),
		timeoutMs: timeout === undefined ? features.startTimeoutMs : parseDuration(timeout, 'timeout'),
		masterTimeoutMs: call.duration('master_timeout'),
	};
	return request;
}

function cacheSize(text: string | undefined): string | undefined {
	if (text !== undefined) parseBytes(text, 'cache_size');
	return text;
}

function priority(text: string | undefined): Priority | undefined {
	const name = text?.toLowerCase();
	if (name === undefined || name === 'normal' || name === 'low') return name;
	throw illegalArgument(`No enum constant ${JAVA}.Priority.${name.toUpperCase()}`);
}

function waitFor(text = 'started'): StartRequest['waitFor'] {
	const name = text.toLowerCase();
	if (name === 'starting' || name === 'started' || name === 'fully_allocated') return name;
	throw illegalArgument(`No enum constant ${JAVA}.AllocationStatus.State.${text.toUpperCase()}`);
}

/** All problems of a request at once: 400. */
export function validateStart(request: StartRequest, features: Features): void {
	const { number, threads = 1, queueCapacity = 1, priority: rank } = request;
	const problems: string[] = [];
	const check = (bad: boolean, problem: string): void => void (bad && problems.push(problem));
	check(threads < 1, '[threads_per_allocation] must be a positive integer');
	check(
		threads >= 1 && (threads > 32 || !Number.isInteger(Math.log2(threads))),
		'[threads_per_allocation] must be a power of 2 less than or equal to 32',
	);
	check(number !== undefined && number < 1, '[number_of_allocations] must be a positive integer');
	check(number !== undefined && request.adaptive?.enabled === true, CANNOT_BE_SET);
	if (request.adaptive) problems.push(...problemsOf(mergeAdaptive(null, request.adaptive)));
	check(queueCapacity < 1, '[queue_capacity] must be a positive integer');
	// The words are Elasticsearch's own; it compares with `>`.
	check(queueCapacity > 100_000, '[queue_capacity] must be less than 100000');
	check(request.timeoutMs <= 0, '[timeout] must be positive');
	check(
		rank === 'low' && (number ?? 1) > 1,
		'[number_of_allocations] must be 1 when [priority] is low',
	);
	check(rank === 'low' && threads > 1, '[threads_per_allocation] must be 1 when [priority] is low');
	// The words are not established, only the refusal.
	check(
		features.guardsLowPriorityRange && rank === 'low' && (request.adaptive?.max ?? 1) > 1,
		'[max_number_of_allocations] must be 1 when [priority] is low',
	);
	if (problems.length > 0) throw invalid(problems);
}
