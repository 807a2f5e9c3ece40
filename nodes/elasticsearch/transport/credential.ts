/** Checks the fields of the credential, and what a request with it may do. Pure. */

import { createHash, X509Certificate } from 'node:crypto';

import { accepted, refused, type Checked } from './check';

/** What is wrong with a field of the credential, or with a request that would use it. */
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
	return accepted(`${url.origin}${withoutLastSlashes(url.pathname)}`);
}

/** No regular expression, because one would begin anew at each slash of a long row. */
function withoutLastSlashes(path: string): string {
	let end = path.length;
	while (path[end - 1] === '/') end--;
	return path.slice(0, end);
}

/** What the HTTP client takes as an absolute address: it puts no base in front. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/**
 * The path of a request with this credential, or a refusal if the request goes elsewhere: other
 * nodes of n8n can use the credential, with any address.
 * @param endpoint as `normaliseEndpoint` returns it
 * @param address of the request, as the HTTP client reads it
 * @param isBelow whether the HTTP client puts the endpoint in front of a relative address
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
 * It is a hash because outputs are stored and passed on, and should not show a host name.
 */
export function clusterHash(endpoint: string): string {
	return createHash('sha256').update(endpoint).digest('hex').slice(0, 12);
}

/**
 * The API key as the `Authorization: ApiKey …` header needs it: base64 of `id:api_key`.
 * Kibana shows that form. A plain `id:api_key` is encoded here; a pasted `ApiKey ` is removed.
 */
export function encodeApiKey(raw: unknown): Checked<string, CredentialProblem> {
	const text = typeof raw === 'string' ? raw.trim().replace(/^ApiKey(\s+|$)/i, '') : '';
	if (text === '') return refused({ code: 'key_empty' });
	// A line break inside would start a new header.
	if (!/^[\x21-\x7e]+$/.test(text)) return refused({ code: 'key_malformed' });
	return accepted(text.includes(':') ? Buffer.from(text).toString('base64') : text);
}

/** Base64 has no hyphen: a block without an end must not be looked through to the end of the text. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

/** The last text and what came of it. Each request needs it, and OpenSSL takes its time to read one. */
let lastPem: { text: string; rebuilt: Checked<string, CredentialProblem> } | undefined;

/**
 * CA certificates as OpenSSL reads them. A form field can lose the line breaks of a pasted PEM, or
 * turn them into a literal `\n`; OpenSSL then silently trusts nothing. So this rebuilds each block.
 * @returns the PEM text; undefined if the field is empty
 */
export function rebuildPem(raw: unknown): Checked<string | undefined, CredentialProblem> {
	const text = typeof raw === 'string' ? raw.replace(/\\r|\\n/g, '\n').trim() : '';
	if (text === '') return accepted(undefined);
	if (lastPem?.text !== text) lastPem = { text, rebuilt: rebuilt(text) };
	return lastPem.rebuilt;
}

function rebuilt(text: string): Checked<string, CredentialProblem> {
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

/** TLS accepts a cut-off block silently and then trusts nothing, so it is checked here. */
function isCertificate(block: string): boolean {
	try {
		return new X509Certificate(block).subject !== undefined;
	} catch {
		return false;
	}
}

/** What an expression in the field gives can be a text. Whatever else stands there, it locks. */
export const UNLOCKED: readonly unknown[] = [false, 'false', '', null];

/** Whether the field Read Only of a credential locks it. */
export function isReadOnly(field: unknown): boolean {
	return !UNLOCKED.includes(field ?? null);
}

/**
 * Whether a request only reads: a read-only credential allows nothing else.
 * `_has_privileges`, which the credential test sends, is a POST that reads. So is `_infer`: it
 * changes no setting (docs/elasticsearch-behaviour.md, "Inference: requests and answers").
 */
export function onlyReads(method: string | undefined, path: string): boolean {
	const verb = (method ?? 'GET').toUpperCase();
	if (verb === 'GET' || verb === 'HEAD') return true;
	const reading = verb === 'POST' ? READING_POST.exec(path) : null;
	return reading !== null && staysOneSegment(reading[1] ?? '');
}

const READING_POST = /\/(?:_security\/user\/_has_privileges|_ml\/trained_models\/([^/]+)\/_infer)$/;

/** A proxy may decode a path before it hands it on, so an encoded slash could lead elsewhere. */
function staysOneSegment(encoded: string): boolean {
	try {
		return !/[/\\?#%;\p{Cc}]/u.test(decodeURIComponent(encoded));
	} catch {
		return false;
	}
}
