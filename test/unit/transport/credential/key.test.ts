import { encodeApiKey } from '../../../../nodes/elasticsearch/transport/credential';

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
