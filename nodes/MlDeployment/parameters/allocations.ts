import type { Allocations } from '../../elasticsearch/deployment/allocations';
import type { ResizeGoal } from '../../elasticsearch/flows/resize';
import { refused } from '../../elasticsearch/transport/check';
import {
	allocationMode,
	maxNumberOfAllocations,
	minNumberOfAllocations,
	type NumberField,
} from './fields';
import { optionalWholeNumber, wholeNumber, type Read } from './values';
import type { ItemInput } from './itemParameters';
import { whenAdaptive, whenEndpointOwned, type Option } from './options';

/**
 * Reads the allocations that an item asks for. In Scale a fixed number may be 0, which is a stop.
 * @param number the operation's field for the number
 * @param noMaximum the operation's option that removes a maximum, if it has one
 * @param ifZero the next step if a 0 is refused; without it, a 0 is a wrong number like any other
 */
export function readAllocations(
	input: ItemInput,
	number: NumberField,
	noMaximum?: Option,
	ifZero?: string,
): Allocations {
	if (input.choice(allocationMode) === 'fixed') {
		return { mode: 'fixed', number: input.take(readNumber(input, number, ifZero)) };
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
	if (min !== undefined && max !== undefined && min > max) {
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

function readNumber(input: ItemInput, field: NumberField, ifZero?: string): Read<number> {
	const value = input.field(field);
	const read = wholeNumber(value, field.displayName, field.typeOptions.minValue);
	const isZero = !read.ok && wholeNumber(value, field.displayName, 0).ok;
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
