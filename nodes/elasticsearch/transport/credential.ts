/** What the fields of the credential hold, and what a request with it may do. Pure. */

import { createHash, X509Certificate } from 'node:crypto';

import { accepted, refused, type Checked } from './check';

/** What is wrong with a field of the credential, or with a request that was to be sent with it. */
export type CredentialProblem =
	| {
			code:
				| 'endpoint_empty'
				| 'endpoint_without_scheme'
				| 'endpoint_invalid'
				| 'endpoint_with_user'
				| 'endpoint_with_query'
				| 'key_empty'
				| 'key_malformed'
				| 'certificate_invalid'
				| 'address_invalid'
				| 'read_only';
	  }
	| { code: 'address_elsewhere'; origin: string };

/**
 * The cluster endpoint in one form: scheme, host, port and path, no trailing slash.
 * The path is kept, because clusters live behind proxies at a base path
 * (elastic/elasticsearch-js lost it for years: issue 3342 there).
 */
export function normaliseEndpoint(raw: unknown): Checked<string, CredentialProblem> {
	const text = typeof raw === 'string' ? raw.trim() : '';
	if (text === '') return refused({ code: 'endpoint_empty' });
	if (!/^https?:\/\//i.test(text)) return refused({ code: 'endpoint_without_scheme' });
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return refused({ code: 'endpoint_invalid' });
	}
	if (url.username !== '' || url.password !== '') return refused({ code: 'endpoint_with_user' });
	if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
		return refused({ code: 'endpoint_with_query' });
	return accepted(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** What the HTTP client takes for an address of its own, which no base is put in front of. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/**
 * The path that a request with this credential goes to, or what is wrong where that is not at the
 * cluster: the key may be used by other nodes of n8n, with addresses from anywhere.
 * @param endpoint as `normaliseEndpoint` gives it
 * @param address of the request, as the HTTP client will read it
 * @param isBelow whether the endpoint is put in front of an address that is not absolute
 */
export function pathAt(
	endpoint: string,
	address: string,
	isBelow: boolean,
): Checked<string, CredentialProblem> {
	const joined = `${endpoint}/${address.replace(/^\/+/, '')}`;
	let url: URL;
	try {
		url = new URL(isBelow && !ABSOLUTE.test(address) ? joined : address);
	} catch {
		return refused({ code: 'address_invalid' });
	}
	if (url.origin === new URL(endpoint).origin) return accepted(url.pathname);
	return refused({ code: 'address_elsewhere', origin: url.origin });
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
export function encodeApiKey(raw: unknown): Checked<string, CredentialProblem> {
	const text = typeof raw === 'string' ? raw.trim().replace(/^ApiKey(\s+|$)/i, '') : '';
	if (text === '') return refused({ code: 'key_empty' });
	// A line break inside would start a new header.
	if (!/^[\x21-\x7e]+$/.test(text)) return refused({ code: 'key_malformed' });
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
export function rebuildPem(raw: unknown): Checked<string | undefined, CredentialProblem> {
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
	if (blocks.length === 0 || rest.trim() !== '') return refused({ code: 'certificate_invalid' });
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
 * Whether a request only reads, which is all that a read-only credential lets pass.
 * `_has_privileges` is a POST that reads (the credential test sends it).
 */
export function onlyReads(method: string | undefined, path: string): boolean {
	const verb = (method ?? 'GET').toUpperCase();
	const asks = verb === 'POST' && path.endsWith('/_security/user/_has_privileges');
	return verb === 'GET' || verb === 'HEAD' || asks;
}
