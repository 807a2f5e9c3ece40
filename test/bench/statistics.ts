/** Pure: what a handful of measurements says. */

/** Of a row of measurements, all in its unit. */
export interface Spread {
	median: number;
	/** The quartiles: half of the measurements lie between them. */
	low: number;
	high: number;
}

/** The value below which this share of the values lies, between two values in proportion. */
export function quantile(values: readonly number[], share: number): number {
	if (values.length === 0) throw new Error('Nothing was measured');
	const sorted = [...values].sort((a, b) => a - b);
	const place = (sorted.length - 1) * share;
	const below = sorted[Math.floor(place)];
	const above = sorted[Math.ceil(place)];
	return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

export function spreadOf(values: readonly number[]): Spread {
	return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * How many times as much the first took as the second: the median of the ratios of each round, since
 * the two of one round ran right after each other and met the same noise.
 */
export function ratioOf(values: readonly number[], base: readonly number[]): number {
	return median(values.map((value, round) => value / base[round]));
}

/** How far two rows of the same thing lie apart, as a share: 0.05 is 5 %. */
export function apartness(values: readonly number[], others: readonly number[]): number {
	const a = median(values);
	const b = median(others);
	return Math.abs(a - b) / Math.min(a, b);
}

/** The order of a round: each begins with the next one, so that no place is always the same one's. */
export function rotated<T>(all: readonly T[], round: number): T[] {
	const first = all.length === 0 ? 0 : round % all.length;
	return [...all.slice(first), ...all.slice(0, first)];
}
