/** Compares versions such as "8.19.11"; a suffix such as "-SNAPSHOT" does not count. */

/** Whether a version is `least` or later. */
export function isAtLeast(version: string, least: string): boolean {
	return compareVersions(version, least) >= 0;
}

/** Negative if the first version is older, 0 if they are equal, for sorting. */
export function compareVersions(one: string, other: string): number {
	const [a, b] = [numbersOf(one), numbersOf(other)];
	const at = a.findIndex((part, i) => part !== b[i]);
	return at < 0 ? 0 : a[at] - b[at];
}

function numbersOf(version: string): number[] {
	const [major, minor, patch] = version.split(/[.-]/, 3).map(Number);
	return [major, minor, patch].map((part) => part || 0);
}
