import { bytesOf, printedSize } from './restore';
import type { AdaptiveAllocations, Deployment } from './state';

/** What should run. The cluster decides undefined settings, and they are not compared. */
export interface StartSpec {
	modelId: string;
	deploymentId: string;
	numberOfAllocations?: number;
	adaptive?: AdaptiveAllocations;
	threadsPerAllocation?: number;
	queueCapacity?: number;
	priority?: string;
	/** A byte-size text, e.g. "10kb". */
	cacheSize?: string;
	/** Whether it is from a restore object, so that an absent adaptive bound means no bound. */
	exact?: boolean;
}

export interface Difference {
	setting: string;
	is: string;
	wanted: string;
	/** Whether `_update` can change it; if not, that takes a stop and a start. */
	updatable: boolean;
}

/** How an existing deployment differs from what should run. */
export function differences(spec: StartSpec, deployment: Deployment): Difference[] {
	const found: Difference[] = [];
	const compare = (setting: string, is: unknown, wanted: unknown, updatable = false): void => {
		if (wanted === undefined || JSON.stringify(is) === JSON.stringify(wanted)) return;
		found.push({ setting, is: shown(is), wanted: shown(wanted), updatable });
	};
	compare('model_id', deployment.modelId, spec.modelId);
	compare('threads_per_allocation', deployment.threadsPerAllocation, spec.threadsPerAllocation);
	compare('priority', deployment.priority, spec.priority);
	compare('queue_capacity', deployment.queueCapacity, spec.queueCapacity);
	compare('cache_size', printed(deployment.cacheSize ?? undefined), printed(spec.cacheSize));
	const adaptiveNow = deployment.adaptive?.enabled === true;
	if (spec.adaptive?.enabled === true) {
		const { min_number_of_allocations: min, max_number_of_allocations: max } = spec.adaptive;
		compare('adaptive_allocations', adaptiveNow, true, true);
		const absent = spec.exact === true ? null : undefined;
		const { min_number_of_allocations: minNow, max_number_of_allocations: maxNow } =
			deployment.adaptive ?? {};
		compare('min_number_of_allocations', minNow ?? null, min ?? absent, true);
		compare('max_number_of_allocations', maxNow ?? null, max ?? absent, true);
	} else if (spec.numberOfAllocations !== undefined) {
		if (adaptiveNow) compare('adaptive_allocations', true, false, true);
		else
			compare(
				'number_of_allocations',
				deployment.numberOfAllocations,
				spec.numberOfAllocations,
				true,
			);
	}
	return found;
}

function shown(value: unknown): string {
	return value === undefined || value === null ? 'not set' : String(value);
}

/** Sizes are compared as `_stats` prints them, with one decimal. */
function printed(size: string | undefined): string | undefined {
	const bytes = size === undefined ? undefined : bytesOf(size);
	return bytes === undefined ? size : printedSize(Math.ceil(bytes));
}
