import { hasReached } from '../cluster/settings/versions';

/**
 * In which versions a case holds. A list of first versions is read as release notes write it: `8.19.10, 9.2.4,
 * 9.3.0` is each of these within its minor version, and what is newer than all of them.
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
	return serverless || hasReached(threeNumbers(number), firsts.map(threeNumbers));
}

/** `8.15` is 8.15.0, and a snapshot counts as its release. */
function threeNumbers(version: string): string {
	const [major, minor = '0', patch = '0'] = version.replace(/-.*$/, '').split('.');
	return [major, minor, patch].join('.');
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
