import { excesses, type Excess } from './startLimits';
import type { AdaptiveAllocations, Deployment } from './state';

/**
 * All that Start needs to bring a deployment back as it was. Its keys are public, because
 * workflows store it. Sizes are byte-size texts (`"10kb"`), or whole bytes (`"265632637b"`).
 */
export interface Restore {
	schema: 1;
	/** Short hash of the endpoint. Start warns if it is not its own cluster's. */
	cluster: string;
	/** ISO time of the look at `_stats` that it was made from. */
	taken_at: string;
	model_id: string;
	deployment_id: string;
	threads_per_allocation: number;
	priority: string;
	queue_capacity?: number;
	cache_size?: string;
	adaptive_allocations?: AdaptiveAllocations;
	/** Only if adaptive allocations are off: the cluster refuses both together with a 400. */
	number_of_allocations?: number;
	/** The number of allocations at that moment, adaptive or not. */
	observed_allocations: number;
}

const UNITS: Record<string, number> = {
	b: 1,
	kb: 1024,
	mb: 1024 ** 2,
	gb: 1024 ** 3,
	tb: 1024 ** 4,
	pb: 1024 ** 5,
};

/** Elasticsearch keeps sizes as a signed 64-bit number of bytes. */
const TOO_MANY_BYTES = 2 ** 63;

/** Bytes of a byte-size text such as "253.3mb", "10kb", "0"; undefined for any other text. */
export function bytesOf(size: string): number | undefined {
	const found = /^(\d+(?:\.\d+)?)\s*([kmgtp]?b)?$/i.exec(size.trim());
	return found === null ? undefined : Number(found[1]) * UNITS[(found[2] ?? 'b').toLowerCase()];
}

/**
 * The size as Elasticsearch prints it: in the largest unit with a value of 1 or more, cut to one
 * decimal (org.elasticsearch.common.unit.ByteSizeValue.toString, Strings.format1Decimals).
 */
export function printedSize(bytes: number): string {
	const units = ['pb', 'tb', 'gb', 'mb', 'kb'];
	const unit = units.find((each) => bytes >= UNITS[each]);
	if (unit === undefined) return `${bytes}b`;
	const tenths = Math.floor((bytes * 10) / UNITS[unit]);
	return `${tenths / 10}${unit}`;
}

/**
 * The cache size to restore, as whole bytes. `_stats` cuts it to one decimal, so "253.3mb" sent
 * back would shrink the cache each time; bytes rounded up print the same text again.
 * @returns undefined if there is none, or the default: a size that prints like the model's
 */
export function restoredCacheSize(
	printed: string | null,
	modelSizeBytes: number | null,
): string | undefined {
	if (printed === null) return undefined;
	const bytes = bytesOf(printed);
	if (bytes === undefined || bytes >= TOO_MANY_BYTES) return undefined;
	if (modelSizeBytes !== null && printedSize(modelSizeBytes) === printed) return undefined;
	return bytes === 0 ? '0' : `${Math.ceil(bytes)}b`;
}

/**
 * The restore object of a deployment as this look shows it.
 * @param cluster the connection's hash of the endpoint
 * @param takenAt epoch milliseconds of the look
 */
export function restoreOf(deployment: Deployment, cluster: string, takenAt: number): Restore {
	const restore: Restore = {
		schema: 1,
		cluster,
		taken_at: new Date(takenAt).toISOString(),
		model_id: deployment.modelId,
		deployment_id: deployment.id,
		threads_per_allocation: deployment.threadsPerAllocation,
		priority: deployment.priority,
		observed_allocations: deployment.numberOfAllocations,
	};
	if (deployment.queueCapacity !== null) restore.queue_capacity = deployment.queueCapacity;
	const cacheSize = restoredCacheSize(deployment.cacheSize, deployment.modelSizeBytes);
	if (cacheSize !== undefined) restore.cache_size = cacheSize;
	if (deployment.adaptive !== null) restore.adaptive_allocations = deployment.adaptive;
	if (deployment.adaptive?.enabled !== true) {
		restore.number_of_allocations = startableNumber(deployment);
	}
	return restore;
}

/**
 * Start refuses 0, which remains if adaptive allocations are turned off while at zero, and more
 * than 1 with low priority.
 */
function startableNumber(deployment: Deployment): number {
	return deployment.priority === 'low' ? 1 : Math.max(deployment.numberOfAllocations, 1);
}

/** What a start from the restore object would change or fail on, told while it still runs. */
export function restoreWarnings(deployment: Deployment): string[] {
	const { priority, numberOfAllocations, nodeVersion } = deployment;
	const warnings: string[] = [];
	if (priority === 'low' && numberOfAllocations > 1) {
		warnings.push(
			`Priority is low with ${numberOfAllocations} allocations: ` +
				'Elasticsearch starts a low-priority deployment with 1 allocation only, so it will come back with 1',
		);
	}
	const restored = { ...deployment, numberOfAllocations: startableNumber(deployment) };
	return [...warnings, ...excesses(restored, nodeVersion).map(willBeRefused)];
}

function willBeRefused({ setting, is, most, forLowPriority }: Excess): string {
	const where = forLowPriority ? ' with low priority' : '';
	return (
		`'${setting}' is ${is}, but Elasticsearch starts a deployment${where} with ${most} at most: ` +
		`a start from this restore object will be refused until '${setting}' in it is ${most} or less`
	);
}
