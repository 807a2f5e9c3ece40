/** Versions of Elasticsearch, such as "8.19.11". A suffix such as "-SNAPSHOT" does not count. */

export function isAtLeast(version: string, least: string): boolean {
	return compareVersions(version, least) >= 0;
}

/** Negative where the first version is the older one. */
export function compareVersions(one: string, other: string): number {
	const [a, b] = [numbersOf(one), numbersOf(other)];
	const at = a.findIndex((part, i) => part !== b[i]);
	return at < 0 ? 0 : a[at] - b[at];
}

function numbersOf(version: string): number[] {
	const [major, minor, patch] = version.split(/[.-]/, 3).map(Number);
	return [major, minor, patch].map((part) => part || 0);
}
