import { isObject, type JsonObject } from '../transport/json';
import { exactId } from './ids';
import { bytesOf } from './restore';
import { accepted, refused, type Checked } from '../transport/failure';
import type { StartSpec } from './startSpec';
import { readAdaptive } from './allocations';

const KEYS = new Set([
	'schema',
	'cluster',
	'taken_at',
	'model_id',
	'deployment_id',
	'threads_per_allocation',
	'priority',
	'queue_capacity',
	'cache_size',
	'adaptive_allocations',
	'number_of_allocations',
	'observed_allocations',
]);

const ADAPTIVE_KEYS = new Set([
	'enabled',
	'min_number_of_allocations',
	'max_number_of_allocations',
]);

export interface RestoredStart {
	spec: StartSpec;
	/** Hash of the cluster that it was taken from. */
	cluster: string | null;
}

const WHERE = 'Hand on the restore object as Stop or Get gave it';

/** A rule for one key: what is wrong with its value, or undefined. */
type Rule = (value: unknown) => string | undefined;

const whole =
	(min: number): Rule =>
	(value) =>
		Number.isSafeInteger(value) && Number(value) >= min
			? undefined
			: `a whole number of ${min} or more`;

/**
 * Shapes only. Limits are the cluster's, and differ between its versions: what it ran it must be
 * possible to hand back to it, or a stop would be a loss.
 */
const RULES: Readonly<Record<string, Rule>> = {
	threads_per_allocation: whole(1),
	priority: (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text'),
	queue_capacity: whole(1),
	cache_size: (value) =>
		typeof value === 'string' && bytesOf(value) !== undefined ? undefined : 'a size such as 10mb',
	number_of_allocations: whole(1),
	adaptive_allocations: adaptiveRule,
};

function adaptiveRule(value: unknown): string | undefined {
	if (!isObject(value) || typeof value.enabled !== 'boolean')
		return 'an object with enabled: true or false';
	const unknown = Object.keys(value).find((key) => !ADAPTIVE_KEYS.has(key));
	if (unknown !== undefined) return `an object without the key '${unknown}'`;
	const { min_number_of_allocations: min, max_number_of_allocations: max } = value;
	if (min !== undefined && whole(0)(min) !== undefined)
		return 'an object whose minimum is 0 or more';
	if (max !== undefined && whole(1)(max) !== undefined)
		return 'an object whose maximum is 1 or more';
	return undefined;
}

/** Reads a restore object, or its JSON text, key by key; each wrong one has its message. */
export function readRestore(value: unknown): Checked<RestoredStart> {
	const parsed = parse(value);
	if (!parsed.ok) return parsed;
	const restore = parsed.value;
	if (isObject(restore.restore)) {
		return refused(
			'This is an output item, not the restore object in it',
			'Hand on its restore: {{ $json.restore }}',
		);
	}
	if (restore.schema !== 1) {
		return refused(
			`'schema' of the restore object is ${JSON.stringify(restore.schema) ?? 'missing'}, but has to be 1`,
			restore.schema === undefined
				? WHERE
				: 'It was made by a newer version of this node: update the package',
		);
	}
	const unknownKey = Object.keys(restore).find((key) => !KEYS.has(key));
	if (unknownKey !== undefined) {
		return refused(
			`The restore object has a key '${unknownKey}' that no restore has`,
			`Remove or correct it. ${WHERE}`,
		);
	}
	for (const [key, rule] of Object.entries(RULES)) {
		const wrong = restore[key] === undefined ? undefined : rule(restore[key]);
		if (wrong !== undefined) {
			const text = JSON.stringify(restore[key]);
			return refused(
				`'${key}' of the restore object is ${text}, but has to be ${wrong}`,
				`Correct it. ${WHERE}`,
			);
		}
	}
	return readIds(restore);
}

function readIds(restore: JsonObject): Checked<RestoredStart> {
	for (const key of ['model_id', 'deployment_id'] as const) {
		const id = restore[key];
		if (typeof id !== 'string') return refused(`'${key}' of the restore object is missing`, WHERE);
		const checked = exactId(id, key === 'model_id' ? 'model' : 'deployment');
		if (!checked.ok)
			return refused(
				`'${key}' of the restore object: ${checked.refusal.message}`,
				checked.refusal.next,
			);
	}
	const adaptive = readAdaptive(restore.adaptive_allocations) ?? undefined;
	const number = restore.number_of_allocations as number | undefined;
	if (adaptive?.enabled === true && number !== undefined) {
		return refused(
			"The restore object has both 'number_of_allocations' and adaptive allocations",
			'Elasticsearch takes one of them: remove the number, or set enabled to false',
		);
	}
	if (adaptive?.enabled !== true && number === undefined) {
		return refused(
			"The restore object has neither 'number_of_allocations' nor adaptive allocations",
			`Add the number of allocations to start with. ${WHERE}`,
		);
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

function parse(value: unknown): Checked<JsonObject> {
	let parsed: unknown = value;
	if (typeof value === 'string') {
		if (value.trim() === '') return refused('The restore object is empty', WHERE);
		try {
			parsed = JSON.parse(value);
		} catch {
			return refused('The restore object is not valid JSON', `Check brackets and quotes. ${WHERE}`);
		}
	}
	if (isObject(parsed)) return accepted(parsed);
	return refused(
		parsed === undefined || parsed === null
			? 'There is no restore object'
			: 'The restore object is not an object',
		`${WHERE}. If it comes from an expression, check that the expression finds its value`,
	);
}
