import type { Allocations } from '../../elasticsearch/deployment/allocations';
import type { ResizeGoal } from '../../elasticsearch/flows/resize';
import { refused, type Checked } from '../../elasticsearch/transport/failure';
import { optionalWholeNumber, wholeNumber } from './values';
import type { ItemInput } from './itemParameters';

/**
 * The allocations that an item's fields ask for; Scale takes a fixed number of 0, which is stopped.
 * @param ifZero the next step where a 0 is meant but not taken; without it, it is a wrong number
 */
export function readAllocations(input: ItemInput, least = 1, ifZero?: string): Allocations {
	if (input.choice('allocationMode', 'Allocation Mode', ['fixed', 'adaptive']) === 'fixed') {
		return { mode: 'fixed', number: input.take(readNumber(input, least, ifZero)) };
	}
	const bound = (name: string, label: string, least: number): number | undefined =>
		input.take(optionalWholeNumber(input.field(name), label, least));
	const min = bound('minNumberOfAllocations', 'Minimum Number of Allocations', 0);
	const max = bound('maxNumberOfAllocations', 'Maximum Number of Allocations', 1);
	const noMaximum = input.optionalFlag('noMaximum', 'No Maximum', false);
	if (noMaximum && max !== undefined) {
		input.take(
			refused(
				`'No Maximum' is on, but 'Maximum Number of Allocations' is ${max}`,
				'Empty the maximum, or remove the option',
			),
		);
	}
	if (min !== undefined && max !== undefined && min > max) {
		input.take(
			refused(
				`The minimum of ${min} allocations is above the maximum of ${max}`,
				"Correct 'Minimum Number of Allocations' or 'Maximum Number of Allocations'",
			),
		);
	}
	return { mode: 'adaptive', min, max: noMaximum ? null : max };
}

function readNumber(input: ItemInput, least: number, ifZero?: string): Checked<number> {
	const value = input.field('numberOfAllocations');
	const read = wholeNumber(value, 'Number of Allocations', least);
	const isZero = !read.ok && wholeNumber(value, 'Number of Allocations', 0).ok;
	return isZero && ifZero !== undefined ? refused(read.refusal.message, ifZero) : read;
}

/** What to do where the cluster rules the allocations out. */
export function readResize(input: ItemInput, allocations: Allocations): ResizeGoal {
	return {
		allocations,
		whenAdaptive: input.optionalChoice(
			'whenAdaptive',
			'When Adaptive',
			['error', 'setBounds', 'turnOff'],
			'error',
		),
		whenEndpointOwned: input.optionalChoice(
			'whenEndpointOwned',
			'When Endpoint-Owned',
			['error', 'inferenceApi'],
			'error',
		),
	};
}
