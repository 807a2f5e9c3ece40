import {
	clusterHash,
	normaliseEndpoint,
	pathAt,
} from '../../../../nodes/elasticsearch/transport/credential';

describe('the Cluster Endpoint', () => {
	it.each([
		['a host', 'https://es.example.com', 'https://es.example.com'],
		['one slash at the end', 'https://es.example.com/', 'https://es.example.com'],
		['many slashes at the end', 'https://es.example.com///', 'https://es.example.com'],
		['a port', 'http://localhost:9200', 'http://localhost:9200'],
		['the port that https has anyway', 'https://es.example.com:443', 'https://es.example.com'],
		['the port that http has anyway', 'http://es.example.com:80/', 'http://es.example.com'],
		['another port for https', 'https://es.example.com:9243/', 'https://es.example.com:9243'],
		['a path', 'https://example.com/elastic', 'https://example.com/elastic'],
		['a path and a slash', 'https://example.com/a/b//', 'https://example.com/a/b'],
		['an encoded path', 'https://example.com/my%20es', 'https://example.com/my%20es'],
		['capitals', 'HTTPS://ES.Example.COM/Path', 'https://es.example.com/Path'],
		['white space around', ' \thttps://es.example.com\n', 'https://es.example.com'],
		['an IPv6 address', 'http://[::1]:9200/', 'http://[::1]:9200'],
	])('with %s is accepted in one form', (_what, typed, expected) => {
		expect(normaliseEndpoint(typed)).toEqual({ ok: true, value: expected });
	});

	const MISSING = 'endpoint_empty';
	const SCHEME = 'endpoint_without_scheme';
	const ADDRESS = 'endpoint_invalid';
	const USER = 'endpoint_with_user';
	const QUERY = 'endpoint_with_query';

	it.each([
		['undefined', undefined, MISSING],
		['null', null, MISSING],
		['an empty text', '', MISSING],
		['a blank text', ' \n ', MISSING],
		['a number', 9200, MISSING],
		['an object', {}, MISSING],
		['a host without scheme', 'es.example.com:9200', SCHEME],
		['a scheme without slashes', 'https:es.example.com', SCHEME],
		['another scheme', 'ftp://es.example.com', SCHEME],
		['a file', 'file:///etc/passwd', SCHEME],
		['a scheme inside', 'javascript:https://es.example.com', SCHEME],
		['no host', 'https://', ADDRESS],
		['a space in the host', 'https://es example.com', ADDRESS],
		['a port that is too high', 'https://es.example.com:99999', ADDRESS],
		['a port of letters', 'https://es.example.com:port', ADDRESS],
		['a user', 'https://elastic@es.example.com', USER],
		['user and password', 'https://elastic:changeme@es.example.com', USER],
		['a password alone', 'https://:changeme@es.example.com', USER],
		['a query', 'https://es.example.com/?pretty', QUERY],
		['an empty query', 'https://es.example.com/?', QUERY],
		['a fragment', 'https://es.example.com/#home', QUERY],
		['an empty fragment', 'https://es.example.com#', QUERY],
	])('that is or has %s is refused', (_what, typed, code) => {
		expect(normaliseEndpoint(typed)).toEqual({ ok: false, problem: { code } });
	});

	it('is refused without showing the password that it holds', () => {
		const checked = normaliseEndpoint('https://elastic:changeme@es.example.com');
		expect(JSON.stringify(checked)).not.toContain('changeme');
	});

	it('does not change when it is brought into its form twice', () => {
		const once = normaliseEndpoint('HTTPS://Example.com:443/elastic//');
		expect(once).toEqual({ ok: true, value: 'https://example.com/elastic' });
		expect(normaliseEndpoint('https://example.com/elastic')).toEqual(once);
	});
});

describe('the short name of a cluster', () => {
	it('is 12 hex digits of the SHA-256 of the endpoint', () => {
		expect(clusterHash('https://es.example.com')).toBe('3fef7ba456df');
	});

	it('differs between two endpoints', () => {
		expect(clusterHash('https://a.example.com')).not.toBe(clusterHash('https://b.example.com'));
	});

	it('does not show the host', () => {
		expect(clusterHash('https://es.example.com')).not.toContain('example');
	});
});

describe('the path of a request', () => {
	const ENDPOINT = 'https://es.example.com/elastic';

	it.each([
		[`${ENDPOINT}/_ml/x?a=1#b`, false, '/elastic/_ml/x'],
		['https://es.example.com:443/_ml', false, '/_ml'],
		['HTTPS://ES.EXAMPLE.COM/_ml', false, '/_ml'],
		[' https://es.example.com/_ml', false, '/_ml'],
		['https://es.example.com', false, '/'],
		['https://es.example.com/a/../_ml', false, '/_ml'],
		['/_ml', true, '/elastic/_ml'],
		['_ml', true, '/elastic/_ml'],
		['', true, '/elastic/'],
		[`${ENDPOINT}/_ml`, true, '/elastic/_ml'],
		// The HTTP client puts its base in front of these, whatever they look like.
		['https:elsewhere.test/x', true, '/elastic/https:elsewhere.test/x'],
		['\\\\elsewhere.test/x', true, '/elastic///elsewhere.test/x'],
	])('to %j (below the endpoint: %j) is %s', (address, isBelow, path) => {
		expect(pathAt(ENDPOINT, address, isBelow)).toEqual({ ok: true, value: path });
	});

	it.each([
		['https://elsewhere.test/elastic', false, 'https://elsewhere.test'],
		['https://elsewhere.test/elastic', true, 'https://elsewhere.test'],
		['http://es.example.com/elastic', false, 'http://es.example.com'],
		['https://es.example.com:9200/elastic', false, 'https://es.example.com:9200'],
		['https://es.example.com@elsewhere.test/', false, 'https://elsewhere.test'],
		['https://es.example.com.elsewhere.test/', false, 'https://es.example.com.elsewhere.test'],
		['https:\\\\elsewhere.test\\', false, 'https://elsewhere.test'],
	])('to %j (below the endpoint: %j) is refused', (address, isBelow, origin) => {
		expect(pathAt(ENDPOINT, address, isBelow)).toEqual({
			ok: false,
			problem: { code: 'address_elsewhere', origin },
		});
	});

	it.each([
		['', false],
		['/_ml', false],
		['//es.example.com/_ml', false],
		['//elsewhere.test/_ml', true],
	])('to %j (below the endpoint: %j) is none', (address, isBelow) => {
		expect(pathAt(ENDPOINT, address, isBelow)).toEqual({
			ok: false,
			problem: { code: 'address_invalid' },
		});
	});
});
