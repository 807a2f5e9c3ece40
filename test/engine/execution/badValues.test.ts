import {
	byId,
	credentialFor,
	givenCluster,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
} from '../given';

const adaptive = (min: unknown, max: unknown) => ({
	allocationMode: 'adaptive',
	minNumberOfAllocations: min as string,
	maxNumberOfAllocations: max as string,
});

/** As `={{ }}` hands it over. */
const from = (value: unknown): string => `={{ ${JSON.stringify(value)} }}`;
const whole = /'Number of Allocations' is .* has to be a whole number of 1 or more/;

describe('a value that cannot be meant is refused before anything is sent', () => {
	it.each([
		['an empty id', update('={{ "" }}'), /id is empty/],
		['an id of spaces', update('  '), /id is empty/],
		['an id with a space behind it', update('search '), /starts or ends with a space/],
		['.', update('.'), /'\.' cannot be an id/],
		['an id with a wildcard', update('sea*'), /is a pattern, not one deployment id/],
		[
			'an id that an expression did not find',
			update('={{ $json.nope }}'),
			/'Deployment' is nothing/,
		],
		['an id that is an object', update(from({ a: 1 })), /'Deployment' is \{"a":1\}/],
		['0', update('search', { numberOfAllocations: 0 }), whole],
		['undefined', update('search', { numberOfAllocations: '={{ $json.nope }}' }), whole],
		['null', update('search', { numberOfAllocations: from(null) }), whole],
		['an empty text', update('search', { numberOfAllocations: from('') }), whole],
		[
			'a minimum above the maximum',
			update('search', adaptive(3, 2)),
			/minimum of 3 allocations is above the maximum of 2/,
		],
		[
			'a negative minimum',
			update('search', adaptive(-1, '')),
			/'Minimum Number of Allocations' is -1/,
		],
		['a maximum of 0', update('search', adaptive('', 0)), /'Maximum Number of Allocations' is 0/],
		[
			'a maximum together with No Maximum',
			update('search', { ...adaptive('', 3), options: { noMaximum: true } }),
			/'No Maximum' is on/,
		],
		['an empty pattern', stopPattern('={{ "" }}'), /pattern is empty/],
		['a pattern of commas', stopPattern(' , '), /pattern is empty/],
		[
			'a pattern that an expression did not find',
			stopPattern('={{ $json.nope }}'),
			/'Pattern' is nothing/,
		],
		['Max Matches of 0', stopPattern('a*', {}, { maxMatches: 0 }), /'Max Matches' is 0/],
		[
			'a dry run that an expression did not find',
			stop('search', {}, { dryRun: '={{ $json.nope }}' }),
			/'Dry Run' is nothing/,
		],
		[
			'force that an expression did not find',
			stop('search', { force: '={{ $json.nope }}' }),
			/'Force' is nothing/,
		],
		[
			'idle minutes that are a text',
			stop('search', { onlyIfIdleMinutes: 'long' }),
			/'Only If Idle \(Minutes\)' is "long"/,
		],
		[
			'a time-out of 0',
			update('search', { options: { requestTimeout: 0 } }),
			/'Request Timeout \(Seconds\)' is 0/,
		],
		['retries below 0', update('search', { options: { retries: -1 } }), /'Retries' is -1/],
		[
			'an unknown way to wait',
			update('search', { options: { waitFor: 'ever' } }),
			/'Wait For' is "ever"/,
		],
		[
			'threads that no number can be made of',
			parameters('start', {
				modelId: byId('m'),
				options: { threadsPerAllocation: from({ toString: 1, valueOf: 1 }) },
			}),
			/'Threads per Allocation' is \{"toString":1,"valueOf":1\}/,
		],
		[
			'threads that are a list',
			parameters('start', { modelId: byId('m'), options: { threadsPerAllocation: from([2]) } }),
			/'Threads per Allocation' is \[2\]/,
		],
		[
			'a cache that JSON cannot hold',
			parameters('start', { modelId: byId('m'), options: { cacheSize: '={{ BigInt(5) }}' } }),
			/'Cache Size' is 5, which is no size/,
		],
		['a custom API call', parameters('__CUSTOM_API_CALL__'), /HTTP Request node/],
		['an operation that does not exist', parameters('explode'), /no operation "explode"$/],
		[
			'an operation that no text can be made of',
			{ ...parameters('stop'), operation: { toString: 1, valueOf: 1 } },
			/no operation \{"toString":1,"valueOf":1\}$/,
		],
	])('%s', async (_name, given, message) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const result = await run(cluster, given);
		expect(result.status).toBe('error');
		expect(seen(result).message).toMatch(message);
		expect(seen(result).description).not.toBe('');
		expect(result.error).toMatchObject({ context: { itemIndex: 0 } });
		expect(cluster.requests).toEqual([]);
	});

	it.each([0, '0', '={{ 0 }}'])('a number of %p in Update names the ways to zero', async (zero) => {
		const cluster = await givenCluster();
		const result = await run(cluster, update('search', { numberOfAllocations: zero }));
		expect(seen(result).message).toMatch(whole);
		expect(seen(result).description).toBe(
			"To go to zero, use the operation Stop, the operation Scale with 0 in 'Number of Allocations', or here the 'Allocation Mode' Adaptive with a minimum of 0. Else enter 1 or more.",
		);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['0 in Start', parameters('start', { modelId: byId('m'), numberOfAllocations: 0 })],
		['another number in Update', update('search', { numberOfAllocations: -1 })],
		['nothing in Update', update('search', { numberOfAllocations: '={{ $json.nope }}' })],
	])('%s is a wrong number and no more', async (_name, given) => {
		const cluster = await givenCluster();
		const result = await run(cluster, given);
		expect(seen(result).message).toMatch(whole);
		expect(seen(result).description).toBe(
			"Enter a whole number of 1 or more in 'Number of Allocations'. If it comes from an expression, check that the expression finds its value.",
		);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['an endpoint without scheme', { endpoint: 'localhost:9200' }, /http:\/\/ or https:\/\//],
		['an empty key', { apiKey: '' }, /API Key is empty/],
		['a CA that is none', { ca: 'hello' }, /not a PEM certificate/],
	])('%s', async (_name, data, message) => {
		const cluster = await givenCluster();
		const credentials = credentialFor(cluster, data);
		const result = await run(cluster, update('search'), { credentials });
		expect(result.status).toBe('error');
		expect(seen(result).message).toMatch(message);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['an id that was never picked', update(''), /"Deployment" is required/],
		['a pattern that was never filled in', stopPattern(''), /"Pattern" is required/],
	])('%s, by n8n itself', async (_name, given, message) => {
		const cluster = await givenCluster();
		expect(seen(await run(cluster, given)).message).toMatch(message);
		expect(cluster.requests).toEqual([]);
	});

	it('a read-only credential sends nothing that changes anything', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const credentials = credentialFor(cluster, { readOnly: true });
		for (const given of [update('search'), stop('search'), stopPattern('s*')]) {
			const result = await run(cluster, given, { credentials });
			expect(seen(result).message).toBe('The credential is read-only, so nothing was sent');
		}
		expect(cluster.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
		expect((await run(cluster, stop('search', {}, { dryRun: true }), { credentials })).status).toBe(
			'success',
		);
	});
});
