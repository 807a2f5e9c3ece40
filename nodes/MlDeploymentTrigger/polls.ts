import type { IDataObject } from 'n8n-workflow';

import { compare, type Happening, type Look, type Rules } from './events';
import { recall, remember } from './memory';

/**
 * The polls of one activation, in their order. They may overlap: n8n starts the next one by the
 * clock, even if the one before still waits for the cluster.
 */
export class Polls {
	private begun = 0;

	private settled = 0;

	/** @param startsAnew whether the first look is compared with nothing of an earlier activation */
	constructor(private readonly startsAnew: boolean) {}

	/** Takes the number of a poll, before it looks. */
	begin(): number {
		return ++this.begun;
	}

	/**
	 * Compares a poll's look with the one before, and keeps it. This never pauses, so nothing comes
	 * between reading the memory and writing it.
	 * @param poll its number
	 * @returns the events; none if a later poll has looked meanwhile: its look is newer
	 */
	settle(poll: number, look: Look, rules: Rules, staticData: IDataObject): Happening[] {
		if (poll < this.settled) return [];
		const isFirst = this.settled === 0;
		this.settled = poll;
		const before = isFirst && this.startsAnew ? undefined : recall(staticData, rules, look.cluster);
		const { happenings, kept } = compare(before, look, rules);
		remember(staticData, rules, kept);
		return happenings;
	}
}
