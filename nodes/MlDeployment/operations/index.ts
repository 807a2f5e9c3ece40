import type { Operation } from '../execution/operation';
import { clearCache } from './clearCache';
import { get } from './get';
import { getMany } from './getMany';
import { infer } from './infer';
import { scale } from './scale/scale';
import { start } from './start/start';
import { stop } from './stop/stop';
import { update } from './update';
import { waitUntilReady } from './waitUntilReady';

/** Every operation, in the order of the dropdown. */
export const operations: readonly Operation[] = [
	clearCache,
	get,
	getMany,
	infer,
	scale,
	start,
	stop,
	update,
	waitUntilReady,
];

/** The operation with this value in the dropdown; undefined if there is none. */
export function operationNamed(name: unknown): Operation | undefined {
	return operations.find((operation) => operation.option.value === name);
}
