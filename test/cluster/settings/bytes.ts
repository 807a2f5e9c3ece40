import { illegalArgument } from '../rest/errors';

const UNITS: Record<string, number> = {
	b: 1,
	k: 1024,
	kb: 1024,
	m: 1024 ** 2,
	mb: 1024 ** 2,
	g: 1024 ** 3,
	gb: 1024 ** 3,
	t: 1024 ** 4,
	tb: 1024 ** 4,
	p: 1024 ** 5,
	pb: 1024 ** 5,
};

/** A size for humans: one decimal, cut off and never rounded up, as ByteSizeValue prints it. */
export function printBytes(bytes: number): string {
	for (const unit of ['pb', 'tb', 'gb', 'mb', 'kb']) {
		if (bytes < UNITS[unit]) continue;
		const tenths = Math.floor((bytes * 10) / UNITS[unit]);
		return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)}${unit}`;
	}
	return `${bytes}b`;
}

/** A size as settings and parameters write it; a bare number other than 0 and -1 is refused. */
export function parseBytes(text: string, setting: string): number {
	const lower = text.trim().toLowerCase();
	if (lower === '0' || lower === '-1') return Number(lower);
	const found = /^(-?\d+(?:\.\d+)?)\s*(b|[kmgtp]b?)$/.exec(lower);
	if (!found) {
		throw illegalArgument(
			`failed to parse setting [${setting}] with value [${text}] as a size in bytes: unit is missing or unrecognized`,
		);
	}
	return Math.floor(Number(found[1]) * UNITS[found[2]]);
}

/** The exact form in which an assignment shows a size: in the unit in which it was given. */
export function exactBytes(text: string, setting: string): string {
	const bytes = parseBytes(text, setting);
	if (bytes <= 0) return String(bytes);
	const found = /^(\d+)\s*(b|[kmgtp]b?)$/.exec(text.trim().toLowerCase());
	return found ? `${Number(found[1])}${found[2].replace(/^([kmgtp])$/, '$1b')}` : `${bytes}b`;
}
