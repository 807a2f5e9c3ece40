import { generate } from 'selfsigned';

export interface Certificates {
	caPem: string;
	key: string;
	cert: string;
}

let once: Promise<Certificates> | undefined;

/** A certificate for localhost, signed by a CA of our own; made once in a process. */
export async function certificates(): Promise<Certificates> {
	once ??= create();
	return await once;
}

async function create(): Promise<Certificates> {
	const ca = await generate([{ name: 'commonName', value: 'Embedded cluster CA' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
		],
	});
	const server = await generate([{ name: 'commonName', value: 'localhost' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		ca: { key: ca.private, cert: ca.cert },
		extensions: [
			{ name: 'basicConstraints', cA: false },
			{ name: 'extKeyUsage', serverAuth: true },
			{
				name: 'subjectAltName',
				altNames: [
					{ type: 2, value: 'localhost' },
					{ type: 7, ip: '127.0.0.1' },
				],
			},
		],
	});
	return { caPem: ca.cert, key: server.private, cert: server.cert };
}
