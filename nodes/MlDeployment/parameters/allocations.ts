import type { Allocations } from '../../elasticsearch/deployment/allocations';
import type { ResizeGoal } from '../../elasticsearch/flows/resize';
import { refused } from '../../elasticsearch/transport/check';
import {
	allocationMode,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	numberOfAllocations,
	type NumberField,
} from './fields';
import { optionalWholeNumber, wholeNumber, type Read } from './values';
import type { ItemInput } from './itemParameters';
import { whenAdaptive, whenEndpointOwned, type Option } from './options';

/** How an operation reads its allocations. */
interface Reads {
	/** The least number; 1 if it is not given. */
	least?: 0 | 1;
	/** The option that removes a maximum, if the operation has one. */
	noMaximum?: Option;
	/** The next step if a 0 is refused; without it, a 0 is a wrong number like any other. */
	ifZero?: string;
}

/** Reads the allocations that an item asks for. In Scale a fixed number may be 0, which is a stop. */
export function readAllocations(
	input: ItemInput,
	{ least = 1, noMaximum, ifZero }: Reads = {},
): Allocations {
	if (input.choice(allocationMode) === 'fixed') {
		return { mode: 'fixed', number: input.take(readNumber(input, least, ifZero)) };
	}
	const min = readBound(input, minNumberOfAllocations);
	const max = readBound(input, maxNumberOfAllocations);
	const isUnbounded = noMaximum !== undefined && input.optionalFlag(noMaximum, false);
	if (isUnbounded && max !== undefined) {
		input.refuse({
			message: `'${noMaximum.displayName}' is on, but '${maxNumberOfAllocations.displayName}' is ${max}`,
			next: 'Empty the maximum, or remove the option',
		});
	}
	if ((min ?? 0) > (max ?? Infinity)) {
		input.refuse({
			message: `The minimum of ${min} allocations is above the maximum of ${max}`,
			next: "Correct 'Minimum Number of Allocations' or 'Maximum Number of Allocations'",
		});
	}
	return { mode: 'adaptive', min, max: isUnbounded ? null : max };
}

function readBound(input: ItemInput, bound: NumberField): number | undefined {
	const { displayName, typeOptions } = bound;
	return input.take(optionalWholeNumber(input.field(bound), displayName, typeOptions.minValue));
}

function readNumber(input: ItemInput, least: number, ifZero?: string): Read<number> {
	const { displayName } = numberOfAllocations;
	const value = input.field(numberOfAllocations);
	const read = wholeNumber(value, displayName, least);
	const isZero = !read.ok && wholeNumber(value, displayName, 0).ok;
	return isZero && ifZero !== undefined ? refused({ ...read.problem, next: ifZero }) : read;
}

/** Adds to the allocations what to do if the cluster rules them out. */
export function readResize(input: ItemInput, allocations: Allocations): ResizeGoal {
	return {
		allocations,
		whenAdaptive: input.optionalChoice(whenAdaptive, 'error', ['error', 'setBounds', 'turnOff']),
		whenEndpointOwned: input.optionalChoice(whenEndpointOwned, 'error'),
	};
}
