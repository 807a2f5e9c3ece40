import { illegalArgument } from '../rest/errors';

const UNITS: Record<string, number> = {
	nanos: 1e-6,
	micros: 1e-3,
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/** A time value such as `30s`, in milliseconds. */
export function parseDuration(text: string, setting: string): number {
	const lower = text.trim().toLowerCase();
	if (lower === '0' || lower === '-1') return Number(lower);
	const found = /^(-?\d+)\s*(nanos|micros|ms|s|m|h|d)$/.exec(lower);
	if (!found) {
		throw illegalArgument(
			`failed to parse setting [${setting}] with value [${text}] as a time value: unit is missing or unrecognized`,
		);
	}
	return Number(found[1]) * UNITS[found[2]];
}

/** The largest unit that holds the value, as TimeValue prints it. */
export function printDuration(ms: number): string {
	for (const unit of ['d', 'h', 'm', 's']) {
		if (ms < UNITS[unit]) continue;
		const tenths = Math.floor((ms * 10) / UNITS[unit]);
		return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)}${unit}`;
	}
	return `${ms}ms`;
}
