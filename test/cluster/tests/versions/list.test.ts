import { hasReached, VERSIONS } from '../../settings/versions';
import { at, ask, endClusters, given } from '../ask';

afterEach(endClusters);

describe('a version', () => {
	it.each([
		['8.6', '8.6.2'],
		['8.12', '8.12.2'],
		['8.16', '8.16.6'],
		['8.19', '8.19.23'],
		['9.0', '9.0.8'],
		['9.2', '9.2.8'],
		['9.5', '9.5.5'],
		['serverless', '8.11.0'],
	] as const)('%s calls itself %s', async (version, number) => {
		const cluster = await given({ version });
		expect(at(await ask(cluster, 'GET', '/'), 'version', 'number')).toBe(number);
	});

	it('is one of the list', () => {
		expect(VERSIONS).toHaveLength(8);
	});

	it.each([
		['8.19.10', true],
		['8.19.9', false],
		['8.18.99', false],
		['9.0.8', false],
		['9.1.10', false],
		['9.2.3', false],
		['9.2.4', true],
		['9.3.0', true],
		['9.10.0', true],
		['10.0.0', true],
	])('%s has what came with 8.19.10, 9.2.4 and 9.3.0: %s', (version, expected) => {
		expect(hasReached(version, ['8.19.10', '9.2.4', '9.3.0'])).toBe(expected);
	});
});
