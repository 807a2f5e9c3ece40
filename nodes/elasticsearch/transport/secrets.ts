import { X509Certificate } from 'node:crypto';

import { accepted, refused, type Checked } from './failure';

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
