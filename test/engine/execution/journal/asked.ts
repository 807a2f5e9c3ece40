import type { Item, Schedule } from './schedule';

/** What the items of a run ask for, read anew here and not by the node's own code. */
export function asksFor(item: Item, id: string): boolean {
	if (isBad(item)) return false;
	return 'id' in item ? item.id === id : matches(item.pattern, id);
}

/** Whether a field of the item is one that the node has to refuse. */
export function isBad(item: Item): boolean {
	return 'id' in item ? item.id === '' : item.pattern === '' || item.max === 0;
}

export function isByPattern({ items }: Schedule): boolean {
	return items.some((item) => 'pattern' in item);
}

/**
 * Whether the item may stop anything: each part of its pattern has to match, where that is asked for.
 * @param ids of all deployments that were ever there
 */
export function mayStop({ operation, options }: Schedule, item: Item, ids: string[]): boolean {
	const mayMatchNothing = operation === 'stop' && options.allowNoMatch !== false;
	if ('id' in item || mayMatchNothing) return true;
	return partsOf(item.pattern).every((part) => ids.some((id) => matchesPart(part, id)));
}

export function matches(pattern: string, id: string): boolean {
	return partsOf(pattern).some((part) => matchesPart(part, id));
}

function partsOf(pattern: string): string[] {
	return pattern.split(',').map((part) => part.trim());
}

function matchesPart(part: string, id: string): boolean {
	return part === '_all' || new RegExp(`^${part.replaceAll('*', '.*')}$`).test(id);
}
