import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

import { rebuildPem } from '../../../../nodes/elasticsearch/transport/credential';

/** As it is, but counted. */
jest.mock('node:crypto', () => {
	const crypto = jest.requireActual<typeof import('node:crypto')>('node:crypto');
	const counted = jest.fn((text: string) => new crypto.X509Certificate(text));
	return { ...crypto, X509Certificate: counted };
});

let first: string;
let second: string;
let privateKey: string;

beforeAll(async () => {
	const make = async (name: string) =>
		await generate([{ name: 'commonName', value: name }], { keyType: 'ec', algorithm: 'sha256' });
	const made = await make('first.example.com');
	first = made.cert.trim();
	privateKey = made.private.trim();
	second = (await make('second.example.com')).cert.trim();
});

function rebuilt(text: string): string {
	const checked = rebuildPem(text);
	if (!checked.ok || checked.value === undefined) throw new Error('The PEM text was refused');
	return checked.value;
}

/** The subjects of the certificates in a PEM text, as OpenSSL reads them one by one. */
function subjects(pem: string): string[] {
	const blocks = pem.split(/(?<=-----END CERTIFICATE-----\n)/);
	return blocks.map((block) => new X509Certificate(block).subject);
}

/** The certificate with every line break replaced. */
function joined(pem: string, by: string): string {
	return pem.replace(/\r?\n/g, by);
}

describe('a CA certificate', () => {
	it('is read once, although each request needs it', () => {
		const reads = jest.mocked(X509Certificate).mock.calls;
		const before = reads.length;
		const [one, again] = [rebuildPem(first), rebuildPem(first)];
		expect(again).toEqual(one);
		expect(reads).toHaveLength(before + 1);
		expect(rebuildPem(second)).not.toEqual(one);
		expect(rebuildPem(first)).toEqual(one);
		expect(reads).toHaveLength(before + 3);
	});

	it.each<[string, (pem: string) => string]>([
		['as it is', (pem) => pem],
		['with CRLF', (pem) => joined(pem, '\r\n')],
		['with CR alone', (pem) => joined(pem, '\r')],
		['with spaces for line breaks', (pem) => joined(pem, ' ')],
		['with tabs for line breaks', (pem) => joined(pem, '\t')],
		['with literal \\n for line breaks', (pem) => joined(pem, '\\n')],
		['with literal \\r\\n for line breaks', (pem) => joined(pem, '\\r\\n')],
		['with no line breaks at all', (pem) => joined(pem, '')],
		['with empty lines between', (pem) => joined(pem, '\n\n')],
		['with no-break spaces for line breaks', (pem) => joined(pem, '\u00a0')],
		['with every line indented', (pem) => joined(pem, '\n\t\t')],
		['with white space around', (pem) => ` \n${pem}\n\n `],
		['with a literal \\n at its end', (pem) => `${pem}\\n`],
	])('%s is rebuilt to what OpenSSL reads', (_form, spoil) => {
		const pem = rebuilt(spoil(first));
		expect(pem).toBe(rebuilt(first));
		expect(new X509Certificate(pem).fingerprint256).toBe(new X509Certificate(first).fingerprint256);
	});

	it('has lines of at most 64 characters and ends with a line break', () => {
		const lines = rebuilt(joined(first, '')).split('\n');
		expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----');
		expect(lines.slice(-2)).toEqual(['-----END CERTIFICATE-----', '']);
		expect(Math.max(...lines.map((line) => line.length))).toBe(64);
	});

	it.each([' ', '\\n', '', '\n\n'])('may be a chain, joined by %j', (by) => {
		const pem = rebuilt(joined(`${first}\n${second}`, by));
		expect(subjects(pem)).toEqual(['CN=first.example.com', 'CN=second.example.com']);
	});

	it.each([
		['undefined', undefined],
		['null', null],
		['an empty text', ''],
		['a blank text', ' \n '],
		['literal line breaks alone', '\\n\\r\\n'],
	])('is absent where the field holds %s', (_what, typed) => {
		expect(rebuildPem(typed)).toEqual({ ok: true, value: undefined });
	});
});

describe('what is no CA certificate', () => {
	const problem = { code: 'certificate_invalid' };

	it.each<[string, (pem: string) => string]>([
		['a sentence', () => 'the certificate of our company'],
		['a path', () => '/etc/ssl/certs/ca.pem'],
		['base64 without frame', (pem) => pem.replace(/-----[^-]+-----/g, '')],
		['a beginning alone', (pem) => pem.slice(0, 200)],
		['an end alone', (pem) => pem.slice(200)],
		['text before it', (pem) => `Our CA:\n${pem}`],
		['text after it', (pem) => `${pem}\nvalid until 2030`],
		['text between two', (pem) => `${pem}\nand\n${pem}`],
		['a second one that is cut off', (pem) => `${pem}\n${pem.slice(0, 200)}`],
		['an empty frame', () => '-----BEGIN CERTIFICATE----------END CERTIFICATE-----'],
		['two kinds of frame', (pem) => pem.replace('END CERTIFICATE', 'END X509 CRL')],
		['characters that base64 lacks', (pem) => pem.replace('MII', 'M?I')],
		['a private key', () => privateKey],
		['a private key behind it', (pem) => `${pem}\n${privateKey}`],
	])('is refused: %s', (_what, spoil) => {
		expect(rebuildPem(spoil(first))).toEqual({ ok: false, problem });
	});

	// OpenSSL takes such a block without a word and then trusts nothing.
	it.each<[string, (pem: string) => string]>([
		[
			'four letters in a frame',
			() => joined('-----BEGIN CERTIFICATE-----\nAAAA\n', '\n').concat('-----END CERTIFICATE-----'),
		],
		[
			'a line lost in the middle',
			(pem) =>
				pem
					.split('\n')
					.filter((_line, index) => index !== 3)
					.join('\n'),
		],
	])('is refused although it looks like one: %s', (_what, spoil) => {
		expect(() => new X509Certificate(spoil(first))).toThrow();
		expect(rebuildPem(spoil(first))).toEqual({ ok: false, problem });
	});
});
