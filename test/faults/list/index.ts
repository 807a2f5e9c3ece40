import { OF_CONNECTION } from './connection';
import { OF_ELASTICSEARCH } from './elasticsearch';
import type { Fault } from './fault';
import { IN_BETWEEN } from './inBetween';

/** Every fault of the matrix. */
export const FAULTS: readonly Fault[] = [...OF_CONNECTION, ...OF_ELASTICSEARCH, ...IN_BETWEEN];

/** The fault of this name. */
export function fault(name: string): Fault {
	const found = FAULTS.find((each) => each.name === name);
	if (found === undefined) throw new Error(`the list has no fault '${name}'`);
	return found;
}
