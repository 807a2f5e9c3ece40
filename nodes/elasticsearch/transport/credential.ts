/** What the fields of the credential hold, and what a request with it may do. Pure. */

import { createHash, X509Certificate } from 'node:crypto';

import { accepted, refused, type Checked, type Refusal } from './failure';

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

/**
 * The API key as the `Authorization: ApiKey …` header wants it: base64 of `id:api_key`.
 * Kibana shows that encoded form; `id:api_key` is encoded here, and a pasted `ApiKey ` is removed.
 */
export function encodeApiKey(raw: unknown): Checked<string> {
	const text = typeof raw === 'string' ? raw.trim().replace(/^ApiKey(\s+|$)/i, '') : '';
	if (text === '') {
		return refused(
			'The API Key is empty',
			'Paste the encoded key that Kibana shows into the credential',
		);
	}
	// A line break inside would start a new header.
	if (!/^[\x21-\x7e]+$/.test(text)) {
		return refused(
			'The API Key holds spaces, line breaks or characters that no key has',
			'Copy the encoded key again from Kibana (Stack Management > API keys) into the credential',
		);
	}
	return accepted(text.includes(':') ? Buffer.from(text).toString('base64') : text);
}

/**
 * Takes the key out of a text that came from outside. A proxy can echo the request's headers in
 * its error page, and error texts are stored with the execution.
 * @param encoded the key as `encodeApiKey` gives it
 */
export function redactKey(text: string, encoded: string): string {
	const decoded = Buffer.from(encoded, 'base64').toString();
	const secret = decoded.slice(decoded.indexOf(':') + 1);
	let clean = text;
	// Echoes can lose the padding, or encode it.
	for (const part of [encoded, encoded.replace(/=+$/, ''), decoded, secret]) {
		if (part.length >= 6) clean = clean.split(part).join('[API key]');
	}
	return clean;
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * CA certificates as OpenSSL reads them. A form field can lose the line breaks of a pasted PEM, or
 * turn them into a literal `\n`; OpenSSL then silently trusts nothing. So each block is rebuilt.
 * @returns the PEM text, or undefined for an empty field
 */
export function rebuildPem(raw: unknown): Checked<string | undefined> {
	const text = typeof raw === 'string' ? raw.replace(/\\r|\\n/g, '\n').trim() : '';
	if (text === '') return accepted(undefined);
	const blocks: string[] = [];
	const rest = text.replace(PEM_BLOCK, (_whole, label: string, inner: string) => {
		const base64 = inner.replace(/\s+/g, '');
		const lines = base64.match(/.{1,64}/g) ?? [];
		const block = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
		blocks.push(block);
		return isCertificate(block) ? '' : 'unreadable';
	});
	if (blocks.length === 0 || rest.trim() !== '') {
		return refused(
			'The CA Certificate (PEM) is not a PEM certificate',
			'Paste it whole into the credential, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else',
		);
	}
	return accepted(`${blocks.join('\n')}\n`);
}

/** Checked here, because TLS takes a cut-off block without a word and then trusts nothing. */
function isCertificate(block: string): boolean {
	try {
		return new X509Certificate(block).subject !== undefined;
	} catch {
		return false;
	}
}

/**
 * What a credential with 'Read Only' refuses: everything but reading.
 * `_has_privileges` is a POST that reads (the credential test sends it).
 */
export function readOnlyRefusal(method: string | undefined, path: string): Refusal | undefined {
	const verb = (method ?? 'GET').toUpperCase();
	const asks = verb === 'POST' && path.endsWith('/_security/user/_has_privileges');
	if (verb === 'GET' || verb === 'HEAD' || asks) {
		return undefined;
	}
	return {
		message: 'The credential is read-only, so nothing was sent',
		next: "Choose a credential that may change deployments, or turn off 'Read Only' in this one",
	};
}
