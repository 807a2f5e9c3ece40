import { reasonOf } from '../../../nodes/elasticsearch/transport/failure';
import { redactKey } from '../../../nodes/elasticsearch/transport/redact';
import { failureOfAnswer } from '../../../nodes/elasticsearch/transport/response';

/** base64 of `made-up-id:made-up-secret`. */
const ENCODED = 'bWFkZS11cC1pZDptYWRlLXVwLXNlY3JldA==';

describe('redaction', () => {
	it.each([
		['the encoded key', `got ApiKey ${ENCODED} from you`, 'got ApiKey [API key] from you'],
		['the decoded key', 'made-up-id:made-up-secret is unknown', '[API key] is unknown'],
		['the secret half', 'secret=made-up-secret;', 'secret=[API key];'],
		['every occurrence', `${ENCODED} ${ENCODED}`, '[API key] [API key]'],
		['all forms at once', `${ENCODED}, made-up-secret`, '[API key], [API key]'],
		['the encoded key in quotes', `{"auth":"${ENCODED}"}`, '{"auth":"[API key]"}'],
	])('takes out %s', (_what, text, expected) => {
		expect(redactKey(text, ENCODED)).toBe(expected);
	});

	it.each([
		['without its padding', ENCODED.replace(/=+$/, '')],
		['percent-encoded', encodeURIComponent(ENCODED)],
	])('takes out the encoded key %s', (_what, echoed) => {
		const clean = redactKey(`token ${echoed} refused`, ENCODED);
		expect(clean).toMatch(/^token \[API key\]\S* refused$/);
		expect(clean).not.toContain(ENCODED.slice(0, 20));
	});

	it('leaves the id of the key, which the cluster names on purpose', () => {
		const text = 'unable to find apikey with id made-up-id';
		expect(redactKey(text, ENCODED)).toBe(text);
	});

	it('leaves other text as it is', () => {
		expect(redactKey('No known model deployment', ENCODED)).toBe('No known model deployment');
	});

	it('does not take out fragments so short that they are words', () => {
		const short = Buffer.from('id:no').toString('base64');
		expect(redactKey('no known model', short)).toBe('no known model');
	});
});

/** A key as long as Elasticsearch makes them, in letters that no text has by accident. */
const ID = 'VuaCfGcBCdbkQm-e5aOx';
const SECOND_HALF = 'ui2lp2axTNmsyakw9tvNnw';
const KEY = Buffer.from(`${ID}:${SECOND_HALF}`).toString('base64');

/** The longest row of characters that a text has from one of these. */
function longestOf(text: string, secrets: readonly string[]): number {
	let longest = 0;
	for (const secret of secrets) {
		for (let from = 0; from < secret.length; from++) {
			while (
				from + longest < secret.length &&
				text.includes(secret.slice(from, from + longest + 1))
			)
				longest++;
		}
	}
	return longest;
}

function entities(text: string, radix: 10 | 16): string {
	const sign = radix === 16 ? '&#x' : '&#';
	return [...text].map((each) => `${sign}${each.charCodeAt(0).toString(radix)};`).join('');
}

function inBase64(text: string): string {
	return Buffer.from(text).toString('base64');
}

const ECHOES: Array<[string, string]> = [
	['cut off at its end', KEY.slice(0, -3)],
	['cut off at its beginning', KEY.slice(3)],
	['of which twelve characters are left', KEY.slice(20, 32)],
	['of which the secret is cut off', `${ID}:${SECOND_HALF.slice(0, 15)}`],
	['with a tag inside', `${KEY.slice(0, 20)}<wbr>${KEY.slice(20)}`],
	['with a tag again and again', KEY.replace(/.{7}/g, '$&<span class="x">')],
	['in a tag', `<a href="/?key=${KEY}">`],
	['with a line break inside', `${KEY.slice(0, 40)}\r\n  ${KEY.slice(40)}`],
	['with a blank again and again', KEY.replace(/.{4}/g, '$& ')],
	['with spaces of no width', KEY.replace(/.{4}/g, '$&\u200b')],
	['as entities', entities(KEY, 10)],
	['as entities of base 16', entities(KEY, 16)],
	['as entities with line breaks', entities(KEY.replace(/.{7}/g, '$&\n'), 10)],
	['of which the secret stands as entities', entities(SECOND_HALF, 16).toUpperCase()],
	['with its header in base64', inBase64(`ApiKey ${KEY}`)],
	['in base64 again', inBase64(KEY)],
	['with the header and its name in base64', inBase64(`X-Authorization: ApiKey ${KEY}`)],
];

describe('an echo of the key', () => {
	const SHAPES = [KEY, SECOND_HALF, ...['', 'x', 'xx'].map((before) => inBase64(before + KEY))];

	/** What somebody can read in it, without tags and white space. */
	function readable(text: string): string {
		const decoded = text.replace(/&#(x?)([\da-f]+);/gi, (_whole, sign: string, code: string) =>
			String.fromCharCode(parseInt(code, sign === '' ? 10 : 16)),
		);
		return decoded.replace(/<[^>]*>|[^\x21-\x7e]/g, '') + decoded;
	}

	it.each(ECHOES)('is taken out %s', (_how, echo) => {
		const clean = redactKey(`before ${echo} (behind)`, KEY);
		expect(longestOf(readable(clean), SHAPES)).toBeLessThan(12);
		expect(clean).toMatch(/^before .*\[API key\].* \(behind\)$/s);
	});

	it.each<[string, unknown]>([
		...ECHOES.filter(([, echo]) => !echo.startsWith('<')).map(([how, echo]): [string, unknown] => [
			`${how}, on a page`,
			`<p>${echo}</p>`,
		]),
		...ECHOES.map(([how, echo]): [string, unknown] => [`${how}, in JSON`, { message: echo }]),
		[
			'with what is no text inside, on a page',
			`${KEY.slice(0, 9)}<style>p { color: red }</style>${KEY.slice(9)}`,
		],
	])('does not get into a reason %s', (_how, body) => {
		const answer = { statusCode: 502, body, headers: {} };
		const reason = reasonOf(failureOfAnswer(answer, (text) => redactKey(text, KEY))) ?? '';
		expect(reason).toContain('[API key]');
		expect(longestOf(readable(reason), SHAPES)).toBeLessThan(12);
	});

	it('does not get into a reason wherever a long body is cut', () => {
		for (let length = 4_800; length <= 5_010; length += 3) {
			const body = `<style>${'x'.repeat(length)}</style>${KEY} ${'x'.repeat(2_000)}`;
			const reason = [body, { message: `${' '.repeat(length)}${KEY}${' '.repeat(2_000)}` }]
				.map((each) => ({ statusCode: 502, body: each, headers: {} }))
				.map((answer) => reasonOf(failureOfAnswer(answer, (text) => redactKey(text, KEY))));
			expect(longestOf(reason.join(), SHAPES)).toBeLessThan(4);
		}
	});

	it('is taken out as a whole where a tag leaves a short piece of it', () => {
		expect(redactKey(`${KEY.slice(0, 45)}<wbr>${KEY.slice(45)}`, KEY)).toBe('[API key]');
	});

	it('is one where it stands twice in a row', () => {
		expect(redactKey(`${KEY}${KEY}`, KEY)).toBe('[API key][API key]');
	});

	it('leaves the tags and entities of other words', () => {
		const text = 'a <b>bold</b> &#97;nd &lt;long&gt; word < 12 > 3';
		expect(redactKey(text, KEY)).toBe(text);
	});

	it.each([
		['a piece of eleven characters', KEY.slice(20, 31)],
		['the id', `api key [${ID}]`],
	])('leaves %s', (_what, text) => {
		expect(redactKey(text, KEY)).toBe(text);
	});
});
