/**
 * In which versions a case holds. A list of first versions is read as release notes write it: `8.19.10, 9.2.4,
 * 9.3.0` is each of these within its minor version, and what follows the last one.
 */
export interface Versions {
	since?: string[];
	before?: string[];
	/** Default: where `since` and `before` allow it. Serverless is newer than every version. */
	serverless?: 'only' | 'not';
}

/** As `GET /` tells it; on Serverless the number means nothing. */
export interface ClusterVersion {
	number: string;
	serverless: boolean;
}

export const since = (...firsts: string[]): Versions => ({ since: firsts });
export const before = (...firsts: string[]): Versions => ({ before: firsts });
/** From one version on, and up to another that no longer does it. */
export const between = (first: string, last: string): Versions => ({
	since: [first],
	before: [last],
});
/** The same without Serverless. */
export const stateful = (versions: Versions = {}): Versions => ({
	...versions,
	serverless: 'not',
});
export const SERVERLESS: Versions = { serverless: 'only' };

/** Whether a case with these versions holds on a cluster. */
export function holdsOn(versions: Versions | undefined, cluster: ClusterVersion): boolean {
	if (versions?.serverless === (cluster.serverless ? 'not' : 'only')) return false;
	if (versions?.since && !reached(versions.since, cluster)) return false;
	return !(versions?.before && reached(versions.before, cluster));
}

function reached(firsts: string[], { number, serverless }: ClusterVersion): boolean {
	if (serverless) return true;
	const own = firsts.find((first) => minor(first) === minor(number));
	const first = own ?? firsts.at(-1) ?? '0';
	return compare(number, first) >= 0;
}

function minor(version: string): string {
	return version.split('.').slice(0, 2).join('.');
}

function compare(a: string, b: string): number {
	const [left, right] = [a, b].map((text) => text.split(/[.-]/).map(Number));
	for (let i = 0; i < 3; i++) {
		const difference = (left[i] || 0) - (right[i] || 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** For tables and pages: `8.15 and later`. */
export function versionsText(versions: Versions | undefined): string {
	const parts = [
		versions?.since && `${versions.since.join(', ')} and later`,
		versions?.before && `before ${versions.before.join(', ')}`,
		versions?.serverless === 'only' && 'Serverless',
		versions?.serverless === 'not' && 'not Serverless',
	].filter((part) => typeof part === 'string');
	return parts.join('; ') || 'all';
}
