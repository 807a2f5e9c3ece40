import { createHash } from 'node:crypto';

import { accepted, refused, type Checked } from './failure';

const EXAMPLE = 'e.g. https://my-cluster.es.eu-west-1.aws.elastic.cloud:443';

/**
 * The cluster endpoint in one form: scheme, host, port and path, no trailing slash.
 * The path is kept, because clusters live behind proxies at a base path
 * (elastic/elasticsearch-js lost it for years: issue 3342 there).
 */
export function normaliseEndpoint(raw: unknown): Checked<string> {
	const text = typeof raw === 'string' ? raw.trim() : '';
	if (text === '') {
		return refused('The Cluster Endpoint is empty', `Enter it in the credential, ${EXAMPLE}`);
	}
	if (!/^https?:\/\//i.test(text)) {
		return refused(
			'The Cluster Endpoint does not start with http:// or https://',
			`Put the scheme in front in the credential, ${EXAMPLE}`,
		);
	}
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return refused(
			'The Cluster Endpoint is not a valid address',
			`Check host and port in the credential, ${EXAMPLE}`,
		);
	}
	if (url.username !== '' || url.password !== '') {
		return refused(
			'The Cluster Endpoint holds a user name or password',
			'Remove them from the address; the API Key field of the credential authenticates',
		);
	}
	if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
		return refused(
			'The Cluster Endpoint holds a query or fragment',
			'Remove everything from the first ? or # in the credential; a path such as /elastic may stay',
		);
	}
	return accepted(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** What the HTTP client takes for an address of its own, which no base is put in front of. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/**
 * The path that a request with this credential goes to, or a refusal where that is not at the
 * cluster: the key may be used by other nodes of n8n, with addresses from anywhere.
 * @param endpoint as `normaliseEndpoint` gives it
 * @param address of the request, as the HTTP client will read it
 * @param isBelow whether the endpoint is put in front of an address that is not absolute
 */
export function pathAt(endpoint: string, address: string, isBelow: boolean): Checked<string> {
	const joined = `${endpoint}/${address.replace(/^\/+/, '')}`;
	let url: URL;
	try {
		url = new URL(isBelow && !ABSOLUTE.test(address) ? joined : address);
	} catch {
		return refused(
			'Nothing was sent: the URL is not a valid address',
			'Enter it whole, with http:// or https://',
		);
	}
	if (url.origin === new URL(endpoint).origin) return accepted(url.pathname);
	return refused(
		`Nothing was sent: ${url.origin} is not where the Cluster Endpoint of the credential is`,
		'The API key goes nowhere else. Correct the URL, or choose the credential of that cluster',
	);
}

/**
 * A short name of the cluster for restore objects: 12 hex digits of the endpoint's SHA-256.
 * A hash, because outputs are stored and sent around, and an internal host name need not be.
 */
export function clusterHash(endpoint: string): string {
	return createHash('sha256').update(endpoint).digest('hex').slice(0, 12);
}
