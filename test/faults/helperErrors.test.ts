/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import dns from 'node:dns';

import { isObject } from '../../nodes/elasticsearch/transport/json';
import { success } from '../../nodes/elasticsearch/transport/failure';
import '../engine/given';
import { FAULTS } from './list';
import { KEY as SHOWN, type Fault, type Given, type Thrown } from './list/fault';
import { record, type Recorded } from './recorded';
import { placeOf, trustedPlace, type Place } from './wire/makers';
import { answering, closeServers, dripping, zipped } from './wire/servers';

afterAll(closeServers);

afterEach(() => {
	jest.restoreAllMocks();
});

const KEY = btoa('id:key');
const JSON_TYPE = { 'content-type': 'application/json' };

async function ask({ endpoint, ca = '' }: Place, timeoutMs = 5_000): Promise<Recorded> {
	const credential = { endpoint, apiKey: KEY, readOnly: false, ignoreSslIssues: false, ca };
	return await record(credential, timeoutMs);
}

/** Ports, hosts and addresses in memory differ from run to run. */
function lasting(text: unknown): string {
	return String(text)
		.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:9200')
		.replace(/a{64}\.invalid/g, 'cluster.invalid')
		.replace(/^write EPROTO [^]*/, 'write EPROTO …');
}

function objectIn(value: unknown): Record<string, unknown> {
	if (!isObject(value)) throw new Error('an object was expected');
	return value;
}

/** What n8n's helper gave, as the list writes it down. */
function givenBy({ given }: Recorded, headers: string[]): Given {
	if (given === undefined) return { is: 'nothing' };
	if ('answer' in given) {
		const answer = objectIn(given.answer);
		const all = Object.entries(answer.headers as Record<string, string>);
		return {
			is: 'answer',
			status: Number(answer.statusCode),
			headers: Object.fromEntries(all.filter(([name]) => headers.includes(name))),
			body: typeof answer.body === 'string' ? answer.body.replaceAll(KEY, SHOWN) : answer.body,
		};
	}
	const error = objectIn(given.thrown);
	const cause = objectIn(error.cause);
	expect([error.name, cause.isAxiosError]).toEqual(['NodeApiError', true]);
	const thrown: Thrown = {
		message: lasting(error.message),
		httpCode: String(error.httpCode),
		cause: {
			name: String(cause.name),
			code: String(cause.code),
			message: lasting(cause.message),
		},
	};
	return { is: 'thrown', thrown };
}

/** No name server is there to be asked, so Node's look-up itself is the fault. */
function silenceNameServer(): void {
	const error = Object.assign(new Error('getaddrinfo EAI_AGAIN cluster.invalid'), {
		code: 'EAI_AGAIN',
		errno: -3001,
		syscall: 'getaddrinfo',
		hostname: 'cluster.invalid',
	});
	const lookup = (...given: unknown[]): void => {
		const callback = given[given.length - 1] as (error: Error) => void;
		callback(error);
	};
	jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
}

async function meet(fault: Fault): Promise<Recorded> {
	if (fault.name === 'a name server that does not answer') {
		silenceNameServer();
		return await ask({ endpoint: 'http://cluster.invalid:9200' });
	}
	return await ask(await placeOf(fault), fault.given.is === 'nothing' ? 300 : 5_000);
}

describe("what n8n's own request helper gives for a fault on the wire", () => {
	it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
		'is what the list says: %s',
		async (_name, fault) => {
			const headers = fault.given.is === 'answer' ? Object.keys(fault.given.headers) : [];
			expect(givenBy(await meet(fault), headers)).toEqual(fault.given);
		},
	);
});

describe('an answer that is good', () => {
	it('is read where it is packed', async () => {
		const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
		const endpoint = await answering(200, headers, zipped('{"count":0}'));
		expect((await ask({ endpoint })).result).toEqual(success({ count: 0 }));
	});

	it('is read from a cluster whose authority the credential names', async () => {
		const { result } = await ask(await trustedPlace());
		expect(result).toEqual(success({ count: 0, trained_model_stats: [] }));
	});

	it('is read where it is 50 MB long', async () => {
		const endpoint = await answering(200, JSON_TYPE, `{"text":"${'x'.repeat(50 * 1024 ** 2)}"}`);
		const { result } = await ask({ endpoint }, 60_000);
		expect(result).toMatchObject({ ok: true });
	});
});

describe('an answer that never ends', () => {
	it('is given up when its time is up, although no pause in it is long', async () => {
		const { result } = await ask({ endpoint: await dripping() }, 500);
		expect(result).toMatchObject({ failure: { kind: 'timeout' } });
	});
});

describe('a page of 50 MB', () => {
	it('is an error with a short excerpt, not a long one', async () => {
		const page = `<html>${'<p>Bad Gateway</p>'.repeat((50 * 1024 ** 2) / 18)}</html>`;
		const endpoint = await answering(502, { 'content-type': 'text/html' }, page);
		const { result } = await ask({ endpoint }, 60_000);
		expect(JSON.stringify(result).length).toBeLessThan(300);
		expect(result).toMatchObject({ failure: { kind: 'not_elasticsearch', status: 502 } });
	});
});
