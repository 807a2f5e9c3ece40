/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { generate } from 'selfsigned';

import { certificates } from '../../cluster/tls';
import type { Fault } from '../list/fault';
import { answering, closedPort, raw, withTls } from './servers';

const CUT_OFF =
	'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"count":';
/** Longer than any name may be, so that it is refused without a name server. */
const NO_HOST = `${'a'.repeat(64)}.invalid`;

type Certificate = Parameters<typeof withTls>[0];

async function selfSigned(more: object = {}, name = 'localhost'): Promise<Certificate> {
	const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
		keyType: 'ec',
		algorithm: 'sha256',
		extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
		...more,
	});
	return { key, cert };
}

async function ofAnAuthority(name: string): Promise<Certificate & { ca: string }> {
	const authority = await generate([{ name: 'commonName', value: 'CA' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
	});
	const ca = { key: authority.private, cert: authority.cert };
	return { ...(await selfSigned({ ca }, name)), ca: authority.cert };
}

/** Where a request meets a fault, and what the credential holds beside the address. */
export interface Place {
	endpoint: string;
	ca?: string;
}

/** Servers that make the faults of a connection, by the names of the list. */
const MAKERS: Readonly<Record<string, () => Promise<Place>>> = {
	'a refused connection': async () => ({ endpoint: await closedPort() }),
	'a host name that nobody knows': async () =>
		await Promise.resolve({ endpoint: `http://${NO_HOST}:9200` }),
	'a connection that is closed before the answer': async () => ({
		endpoint: await raw((socket) => void socket.destroy()),
	}),
	'a connection that is reset before the answer': async () => ({
		endpoint: await raw((socket) => void socket.resetAndDestroy()),
	}),
	'a connection that is closed in the middle of the answer': async () => ({
		endpoint: await raw((socket) => {
			socket.write(CUT_OFF);
			setTimeout(() => socket.destroy(), 50);
		}),
	}),
	'no answer': async () => ({ endpoint: await raw(() => undefined) }),
	'bytes that are no HTTP': async () => ({
		endpoint: await raw((socket) => void socket.end('this is no HTTP\r\n\r\n')),
	}),
	'an answer that is not packed as it says': async () => ({
		endpoint: await answering(
			200,
			{ 'content-type': 'application/json', 'content-encoding': 'gzip' },
			'{"count":0}',
		),
	}),
	'an expired certificate': async () => {
		const dates = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') };
		return { endpoint: await withTls(await selfSigned(dates)) };
	},
	'a self-signed certificate': async () => ({ endpoint: await withTls(await selfSigned()) }),
	'a certificate of an authority that nobody knows': async () => ({
		endpoint: await withTls(await certificates()),
	}),
	'a certificate for another host': async () => {
		const { ca, ...certificate } = await ofAnAuthority('elsewhere.example.com');
		return { endpoint: await withTls(certificate), ca };
	},
	'a cluster without TLS': async () => {
		const endpoint = await answering(200, {}, '{}');
		return { endpoint: endpoint.replace('http:', 'https:') };
	},
};

/** A place where each request meets the fault. */
export async function placeOf({ name, given }: Fault): Promise<Place> {
	const make = MAKERS[name];
	if (make !== undefined) return await make();
	if (given.is !== 'answer') throw new Error(`no server makes '${name}'`);
	const { status, headers, body } = given;
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return { endpoint: await answering(status, headers, text) };
}

/** A cluster whose authority the credential knows. */
export async function trustedPlace(): Promise<Place> {
	const { ca, ...certificate } = await ofAnAuthority('localhost');
	return { endpoint: await withTls(certificate, 'localhost'), ca };
}
