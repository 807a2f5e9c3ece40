/** The failures that tests hand to the code, each made in one place. */

import type { FlowFailure, FlowResult } from '../../nodes/elasticsearch/flows/failure';
import type { Failure } from '../../nodes/elasticsearch/transport/failure';
import { failureOfAnswer } from '../../nodes/elasticsearch/transport/response';
import { answered, answeredWith, asItIs, envelope } from './builders';

/** Elasticsearch said no. */
export function refusedWith(status: number, reason: string, type = 'status_exception'): Failure {
	return answered(status, type, reason);
}

/** Elasticsearch knows no such id. */
export function absent(): Failure {
	return refusedWith(404, 'No known trained model', 'resource_not_found_exception');
}

/** A circuit breaker refused the request before it ran. */
export function brokenCircuit(retryAfterSeconds?: number): Failure {
	const answer = envelope(429, 'circuit_breaking_exception', '[parent] Data too large');
	const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
	return { ...failureOfAnswer({ ...answer, headers }, asItIs), purpose: 'read' };
}

/** The cluster has no master at the moment, so nothing runs in it. */
export function masterless(): Failure {
	return answered(503, 'master_not_discovered_exception', null);
}

/** A proxy answered in place of the cluster. */
export function proxySaid(status: number): Failure {
	return answeredWith(status, '<h1>Proxy</h1>');
}

/** The connection failed with a code of Node. */
export function lostWith(code: string): Failure {
	return { kind: 'network', code, reason: code, purpose: 'read' };
}

export function timedOut(): Failure {
	return { kind: 'timeout', purpose: 'read' };
}

export function canceled(): Failure {
	return { kind: 'canceled', purpose: 'read' };
}

export function redirected(): Failure {
	return { kind: 'redirect', status: 302, purpose: 'read' };
}

/** What kind of failure a result is; undefined where it is none. */
export function kindOf(result: FlowResult<unknown>): FlowFailure['kind'] | undefined {
	return result.ok ? undefined : result.failure.kind;
}
