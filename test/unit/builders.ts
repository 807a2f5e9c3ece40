import { type Answer, failureOfAnswer } from '../../nodes/elasticsearch/transport/response';
import type { Failure, Purpose } from '../../nodes/elasticsearch/transport/failure';
import type { Deployment, Route } from '../../nodes/elasticsearch/deployment/state';

/** The moment at which the tests look. */
export const NOW = Date.UTC(2026, 0, 15, 12);

/** Epoch milliseconds of so many minutes before that moment. */
export function ago(minutes: number): number {
	return NOW - minutes * 60_000;
}

/** A route that was started an hour ago and last used ten minutes ago. */
export function route(own: Partial<Route> = {}): Route {
	return {
		state: 'started',
		allocations: 2,
		lastAccess: ago(10),
		startTime: ago(60),
		pendingRequests: 0,
		throughputLastMinute: 0,
		...own,
	};
}

/** A healthy deployment with two of two allocations; its cache is as large as its model. */
export function deployment(own: Partial<Deployment> = {}): Deployment {
	return {
		id: 'my-elser',
		modelId: '.elser_model_2',
		state: 'started',
		reason: null,
		numberOfAllocations: 2,
		runningAllocations: 2,
		allocationState: 'fully_allocated',
		threadsPerAllocation: 1,
		priority: 'normal',
		queueCapacity: 10_000,
		cacheSize: '253.3mb',
		adaptive: null,
		startTime: ago(60),
		routes: [route()],
		nodeVersion: '9.2.4',
		inferenceCount: 0,
		errorCount: 0,
		rejectedCount: 0,
		modelSizeBytes: 265_632_637,
		pipelines: [],
		raw: {},
		...own,
	};
}

export function asItIs(text: string): string {
	return text;
}

/** An error as Elasticsearch wraps it; `more` stands beside type and reason. */
export function envelope(
	statusCode: number,
	type: string,
	reason: string | null,
	more: Record<string, unknown> = {},
): Answer {
	const error = { root_cause: [{ type, reason }], type, reason, ...more };
	return { statusCode, body: { error, status: statusCode }, headers: {} };
}

/** What such an answer is read as. */
export function answered(
	status: number,
	type: string,
	reason: string | null,
	purpose: Purpose = 'read',
): Failure {
	return { ...failureOfAnswer(envelope(status, type, reason), asItIs), purpose };
}

/** What an answer with another body is read as. */
export function answeredWith(statusCode: number, body: unknown): Failure {
	return { ...failureOfAnswer({ statusCode, body, headers: {} }, asItIs), purpose: 'read' };
}
