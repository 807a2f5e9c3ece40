import { isObject, parsed, type JsonObject } from '../transport/json';
import { exactId, type IdProblem } from './ids';
import { bytesOf } from './restore';
import { accepted, refused, type Checked } from '../transport/check';
import type { StartSpec } from './startSpec';
import { readAdaptive } from './allocations';

const ADAPTIVE_KEYS = new Set([
	'enabled',
	'min_number_of_allocations',
	'max_number_of_allocations',
]);

export interface RestoredStart {
	spec: StartSpec;
	/** Hash of the cluster that it was taken from (`clusterHash`); null if it names none. */
	cluster: string | null;
}

/** What is wrong with a restore object. */
export type RestoreProblem =
	| {
			code:
				| 'empty'
				| 'no_json'
				| 'absent'
				| 'no_object'
				| 'in_item'
				| 'both_allocations'
				| 'no_allocations';
	  }
	| { code: 'schema'; schema: unknown }
	| { code: 'unknown_key' | 'missing_key'; key: string }
	| { code: 'value'; key: string; value: unknown; needs: Need }
	| { code: 'id'; key: string; problem: IdProblem };

/** What the value of a key must be, or what an object must have or not have. */
export type Need = 'count' | 'text' | 'size' | 'enabled' | 'min' | 'max' | { without: string };

/** Checks the value of one key: undefined if it is right, else what it must be. */
type Rule = (value: unknown) => Need | undefined;

const isWhole = (value: unknown, min: number): boolean =>
	Number.isSafeInteger(value) && Number(value) >= min;

const count: Rule = (value) => (isWhole(value, 1) ? undefined : 'count');

/**
 * They check shapes only. Limits belong to the cluster and differ between versions, and whatever
 * the cluster ran must go back to it, or a stop would lose something.
 */
const RULES: Readonly<Record<string, Rule>> = {
	threads_per_allocation: count,
	priority: (value) => (typeof value === 'string' && value !== '' ? undefined : 'text'),
	queue_capacity: count,
	cache_size: (value) =>
		typeof value === 'string' && bytesOf(value) !== undefined ? undefined : 'size',
	number_of_allocations: count,
	adaptive_allocations: adaptiveRule,
};

const KEYS = new Set([
	...Object.keys(RULES),
	'schema',
	'cluster',
	'taken_at',
	'model_id',
	'deployment_id',
	'observed_allocations',
]);

function adaptiveRule(value: unknown): Need | undefined {
	if (!isObject(value) || typeof value.enabled !== 'boolean') return 'enabled';
	const unknown = Object.keys(value).find((key) => !ADAPTIVE_KEYS.has(key));
	if (unknown !== undefined) return { without: unknown };
	const { min_number_of_allocations: min, max_number_of_allocations: max } = value;
	if (min !== undefined && !isWhole(min, 0)) return 'min';
	if (max !== undefined && !isWhole(max, 1)) return 'max';
	return undefined;
}

/** Reads a restore object, or its JSON text, key by key. */
export function readRestore(given: unknown): Checked<RestoredStart, RestoreProblem> {
	const parsed = parse(given);
	if (!parsed.ok) return parsed;
	const restore = parsed.value;
	const { schema } = restore;
	if (isObject(restore.restore)) return refused({ code: 'in_item' });
	if (schema !== 1) return refused({ code: 'schema', schema });
	const unknownKey = Object.keys(restore).find((key) => !KEYS.has(key));
	if (unknownKey !== undefined) return refused({ code: 'unknown_key', key: unknownKey });
	for (const [key, rule] of Object.entries(RULES)) {
		const value = restore[key];
		const needs = value === undefined ? undefined : rule(value);
		if (needs !== undefined) return refused({ code: 'value', key, value, needs });
	}
	return readIds(restore);
}

function readIds(restore: JsonObject): Checked<RestoredStart, RestoreProblem> {
	for (const key of ['model_id', 'deployment_id'] as const) {
		const id = restore[key];
		if (typeof id !== 'string') return refused({ code: 'missing_key', key });
		const checked = exactId(id, key === 'model_id' ? 'model' : 'deployment');
		if (!checked.ok) return refused({ code: 'id', key, problem: checked.problem });
	}
	const adaptive = readAdaptive(restore.adaptive_allocations) ?? undefined;
	const number = restore.number_of_allocations as number | undefined;
	if (adaptive?.enabled === true && number !== undefined) {
		return refused({ code: 'both_allocations' });
	}
	if (adaptive?.enabled !== true && number === undefined) {
		return refused({ code: 'no_allocations' });
	}
	const spec: StartSpec = {
		modelId: restore.model_id as string,
		deploymentId: restore.deployment_id as string,
		numberOfAllocations: number,
		adaptive,
		threadsPerAllocation: restore.threads_per_allocation as number | undefined,
		queueCapacity: restore.queue_capacity as number | undefined,
		priority: restore.priority as string | undefined,
		cacheSize: restore.cache_size as string | undefined,
		exact: true,
	};
	return accepted({ spec, cluster: typeof restore.cluster === 'string' ? restore.cluster : null });
}

function parse(value: unknown): Checked<JsonObject, RestoreProblem> {
	let given = value;
	if (typeof value === 'string') {
		if (value.trim() === '') return refused({ code: 'empty' });
		given = parsed(value);
		if (given === undefined) return refused({ code: 'no_json' });
	}
	if (isObject(given)) return accepted(given);
	const isAbsent = given === undefined || given === null;
	return refused({ code: isAbsent ? 'absent' : 'no_object' });
}
