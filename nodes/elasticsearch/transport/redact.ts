/** Takes the API key out of texts that came from outside. Pure. */

/** So many characters of the key in a row are no accident, wherever an echo is cut off. */
const PIECE = 12;
/** Shorter parts of a key could be words. */
const SHORTEST = 6;

const REDACTED = '[API key]';

/**
 * The characters that a key can have, also as HTML entities. Whatever stands between them, such as
 * line breaks, does not make a key unreadable.
 */
const LETTERS = /&#(\d{2,3});?|&#x([\da-f]{2});?|[\x21-\x7e]/gi;
/** So are tags, but a tag can hold the key, too. */
const LETTERS_OUTSIDE_TAGS = /<[^<>]*>|&#(\d{2,3});?|&#x([\da-f]{2});?|[\x21-\x7e]/gi;

/**
 * Removes the key from a text that came from outside. A proxy can echo the request's headers in
 * its error page, and n8n stores error texts with the execution. Removed are the key, its secret
 * half and the key in base64, whole and in pieces of 12 characters or more. The time is linear.
 * @param encoded the key as `encodeApiKey` returns it
 */
export function redactKey(text: string, encoded: string): string {
	const decoded = Buffer.from(encoded, 'base64').toString();
	const secret = decoded.slice(decoded.indexOf(':') + 1);
	// An echo can lose the padding, or encode it.
	const unpadded = encoded.replace(/=+$/, '');
	// What stands before it decides how three of its characters become four.
	const inBase64 = ['', ' ', '  '].map((before) =>
		Buffer.from(before + encoded).toString('base64'),
	);
	const pieces = [encoded, decoded, ...[unpadded, secret, ...inBase64].flatMap(piecesOf)];
	const known = new Set(pieces.filter((each) => each.length >= SHORTEST));
	return without(known, without(known, text, LETTERS_OUTSIDE_TAGS), LETTERS);
}

function piecesOf(secret: string): string[] {
	const length = Math.min(PIECE, secret.length);
	const count = secret.length - length + 1;
	return Array.from({ length: count }, (_, at) => secret.slice(at, at + length));
}

/** Pieces that overlap are taken out as one. */
function without(pieces: ReadonlySet<string>, text: string, letters: RegExp): string {
	const found = [...text.matchAll(letters)]
		.map((match) => ({ letter: letterOf(match), from: match.index, to: endOf(match) }))
		.filter(({ letter }) => letter !== '');
	const row = found.map(({ letter }) => letter).join('');
	const lengths = [...new Set([...pieces].map(({ length }) => length))];
	const kept: string[] = [];
	let textAt = 0;
	let rowAt = 0;
	for (let at = 0; at < row.length; at++) {
		const ends = lengths
			.map((length) => at + length)
			.filter((end) => end <= row.length && pieces.has(row.slice(at, end)));
		if (ends.length === 0) continue;
		if (at >= rowAt) kept.push(text.slice(textAt, found[at].from), REDACTED);
		rowAt = Math.max(rowAt, ...ends);
		textAt = found[rowAt - 1].to;
	}
	return kept.join('') + text.slice(textAt);
}

/** The character that a match stands for; empty for a tag, and for what no key can have. */
function letterOf([whole, decimal, hexadecimal]: RegExpMatchArray): string {
	const code = decimal ?? (hexadecimal && `0x${hexadecimal}`);
	if (code === undefined) return whole.length === 1 ? whole : '';
	const letter = String.fromCharCode(Number(code));
	return /[\x21-\x7e]/.test(letter) ? letter : '';
}

function endOf({ index, 0: whole }: RegExpExecArray): number {
	return index + whole.length;
}
