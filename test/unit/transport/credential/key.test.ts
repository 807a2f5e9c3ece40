import { encodeApiKey, redactKey } from '../../../../nodes/elasticsearch/transport/credential';

/** base64 of `made-up-id:made-up-secret`. */
const ENCODED = 'bWFkZS11cC1pZDptYWRlLXVwLXNlY3JldA==';

describe('the API key', () => {
	it.each([
		['the encoded form', ENCODED],
		['the encoded form with white space around', ` \n${ENCODED}\t`],
		['the encoded form behind ApiKey', `ApiKey ${ENCODED}`],
		['the encoded form behind apikey and several spaces', `apikey   ${ENCODED}`],
		['id:api_key', 'made-up-id:made-up-secret'],
		['id:api_key with white space around', '  made-up-id:made-up-secret\n'],
		['id:api_key behind ApiKey', 'ApiKey made-up-id:made-up-secret'],
	])('is taken as %s', (_form, typed) => {
		expect(encodeApiKey(typed)).toEqual({ ok: true, value: ENCODED });
	});

	it('may have a colon in its second half', () => {
		const value = Buffer.from('id:with:colon').toString('base64');
		expect(encodeApiKey('id:with:colon')).toEqual({ ok: true, value });
	});

	it.each([
		['undefined', undefined],
		['null', null],
		['an empty text', ''],
		['a blank text', ' \n'],
		['a number', 42],
		['an object', {}],
		['the word ApiKey alone', 'ApiKey'],
		['the word ApiKey and a space', 'ApiKey '],
	])('is empty where the field holds %s', (_what, typed) => {
		expect(encodeApiKey(typed)).toEqual({ ok: false, problem: { code: 'key_empty' } });
	});

	it.each([
		['a line break, which would start another header', `${ENCODED}\nX-Other: 1`],
		['a carriage return', `${ENCODED}\r${ENCODED}`],
		['a space', 'made-up-id: made-up-secret'],
		['another scheme', `Bearer ${ENCODED}`],
		['the name of the header', `Authorization: ApiKey ${ENCODED}`],
		['a letter outside ASCII', 'made-up-id:gehëim'],
		['a zero byte', `${ENCODED}\0`],
	])('is refused with %s, and not shown', (_what, typed) => {
		expect(encodeApiKey(typed)).toEqual({ ok: false, problem: { code: 'key_malformed' } });
	});
});

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
