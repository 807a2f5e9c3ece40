/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';

import { readRestore } from '../../nodes/elasticsearch/deployment/parseRestore';
import type { DeploymentView } from '../cluster';

/** What a restore object starts; undefined if Start refuses it. */
export function startedBy(restore: unknown) {
	const read = readRestore(restore);
	if (!read.ok) return undefined;
	const { spec } = read.value;
	const { adaptive, numberOfAllocations } = spec;
	return {
		id: spec.deploymentId,
		model: spec.modelId,
		threads: spec.threadsPerAllocation,
		priority: spec.priority,
		queue: spec.queueCapacity,
		size: adaptive?.enabled === true ? { ...adaptive } : numberOfAllocations,
	};
}

/** A deployment as far as a restore object brings it back; an adaptive number is the scaler's. */
export function shownOf(view: DeploymentView) {
	const { adaptive_allocations: adaptive, number_of_allocations: number } = view;
	return {
		id: view.deployment_id,
		model: view.model_id,
		threads: view.threads_per_allocation,
		priority: view.priority,
		queue: view.queue_capacity,
		size: adaptive?.enabled === true ? { ...adaptive } : number,
	};
}

/** Whether Start makes of a restore object what was stopped. */
export function restores(restore: unknown, stopped: DeploymentView): boolean {
	return isDeepStrictEqual(startedBy(restore), shownOf(stopped));
}

/** A restore object of a deployment of two allocations. */
export function restoreText(id: string): string {
	return JSON.stringify({
		schema: 1,
		cluster: 'abc',
		taken_at: '2026-01-15T11:00:00.000Z',
		model_id: id,
		deployment_id: id,
		threads_per_allocation: 1,
		priority: 'normal',
		queue_capacity: 1024,
		number_of_allocations: 2,
		observed_allocations: 2,
	});
}
